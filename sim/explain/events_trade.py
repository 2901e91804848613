"""Events of goods: what licence offices let through, who waits, and who runs short."""

from collections.abc import Iterator
from typing import Any

from sim.explain.event import Event
from sim.explain.weeks import LeverWeek, Trace

#: A flow is reported anew when it is this far from what was reported last (share of normal demand).
FLOW_STEP = 0.25
#: A backlog is reported when it passes one of these, weeks of normal demand.
BACKLOGS = (4, 8, 13, 26, 52, 104)
#: A shortage that adds less than this to what its target feels is not reported.
FELT = 0.1


def trade(trace: Trace) -> Iterator[Event]:
    """Flow, backlog and shortage of every lever, reported when they have changed enough."""
    for k, name in enumerate(trace.compiled.levers):
        owner = name.partition(".")[0]
        target = trace.ids[1 - trace.ids.index(owner)]
        series = [week.levers[k] for week in trace.weeks]
        if any(now.queue for now in series):
            listed = bool(trace.compiled.params.levers[k].listed)
            moves = list(flows(owner, series, listed))
            yield from moves
            weeks = {event.week for event in moves}
            yield from (e for e in backlogs(trace, k, owner, series) if e.week not in weeks)
        weight = float(trace.compiled.params.levers[k].harm_weight)
        if not trace.compiled.params.rules[0].stage:
            severe = float(trace.compiled.params.actors[trace.ids.index(target)].severe)
            yield from shortages(target, series, weight, severe)


def flows(owner: str, series: list[LeverWeek], listed: bool) -> Iterator[Event]:
    """What the office lets through, when it has moved by FLOW_STEP since it was last reported.

    `listed`: it has been at work before the start, so that its first flow is no change. What it
    is compared with is the week before; faster since talks is what grows while the lever stands
    where it stood.
    """
    reported, boosted = 1.0, False
    for t, now in enumerate(series, start=1):
        if abs(now.flow - reported) >= FLOW_STEP:
            facts: dict[str, Any] = {"flow": now.flow, "backlog": now.backlog, "able": now.able}
            if t == 1:
                facts |= {"before": None if listed else 1.0, "faster": False}
            else:
                last = series[t - 2]
                grew = now.level == last.level and now.flow > last.flow
                facts |= {"before": last.flow, "faster": grew and now.boosted and not boosted}
            reported, boosted = now.flow, now.boosted
            yield Event(t, "flow", owner, now.name, facts=facts)


def backlogs(trace: Trace, k: int, owner: str, series: list[LeverWeek]) -> Iterator[Event]:
    """A queue that passes a round number of weeks on its way up, and one that is cleared."""
    before = float(trace.compiled.params.levers[k].backlog)
    worst = before
    for t, now in enumerate(series, start=1):
        passed = [mark for mark in BACKLOGS if worst < mark <= now.backlog]
        if passed:
            facts = {"backlog": now.backlog, "mark": passed[-1]}
            yield Event(t, "backlog", owner, now.name, minor=True, facts=facts)
        if before > 1e-9 and now.backlog <= 1e-9:
            facts = {"worst": worst}
            yield Event(t, "queue_cleared", owner, now.name, facts=facts)
            worst = 0.0
        worst = max(worst, now.backlog)
        before = now.backlog


def shortages(
    target: str, series: list[LeverWeek], weight: float, severe: float
) -> Iterator[Event]:
    """A target that runs short, or severely short, of what a lever withholds; and no longer.

    `severe`: the harm from which a shortage is.
    """
    worst = 0  # 1: short, 2: severely; since it had enough
    for t, now in enumerate(series, start=1):
        harm = weight * now.shortage
        grade = (harm >= FELT) + (harm >= max(severe, FELT))
        facts = {"shortage": now.shortage, "flow": now.flow, "severe": grade == 2}
        if grade > worst:
            worst = grade
            yield Event(t, "short", target, now.name, minor=True, facts=facts)
        elif grade == 0 and worst > 0:
            worst = 0
            yield Event(t, "supplied", target, now.name, minor=True, facts=facts)
