"""The week in single steps, for an engine that goes through it agent by agent.

Every step is the world's own function, compiled once for all of them; what a step does, and in
which order they come, is written in sim/world, never here.
"""

from sim.engines.tally import (
    band_value,
    bin_weeks,
    is_watched,
    keep_row,
    tally_bins,
    tally_run,
    tally_week,
)
from sim.world.compiled import is_ready, kernel
from sim.world.compiled import step as merged
from sim.world.intend import commit, intend
from sim.world.pressure import remember
from sim.world.start import begin_run
from sim.world.walking import called_by_number, who_takes
from sim.world.week import WEEK

#: The steps of the week by number, and for whom each is taken (`who_takes`).
ORDER = tuple((number, who_takes(step)) for number, step in enumerate(WEEK))
INTEND, REMEMBER = WEEK.index(intend), WEEK.index(remember)
#: What is no step of the week: to begin, and to fix a move that is not the machine's.
START, COMMIT = len(WEEK), len(WEEK) + 1

#: What `look` reads of each side, in this order: RUNG, LEVERAGE, SHORTAGE, PRESSURE and BELIEF
#: of sim.world.params are 0..4.
LOOKS = 5


@merged
def begin_again(p, s):
    """Begin the run whose seed and index stand in the state."""
    run = s.run[0]
    begin_run(p, s, run.key0, run.key1, run.index)


@merged
def commit_move(s, i, t):
    """Fix the move that stands in the state."""
    commit(s, i, s.sides[i].move, t)


_take = called_by_number((*WEEK, begin_again, commit_move))


@kernel
def play(p, s, t, number, who):
    """Take one step of week t; `who` is the side or the ally of a step that has one."""
    _take(p, s, t, number, who)


@kernel
def look(p, s, t, seen):
    """Write each side's rung, leverage, shortage, pressure and belief into `seen` (2, LOOKS)."""
    for i in range(2):
        for quantity in range(LOOKS):
            seen[i, quantity] = band_value(p, s, t, quantity, i)


@kernel
def count(p, s, tally, bins, t):
    """Count week t into a tally; after the last week, the run as well. `bins` has room for one."""
    tally_week(p, s, tally, bins, t)
    if is_watched(s):
        bin_weeks(p, bins, 0, t, t)
        tally_bins(p, tally, bins, 1, t)
    if t == p.rules[0].weeks:
        tally_run(p, s, tally)


@kernel
def write_row(s, rows):
    """Write the run as it stands into the first of `rows` (ROW)."""
    keep_row(s, rows[0])


def needs_compiling() -> bool:
    """Whether the first step will have to compile them all (tens of seconds)."""
    return not is_ready(play, "steps.play")
