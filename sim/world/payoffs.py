"""Step 5, payoffs: what a week is worth to each side, discounted.

U_i = sum over own levers of w (g n/N - c (1 - min(1, f))) - sum over the other's of w phi(x)
- audience cost. `stage_payoffs` by conduct pair replaces all of it. Nothing here is read by a
decision, so logarithms and exponentials are allowed.
"""

from sim.world.compiled import step
from sim.world.harm import harm_curve as plain_harm_curve
from sim.world.owned import at, own_levers
from sim.world.params import CN, US

#: Compiled; see sim/world/harm.py.
harm_curve = step(plain_harm_curve)


@step
def remembered_curve(met, k, shortage, convexity):
    """phi(x), remembering what x most runs met in this week by this lever.

    `met` is State.curve of the week; that x stands at 0, its phi at 1, at 2 by how much it leads
    in votes: each run votes for it or against it (Boyer and Moore 1981, MJRTY).
    """
    if met[k, 0] == shortage:
        met[k, 2] += 1.0
        return met[k, 1]
    worth = harm_curve(shortage, convexity)
    met[k, 2] -= 1.0
    if met[k, 2] < 0.0:
        met[k, 0] = shortage
        met[k, 1] = worth
        met[k, 2] = 1.0
    return worth


@step
def weigh_levers(p, s, t, i):
    """What i's levers do this week: (returns to i less their cost at home, harm to the other).

    The harm is the sum of w phi(x) over the levers.
    """
    met = s.curve[t]
    returns = 0.0
    harm = 0.0
    for k in own_levers(p, i):
        lever = p.levers[k]
        now = s.levers[k]
        gain = p.gain[k, at(now.level)]
        returns += lever.harm_weight * (gain - lever.own_cost * (1.0 - min(1.0, now.flow)))
        harm += lever.harm_weight * remembered_curve(met, k, now.short, lever.convexity)
    return returns, harm


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
    us_returns, cn_harm = weigh_levers(p, s, t, US)
    cn_returns, us_harm = weigh_levers(p, s, t, CN)
    credit(p, s, t, US, us_returns, us_harm)
    credit(p, s, t, CN, cn_returns, cn_harm)
