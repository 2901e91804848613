"""What is said of results, on whatever it is shown.

Read `content` (a report: sections of words and tables), `numbers` (how a number with its interval
is written), then one renderer: `terminal`, `text` (Markdown, JSON, CSV), `html`. `pictures` is
the table of pictures; `side_by_side` shares the making of them out. What a report says is written
by the room that knows it: `outcomes`, `studies`, `games`.
"""
