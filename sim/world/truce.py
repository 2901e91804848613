"""Steps 9 and 11, the truce: in law until a core lever, a dated act or a lapse ends it; in
conduct until violations pile up (model.md, outcomes)."""

from sim.world.compiled import step
from sim.world.owned import at
from sim.world.params import NEVER
from sim.world.state import LAPSE, TRUCE_ENDED


@step
def core_above(p, s):
    """Whether any core lever stands above what counts; and arm those back at their obligation.

    Returns (any core lever above, any armed core lever above).
    """
    above = False
    armed = False
    for j in range(p.core.shape[0]):
        now = s.levers[at(p.core[j])]
        if now.level <= now.counts:
            now.armed = 1
        else:
            above = True
            armed = armed or now.armed == 1
    return above, armed


@step
def count_violations(p, s, t):
    """Unbroken weeks of violation, mutual and by side, and the first of each kind."""
    run = s.run[0]
    us = s.sides[0].rung > 0.0
    cn = s.sides[1].rung > 0.0
    count_together(p, s, t)
    run.mutual = s.together[0]
    run.ruptured = s.together[p.rules[0].rupture_row]
    for i in range(2):
        side = s.sides[i]
        side.violation_run = side.violation_run + 1 if side.rung > 0.0 else 0
        if side.violation_run >= p.rules[0].unilateral_after and run.unilateral_week == 0:
            run.unilateral_week = t
    if (us or cn) and run.clean_week == 0:
        run.clean_week = t


@step
def count_together(p, s, t):
    """Weeks in a row in which both sides stood at each threshold or above, in violation."""
    both = min(s.sides[0].rung, s.sides[1].rung)
    if both <= 0.0 and s.together[0] == 0:
        return  # row 0 is any violation: where it counts none, no row does
    for r in range(p.thresholds.shape[0]):
        weeks = s.together[r] + 1 if both > 0.0 and both >= p.thresholds[r] else 0
        s.together[r] = weeks
        if 0 < weeks <= s.k_week.shape[1] and s.k_week[r, weeks - 1] == 0:
            s.k_week[r, weeks - 1] = t


@step
def account(p, s, t):
    """Step 9: what of the truce no longer holds this week."""
    run = s.run[0]
    count_violations(p, s, t)
    above, armed_above = core_above(p, s)
    act = run.act_ended == 1 and run.in_force == 1 and run.first_truce == 1
    if run.core_week == 0 and p.rules[0].has_truce and (above or act):
        run.core_week = t
    if run.in_force and (armed_above or run.act_ended):
        run.in_force = 0
    if p.rules[0].has_truce:
        gone = run.core_week == t or (run.lapse_week > 0 and run.lapse_week == t - 1)
        if run.undisputed_week == 0 and (gone or disputed(p, s, t)):
            run.undisputed_week = t
            name_trigger(p, s, t, act)
        if run.standing_week == 0 and (gone or ruptured(p, s, t)):
            run.standing_week = t
    run.act_ended = 0


@step
def disputed(p, s, t):
    """Whether both sides have been in violation long enough, or one of them for very long."""
    run = s.run[0]
    return run.mutual >= p.rules[0].breakdown_after or run.unilateral_week == t


@step
def ruptured(p, s, t):
    """Whether both have stood at the rung of a rupture long enough; at rung 0 a dispute is one."""
    if p.rules[0].rupture_rung <= 0.0:
        return disputed(p, s, t)
    return s.run[0].ruptured >= p.rules[0].breakdown_after


@step
def name_trigger(p, s, t, act):
    """The cause of what ended it: a dated act, a lapse, a core lever's origin, or a side's."""
    run = s.run[0]
    run.cause_week = t
    if act:
        run.cause = TRUCE_ENDED
        run.cause_who = 0
        run.cause_item = run.act_shock
        return
    if run.lapse_week > 0 and run.lapse_week == t - 1:
        run.cause = LAPSE
        run.cause_who = 0
        run.cause_item = -1
        return
    if run.core_week == t:
        blame(run, s.levers[first_core_above(p, s)])
    else:
        blame(run, s.sides[first_party(p, s)])


@step
def blame(run, holder):
    """The trigger is the origin of a side's violation, or of a core lever's."""
    run.cause = holder.origin
    run.cause_who = holder.origin_who
    run.cause_item = holder.origin_item
    run.cause_week = holder.origin_week


@step
def first_core_above(p, s):
    """Of the core levers above what counts the one of the earliest origin; ties: the first."""
    first = -1
    for j in range(p.core.shape[0]):
        k = at(p.core[j])
        now = s.levers[k]
        if now.level > now.counts:
            if first < 0 or now.origin_week < s.levers[first].origin_week:
                first = k
    return first


@step
def first_party(p, s):
    """Of the sides whose violation made the dispute that of the earlier origin; ties: us."""
    both = s.run[0].mutual >= p.rules[0].breakdown_after
    alone = p.rules[0].unilateral_after
    us, cn = s.sides[0], s.sides[1]
    us_had_part = both or us.violation_run >= alone
    cn_had_part = both or cn.violation_run >= alone
    return 1 if not us_had_part or (cn_had_part and cn.origin_week < us.origin_week) else 0


@step
def expire(p, s, t):
    """Step 11: at the end of a term the truce lapses if a side accuses and nobody has talked
    lately; otherwise it is extended, again and again."""
    run = s.run[0]
    if run.in_force == 0 or t != run.expiry:
        return
    accused = s.sides[0].accuses or s.sides[1].accuses
    quiet = run.talks_week == 0 or run.talks_week <= t - p.rules[0].quiet
    if accused and quiet:
        run.in_force = 0
        if run.first_truce:
            run.lapse_week = t
        return
    if run.first_truce and t == p.rules[0].term:
        run.extended = 1
    run.expiry = t + p.rules[0].extension


@step
def renew(p, s, t):
    """Talks with no truce in force start one of the same term, weeks t + 1 .. t + term.

    A core lever counts in it only once it has been back at its obligation.
    """
    run = s.run[0]
    run.in_force = 1
    run.first_truce = 0
    run.renewals += 1
    run.expiry = NEVER if p.rules[0].term == NEVER else t + p.rules[0].term
    for k in range(p.levers.shape[0]):
        s.levers[k].armed = 1 if s.levers[k].level <= s.levers[k].counts else 0
