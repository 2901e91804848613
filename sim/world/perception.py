"""Step 6, see: one side's reading of the other, through noise and through licence offices.

This is the heart of the model: a slow queue on a complying side is read as defection
(claim 17), and read harder by those who feel it.
"""

from sim.world.compiled import step
from sim.world.owned import office
from sim.world.state import MISREAD, NO_CAUSE, SLOW_LICENCES


@step
def service_gap(p, s, i):
    """Set y, the largest gap i sees between expected and given service of the other's licences.

    y_k = max(0, q_k - s_k)/q_k, weighted theta + (1 - theta) F of last week; ties to the first.
    Among the levers with a gap, the gravest whose shortage is severe and lasting is its `denial`.
    What the offices let pass is summed beside, for sensors.
    """
    side = s.sides[i]
    gap = 0.0
    worst = -1
    denial = 0.0
    passed = 0.0
    for j in range(1, p.offices[1 - i, 0] + 1):
        k = office(p, 1 - i, j)
        passed += min(1.0, s.levers[k].flow)
        expected = p.levers[k].expected
        if s.levers[k].listed and expected > 0.0:
            missing = expected - s.levers[k].service
            seen = missing / expected if missing > 0.0 else 0.0
            if seen > gap:
                gap = seen
                worst = k
            if p.actors[i].lasting > 0 and is_denied(p, s, i, k) and seen > 0.0:
                denial = max(denial, p.levers[k].severity * p.levers[k].notches)
    felt = p.actors[i].felt
    side.gap = gap * (felt + (1.0 - felt) * side.felt)
    side.gap_lever = worst
    side.denial = denial
    side.passed = passed


@step
def is_denied(p, s, i, k):
    """Whether lever k has left i in severe shortage for long enough; counts this week.

    Severe: harm w x at or above the threshold, so the weight says which goods are critical.
    """
    now = s.levers[k]
    severe = p.levers[k].harm_weight * now.short >= p.actors[i].severe
    now.short_weeks = now.short_weeks + 1 if severe else 0
    return now.short_weeks >= p.actors[i].lasting


@step
def see(p, s, i):
    """Draw i's signal of the other this week, and the offence it reads in it."""
    side = s.sides[i]
    actor = p.actors[i]
    service_gap(p, s, i)
    other_rung = s.sides[1 - i].rung
    false_alarm = side.false_alarm
    if other_rung > 0.0:
        chance = 1.0 - actor.miss
    else:
        chance = false_alarm + (1.0 - false_alarm - actor.miss) * side.gap
    side.saw_bad = 1 if side.luck_signal < chance else 0
    side.offence = 1.0
    side.alarm = NO_CAUSE
    side.alarm_item = -1
    if side.saw_bad:
        slow = 0.0
        if side.gap_lever >= 0:
            slow = side.gap * p.levers[side.gap_lever].severity
        side.offence = max(1.0, other_rung, slow, side.denial)
        if other_rung <= 0.0:
            if side.luck_signal < false_alarm:
                side.alarm = MISREAD
            else:
                side.alarm = SLOW_LICENCES
                side.alarm_item = side.gap_lever
