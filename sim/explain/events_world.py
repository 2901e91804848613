"""Events from outside the two machines: dues, shocks, programmes, allies, promised reliefs."""

from collections.abc import Iterator
from typing import Any

from sim.explain.event import Event
from sim.explain.weeks import Change, Trace, Week
from sim.scenario.records import week_of

#: Effects of a shock that have a sentence of their own; any other is described by its meaning.
TOLD = ("change", "level", "capacity", "remove", "talks", "ends_truce")


def outside(trace: Trace) -> Iterator[Event]:
    """Everything that no machine decided."""
    yield from dues(trace)
    yield from programmes(trace)
    yield from allies(trace)
    for week in trace.weeks:
        yield from shocks(trace, week)
        yield from reliefs(trace, week)


def dues(trace: Trace) -> Iterator[Event]:
    """Obligations below the initial level that fall due, where a level is owed: met, or missed."""
    params, names = trace.compiled.params, trace.compiled.levers
    for k, name in enumerate(names):
        row = params.levers[k]
        t = int(row.due) + 1
        if row.obligation < row.level and t <= len(trace.weeks) and not row.seen_owing_service:
            now = trace.week(t).lever(name)
            last = trace.start if t == 1 else trace.week(t - 1).levers
            facts = {
                "obligation": now.counts,
                "level": last[k].level,
                "from": int(row.level),
            }
            missed = last[k].level > now.counts and not now.gone
            kind = "overdue" if missed else "due"
            yield Event(t, kind, trace.ids[int(row.owner)], name, facts=facts)


def shocks(trace: Trace, week: Week) -> Iterator[Event]:
    """Shocks that struck, each with what it did."""
    specs = {shock.name: shock for shock in trace.scenario.spec.shocks}
    for name in week.shocks:
        spec = specs[name]
        facts: dict[str, Any] = {"name": name, "talks": spec.talks, "ends_truce": spec.ends_truce}
        facts |= {"capacity": spec.capacity, "remove": spec.remove}
        meant = {name: type(spec).model_fields[name].description for name in spec.effects}
        facts |= {"other": [meaning for name, meaning in meant.items() if name not in TOLD]}
        moved = ([c.before, c.after] for c in week.changes if _by(c, "shock", name))
        facts["change"] = next(moved, None)
        lever = spec.lever or ""
        yield Event(week.number, "shock", lever.partition(".")[0], lever, facts=facts)


def reliefs(trace: Trace, week: Week) -> Iterator[Event]:
    """What a side takes back as it promised at talks."""
    for who in trace.ids:
        changes = [c for c in week.changes if c.why == "relief" and c.who == who]
        if changes:
            met = max(earlier.number for earlier in trace.weeks[: week.number - 1] if earlier.talks)
            facts = {"levers": moves(changes), "talks": met}
            yield Event(week.number, "relief", who, changes[0].lever, facts=facts)


def programmes(trace: Trace) -> Iterator[Event]:
    """Dated supply that comes online and ends some of a dependence."""
    for side, levers in trace.scenario.spec.levers.items():
        for name, lever in levers.items():
            for programme in lever.programmes:
                t = week_of(programme.online, trace.compiled.start)
                if 1 <= t <= len(trace.weeks):
                    facts = {"name": programme.name, "share": programme.share}
                    target = trace.ids[1 - trace.ids.index(side)]
                    yield Event(t, "programme", target, f"{side}.{name}", facts=facts)


def allies(trace: Trace) -> Iterator[Event]:
    """Allies that decide to join a lever, and the week in which that widens it."""
    specs = trace.scenario.spec.allies
    for week in trace.weeks:
        for name in week.joined:
            lag = max(1, specs[name].lag_weeks)
            lever = specs[name].lever or ""
            facts = {"lag": lag, "coverage": specs[name].coverage}
            yield Event(week.number, "joined", name, lever, facts=facts)
            if week.number + lag <= len(trace.weeks):
                yield Event(week.number + lag, "coverage", name, lever, facts=facts)


def moves(changes: list[Change]) -> list[dict[str, Any]]:
    """Levers that moved, as plain values: lever, before, after."""
    return [{"lever": c.lever, "before": c.before, "after": c.after} for c in changes]


def _by(change: Change, why: str, name: str) -> bool:
    return change.why == why and name in change.item.split(", ")
