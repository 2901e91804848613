"""Pages that travel: reports to read in a browser, and the explorer with the simulator inside.

Read `page`, the explorer's HTML, and `data`, all it knows: `controls` (sliders and menus),
`layout` (bytes of its tables), `record` (the record on it). `server` serves it and answers its
`calls`. `mailed` is the page to mail.
"""
