"""Events of what each side does: its machine's moves, and what its agencies make of them."""

from collections.abc import Iterator
from typing import Any

from sim.explain.counterfactual import drawn_move, had_it_seen_the_truth, machines
from sim.explain.event import Event
from sim.explain.events_world import moves
from sim.explain.weeks import Origin, Reading, SideWeek, Trace, Week
from sim.policies.words import rule


def acts(trace: Trace) -> Iterator[Event]:
    """Everything the two machines and their agencies did, and what it made of their conduct."""
    for week in trace.weeks:
        for side in week.sides:
            yield from act_events(trace, week, side)
            yield from slipped(week, side)
            yield from conduct(trace, week, side)


def act_events(trace: Trace, week: Week, side: SideWeek) -> Iterator[Event]:
    """The move drawn and what came of it; a flipped move (textbook noise) reads as a slip.

    What the truth would have turned into another move always opens a week.
    """
    if side.slipped and trace.compiled.params.rules[0].flip:
        return
    facts = why(trace, side)
    changes = [c for c in week.changes if c.who == side.who and c.why in _CHOSEN]
    facts |= {
        "levers": moves(changes),
        "rung": [side.rung_start, _rung_by_order(trace, week, side)],
    }
    facts["again"] = _stuck_before(trace, week, side)
    instead = facts.get("had_it_seen_the_truth")
    blind = instead is not None and instead["move"] != side.move
    kinds = [kind for kind in (_mood(trace, side), _kind(side, bool(changes))) if kind]
    if not kinds and instead is not None and instead["changes"]:
        kinds = ["unaware"]
    for kind in kinds:
        minor = kind in _MINOR and not blind
        yield Event(week.number, kind, side.who, _lever(side), minor, facts)
        facts = {key: value for key, value in facts.items() if key not in _TOLD_ONCE}


def _rung_by_order(trace: Trace, week: Week, side: SideWeek) -> float:
    """Where its orders of this week left it: its rung without what agencies then did unasked."""
    unasked = 0.0
    for change in week.changes:
        if change.who == side.who and change.why == "slip":
            counts = week.lever(change.lever).counts
            notches = max(0, change.after - counts) - max(0, change.before - counts)
            row = trace.compiled.params.levers[trace.compiled.levers.index(change.lever)]
            unasked += float(row.severity) * notches
    return max(0.0, side.rung - unasked)


def _stuck_before(trace: Trace, week: Week, side: SideWeek) -> bool:
    """Whether the order to ease the same lever was not carried out last week either."""
    if week.number == 1:
        return False
    last = trace.week(week.number - 1)
    then = last.sides[trace.ids.index(side.who)]
    same = then.move == "concede" and then.first_down == side.first_down != ""
    return same and not any(c.who == side.who and c.why in _CHOSEN for c in last.changes)


_CHOSEN = ("retaliation", "concession")
#: Why a side does not do what its machine drew.
_NOT_BY_RULE = ("ordered", "tempted", "insists", "restrained")
_MINOR = ("forgiven", "patience", "unaware", "enough", "no_lever", "stuck")
#: Told with the first event of a side's week only.
_TOLD_ONCE = ("rule", "acted_on", "had_it_seen_the_truth", *_NOT_BY_RULE)


def _mood(trace: Trace, side: SideWeek) -> str:
    """Whether it lets something pass that it could answer, or bears it for now."""
    if side.tempted or side.insists or side.ordered:
        return ""
    if retaliates(trace, side):
        return "forgiven" if side.move != "retaliate" else ""
    return "patience" if patient(trace, side) else ""


def _kind(side: SideWeek, something_moved: bool) -> str:
    if side.move == "retaliate":
        if side.order_failed:
            return "order_failed"
        if something_moved:
            return "retaliation"
        return "enough" if side.first_up else "no_lever"
    if side.move == "concede" and something_moved:
        return "concession"
    return "stuck" if side.move == "concede" and side.first_down else ""


def _lever(side: SideWeek) -> str:
    return {"retaliate": side.first_up, "concede": side.first_down}.get(side.move, "")


