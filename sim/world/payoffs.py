"""Step 5, payoffs: what a week is worth to each side, discounted.

U_i = sum over own levers of w (g n/N - c (1 - min(1, f))) - sum over the other's of w phi(x)
- audience cost. `stage_payoffs` by conduct pair replaces all of it. Nothing here is read by a
decision, so logarithms and exponentials are allowed.
"""

from sim.world.compiled import step, vector_step
from sim.world.owned import at, first_lane, groups, sum_of
from sim.world.params import CN, US
from sim.world.params import harm_curve as plain_harm_curve
from sim.world.state import EARNED, HARM, LANES

#: Compiled; see sim/world/params.py.
harm_curve = step(plain_harm_curve)


@step
def weigh_levers(p, s, t):
    """What every lever does this week: returns to its owner less their cost at home, and harm.

    The harm is w phi(x).
    """
    for g in groups(s):
        met = s.curve[t, at(g)]
        unknown = weigh_lanes(s.columns[0], met, at(g))
        while unknown > 0:
            j = first_lane(unknown)
            unknown &= unknown - 1
            k = LANES * g + j
            worth = worked_out(met, j, s.levers[k].short, p.levers[k].convexity)
            s.levers[k].harm = p.levers[k].harm_weight * worth


@vector_step
def weigh_lanes(now, met, g):
    """The same of a group of levers; returns, a bit each, of which the harm is to be worked out.

    Remembered is phi of the x that most runs met in this week by this lever, and by how much it
    leads in votes: each run votes for it or against it (Boyer and Moore 1981, MJRTY).
    """
    flow, gain, cost, weight = now.flow[g], now.gain[g], now.own_cost[g], now.harm_weight[g]
    short, earned, harm = now.short[g], now.earned[g], now.harm[g]
    known, worth, lead = met.short, met.worth, met.lead
    unknown = 0
    for j in range(LANES):
        earned[j] = weight[j] * (gain[j] - cost[j] * (1.0 - min(1.0, flow[j])))
        harm[j] = weight[j] * worth[j]
        is_known = known[j] == short[j]
        lead[j] += 1.0 if is_known else -1.0
        unknown |= 0 if is_known else 1 << j
    return unknown


@step
def worked_out(met, j, shortage, convexity):
    """phi(x) of a shortage that is not the one remembered, which it may take the place of."""
    worth = harm_curve(shortage, convexity)
    if met.lead[j] < 0.0:
        met.short[j] = shortage
        met.worth[j] = worth
        met.lead[j] = 1.0
    return worth


@step
def credit(p, s, t, i, returns, harm):
    """Add a week's returns less harm, or its stage payoff, to i's account, discounted."""
    side = s.sides[i]
    if p.rules[0].stage:
        worth = p.stage[i, 2 * side.own_bad + s.sides[1 - i].own_bad]
    else:
        worth = returns - harm
        if side.backed_down and s.sides[1 - i].rung > 0.0:
            worth -= p.actors[i].audience_cost
    side.payoff += p.discounting[i, t] * worth
    side.harm += p.discounting[i, t] * harm


@step
def pay(p, s, t):
    """Add week t to both sides' payoffs and harms, by discount^(t - 1)."""
    weigh_levers(p, s, t)
    credit(p, s, t, US, sum_of(p, s, EARNED, US), sum_of(p, s, HARM, CN))
    credit(p, s, t, CN, sum_of(p, s, EARNED, CN), sum_of(p, s, HARM, US))
