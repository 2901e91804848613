"""The week, in the order of model.md: the one list of its steps, which every engine walks.

Both sides act on the state before a step. How a list becomes a function is told in walking.py.
"""

from sim.world.allies import ally_shortages, consider_joining, widen_coverage
from sim.world.compiled import step, vector_step
from sim.world.conduct import judge_own_conduct
from sim.world.dated import come_online, fall_due, shocks_strike
from sim.world.intend import draw_luck, intend
from sim.world.learning import learn
from sim.world.levers import carry_out, slip
from sim.world.orders import forget_orders
from sim.world.owned import at, groups
from sim.world.payoffs import pay
from sim.world.perception import see
from sim.world.pressure import build_pressure, remember
from sim.world.relief import give_relief
from sim.world.state import LANES
from sim.world.supply import supply
from sim.world.talks import maybe_talk
from sim.world.truce import account, expire
from sim.world.walking import walked


@step
def open_week(p, s):
    """Fix what decisions of this week read: rungs, levels and obligations of last week's end."""
    for i in range(2):
        side = s.sides[i]
        side.rung_before = side.rung_own
        side.other_pull_issue = s.sides[1 - i].pull_issue
        side.moved = 0
        side.backed_down = 0
    for g in groups(s):
        keep_levels(s.columns[0], at(g))


@vector_step
def keep_levels(now, g):
    """Levels and obligations of a group of levers, as at the end of last week."""
    level, before = now.level[g], now.level_before[g]
    counts, counted = now.counts_own[g], now.counts_before[g]
    for j in range(LANES):
        before[j] = level[j]
        counted[j] = counts[j]


#: Steps 4 and 5, goods and payoffs: they go on where nobody acts.
FLOWS = (supply, judge_own_conduct, pay)
#: What is known when a week begins, its luck, and step 1: what the calendar brings.
DATED = (open_week, draw_luck, fall_due, shocks_strike, come_online, widen_coverage, give_relief)
#: Steps 2 and 3: each side's machine draws a move, then the moves are carried out.
ACTS = (intend, carry_out, slip)
#: Steps 6 to 8: signals, beliefs, pressure, allies, and the memory of it.
SEEN = (see, learn, ally_shortages, build_pressure, consider_joining, remember)
#: Steps 9 to 11: what of the truce no longer holds, talks, and the end of a term.
TRUCE = (account, maybe_talk, expire, forget_orders)

WEEK = (*DATED, *ACTS, *FLOWS, *SEEN, *TRUCE)

#: Advances the run by week t.
one_week = walked(WEEK)
