"""How anything is read and written: whole files and folders, who may write them, tables, checksums.

Read `files`, then `tables`, `checksums` and `folders`; `digests` has the keys of their names.
"""
