"""What "the truce holds" means, and what runs add up to: estimates, tables, the result.

Read `definitions` (when an outcome is defined, and in how many runs it holds), `estimates` (a
share with its interval) and `result`, then `simulate`, which makes one of a scenario. What it
has: `bands` (what runs go through), `butfor` (runs played otherwise), `spread` and
`decomposition` (over plausible settings), `sample` (single runs). How it is shown and kept: `lead`
(what is said first), `summary`, `page`, `tables`, `manifest`, `store`; `exact` for an
exact solution. `kinds` has all folders that there are, those of other rooms too.
"""
