"""Relief: what a side that stood above its obligations owes after talks, and when it acts.

With a sequencing, the second side waits for a week whose signal it read as good: "China
delivers, then we lift" (claim 10).
"""

from sim.world.choice import score
from sim.world.compiled import step
from sim.world.conduct import settle
from sim.world.insistence import kept_back
from sim.world.levers import take_down
from sim.world.params import CN_FIRST, US_FIRST
from sim.world.state import NO_CAUSE


@step
def owe_relief(p, s, t):
    """At talks in week t: each side above 0 owes relief; new talks overwrite what was owed."""
    order = p.rules[0].sequencing
    for i in range(2):
        side = s.sides[i]
        side.relief_rung = side.rung
        side.relief_week = t + p.rules[0].relief_lag
        second = (order == US_FIRST and i == 1) or (order == CN_FIRST and i == 0)
        side.relief_waits = 1 if second else 0


@step
def relief_is_due(s, t, i):
    """Whether i acts in step 1 of week t; last week's signal is still in place then."""
    side = s.sides[i]
    if side.relief_rung <= 0.0:
        return False
    if side.relief_waits:
        return t - 1 >= side.relief_week and side.saw_bad == 0
    return t == side.relief_week


@step
def give_relief(p, s, t, i):
    """Take levers down, lowest score first, until the rung is (1 - relief) of what it was.

    Less of it comes down of levers whose worth has been learned: they have a price.
    """
    if not relief_is_due(s, t, i):
        return
    side = s.sides[i]
    share = p.rules[0].relief * (1.0 - kept_back(p, s, i))
    target = (1.0 - share) * side.relief_rung
    side.relief_rung = 0.0
    while side.rung > target:
        k = next_relief(p, s, i)
        if k < 0:
            return
        take_down(p, s, i, k)
        settle(p, s, i, NO_CAUSE, i, k, t)


@step
def next_relief(p, s, i):
    """Own lever above what counts with the lowest score, -1 if none."""
    actor = p.actors[i]
    best = -1
    lowest = 0.0
    for k in range(actor.first_lever, actor.first_lever + actor.n_levers):
        if s.levers[k].level > s.levers[k].counts:
            value = score(p, s, k)
            if best < 0 or value < lowest:
                best = k
                lowest = value
    return best
