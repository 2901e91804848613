"""The week in single steps, for an engine that goes through it agent by agent.

Every stage is the world's own function, compiled once for all of them; what a stage does is
written in sim/world, never here.
"""

from sim.engines.tally import band_value, is_watched, keep_row, tally_bins, tally_run, tally_week
from sim.world.allies import ally_shortage, consider_joining
from sim.world.compiled import is_ready, kernel
from sim.world.conduct import own_conduct
from sim.world.intend import commit, intend
from sim.world.learning import learn
from sim.world.levers import execute
from sim.world.payoffs import pay
from sim.world.perception import see
from sim.world.pressure import build_pressure, remember
from sim.world.supply import supply
from sim.world.week import begin_run, begin_week, conclude

START, BEGIN, INTEND, COMMIT, EXECUTE, SUPPLY, CONDUCT, PAY, SEE, LEARN = range(10)
ALLY_SHORTAGE, PRESSURE, JOIN, REMEMBER, CONCLUDE = range(10, 15)

#: What `look` reads of each side, in this order: RUNG, LEVERAGE, SHORTAGE, PRESSURE and BELIEF
#: of sim.world.params are 0..4.
LOOKS = 5


@kernel
def play(p, s, t, stage, who):
    """Play one stage of week t; `who` is the side or the ally of a stage that has one."""
    if stage == INTEND:
        intend(p, s, t, who)
    elif stage == COMMIT:
        commit(s, who, s.sides[who].move, t)
    elif stage == EXECUTE:
        execute(p, s, t, who)
    elif stage == CONDUCT:
        s.sides[who].own_bad = own_conduct(p, s, who)
    elif stage == SEE:
        see(p, s, who)
    elif stage == ALLY_SHORTAGE:
        ally_shortage(p, s, who)
    elif stage == PRESSURE:
        build_pressure(p, s, who)
    elif stage == JOIN:
        consider_joining(p, s, t, who)
    elif stage == REMEMBER:
        remember(p, s, t, who)
    else:
        play_for_all(p, s, t, stage)


@kernel
def play_for_all(p, s, t, stage):
    """Play a stage that is not one agent's: the calendar, trade, talks, the truce."""
    if stage == BEGIN:
        begin_week(p, s, t)
    elif stage == SUPPLY:
        supply(p, s, t)
    elif stage == PAY:
        pay(p, s, t)
    elif stage == LEARN:
        learn(p, s, t)
    elif stage == CONCLUDE:
        conclude(p, s, t)
    elif stage == START:
        run = s.run[0]
        begin_run(p, s, run.key0, run.key1, run.index)


@kernel
def look(p, s, t, seen):
    """Write each side's rung, leverage, shortage, pressure and belief into `seen` (2, LOOKS)."""
    for i in range(2):
        for quantity in range(LOOKS):
            seen[i, quantity] = band_value(p, s, t, quantity, i)


@kernel
def count(p, s, tally, bins, t):
    """Count week t into a tally; after the last week, the run as well. `bins` (1, H + 1, V)."""
    tally_week(p, s, tally, bins[0], t)
    tally_bins(tally, bins, 1 if is_watched(s) else 0, t)
    if t == p.rules[0].weeks:
        tally_run(p, s, tally)


@kernel
def write_row(s, rows):
    """Write the run as it stands into the first of `rows` (ROW)."""
    keep_row(s, rows[0])


def needs_compiling() -> bool:
    """Whether the first stage will have to compile them all (tens of seconds)."""
    return not is_ready(play, "steps.play")
