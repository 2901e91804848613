"""Leverage stocks: the harm a side could do over the next 13 weeks by pulling everything now.

L_i = sum over own levers of w phi(D) max(0, 1 - I/(13 D)), D = min(.95, omega (1 - flow left)):
the bite is delayed by the target's stock and erodes as it substitutes, stocks up or builds.
"""

from sim.world.compiled import step, vector_step
from sim.world.owned import at, first_lane, groups, own_levers, sum_of
from sim.world.params import LEVERAGE_WEEKS, LICENCE, SHORTAGE_CAP
from sim.world.payoffs import harm_curve
from sim.world.state import LANES, THREAT
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
def stock_delay(stock, bite):
    """Share of the 13 weeks in which the target's stock is gone: max(0, 1 - I/(13 D))."""
    return max(0.0, 1.0 - stock / (LEVERAGE_WEEKS * bite))


@step
def leverage(p, s, t, i):
    """Leverage stock of i, in units of harm weight times weeks of full harm over 13."""
    threaten(p, s, t)
    return sum_of(p, s, THREAT, i)


@step
def threaten(p, s, t):
    """What every lever adds to its owner's leverage; nothing if it is gone."""
    for g in groups(s):
        met = s.curve[t, at(g)]
        unknown = threaten_lanes(s.columns[0], met, at(g), t)
        while unknown > 0:
            j = first_lane(unknown)
            unknown &= unknown - 1
            threaten_anew(p, s, t, LANES * g + j, met, j)


@vector_step
def threaten_lanes(now, met, g, t):
    """The same of a group of levers; returns, a bit each, of which it is to be worked out.

    It is w phi(D) times the delay by stocks. Remembered are the D of most runs in this week and its
    w phi(D), as `weigh_lanes` does: of what changes they depend on dependence and capacity alone.
    """
    until, boosted, capacity = now.boost_until[g], now.capacity_after_talks[g], now.capacity[g]
    depends, stock, gone, threat = now.dependence[g], now.stock[g], now.gone[g], now.threat[g]
    known_depends, known_capacity, reached = met.dependence, met.capacity, met.reach
    worst, ahead = met.worst, met.ahead
    unknown = 0
    for j in range(LANES):
        usual, more, bite = capacity[j], boosted[j], reached[j]
        m = more if t <= until[j] else usual
        is_known = (known_depends[j] == depends[j]) & (known_capacity[j] == m)
        part = worst[j] * stock_delay(stock[j], bite if bite > 0.0 else 1.0)
        threat[j] = 0.0 if gone[j] != 0 else part
        ahead[j] += 1.0 if is_known else -1.0
        unknown |= 0 if is_known | (gone[j] != 0) else 1 << j
    return unknown


@step
def threaten_anew(p, s, t, k, met, j):
    """What lever k adds, whose D is not the one remembered in place j and may take its place."""
    now, lever = s.levers[k], p.levers[k]
    bite = reach(p, s, t, k)
    worst = lever.harm_weight * harm_curve(bite, lever.convexity)  # 0 at 0
    now.threat = worst * stock_delay(now.stock, bite if bite > 0.0 else 1.0)
    if met.ahead[j] < 0.0:
        met.dependence[j] = now.dependence
        met.capacity[j] = capacity_now(lever, now, t)
        met.reach[j] = bite
        met.worst[j] = worst
        met.ahead[j] = 1.0


@step
def sensed_leverage(p, s, t, i):
    """The same with D in place of phi(D): what a machine's sensor reads (state path)."""
    total = 0.0
    for k in own_levers(p, i):
        bite = reach(p, s, t, k)
        if bite > 0.0:
            total += p.levers[k].harm_weight * bite * stock_delay(s.levers[k].stock, bite)
    return total
