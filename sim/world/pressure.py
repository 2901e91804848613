"""Step 8, pressure: felt shortage, the push for talks, and what is remembered of the week."""

from sim.world.allies import third_party_pressure
from sim.world.compiled import step
from sim.world.learning import belief
from sim.world.leverage import sensed_leverage
from sim.world.sensors import SENSE_SIGNAL


@step
def build_pressure(p, s, i):
    """G = (1 - lambda) G + lambda min(1, F + psi Y): shortages at home, and allies' complaints.

    F_i = min(1, sum of w x over the levers that bite i).
    """
    side = s.sides[i]
    actor = p.actors[i]
    side.felt = min(1.0, s.sides[1 - i].bite)
    push = min(1.0, side.felt + actor.spillover * third_party_pressure(s, i))
    side.pressure = (1.0 - actor.smoothing) * side.pressure + actor.smoothing * push


@step
def sense(p, s, t, i):
    """What i's machine is given: the week's signal, or a sum strictly above a threshold."""
    actor = p.actors[i]
    if actor.sensor == SENSE_SIGNAL:
        return int(s.sides[i].saw_bad)
    quantity = weighed(p, s, t, i)
    return 1 if quantity > actor.threshold else 0


@step
def weighed(p, s, t, i):
    """The weighted sum that i's sensor reads, in the order of QUANTITIES."""
    actor = p.actors[i]
    side = s.sides[i]
    total = actor.weigh_belief * belief(side)
    total += actor.weigh_pressure * side.pressure
    if actor.weigh_leverage != 0.0:
        total += actor.weigh_leverage * sensed_leverage(p, s, t, i)
    total += actor.weigh_signal * side.saw_bad
    total += actor.weigh_shortage * side.felt
    total += actor.weigh_gap * side.gap
    total += actor.weigh_own_rung * side.rung_own
    total += actor.weigh_other_rung * s.sides[1 - i].rung
    offices = p.offices[1 - i, 0]
    total += actor.weigh_licences * (side.passed / offices if offices > 0 else 1.0)
    return total


@step
def remember(p, s, t, i):
    """Record week t for i: its conduct, what it saw, and the truth about the other side."""
    side = s.sides[i]
    other = s.sides[1 - i]
    row = s.memory[t, i]
    row.own_bad = side.own_bad
    row.sensed_bad = sense(p, s, t, i)
    row.saw_bad = side.saw_bad
    row.offence = side.offence
    row.alarm = side.alarm
    row.alarm_item = side.alarm_item
    row.other_violates = 0
    if other.rung > 0.0:
        row.other_violates = 1
        row.origin = other.origin
        row.origin_who = other.origin_who
        row.origin_item = other.origin_item
        row.origin_week = other.origin_week
