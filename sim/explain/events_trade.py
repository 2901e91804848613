"""Events of goods: what licence offices let through, who waits, and who runs short."""

from collections.abc import Iterator

from sim.explain.events import Event
from sim.explain.weeks import SIDES, LeverWeek, Trace

#: A flow is told anew when it is this far from what was told last (share of normal demand).
FLOW_STEP = 0.25
#: A backlog is told when it passes one of these, weeks of normal demand.
BACKLOGS = (4, 8, 13, 26, 52, 104)
#: A shortage below this share of use is not told.
SHORTAGE = 0.05


def trade(trace: Trace) -> Iterator[Event]:
    """Flow, backlog and shortage of every lever, told when they have changed enough."""
    for k, name in enumerate(trace.compiled.levers):
        owner = name.partition(".")[0]
        target = SIDES[1 - SIDES.index(owner)]
        series = [week.levers[k] for week in trace.weeks]
        if any(now.queue for now in series):
            yield from flows(owner, series)
            yield from backlogs(trace, k, owner, series)
        yield from shortages(target, series)


def flows(owner: str, series: list[LeverWeek]) -> Iterator[Event]:
    """What the office lets through, when it has moved by FLOW_STEP since it was told last."""
    told = 1.0
    for t, now in enumerate(series, start=1):
        if abs(now.flow - told) >= FLOW_STEP:
            facts = {"flow": now.flow, "before": told, "backlog": now.backlog}
            facts["boosted"] = now.boosted
            told = now.flow
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


def shortages(target: str, series: list[LeverWeek]) -> Iterator[Event]:
    """A target that runs short of what a lever withholds, and one that has enough again."""
    short = False
    for t, now in enumerate(series, start=1):
        if (now.shortage >= SHORTAGE) != short:
            short = not short
            kind = "short" if short else "supplied"
            facts = {"shortage": now.shortage, "flow": now.flow}
            yield Event(t, kind, target, now.name, minor=True, facts=facts)
