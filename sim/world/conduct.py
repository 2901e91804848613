"""Conduct: where a side stands (its rung), and whether it keeps the truce.

The rung of i is e_i = sum over its levers of severity * max(0, level - level that counts);
e_i > 0 is a violation (model.md, entities). What counts may be read in two ways: the rung is what
the other side can hold against it, `rung_own` what it owns up to itself.
"""

from sim.world.compiled import step
from sim.world.owned import at, office, own_levers
from sim.world.params import LICENCE
from sim.world.state import NO_CAUSE


@step
def rung(p, s, i):
    """Rung e_i of principal i as its levers stand now, in severity-weighted notches."""
    total = 0.0
    for k in own_levers(p, i):
        total += p.levers[k].severity * max(0, s.levers[k].level - s.levers[k].counts)
    return total


@step
def rung_owned(p, s, i):
    """The same rung by i's own reading of what it owes."""
    total = 0.0
    for k in own_levers(p, i):
        total += p.levers[k].severity * max(0, s.levers[k].level - s.levers[k].counts_own)
    return total


@step
def count_rungs(p, s, i):
    """Recount where i stands, as the other side reads it and as it does itself.

    And whether any lever of it stands above its final obligation.
    """
    side = s.sides[i]
    highest = 0
    for k in own_levers(p, i):
        highest = max(highest, s.levers[k].level - s.levers[k].obligation)
    side.can_concede = highest > 0
    side.rung = rung(p, s, i)
    side.rung_own = rung_owned(p, s, i) if p.rules[0].two_readings else side.rung


@step
def settle(p, s, i, cause, who, item, week):
    """Recount i's rung after something moved; a rise from 0 takes (cause, who, item, week).

    So does each core lever that now stands above what counts, and did not before.
    """
    count_rungs(p, s, i)
    take_origin(s.sides[i], s.sides[i].rung, cause, who, item, week)
    for j in range(p.core.shape[0]):
        k = at(p.core[j])
        if p.levers[k].owner == i:
            above = s.levers[k].level - s.levers[k].counts
            take_origin(s.levers[k], above, cause, who, item, week)


@step
def take_origin(holder, above, cause, who, item, week):
    """A side or lever above what counts keeps the first cause of that; at 0 it has none."""
    if above <= 0:
        holder.origin = NO_CAUSE
    elif holder.origin == NO_CAUSE:
        holder.origin = cause
        holder.origin_who = who
        holder.origin_item = item
        holder.origin_week = week


@step
def clear_origin(holder):
    """No violation yet, so no cause of one."""
    holder.origin = NO_CAUSE
    holder.origin_who = 0
    holder.origin_item = -1
    holder.origin_week = 0


@step
def set_level(p, s, k, level):
    """Put lever k on a level it can have; a licence lever that is raised is listed for good.

    What owes service stands still: what was once given up counts from then on.
    """
    now = s.levers[k]
    level = min(max(level, 0), p.levers[k].top)
    if level > now.level and p.levers[k].control == LICENCE:
        now.listed = 1
    now.level = level
    if p.levers[k].seen_owing_service:
        now.counts = min(now.counts, level)
    if p.levers[k].owes_service:
        now.counts_own = min(now.counts_own, level)
    stand(p, s, k)


@step
def stand(p, s, k):
    """What hangs on where lever k stands, and on the levels that count: read from tables anew.

    Its flow where no office serves it is all of it for a licence that nobody needs, or if it is
    gone.
    """
    lever, now = p.levers[k], s.levers[k]
    now.served = 1 if now.listed and now.gone == 0 else 0
    cuts = now.gone == 0 and lever.control != LICENCE
    now.left = p.left[k, at(now.level)] if cuts else 1.0
    now.allowed = p.allowed[k, at(now.level)]
    now.owed = p.allowed[k, at(now.obligation if lever.seen_owing_service else now.counts)]
    now.owed_own = p.allowed[k, at(now.obligation if lever.owes_service else now.counts_own)]
    now.gain = p.gain[k, at(now.level)]
    now.fading = p.decay[k, at(now.level)]


@step
def owed_level(p, s, k):
    """Level to which relief brings lever k: what counts, or below where service is short."""
    now = s.levers[k]
    if p.levers[k].owes_service and now.service_own < p.levers[k].promised:
        return min(now.counts_own, now.obligation)
    return now.counts_own


@step
def judge_own_conduct(p, s, i):
    """Bad if i violates by its own reading, or serves a licence lever below what it promised."""
    side = s.sides[i]
    side.own_bad = 1
    if side.rung_own > 0.0:
        return
    for j in range(1, p.offices[i, 0] + 1):
        k = office(p, i, j)
        if s.levers[k].listed and s.levers[k].service_own < p.levers[k].promised:
            return
    side.own_bad = 0
