"""Allies: third parties that wait in the same offices, and may align with one lever (claim 22)."""

from sim.world.compiled import step
from sim.world.draws import TALKS, uniform_at
from sim.world.owned import at
from sim.world.params import US
from sim.world.purposes import SCENARIO


@step
def widen_coverage(p, s, t):
    """Step 1: an ally that joined `lag` weeks ago adds its coverage to its lever's dependence."""
    for m in range(p.allies.shape[0]):
        joined = s.allies[m].joined_week
        if joined > 0 and t == joined + p.allies[m].lag:
            now = s.levers[p.allies[m].lever]
            now.dependence = min(1.0, now.dependence + p.allies[m].coverage)


@step
def ally_shortages(p, s):
    """What each side's global levers cost each ally: the largest need * (1 - third-party flow)."""
    if p.allies.shape[0] == 0:
        return
    for m in range(p.allies.shape[0]):
        s.allies[m].shortage_us = 0.0
        s.allies[m].shortage_cn = 0.0
    for j in range(p.worldwide.shape[0]):
        k = at(p.worldwide[j])
        if 1.0 - s.levers[k].third_flow > 0.0:
            for m in range(p.allies.shape[0]):
                go_short(p, s, m, k)


@step
def go_short(p, s, m, k):
    """What lever k keeps from ally m, if that is the most its owner keeps from it."""
    ally = s.allies[m]
    shortage = p.ally_need[m, k] * (1.0 - s.levers[k].third_flow)
    if p.levers[k].owner == US:
        ally.shortage_us = max(ally.shortage_us, shortage)
    else:
        ally.shortage_cn = max(ally.shortage_cn, shortage)


@step
def third_party_pressure(s, i):
    """Y_i: mean over all allies of the shortage i's global levers cause them (claims 21, 25)."""
    count = s.allies.shape[0]
    if count == 0:
        return 0.0
    total = 0.0
    for m in range(count):
        total += s.allies[m].shortage_us if i == US else s.allies[m].shortage_cn
    return total / count


@step
def consider_joining(p, s, t, m):
    """Step 8: an ally with a lever joins, once, with probability min(1, h + psi * shortage).

    The shortage that moves it is the one caused by the side against which its lever bites.
    """
    ally = p.allies[m]
    if ally.lever < 0 or s.allies[m].joined_week > 0:
        return
    if p.levers[ally.lever].owner == US:
        shortage = s.allies[m].shortage_cn
    else:
        shortage = s.allies[m].shortage_us
    chance = min(1.0, ally.join_rate + ally.join_pressure * shortage)
    if chance > 0.0 and join_luck(s, t, m) < chance:
        s.allies[m].joined_week = t


@step
def join_luck(s, t, m):
    """This week's uniform of ally m; those of the first three are drawn with the talks'."""
    if m < 3:
        return s.luck[SCENARIO, m + 1, t]
    return uniform_at(s.run[0], t, SCENARIO, TALKS, m + 1)
