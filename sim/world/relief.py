"""Relief: what a side that stood above its obligations owes after talks, and when it acts.

With a sequencing, the second side waits for a week whose signal it read as good: "China
delivers, then we lift" (claim 10). What is due happens at once, or is ordered then and takes as
long as any ordered removal (`relief_ordered`). Who owes service and gives less than it promised
owes that too: the notches above the obligation of that office.
"""

from sim.world.choice import score
from sim.world.compiled import step
from sim.world.conduct import owed_level, settle
from sim.world.draws import RELIEF, uniforms
from sim.world.insistence import kept_back
from sim.world.levers import take_down
from sim.world.owned import own_levers
from sim.world.params import CN_FIRST, US_FIRST
from sim.world.state import NO_CAUSE


@step
def owe_relief(p, s, t):
    """At talks in week t: each side above 0 owes relief; new talks overwrite what was owed."""
    order = p.rules[0].sequencing
    for i in range(2):
        side = s.sides[i]
        side.relief_rung = debt(p, s, i)
        side.relief_week = t + p.rules[0].relief_lag
        second = (order == US_FIRST and i == 1) or (order == CN_FIRST and i == 0)
        side.relief_waits = 1 if second else 0


@step
def debt(p, s, i):
    """What i can give relief on: its rung by its own reading, and service it falls short of."""
    total = 0.0
    for k in own_levers(p, i):
        above = s.levers[k].level - owed_level(p, s, k)
        if above > 0:
            total += p.levers[k].severity * above
    return total


@step
def relief_is_due(p, s, t, i):
    """Whether i acts in step 1 of week t; last week's signal is still in place then."""
    side = s.sides[i]
    if side.relief_rung <= 0.0:
        return False
    if side.relief_waits:
        return t - 1 >= side.relief_week and side.saw_bad == 0
    if p.rules[0].relief_ordered:
        return t >= side.relief_week
    return t == side.relief_week


@step
def give_relief(p, s, t, i):
    """Take levers down, lowest score first, until the rung is (1 - relief) of what it was.

    Less of it comes down of levers whose worth has been learned: they have a price. Where relief is
    ordered, one uniform a week says which orders are done: u < 1 - friction.
    """
    if not relief_is_due(p, s, t, i):
        return
    side = s.sides[i]
    ordered = p.rules[0].relief_ordered == 1
    luck = uniforms(s.run[0], t, i, RELIEF)[0] if ordered else -1.0
    share = p.rules[0].relief * (1.0 - kept_back(p, s, i))
    target = (1.0 - share) * side.relief_rung
    left = debt(p, s, i)
    while left > target:
        k = next_relief(p, s, i, luck)
        if k < 0:
            break
        take_down(p, s, i, k)
        settle(p, s, i, NO_CAUSE, i, k, t)
        left = debt(p, s, i)
    if ordered and left > target:
        side.relief_waits = 0
    else:
        side.relief_rung = 0.0


@step
def next_relief(p, s, i, luck):
    """Own lever above what it owes, its order done, with the lowest score; -1 if none."""
    best = -1
    lowest = 0.0
    for k in own_levers(p, i):
        above = s.levers[k].level > owed_level(p, s, k)
        if above and (luck < 0.0 or luck < 1.0 - p.levers[k].friction):
            value = score(p, s, k)
            if best < 0 or value < lowest:
                best = k
                lowest = value
    return best
