"""The game above the runs: policies against each other, and what a rational player would do.

Read `lineup` (who plays) and `tournament`, then what is asked of one (`analysis`): `ranking`;
`bimatrix`, `equilibria`, `empirical` and `equilibria_page`; `replicator`. A best answer:
`responding` (what a machine is worth), `searches`, `best_response`, `response` (as a folder). The
game of one week: `stage_game`, `classify`. `pages` says all of it; `sizes` has what can be asked.
"""
