"""Step 7, learn: beliefs about the other side, and what an own lever is worth (claim 20)."""

from sim.world.compiled import step, vector_step
from sim.world.owned import at, groups
from sim.world.params import CN, US
from sim.world.state import LANES


@step
def belief(side):
    """p_i = B/(A + B), the other side's badness as i has come to believe it (V21)."""
    return side.bad_count / (side.good_count + side.bad_count)


@step
def learn_belief(p, s, i):
    """Fading counts: A = gamma A + [seen good], B = gamma B + [seen bad].

    It accuses when p = B/(A + B) is above 1/2, that is when B > A.
    """
    side = s.sides[i]
    memory = p.actors[i].memory
    side.good_count = memory * side.good_count + (1.0 - side.saw_bad)
    side.bad_count = memory * side.bad_count + side.saw_bad
    side.accuses = 1 if side.bad_count > side.good_count else 0


@step
def learn_values(p, s, t):
    """Own levers that bite gain value if the other side reacted, and lose some if it did not.

    A reaction: the other moved a lever of its own this week (shocks excepted), or talks were
    held last week. The gain is shared by bite, w x / sum of w x.
    """
    talked = s.run[0].talks_week > 0 and s.run[0].talks_week == t - 1
    us, cn = s.sides[US], s.sides[CN]
    after_us = cn.moved == 1 or talked
    after_cn = us.moved == 1 or talked
    for g in groups(s):
        revalue(s.columns[0], at(g), p.actors[US], p.actors[CN], us, cn, after_us, after_cn)


@vector_step
def revalue(now, g, us, cn, us_now, cn_now, after_us, after_cn):
    """What a group of levers is worth to their owners from now on."""
    owner, value, bite, short = now.owner[g], now.value[g], now.bite[g], now.short[g]
    us_learning, us_decay, us_bite = us.value_learning, us.value_decay, us_now.bite
    cn_learning, cn_decay, cn_bite = cn.value_learning, cn.value_decay, cn_now.bite
    for j in range(LANES):
        ours = owner[j] == US
        worth = value[j]
        total = us_bite if ours else cn_bite
        share = bite[j] / (total if total > 0.0 else 1.0)
        more = worth + (us_learning if ours else cn_learning) * share * (1.0 - worth)
        less = worth - (us_decay if ours else cn_decay) * worth if short[j] > 0.0 else worth
        reacted = after_us if ours else after_cn
        value[j] = (more if reacted else less) if total > 0.0 else worth


@step
def learn(p, s, t):
    """Step 7 for both sides."""
    for i in range(2):
        learn_belief(p, s, i)
    learn_values(p, s, t)
