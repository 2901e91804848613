"""Conduct: where a side stands (its rung), and whether it keeps the truce.

The rung of i is e_i = sum over its levers of severity * max(0, level - level that counts);
e_i > 0 is a violation (model.md, entities).
"""

from sim.world.compiled import step
from sim.world.params import LICENCE
from sim.world.state import NO_CAUSE


@step
def rung(p, s, i):
    """Rung e_i of principal i as its levers stand now, in severity-weighted notches."""
    actor = p.actors[i]
    total = 0.0
    for k in range(actor.first_lever, actor.first_lever + actor.n_levers):
        above = s.levers[k].level - s.levers[k].counts
        if above > 0:
            total += p.levers[k].severity * above
    return total


@step
def settle(p, s, i, cause, who, item, week):
    """Recount i's rung after something moved; a rise from 0 takes (cause, who, item, week)."""
    side = s.sides[i]
    side.rung = rung(p, s, i)
    if side.rung <= 0.0:
        side.origin = NO_CAUSE
    elif side.origin == NO_CAUSE:
        side.origin = cause
        side.origin_who = who
        side.origin_item = item
        side.origin_week = week


@step
def set_level(p, s, k, level):
    """Put lever k on a level within 0..N; a licence lever that is raised is listed for good."""
    now = s.levers[k]
    level = min(max(level, 0), p.levers[k].notches)
    if level > now.level and p.levers[k].control == LICENCE:
        now.listed = 1
    now.level = level


@step
def own_conduct(p, s, i):
    """1 if i violates, or serves a licence lever of its own below what it itself promised."""
    if s.sides[i].rung > 0.0:
        return 1
    actor = p.actors[i]
    for k in range(actor.first_lever, actor.first_lever + actor.n_levers):
        if s.levers[k].listed and s.levers[k].service < p.levers[k].promised:
            return 1
    return 0
