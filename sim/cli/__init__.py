"""The command line: thin commands that parse, call the API and print.

Read `main` (which commands there are; each is imported when it is typed), `options` (a command is
a dataclass whose fields are its options), `failure` (how a command ends), then one command, as
`run` with `run_ahead`, what is made beside its outer loop. Commands: `show` with `listing`;
`files` (check, new, record); `explain`; `compare`; `sweep`; `plot`; `folders` (report, export,
reproduce, analyze); `games` with `games_played` and `games_tournament`; `forecast` (odds, fit)
and `score` (with backtest); `page` (with serve); `play` with `play_table`. What they share:
`finding` (what a name stands for), `checks` (of what was typed), `telling` and `progress` (what
is said, and meanwhile), `signals` (what ends a command from outside), `complete` (what the shell
offers).
"""
