"""How anything is read and written: whole files, who may write them, tables, checksums.

Read `files`, then `tables` and `checksums`.
"""
