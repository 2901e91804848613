"""Studies: many scenarios at once, or two against each other, with common random numbers.

Read `experiment` (what is asked), `reading` its file (`schema`, `factor_reading`), `design`
(where its points lie) and `plan`, then `runner`, which plays them, `workers` elsewhere, into a
`store` of `tables`; `merging` puts divided ones together. `study` reads one back, `answers` is
one outcome of it, `sensitivity`, `discovery` and `analysis_page` are what it finds. Two
scenarios: `pair` (what A and B are), `pairs` (run by run), `changes` (how sure),
`comparison_page`. `sizes` has what the command line needs at once.
"""
