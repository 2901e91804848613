"""Step 5, payoffs: what a week is worth to each side, discounted.

U_i = sum over own levers of w (g n/N - c (1 - min(1, f))) - sum over the other's of w phi(x)
- audience cost. `stage_payoffs` by conduct pair replaces all of it. Nothing here is read by a
decision, so logarithms and exponentials are allowed.
"""

import math

from sim.world.compiled import inner, step
from sim.world.params import SHORTAGE_CAP


@inner
def harm_curve(shortage, convexity):
    """phi(x) = (1 - x)^(-kappa) - 1, and -ln(1 - x) at kappa = 0; x capped at .95."""
    if shortage <= 0.0:
        return 0.0
    left = math.log(1.0 - min(SHORTAGE_CAP, shortage))
    if convexity == 0.0:
        return -left
    return math.exp(-convexity * left) - 1.0


@inner
def remembered_curve(row, place, shortage, convexity):
    """phi(x), remembering the last x met in this week by this lever: most runs meet the same."""
    if row[place] != shortage:
        row[place] = shortage
        row[place + 1] = harm_curve(shortage, convexity)
    return row[place + 1]


@step
def harm_to(p, s, t, i):
    """Harm of week t to i: sum of w phi(x) over the levers that bite it."""
    actor = p.actors[1 - i]
    total = 0.0
    for k in range(actor.first_lever, actor.first_lever + actor.n_levers):
        if s.levers[k].short > 0.0:
            lever = p.levers[k]
            total += lever.harm_weight * remembered_curve(
                s.curve[t, k], 0, s.levers[k].short, lever.convexity
            )
    return total


@step
def own_returns(p, s, i):
    """What i's own levers bring it less what they cost it at home this week."""
    actor = p.actors[i]
    total = 0.0
    for k in range(actor.first_lever, actor.first_lever + actor.n_levers):
        lever = p.levers[k]
        now = s.levers[k]
        if now.level > 0 or now.flow < 1.0:
            gain = lever.own_gain * now.level / lever.notches
            total += lever.harm_weight * (gain - lever.own_cost * (1.0 - min(1.0, now.flow)))
    return total


@step
def pay(p, s, t):
    """Add week t to both sides' payoffs and harms, by discount^(t - 1)."""
    for i in range(2):
        side = s.sides[i]
        weight = p.discounting[i, t]
        harm = harm_to(p, s, t, i)
        if p.rules[0].stage:
            worth = p.stage[i, 2 * side.own_bad + s.sides[1 - i].own_bad]
        else:
            worth = own_returns(p, s, i) - harm
            if side.backed_down and s.sides[1 - i].rung > 0.0:
                worth -= p.actors[i].audience_cost
        side.payoff += weight * worth
        side.harm += weight * harm
