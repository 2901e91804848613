"""What a tally counts: the names and places of its rows, apart from the kernel that fills them."""

from sim.world.outcomes import CURVES, ONCE

#: The most weeks in a row K for which standing is counted.
K_MOST = 6
#: Rows of Tally.ended: the outcomes that hold until a week.
ENDED = tuple(one.name for one in CURVES)

#: What Tally.counts counts; of an outcome decided once, the runs in which it came about.
COUNTS = ("runs", *(one.name for one in ONCE))
COUNTS += ("lapsed", "talked", "talks", "renewals", "term_in_force", "watched")
RUNS = COUNTS.index("runs")
FIRST_ONCE = RUNS + 1
LAPSED = COUNTS.index("lapsed")
TALKED = COUNTS.index("talked")
TALKS = COUNTS.index("talks")
RENEWALS = COUNTS.index("renewals")
TERM_IN_FORCE = COUNTS.index("term_in_force")
WATCHED = COUNTS.index("watched")