def why(trace: Trace, side: SideWeek) -> dict[str, Any]:
    """Facts behind a move: the rule that fired, what it acted on, and what the truth would do."""
    machine = machines(trace.scenario)[trace.ids.index(side.who)]
    facts: dict[str, Any] = {"state": [side.state_before, side.state], "move": side.move}
    facts |= {"sensor": machine.sensor, "luck": side.luck}
    reading = side.acted_on
    facts["aim"] = side.aim
    if reading is not None:
        case = 2 * reading.own_bad + reading.sensed_bad
        if not side.ordered:
            facts["rule"] = rule(machine, machine.states.index(side.state_before), case)
        facts["acted_on"] = reading_facts(reading)
    facts |= {name: True for name in _NOT_BY_RULE if getattr(side, name)}
    if side.restrained and not drew_retaliation(trace, side):
        del facts["restrained"]  # it chose no escalation, and would not have
    instead = had_it_seen_the_truth(trace, side)
    if instead is not None:
        facts["had_it_seen_the_truth"] = {
            "state": instead.state,
            "chances": dict(zip(("retaliate", "hold", "concede"), instead.chances, strict=True)),
            "move": instead.move,
            "lever": instead.lever,
            "changes": instead.changes_state or instead.changes_move,
        }
    return facts


def drew_retaliation(trace: Trace, side: SideWeek) -> bool:
    """Whether its machine drew retaliate, whatever it then did."""
    i = trace.ids.index(side.who)
    state = machines(trace.scenario)[i].states.index(side.state)
    return drawn_move(trace, i, state, side.luck) == "retaliate"


def reading_facts(reading: Reading) -> dict[str, Any]:
    """A reading as plain values."""
    return {
        "week": reading.week,
        "saw": "bad" if reading.saw_bad else "good",
        "truth": "bad" if reading.violated else "good",
        "sensor_bad": reading.sensed_bad,
        "alarm": reading.alarm,
        "below_promise": reading.below_promise,
        "denied": reading.denied,
        "lever": reading.gap_lever if reading.alarm == "slow_licences" else "",
    }


def retaliates(trace: Trace, side: SideWeek) -> bool:
    """Whether the state it is in may retaliate."""
    machine = machines(trace.scenario)[trace.ids.index(side.who)]
    return bool(machine.moves[machine.states.index(side.state), 0] > 0)


def patient(trace: Trace, side: SideWeek) -> bool:
    """Whether it just acted on something bad, in a state that does not answer though others do."""
    machine = machines(trace.scenario)[trace.ids.index(side.who)]
    provoked = side.acted_on is not None and side.acted_on.sensed_bad
    answers = bool((machine.moves[:, 0] > 0).any())
    return provoked and answers and not retaliates(trace, side)


def slipped(week: Week, side: SideWeek) -> Iterator[Event]:
    """An agency that moved a lever unasked, or a textbook move that came out as its opposite."""
    for change in week.changes:
        if change.who == side.who and change.why in ("slip", "flip"):
            facts = {"levers": moves([change]), "rung": [side.rung_start, side.rung]}
            facts |= {"move": side.move}
            yield Event(week.number, change.why, side.who, change.lever, facts=facts)


def conduct(trace: Trace, week: Week, side: SideWeek) -> Iterator[Event]:
    """The beginning of a violation with its origin, and its end."""
    before = _last(trace, week, side)
    now = side.origin
    if now is not None and now != before:
        facts = {"origin": origin(now), "rung": side.rung}
        facts["answers"] = reading_facts(side.acted_on) if side.acted_on is not None else None
        yield Event(week.number, "violation", side.who, now.item, minor=True, facts=facts)
    if now is None and before is not None:
        weeks = _length(trace, week, side)
        yield Event(week.number, "kept_again", side.who, facts={"weeks": weeks})


def _last(trace: Trace, week: Week, side: SideWeek) -> Origin | None:
    """The origin of its violation at the end of last week, if it was in one after talks."""
    if week.number == 1 or side.rung_start <= 0:
        return None
    return trace.week(week.number - 1).sides[trace.ids.index(side.who)].origin


def _length(trace: Trace, week: Week, side: SideWeek) -> int:
    """Weeks of the violation that ended before this week, talks within it or not."""
    weeks = 0
    for earlier in reversed(trace.weeks[: week.number - 1]):
        if earlier.sides[trace.ids.index(side.who)].rung <= 0:
            break
        weeks += 1
    return weeks


def origin(source: Origin) -> dict[str, Any]:
    """An origin as plain values."""
    return {"cause": source.cause, "who": source.who, "item": source.item, "week": source.week}
