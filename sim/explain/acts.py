"""What each side does and sees: its machine's moves, what its agencies make of them, readings."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import takewhile
from typing import Any

from sim.explain.phrases import Event, Sentence, Voice, either, number, said, verdict_on
from sim.explain.weeks import (
    Reading,
    SideWeek,
    Trace,
    Week,
    drawn_move,
    had_it_seen_the_truth,
    moves,
)
from sim.policies.machine import rule

_CHOSEN = ("retaliation", "concession")
_MINOR = ("forgiven", "patience", "unaware", "enough", "no_lever", "stuck")
#: Why a side does not do what its machine drew, in words.
_NOT_BY_RULE = {
    "ordered": "It moves on a player's order, not by its rule.",
    "tempted": "Its rule would have let it pass, but it counts on talks to come before an answer.",
    "insists": "Its rule would have let it pass, but it has learned what its levers are worth.",
    "restrained": "",
}
#: Told with the first event of a side's week only.
_TOLD_ONCE = ("rule", "acted_on", "had_it_seen_the_truth", *_NOT_BY_RULE)


def acts(trace: Trace) -> Iterator[Event]:
    """Everything the two machines and their agencies did, and what it made of their conduct."""
    for week in trace.weeks:
        for side in week.sides:
            yield from act_events(trace, week, side)
            yield from _unasked(week, side)
            yield from _conduct(trace, week, side)


def act_events(trace: Trace, week: Week, side: SideWeek) -> Iterator[Event]:
    """The move drawn and what came of it; a flipped move (textbook noise) reads as a slip.

    What the truth would have turned into another move always opens a week.
    """
    if side.slipped and trace.compiled.params.rules[0].flip:
        return
    changes = [c for c in week.changes if c.who == side.who and c.why in _CHOSEN]
    facts = _reasons(trace, side) | {
        "levers": moves(changes),
        "rung": [side.rung_start, _rung_by_order(trace, week, side)],
        "again": _stuck_before(trace, week, side),
    }
    instead = facts.get("had_it_seen_the_truth")
    blind = instead is not None and instead["move"] != side.move
    kinds = [kind for kind in (_mood(trace, side), _kind(side, bool(changes))) if kind]
    if not kinds and instead is not None and instead["changes"]:
        kinds = ["unaware"]
    for kind in kinds:
        minor = kind in _MINOR and not blind
        yield Event(week.number, kind, side.who, side.first_lever(side.move), minor, facts)
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
    then = last.side(side.who)
    same = then.move == "concede" and then.first_down == side.first_down != ""
    return same and not any(c.who == side.who and c.why in _CHOSEN for c in last.changes)


def _mood(trace: Trace, side: SideWeek) -> str:
    """Whether it lets something pass that it could answer, or does not answer yet though it may."""
    if side.tempted or side.insists or side.ordered:
        return ""
    machine = trace.machines[side.who]
    if machine.moves[machine.states.index(side.state), 0] > 0:
        return "forgiven" if side.move != "retaliate" else ""
    provoked = side.acted_on is not None and side.acted_on.sensed_bad
    return "patience" if provoked and (machine.moves[:, 0] > 0).any() else ""


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


def _reasons(trace: Trace, side: SideWeek) -> dict[str, Any]:
    """Facts behind a move: the rule that fired, what it acted on, and what the truth would do."""
    machine, reading = trace.machines[side.who], side.acted_on
    facts: dict[str, Any] = {"state": [side.state_before, side.state], "move": side.move}
    facts |= {"sensor": machine.sensor, "luck": side.luck, "aim": side.aim}
    if reading is not None:
        case = 2 * reading.own_bad + reading.sensed_bad
        if not side.ordered:
            facts["rule"] = rule(machine, machine.states.index(side.state_before), case)
        facts["acted_on"] = reading_facts(reading)
    facts |= {name: True for name in _NOT_BY_RULE if getattr(side, name)}
    if side.restrained and drawn_move(trace, side, side.state) != "retaliate":
        del facts["restrained"]  # it chose no escalation, and would not have
    instead = had_it_seen_the_truth(trace, side)
    if instead is not None:
        facts["had_it_seen_the_truth"] = instead
    return facts


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


def _unasked(week: Week, side: SideWeek) -> Iterator[Event]:
    """An agency that moved a lever unasked, or a textbook move that came out as its opposite."""
    for change in week.changes:
        if change.who == side.who and change.why in ("slip", "flip"):
            facts = {"levers": moves([change]), "rung": [side.rung_start, side.rung]}
            facts |= {"move": side.move}
            yield Event(week.number, change.why, side.who, change.lever, facts=facts)


def _conduct(trace: Trace, week: Week, side: SideWeek) -> Iterator[Event]:
    """The beginning of a violation with its origin, and its end."""
    earlier = [past.side(side.who) for past in trace.weeks[: week.number - 1]]
    # That of last week's violation, if it was in one after talks.
    before = earlier[-1].origin if earlier and side.rung_start > 0 else None
    now = side.origin
    if now is not None and now != before:
        answers = reading_facts(side.acted_on) if side.acted_on is not None else None
        facts = {"origin": asdict(now), "rung": side.rung, "answers": answers}
        yield Event(week.number, "violation", side.who, now.item, minor=True, facts=facts)
    if now is None and before is not None:  # however long, with talks within it or not
        weeks = len([*takewhile(lambda past: past.rung > 0, reversed(earlier))])
        yield Event(week.number, "kept_again", side.who, facts={"weeks": weeks})


def readings(trace: Trace) -> Iterator[Event]:
    """Every reading, and every belief that passes one half.

    A wrong reading that differs from the week before opens a week, if the machine is on the
    week's signal; a true one, or one wrong in the same way again, is minor.
    """
    for who, machine in trace.machines.items():
        last, accuses = ("good", "good", ""), False
        for week in trace.weeks:
            side = week.side(who)
            facts = reading_facts(side.reading)
            now = (facts["saw"], facts["truth"], facts["alarm"])
            minor = side.reading.right or now == last or machine.sensor != "signal"
            facts |= {"again": now == last, "gap": side.reading.gap}
            yield Event(week.number, "reading", who, facts["lever"], minor, facts)
            last = now
            if side.accuses != accuses:
                accuses = side.accuses
                belief = {"belief": side.belief, "accuses": accuses}
                yield Event(week.number, "belief", who, minor=True, facts=belief)


def not_done(event: Event, voice: Voice, again: bool) -> str:
    """An order to ease that is not carried out: friction, or a lever its owner came to value."""
    if again:
        return f"{voice.owned(event.lever)} still not eased, though ordered"
    return said("{who} orders {measure} eased; it is not carried out yet", event, voice)


_DUE = "an answer in proportion is rung {aim:rung}"
#: What a side does; why is told behind it.
_DOES: dict[str, Sentence] = {
    "retaliation": either(
        lambda facts: len(facts["levers"]) > 1,
        "{who} answers with a package of {measures} measures in one week: it {moved}, to rung "
        "{rung[1]:rung}",
        "{who} hits back: it {moved}, to rung {rung[1]:rung}",
    ),
    "order_failed": "{who} orders its agencies to hit back, and they do not carry it out",
    # A notch is pulled with probability (aim - rung)/severity, so a draw refuses only a notch that
    # overshoots.
    "enough": either(
        lambda facts: facts["rung"][0] >= facts["aim"],
        f"{{who}} stays at rung {{rung[0]:rung}}, which is answer enough ({_DUE})",
        "{who} would hit back, but one more notch of {measure} would go too far (it stands at rung "
        f"{{rung[0]:rung}}, and {_DUE})",
    ),
    "no_lever": "{who} would hit back but has no lever left to pull",
    "forgiven": either(
        "restrained",
        "{who} would hit back and holds off, so soon after talks, or while it waits for relief "
        "that is not late",
        "{who} could hit back and lets it pass",
    ),
    "patience": "{who} does not answer yet",
    "unaware": "{who} sees nothing to answer",
    "concession": either(
        lambda facts: facts["rung"][0] > 0, "{who} {moved}, to rung {rung[1]:rung}", "{who} {moved}"
    ),
    "stuck": lambda event, voice: not_done(event, voice, bool(event.facts.get("again"))),
}


def _act(event: Event, voice: Voice) -> str:
    """The act, what it acted on, the rule that fired, and what the truth would have made it do."""
    exception = next((text for fact, text in _NOT_BY_RULE.items() if event.facts.get(fact)), "")
    act = f"{said(_DOES[event.kind], event, voice)}."
    parts = [act, exception, _basis(event, voice), _rule(event), _instead(event, voice)]
    return " ".join(part for part in parts if part)


def _basis(event: Event, voice: Voice) -> str:
    """What it acted on, and what was true then; nothing where there is nothing to tell."""
    facts, reading = event.facts, event.facts.get("acted_on")
    if reading is None:
        return "It has seen nothing yet to act on." if event.kind == "retaliation" else ""
    week = voice.week(reading["week"])
    if facts["sensor"] != "signal":
        return f"It acts on what it knew in {week}."
    known = event.kind in ("concession", "stuck") or (event.minor and facts.get("rule_known"))
    if known and reading["saw"] == reading["truth"]:
        return ""
    return f"It acts on what it saw in {week}: {verdict_on(reading, voice.other(event.who))}."


def has_rule(event: Event) -> bool:
    """Whether the rule that fired belongs to what is said of an event."""
    return "rule" in event.facts and event.kind not in ("concession", "stuck", "unaware")


def _rule(event: Event) -> str:
    """The rule that fired: in full when it first fires, then as an arrow between states."""
    if not has_rule(event):
        return ""
    if event.facts.get("rule_known"):
        before, after = event.facts["state"]
        turns = f"turns from {before} to {after}" if before != after else f"stays {after}"
        return f"By its rule it {turns}."
    return f"Its rule: {event.facts['rule']}."


def _instead(event: Event, voice: Voice) -> str:
    """What it would have done had it seen the truth, by the same draw."""
    instead = event.facts.get("had_it_seen_the_truth")
    if instead is None:
        return ""
    if not instead["changes"]:
        return "The truth would have changed nothing."
    does = {"retaliate": "retaliated", "hold": "held", "concede": "conceded"}[instead["move"]]
    odds = instead["chances"][instead["move"]]
    did = does if odds >= 1 else f"by the same draw {does} (probability {odds:.2g})"
    same = " all the same" if instead["move"] == event.facts["move"] else ""
    first = f", {voice.measure(instead['lever'])} first" if instead["lever"] and not same else ""
    return f"Had it seen the truth it would have been {instead['state']} and {did}{same}{first}."


def _violation(event: Event, voice: Voice) -> str:
    """A violation that begins, and where it came from."""
    facts, origin = event.facts, event.facts["origin"]
    begins = f"{voice.of(event.who)} is now in violation (rung {number(facts['rung'])})"
    if origin["week"] != event.week:
        return f"{begins}; this goes back to {voice.origin(origin)}."
    slow = f"{voice.lever(origin['item'])} licences, which are slow and no violation"
    why = {
        "policy": ", by its policy alone",
        "misread": "; it answers a false alarm",
        "slow_licences": f"; it answers {slow}",
    }
    return f"{begins}{why.get(origin['cause'], '')}."


def _unasked_words(text: str) -> Sentence:
    """A text on levers that moved unasked, and where that led."""
    within = f"{text}, which is within its obligations."
    return either(lambda facts: facts["rung"][1] > 0, f"{text}, to rung {{rung[1]:rung}}.", within)


#: What each side does.
ACTS: dict[str, Sentence] = {
    **dict.fromkeys(_DOES, _act),
    "slip": _unasked_words("{agency} acts on its own: on nobody's orders it {moved}"),
    "flip": _unasked_words("{who} means to {move} and does the opposite: it {moved}"),
    "violation": _violation,
    "kept_again": either(
        lambda facts: facts["weeks"] > 1,
        "{who} is back within its obligations, after {weeks} weeks in violation.",
        "{who} is back within its obligations, after {weeks} week in violation.",
    ),
}
#: What each side sees.
SEEN: dict[str, Sentence] = {
    "reading": "{who} sees {seen}.",
    "belief": either(
        "accuses",
        "{who} now accuses {other}: bad faith is more likely than not (probability {belief:.2f}).",
        "{who} no longer accuses {other} of bad faith (probability {belief:.2f}).",
    ),
}
