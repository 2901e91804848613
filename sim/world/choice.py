"""Which lever: the score, and the three ways of choosing one to pull.

Score of a lever: w (v omega - c), what its owner thinks it bites less what it costs at home
(claim 8). Ties go to the first in file order, up and down.
"""

from sim.world.compiled import step
from sim.world.draws import PICK, TRADE, uniform_at, uniforms
from sim.world.orders import names_pulls
from sim.world.owned import own_levers
from sim.world.params import CHOOSE_MIRROR, CHOOSE_UNIFORM
from sim.world.purposes import LEVER


@step
def score(p, s, k):
    """w_k (v_k omega_k - c_k)."""
    lever = p.levers[k]
    now = s.levers[k]
    return lever.harm_weight * (now.value * now.dependence - lever.own_cost)


@step
def can_be_pulled(p, s, k):
    """Room above, not gone, not in the package already, not conceded ahead of its due date."""
    now = s.levers[k]
    if now.gone or now.packed:
        return False
    return now.level < p.levers[k].top and now.level >= now.counts_before


@step
def choose_pull(p, s, t, i, pick):
    """Own lever that i pulls as its `pick`-th (from 0) of week t; -1 if none has room."""
    actor = p.actors[i]
    if names_pulls(s.sides[i]):
        return named_lever(p, s, i)
    if actor.lever_choice == CHOOSE_MIRROR:
        k = same_issue(p, s, i)
        if k >= 0:
            return k
    if actor.lever_choice == CHOOSE_UNIFORM:
        return any_lever(p, s, t, i, pick)
    return best_lever(p, s, t, i)


@step
def named_lever(p, s, i):
    """First lever with room that an order still names, -1 if there is none."""
    for k in own_levers(p, i):
        if s.levers[k].ordered > 0 and can_be_pulled(p, s, k):
            return k
    return -1


@step
def same_issue(p, s, i):
    """First lever with room on the issue of the other side's last pull, -1 if there is none."""
    issue = s.sides[i].other_pull_issue
    if issue >= 0:
        for k in own_levers(p, i):
            if p.levers[k].issue == issue and can_be_pulled(p, s, k):
                return k
    return -1


@step
def any_lever(p, s, t, i, pick):
    """Uniform choice among the levers with room: index floor(u * count) in file order."""
    count = 0
    for k in own_levers(p, i):
        count += can_be_pulled(p, s, k)
    index = int(uniform_at(s.run[0], t, i, PICK, pick) * count)
    for k in own_levers(p, i):
        if can_be_pulled(p, s, k):
            if index == 0:
                return k
            index -= 1
    return -1


@step
def best_lever(p, s, t, i):
    """Highest score with room; with a temperature, scores carry tabulated Gumbel noise.

    The argmax of score + temperature * Gumbel is a softmax choice (Gumbel 1954; McFadden 1974);
    with a temperature of its own for each lever, one of unequal variances (Bhat 1995).
    """
    best = -1
    best_score = 0.0
    for k in own_levers(p, i):
        if can_be_pulled(p, s, k):
            value = score(p, s, k)
            temperature = p.levers[k].temperature
            if temperature > 0.0:
                _, taste, _, _ = uniforms(s.run[0], t, LEVER + k, TRADE)
                value += temperature * p.gumbel[int(taste * 4096.0)]
            if best < 0 or value > best_score:
                best = k
                best_score = value
    return best
