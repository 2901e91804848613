"""Step 3, execute: pulling levers, letting them go, and the noise between order and act."""

from sim.world.choice import choose_pull, score
from sim.world.compiled import step
from sim.world.conduct import set_level, settle
from sim.world.draws import ACT, PULL, uniform_at, uniforms
from sim.world.insistence import learned
from sim.world.orders import names_pulls, names_removals
from sim.world.owned import own_levers
from sim.world.purposes import LEVER
from sim.world.state import CONCEDE, NO_CAUSE, POLICY, RETALIATE, SLIP


@step
def carry_out(p, s, t, i):
    """Carry out i's drawn move; the order to retaliate may fail, and in a textbook be flipped."""
    side = s.sides[i]
    if p.rules[0].flip:
        execute_flipped(p, s, t, i, side.luck_slip < side.slip)
    elif side.move == RETALIATE:
        if side.luck_slip_fail >= p.actors[i].slip_fail:
            retaliate(p, s, t, i)
    elif side.move == CONCEDE:
        concede(p, s, t, i)


@step
def slip(p, s, t, i):
    """Agency noise: now and then an agency pulls a lever that nobody ordered."""
    if p.rules[0].flip == 0 and s.sides[i].luck_slip < s.sides[i].slip:
        agency_pull(p, s, t, i)


@step
def execute_flipped(p, s, t, i, slips):
    """Textbook noise: with probability slip the opposite of the intended act is executed."""
    if s.sides[i].move == RETALIATE:
        if slips:
            concede(p, s, t, i)
        else:
            retaliate(p, s, t, i)
    elif slips:
        k = choose_pull(p, s, t, i, 0)
        if k >= 0:
            pull(p, s, i, k)
            settle(p, s, i, SLIP, i, k, t)
    elif s.sides[i].move == CONCEDE:
        concede(p, s, t, i)


@step
def pull(p, s, i, k):
    """Raise lever k of side i by one notch."""
    set_level(p, s, k, s.levers[k].level + 1)
    if s.sides[i].named:
        s.levers[k].ordered -= 1
    s.sides[i].pull_issue = p.levers[k].issue
    s.sides[i].moved = 1


@step
def take_down(p, s, i, k):
    """Lower lever k of side i by one notch of its own accord."""
    set_level(p, s, k, s.levers[k].level - 1)
    s.sides[i].moved = 1
    s.sides[i].backed_down = 1


@step
def retaliate(p, s, t, i):
    """Climb toward the rung of the answer, in expectation whatever the levers' sizes.

    A notch of severity sigma is pulled with probability (r - e)/sigma; the uniform is fixed for
    the unbroken stretch of retaliation, so the rung does not creep up week by week. With a
    package it pulls so many levers at most, one notch of each, else so many notches as `stride`.
    """
    actor = p.actors[i]
    side = s.sides[i]
    target = answer_rung(p, s, i)
    reached = side.rung_before
    first = -1
    for pick in range(actor.package if actor.package > 0 else actor.stride):
        if target <= reached and not names_pulls(side):
            break
        k = choose_pull(p, s, t, i, pick)
        if k < 0:
            break
        chance = (target - reached) / p.levers[k].severity
        if not goes_ahead(s, side, k, chance):
            break
        pull(p, s, i, k)
        s.levers[k].packed = 1 if actor.package > 0 else 0
        reached += p.levers[k].severity
        if first < 0:
            first = k
    if first >= 0:
        unpack(p, s, i)
        settle_chosen(p, s, t, i, first)


@step
def answer_rung(p, s, i):
    """r = rho * max(1, offence) * (1 + hurt * F): the more its own shortage hurts, the larger.

    F is of last week. A side with no reading, or merely tempted, answers nothing: r = rho.
    """
    actor = p.actors[i]
    side = s.sides[i]
    if side.reading == 0 or side.tempted:
        return actor.proportionality
    offence = max(1.0, s.memory[side.reading, i].offence)
    return actor.proportionality * offence * (1.0 + actor.hurt * side.felt)


