"""Leverage stocks: the harm a side could do over the next 13 weeks by pulling everything now.

L_i = sum over own levers of w phi(D) max(0, 1 - I/(13 D)), D = min(.95, omega (1 - flow left)):
the bite is delayed by the target's stock and erodes as it substitutes, stocks up or builds.
"""

from sim.world.compiled import step
from sim.world.owned import own_levers
from sim.world.params import LEVERAGE_WEEKS, LICENCE, SHORTAGE_CAP
from sim.world.payoffs import harm_curve
from sim.world.supply import capacity_now


@step
def reach(p, s, t, k):
    """D_k: the shortage that lever k would cause, fully pulled, once stocks are gone."""
    lever = p.levers[k]
    now = s.levers[k]
    if now.gone:
        return 0.0
    if lever.control == LICENCE:
        left = min(1.0, capacity_now(lever, now, t) * lever.top_share)
    else:
        left = 1.0 - lever.bite
    return min(SHORTAGE_CAP, now.dependence * (1.0 - left))


@step
def stock_delay(now, bite):
    """Share of the 13 weeks in which the target's stock is gone: max(0, 1 - I/(13 D))."""
    return max(0.0, 1.0 - now.stock / (LEVERAGE_WEEKS * bite))


@step
def leverage(p, s, t, i):
    """Leverage stock of i, in units of harm weight times weeks of full harm over 13."""
    total = 0.0
    for k in own_levers(p, i):
        if s.levers[k].gone == 0:
            total += remembered_part(p, s, t, k)
    return total


@step
def remembered_part(p, s, t, k):
    """What lever k adds, remembering what most runs met in this week, as `remembered_curve` does.

    It depends on nothing that changes but the dependence, the stock and the capacity now: these
    stand at places 3 to 5 of State.curve, what they came to at 6, their lead at 7.
    """
    met, now = s.curve[t, k], s.levers[k]
    capacity = capacity_now(p.levers[k], now, t)
    if (met[3] == now.dependence) & (met[4] == now.stock) & (met[5] == capacity):
        met[7] += 1.0
        return met[6]
    part = lever_part(p, s, t, k)
    met[7] -= 1.0
    if met[7] < 0.0:
        met[3] = now.dependence
        met[4] = now.stock
        met[5] = capacity
        met[6] = part
        met[7] = 1.0
    return part


@step
def lever_part(p, s, t, k):
    """w phi(D) times the delay by stocks."""
    lever = p.levers[k]
    bite = reach(p, s, t, k)
    if bite <= 0.0:
        return 0.0
    delay = stock_delay(s.levers[k], bite)
    if delay <= 0.0:
        return 0.0
    return lever.harm_weight * harm_curve(bite, lever.convexity) * delay


@step
def sensed_leverage(p, s, t, i):
    """The same with D in place of phi(D): what a machine's sensor reads (state path)."""
    total = 0.0
    for k in own_levers(p, i):
        bite = reach(p, s, t, k)
        if bite > 0.0:
            total += p.levers[k].harm_weight * bite * stock_delay(s.levers[k], bite)
    return total
