"""What the record says of a scenario's settings, and what the odds were on each date.

Read `observations` (the record as facts of a scenario) and `filter` (copies of a run that follow
them), then one of three ways on. Odds: `stops` (what lies ahead of a day), `odds`, `answer` (with
rivals, as a page), `store`. Fits: `priors`, `tempered` (points moved to the posterior), `fit`,
`fitted`, `posterior`, `fit_store`. Forecasts: `frozen` and `members` (what one is), `freeze` (the
model and its rivals on a day), `scoring`, `scored`, `score_page`. `sizes` says how large all are.
"""
