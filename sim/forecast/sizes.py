"""How large odds, fits and frozen forecasts are; light to import, as the command line needs it."""

#: Codings of the acts that are averaged over: by lever, and by class and grade.
CODINGS = 2

#: Copies in one island (judgement, 2026-11-29: forecasts of 200 differ by a few points).
COPIES_AN_ISLAND = 200
#: Islands: of 20 the spread is known to a sixth.
ISLANDS = 20
PARTICLES = ISLANDS * COPIES_AN_ISLAND
#: Of one day, and of each of several: chances are known to +- .010 and .018 (judgement).
RUNS, RUNS_EACH = 10_000, 3_000
FEWEST = 2 * ISLANDS  # two of each an island, so that there is a spread
MOST_PARTICLES, MOST_RUNS, MOST_WEEKS = 200_000, 1_000_000, 260
#: How far ahead odds look, in weeks.
WEEKS = 26
#: An effective sample below this tells next to nothing (judgement, 2026-11-29).
FEWEST_EFFECTIVE = 20.0

#: Sizes of a fit as it is shipped (judgement, 2026-11-29: what a quarter of an hour allows).
POINTS, STAGES, MOVES, COPIES = 1_000, 15, 3, 200
MOST_POINTS, MOST_STAGES, MOST_MOVES, MOST_COPIES = 100_000, 200, 50, 10_000

#: Runs of each forecaster with governments, of a forecast that is frozen.
FROZEN_RUNS, FEWEST_FROZEN_RUNS, MOST_FROZEN_RUNS = 2_000, 50, 20_000
