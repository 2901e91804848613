"""The truce: violations by both, dispute, breakdown, talks and what they change, terms."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import takewhile
from typing import Any

from sim.explain.phrases import Event, Facts, Sentence, Voice, either, listed, number, opened, said
from sim.explain.weeks import SideWeek, Trace, Week, moves


def truce(trace: Trace) -> Iterator[Event]:
    """Everything of steps 9 to 11."""
    for week in trace.weeks:
        yield from _broken(trace, week)
        if week.talks:
            yield from _talks(trace, week)
        yield from _terms(trace, week)


def _broken(trace: Trace, week: Week) -> Iterator[Event]:
    """Violation by both sides, and the ends of `core`, `undisputed`, `standing` and in law."""
    rules, outcome = trace.compiled.params.rules[0], trace.outcome
    if not trace.has_truce:
        return
    calm = outcome.undisputed_week is None or week.number <= outcome.undisputed_week
    if week.mutual == 1 and calm and rules.breakdown_after > 1:
        needed = {"needed": int(rules.breakdown_after), "breaks": bool(rules.rupture_rung <= 0)}
        yield Event(week.number, "mutual", facts=needed)
    if outcome.core_week == week.number:
        core = trace.compiled.params.levers["core"]
        above = [now.name for k, now in enumerate(week.levers) if core[k] and now.above]
        yield Event(week.number, "core", facts={"levers": above})
    if outcome.standing_week == week.number:
        yield Event(week.number, "breakdown", facts=_breakdown(trace, week))
    elif outcome.undisputed_week == week.number:
        facts = _violations(trace, week) | _in_conduct(trace, week)
        yield Event(week.number, "dispute", facts=facts)
    if week.ended_by:
        facts = {"by": week.ended_by, "first": _in_first_truce(trace, week)}
        yield Event(week.number, "truce_ended", facts=facts)


def _in_first_truce(trace: Trace, week: Week) -> bool:
    """Whether the truce in force when a week began was the first one."""
    return not any(earlier.renewed for earlier in trace.weeks[: week.number - 1])


def _breakdown(trace: Trace, week: Week) -> dict[str, Any]:
    """How standing ended; of what began the dispute only if that began this week too."""
    rules, outcome = trace.compiled.params.rules[0], trace.outcome
    at_once = outcome.undisputed_week == week.number
    facts = _violations(trace, week) if at_once else {"trigger": None, "chain": []}
    if how := in_law(trace, week):
        return facts | how
    if rules.rupture_rung <= 0:
        return facts | _in_conduct(trace, week)
    rung = {"rung": float(rules.rupture_rung), "weeks": int(rules.breakdown_after)}
    return facts | {"how": "rupture"} | rung


def _violations(trace: Trace, week: Week) -> dict[str, Any]:
    """The trigger, and how each violating side came to be in violation."""
    trigger = trace.outcome.trigger
    links = [_link(trace, week, side) for side in week.sides if side.rung > 0]
    links.sort(key=lambda link: link["since"])
    return {"trigger": asdict(trigger) if trigger else None, "chain": links}


def in_law(trace: Trace, week: Week) -> dict[str, Any]:
    """What ended the truce itself: a dated act, a lapse or its core; nothing if it did not."""
    if week.ended_by == "act" and _in_first_truce(trace, week):
        ends = trace.compiled.params.shocks["ends_truce"]
        names = trace.compiled.shocks
        item = next(name for name in week.shocks if ends[names.index(name)])
        return {"how": "act", "item": item}
    if trace.outcome.lapse_week == week.number - 1:
        return {"how": "lapse"}
    return {"how": "core"} if trace.outcome.core_week == week.number else {}


def _in_conduct(trace: Trace, week: Week) -> dict[str, Any]:
    """Which violation was long enough: by both sides, or by one."""
    rules = trace.compiled.params.rules[0]
    if week.mutual >= rules.breakdown_after:
        return {"how": "mutual", "weeks": int(rules.breakdown_after)}
    weeks = int(rules.unilateral_after)
    who = next(side.who for side in week.sides if side.violation_weeks >= weeks)
    return {"how": "unilateral", "weeks": weeks, "who": who}


def _link(trace: Trace, week: Week, side: SideWeek) -> dict[str, Any]:
    """Since when a side has been in violation, from what origin, and what it acted on then."""
    earlier = reversed(trace.weeks[: week.number - 1])
    same = takewhile(lambda past: past.side(side.who).origin == side.origin, earlier)
    *_, since = (week, *same)
    reading = since.side(side.who).acted_on
    return {
        "who": side.who,
        "since": since.number,
        "origin": asdict(side.origin) if side.origin else None,
        "acted_on": reading.week if reading else None,
    }


def _talks(trace: Trace, week: Week) -> Iterator[Event]:
    """Talks, the deals struck at them, and what each side owes after them."""
    rules = trace.compiled.params.rules[0]
    facts = {
        "forced": week.talks_forced,
        "pressure": {side.who: side.pressure for side in week.sides},
        "number": sum(earlier.talks for earlier in trace.weeks[: week.number]),
        "boost_until": week.number + int(rules.boost),
        "quiet_until": week.number + int(rules.cooldown),
        "queues": any(now.queue for now in week.levers),
    }
    yield Event(week.number, "talks", facts=facts)
    for name in week.deals:
        levers = moves(week.changed_by("deal", name))
        yield Event(week.number, "deal", facts={"name": name, "levers": levers})
    first = ("", *trace.ids)[int(rules.sequencing)]
    for side in week.sides:
        if side.owes > 0:
            owed = {
                "rung": side.owes,
                "share": float(rules.relief),
                "week": side.owes_from,
                "stands": side.rung_end,
                "waits_for": first if first == trace.other(side.who) else "",
            }
            yield Event(week.number, "owed", side.who, facts=owed)


def _terms(trace: Trace, week: Week) -> Iterator[Event]:
    """The end of a term, and a renewed truce."""
    last = {"until": week.expiry, "first": week.first_truce}
    accused = {"accused": [side.who for side in week.sides if side.accuses]}
    if week.renewed:
        yield Event(week.number, "renewal", facts=last)
    if week.extended:
        yield Event(week.number, "extension", facts=last | accused)
    if week.lapsed:
        broke = trace.outcome.standing_week
        met = [earlier.number for earlier in trace.weeks[: week.number] if earlier.talks]
        facts = last | accused
        facts["broken"] = broke if broke is not None and broke <= week.number else None
        facts["talks"] = max(met, default=None)
        yield Event(week.number, "lapse", facts=facts)


def _core(event: Event, voice: Voice) -> str:
    levers = listed([voice.lever(name) for name in event.facts["levers"]])
    stand = "stand" if levers.endswith("s") else "stands"
    above = f"{levers} {stand} above what was agreed" if levers else "an act ends the truce"
    return f"the core of the truce is broken: {above}."


def _end(event: Event, voice: Voice) -> str:
    """The end of `standing` or of `undisputed` alone: how, what began it, and what led there."""
    facts, trigger = event.facts, event.facts["trigger"]
    stands = event.kind == "dispute"
    what = "THE TRUCE IS IN DISPUTE, and stands" if stands else "THE TRUCE BREAKS"
    parts = [f"{what}: {_how(facts, voice)}."]
    if facts["how"] not in ("act", "lapse") and trigger is not None:
        parts.append(f"What began it: {voice.origin(trigger)}.")
        parts += [opened(_since(link, trigger, voice)) for link in facts["chain"]]
    return " ".join(parts)


def _how(facts: Facts, voice: Voice) -> str:
    how, weeks = facts["how"], facts.get("weeks")
    in_law = {
        "act": f"a dated act ends it, {facts.get('item')}",
        "lapse": "it lapsed at the end of last week",
        "core": "a lever of its core stands above what was agreed",
    }
    if how in in_law:
        return in_law[how]
    if how == "rupture":
        long = "" if weeks == 1 else f" for {weeks} weeks in a row"
        return f"both sides have stood at rung {number(facts['rung'])} or above{long}, a rupture"
    both = how == "mutual"
    who = "both sides" if both else voice.of(facts["who"])
    if weeks == 1:
        return f"{who} {'are' if both else 'is'} in violation"
    return f"{who} {'have' if both else 'has'} been in violation for {weeks} weeks in a row"


def _since(link: Facts, trigger: Facts, voice: Voice) -> str:
    """Since when and why one side is in violation."""
    since, origin = link["since"], link["origin"]
    text = f"{voice.of(link['who'])} has been in violation since {voice.week(since)}"
    if origin["week"] == since and origin["who"] == link["who"]:
        by = voice.origin(origin).removesuffix(f", {voice.week(since)}")
        return f"{text}{'' if origin == trigger else ', by ' + by}."
    answered = "that" if origin == trigger else voice.origin(origin)
    read = f", seen in {voice.week(link['acted_on'])}" if link["acted_on"] else ""
    return f"{text}, in answer to {answered}{read}."


#: What ends a truce in law before its term.
_ENDED = {"core": "a core lever was moved", "act": "by a dated act"}


def _which(event: Event) -> str:
    return "the truce" if event.facts["first"] else "the renewed truce"


def _met(event: Event, voice: Voice) -> str:
    """Talks and what they change at once."""
    facts = event.facts
    pushed = [f"{pressure:.2f} on {voice.of(who)}" for who, pressure in facts["pressure"].items()]
    came = "brought about from outside" if facts["forced"] else f"under pressure: {listed(pushed)}"
    effects = ["both sides start afresh", "what they saw before no longer counts"]
    if facts["queues"]:
        effects.append(f"licence offices work faster until {voice.week(facts['boost_until'])}")
    return f"TALKS ({came}): {listed(effects)}."


def _deal(event: Event, voice: Voice) -> str:
    moved = [f"{voice.whose(m['lever'])} {voice.change(m)}" for m in event.facts["levers"]]
    what = f": {listed(moved)}" if moved else ", which moves nothing"
    return f"The deal {event.facts['name']} is struck{what}."


def _owed(event: Event, voice: Voice) -> str:
    """Relief that a side owes after talks."""
    facts = event.facts
    owes = "of the {rung:rung} rungs it stands above what is due"
    if facts["rung"] > facts["stands"]:
        owes = "of {rung:rung} rungs (licences served below its promise count by their level)"
    when = "in {week:week}"
    if facts["waits_for"]:
        when = "once it has seen {other} comply, not before {week:week}"
    return said(f"{{who}} owes relief: to take back {{share:.0%}} {owes}, {when}.", event, voice)


def _accused(event: Event, voice: Voice) -> str:
    who = event.facts["accused"]
    return f"{listed([voice.of(side) for side in who])} {'accuse' if len(who) > 1 else 'accuses'}"


def _extension(event: Event, voice: Voice) -> str:
    """A term that ends in an extension."""
    why = "nobody accuses"
    if event.facts["accused"]:
        why = f"{_accused(event, voice)}, but talks were held lately"
    until = f" to {voice.week(event.facts['until'])}" if event.facts["until"] else ""
    return f"the term ends and {_which(event)} is extended{until}: {why}."


def _lapse(event: Event, voice: Voice) -> str:
    """A term that ends in nothing."""
    facts = event.facts
    met = "there were no talks"
    if facts["talks"]:
        met = f"the last talks were in {voice.week(facts['talks'])}"
    which = "THE TRUCE LAPSES" if facts["first"] else "The renewed truce lapses"
    broken = facts["broken"]
    how = f" in law at the end of its term, broken in conduct since week {broken}"
    how = how if broken else " at the end of its term"
    return f"{which}{how}: {_accused(event, voice)}, and {met}."


TRUCE: dict[str, Sentence] = {
    "mutual": either(
        "breaks",
        "Both sides are in violation; {needed} such weeks in a row break the truce.",
        "Both sides are in violation; {needed} such weeks in a row are a dispute.",
    ),
    "core": _core,
    "dispute": _end,
    "breakdown": _end,
    "truce_ended": lambda event, _: (
        f"{_which(event)} is no longer in force: {_ENDED[event.facts['by']]}."
    ),
}
TALKS: dict[str, Sentence] = {
    "talks": _met,
    "deal": _deal,
    "owed": _owed,
    "renewal": either(
        "until",
        "The talks renew the truce, until {until:week}.",
        "The talks renew the truce, open-ended.",
    ),
}
TERM: dict[str, Sentence] = {"extension": _extension, "lapse": _lapse}
