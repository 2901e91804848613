"""Events of the truce: violations by both, dispute, breakdown, talks and their effects, terms."""

from collections.abc import Iterator
from typing import Any

from sim.explain.event import Event
from sim.explain.events_acts import origin
from sim.explain.events_world import moves
from sim.explain.weeks import SideWeek, Trace, Week


def truce(trace: Trace) -> Iterator[Event]:
    """Everything of steps 9 to 11."""
    for week in trace.weeks:
        yield from broken(trace, week)
        if week.talks:
            yield from talks(trace, week)
        yield from terms(trace, week)


def broken(trace: Trace, week: Week) -> Iterator[Event]:
    """Violation by both sides, and the ends of `core`, `undisputed`, `standing` and in law."""
    rules, outcome = trace.compiled.params.rules[0], trace.outcome
    if not rules.has_truce:
        return
    calm = outcome.undisputed_week is None or week.number <= outcome.undisputed_week
    if week.mutual == 1 and calm and rules.breakdown_after > 1:
        needed = {"needed": int(rules.breakdown_after), "breaks": bool(rules.rupture_rung <= 0)}
        yield Event(week.number, "mutual", facts=needed)
    if outcome.core_week == week.number:
        above = [now.name for now in week.levers if _core_above(trace, now.name, week)]
        yield Event(week.number, "core", facts={"levers": above})
    if outcome.standing_week == week.number:
        yield Event(week.number, "breakdown", facts=breakdown(trace, week))
    elif outcome.undisputed_week == week.number:
        yield Event(week.number, "dispute", facts=dispute(trace, week))
    if week.ended_by:
        facts = {"by": week.ended_by, "first": in_first_truce(trace, week)}
        yield Event(week.number, "truce_ended", facts=facts)


def in_first_truce(trace: Trace, week: Week) -> bool:
    """Whether the truce in force when a week began was the first one."""
    return not any(earlier.renewed for earlier in trace.weeks[: week.number - 1])


def breakdown(trace: Trace, week: Week) -> dict[str, Any]:
    """How standing ended; of what began the dispute only if that began this week too."""
    rules, outcome = trace.compiled.params.rules[0], trace.outcome
    at_once = outcome.undisputed_week == week.number
    facts = violations(trace, week) if at_once else {"trigger": None, "chain": []}
    if how := in_law(trace, week):
        return facts | how
    if rules.rupture_rung <= 0:
        return facts | in_conduct(trace, week)
    rung = {"rung": float(rules.rupture_rung), "weeks": int(rules.breakdown_after)}
    return facts | {"how": "rupture"} | rung


def dispute(trace: Trace, week: Week) -> dict[str, Any]:
    """How a dispute began that is no breakdown yet, its trigger and the chain behind it."""
    return violations(trace, week) | in_conduct(trace, week)


def violations(trace: Trace, week: Week) -> dict[str, Any]:
    """The trigger, and how each violating side came to be in violation."""
    trigger = trace.outcome.trigger
    links = [chain(trace, week, side) for side in week.sides if side.rung > 0]
    links.sort(key=lambda link: link["since"])
    return {"trigger": origin(trigger) if trigger else None, "chain": links}


def in_law(trace: Trace, week: Week) -> dict[str, Any]:
    """What ended the truce itself: a dated act, a lapse or its core; nothing if it did not."""
    if week.ended_by == "act" and in_first_truce(trace, week):
        ends = trace.compiled.params.shocks["ends_truce"]
        names = trace.compiled.shocks
        item = next(name for name in week.shocks if ends[names.index(name)])
        return {"how": "act", "item": item}
    if trace.outcome.lapse_week == week.number - 1:
        return {"how": "lapse"}
    return {"how": "core"} if trace.outcome.core_week == week.number else {}


def in_conduct(trace: Trace, week: Week) -> dict[str, Any]:
    """Which violation was long enough: by both sides, or by one."""
    rules = trace.compiled.params.rules[0]
    if week.mutual >= rules.breakdown_after:
        return {"how": "mutual", "weeks": int(rules.breakdown_after)}
    weeks = int(rules.unilateral_after)
    who = next(side.who for side in week.sides if side.violation_weeks >= weeks)
    return {"how": "unilateral", "weeks": weeks, "who": who}


def chain(trace: Trace, week: Week, side: SideWeek) -> dict[str, Any]:
    """Since when a side has been in violation, from what origin, and what it acted on then."""
    since = week
    for earlier in reversed(trace.weeks[: week.number - 1]):
        if earlier.sides[trace.ids.index(side.who)].origin != side.origin:
            break
        since = earlier
    began = since.sides[trace.ids.index(side.who)]
    reading = began.acted_on
    return {
        "who": side.who,
        "since": since.number,
        "origin": origin(side.origin) if side.origin else None,
        "acted_on": reading.week if reading else None,
    }


def _core_above(trace: Trace, name: str, week: Week) -> bool:
    k = trace.compiled.levers.index(name)
    now = week.levers[k]
    return bool(trace.compiled.params.levers[k].core) and now.level > now.counts


def talks(trace: Trace, week: Week) -> Iterator[Event]:
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
        changes = [c for c in week.changes if c.why == "deal" and name in c.item.split(", ")]
        yield Event(week.number, "deal", facts={"name": name, "levers": moves(changes)})
    for side in week.sides:
        if side.owes > 0:
            first = ("", *trace.ids)[int(rules.sequencing)]
            waits = _other(trace, side.who) if first == _other(trace, side.who) else ""
            owed: dict[str, Any] = {
                "rung": side.owes,
                "share": float(rules.relief),
                "week": side.owes_from,
                "stands": side.rung_end,
            }
            owed |= {"waits_for": waits}
            yield Event(week.number, "owed", side.who, facts=owed)


def terms(trace: Trace, week: Week) -> Iterator[Event]:
    """The end of a term, and a renewed truce."""
    last = {"until": week.expiry, "first": week.first_truce}
    if week.renewed:
        yield Event(week.number, "renewal", facts=last)
    if week.extended:
        reasons = {"accused": [side.who for side in week.sides if side.accuses]}
        yield Event(week.number, "extension", facts=last | reasons)
    if week.lapsed:
        accusers = [side.who for side in week.sides if side.accuses]
        broke = trace.outcome.standing_week
        facts = last | {"accused": accusers}
        facts["broken"] = broke if broke is not None and broke <= week.number else None
        facts["talks"] = max(
            (w.number for w in trace.weeks[: week.number] if w.talks), default=None
        )
        yield Event(week.number, "lapse", facts=facts)


def _other(trace: Trace, who: str) -> str:
    return trace.scenario.sides.other(who).id