@step
def unpack(p, s, i):
    """The package is put together: its levers may be pulled again next week."""
    for k in own_levers(p, i):
        s.levers[k].packed = 0


@step
def goes_ahead(s, side, k, chance):
    """Whether the next notch of k is pulled: named in an order, certain, or by luck."""
    if names_pulls(side) or chance >= 1.0:
        return True
    return chance > 0.0 and pull_luck(s, side, side.stretch, k) < chance


@step
def pull_luck(s, side, stretch, k):
    """Uniform of lever k's next notch, fixed for the stretch of retaliation begun that week.

    It is the luck of the run in which the stretch began, which a branch has left.
    """
    return uniform_at(side, stretch, LEVER + k, PULL, s.levers[k].level + 1)


@step
def settle_chosen(p, s, t, i, k):
    """Recount the rung after a chosen pull of k; its origin is what i was answering, if any."""
    reading = s.sides[i].reading
    if reading > 0 and not s.sides[i].tempted:
        past = s.memory[reading, i]
        if past.other_violates:
            inherit(p, s, i, past)
            return
        if past.saw_bad and p.actors[i].sensor == 0:
            who = i if past.alarm_item < 0 else 1 - i
            item = k if past.alarm_item < 0 else past.alarm_item
            settle(p, s, i, int(past.alarm), who, int(item), t)
            return
    settle(p, s, i, POLICY, i, k, t)


@step
def inherit(p, s, i, past):
    """The violation answers one that was real, whatever was seen: it keeps that one's origin."""
    cause, who = int(past.origin), int(past.origin_who)
    settle(p, s, i, cause, who, int(past.origin_item), int(past.origin_week))


@step
def concession(p, s, i):
    """Return the lever that i would take down, -1 if none.

    Among levers above their final obligation now and at the end of last week: those above the
    level that counts first, then those not yet due; within each the lowest score.
    """
    best = -1
    best_due = False
    best_score = 0.0
    if s.sides[i].can_concede == 0:
        return best
    named = names_removals(s.sides[i])
    for k in own_levers(p, i):
        now = s.levers[k]
        above = (now.level > now.obligation) & (now.level_before > now.obligation)
        above = above & ((now.ordered < 0) | (not named))
        due = now.level > now.counts_before
        value = score(p, s, k)
        first = (best < 0) | (due & (not best_due))
        if above & (first | ((due == best_due) & (value < best_score))):
            best = k
            best_due = due
            best_score = value
    return best


@step
def concede(p, s, t, i):
    """Take one notch down, if friction and the value of the lever let it (claims 19, 20)."""
    k = concession(p, s, i)
    if k < 0:
        return
    kept = p.actors[i].retention * s.levers[k].value
    insisted = p.actors[i].insistence * learned(p, s, k)
    chance = (1.0 - p.levers[k].friction) * (1.0 - kept) * (1.0 - insisted)
    if chance >= 1.0 or uniforms(s.run[0], t, i, ACT)[1] < chance:
        take_down(p, s, i, k)
        settle(p, s, i, NO_CAUSE, i, k, t)


@step
def agency_pull(p, s, t, i):
    """An agency acts alone: one notch of any own lever with room that is not core (claim 7).

    To refuse is for leaders: the notch above N is none of an agency's.
    """
    count = 0
    for k in own_levers(p, i):
        count += agency_can_pull(p, s, k)
    u, _, _, _ = uniforms(s.run[0], t, i, ACT)
    index = int(u * count)
    for k in own_levers(p, i):
        if agency_can_pull(p, s, k):
            if index == 0:
                pull(p, s, i, k)
                settle(p, s, i, SLIP, i, k, t)
                return
            index -= 1


@step
def agency_can_pull(p, s, k):
    """Room, not taken away, and below the leaders' level of attention."""
    return (
        p.levers[k].core == 0 and s.levers[k].gone == 0 and s.levers[k].level < p.levers[k].notches
    )
