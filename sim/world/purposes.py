"""Whose a draw is: the third word of its counter, every number of the project in this one place.

Draws of a run count (run, week, who, block); `sim/world/draws.py` has their blocks. Other draws
count whatever is said beside them in place of run and week. The tables of docs/model.md list all;
none may change silently, since every published number rests on them.
"""

# of a run
PRINCIPAL = 0  # + i, i = 0 (us) or 1 (cn)
SCENARIO = 2
LEVER = 16  # + k
SHOCK = 8192  # + index of the shock in file order

#: A Latin hypercube: point, dimension.
DESIGN = 1 << 20
#: A filter's resampling: first run of its copies, week. It has the number of DESIGN, which cannot
#: change any more than what rests on either; nothing plays both with one seed.
RESAMPLING = 1 << 20
# a fit: point, number of the move; its coordinates, which of them move, whether it is accepted, the
# seed of its filter; and (0, stage), which points go on
STEP, BLOCK, ACCEPT, FILTER, CHOOSE = ((1 << 21) + n for n in range(5))
# a bootstrap over runs, or over the points of a study: resample, 0
RUNS_AGAIN, POINTS_AGAIN = ((1 << 22) + n for n in range(2))
#: Which half of a study's points boxes are fitted to: point, 0.
HALF = (1 << 22) + 2
#: Where a search for a machine starts: start, 0.
RESTART = (1 << 22) + 3
