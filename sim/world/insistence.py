"""Insistence: a learned value is acted on, not only believed.

What a side has learned that a lever is worth, over what it thought at the start, makes it use the
lever where it would have let a bad sight pass, and give less of it up (claims 19, 20).
"""

from sim.world.choice import can_be_pulled
from sim.world.compiled import step
from sim.world.conduct import owed_level
from sim.world.draws import ACT, uniforms
from sim.world.owned import own_levers


@step
def learned(p, s, k):
    """Share of what was left to learn of lever k: max(0, v - v0)/(1 - v0), 0 to 1."""
    start = p.levers[k].value
    gain = s.levers[k].value - start
    if gain <= 0.0:
        return 0.0
    return gain / (1.0 - start)


@step
def insists(p, s, t, i):
    """Whether i, about to let a bad sight pass, uses a lever whose worth it has learned."""
    actor = p.actors[i]
    reading = s.sides[i].reading
    if actor.insistence <= 0.0 or reading == 0 or s.memory[reading, i].saw_bad == 0:
        return False
    most = 0.0
    for k in own_levers(p, i):
        worth = learned(p, s, k)
        if worth > most and can_be_pulled(p, s, k):
            most = worth
    chance = actor.insistence * most
    if chance <= 0.0:
        return False
    _, _, u, _ = uniforms(s.run[0], t, i, ACT)
    return u < chance


@step
def kept_back(p, s, i):
    """Share of the relief it owes that i keeps back for the dearest lever it stands above on."""
    actor = p.actors[i]
    if actor.insistence <= 0.0:
        return 0.0
    most = 0.0
    for k in own_levers(p, i):
        if s.levers[k].level > owed_level(p, s, k):
            most = max(most, learned(p, s, k))
    return actor.insistence * most
