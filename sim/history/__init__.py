"""The dated record of 2018-2025: events, series, truces, moves of levers, and where it lies.

Read `record` (the values) and `rows` (the tables they are read from, checked by `checks`), then
`path` (the record by the model's rules, as one more run), `replay` and `backtest_page` (where it
lies among the runs). Numbers that defaults rest on: `answers` (who answers what) and `orders`
(how long removals took). `check_data` is for who writes the tables.
"""
