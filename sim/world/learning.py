"""Step 7, learn: beliefs about the other side, and what an own lever is worth (claim 20)."""

from sim.world.compiled import step
from sim.world.owned import own_levers


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
def learn_values(p, s, t, i):
    """Own levers that bite gain value if the other side reacted, and lose some if it did not.

    A reaction: the other moved a lever of its own this week (shocks excepted), or talks were
    held last week. The gain is shared by bite, w x / sum of w x.
    """
    learning, decay = p.actors[i].value_learning, p.actors[i].value_decay
    bite = s.sides[i].bite
    if bite <= 0.0 or (learning <= 0.0 and decay <= 0.0):
        return
    talked = s.run[0].talks_week > 0 and s.run[0].talks_week == t - 1
    reacted = s.sides[1 - i].moved or talked
    for k in own_levers(p, i):
        now = s.levers[k]
        share = p.levers[k].harm_weight * now.short / bite
        more = now.value + learning * share * (1.0 - now.value)
        less = now.value - decay * now.value if now.short > 0.0 else now.value
        now.value = more if reacted else less


@step
def learn(p, s, t):
    """Step 7 for both sides."""
    for i in range(2):
        learn_belief(p, s, i)
        learn_values(p, s, t, i)
