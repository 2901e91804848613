"""One run as a ladder: who moved which lever, when and why, read off its trace."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.explain.find import find_typical
from sim.explain.trace import trace_run
from sim.explain.weeks import SideWeek, Trace, Week
from sim.outcomes.bands import phrase
from sim.outcomes.sample import DUE, Act, Ladder

if TYPE_CHECKING:
    import numpy as np

    from sim.outcomes.result import Result

_WHY = {
    "relief": "relief owed since talks",
    "concession": "concedes",
    "flip": "the opposite of its order (noise)",
    "slip": "an agency slips",
}


def with_ladder(result: "Result") -> "Result":
    """The result with the ladder of its typical run, to be stored with it."""
    return replace(result, ladder=typical_ladder(result))


def typical_ladder(result: "Result", rows: "np.ndarray | None" = None) -> Ladder:
    """The ladder of a result's typical run; `rows`: those of its runs, where they were kept."""
    return ladder_of_run(result, typical_run(result, rows))


def typical_run(result: "Result", rows: "np.ndarray | None" = None) -> int:
    """The typical run of a result (`find.find_typical`), of its first 10,000; 0 if none is."""
    typical = find_typical(result.scenario, result.seed, result.n, result.governments, rows)
    return 0 if typical is None else typical.run


def ladder_of_run(result: "Result", run: int) -> Ladder:
    """The ladder of one run of a result: the stored one, or the run played again.

    Raises ResultError for a run outside the result, or if what is played now is not the run of
    then: the model has changed since.
    """
    if not 0 <= run < result.n:
        raise ResultError(f"run is {run}; allowed: 0 to {result.n - 1:,}, the runs of this result")
    if result.ladder is not None and result.ladder.run == run:
        return result.ladder
    people = result.governments
    ladder = ladder_of(trace_run(result.scenario, result.seed, run, True, people))
    sample = result.sample
    if sample is not None and run < sample.runs and sample.dispute[run] != ladder.dispute:
        raise ResultError(
            f"run {run} does not go as it went when this result was written: the model has "
            "changed since; run the scenario again"
        )
    return ladder


def ladder_of(trace: Trace) -> Ladder:
    """The ladder of a traced run."""
    outcome, truce = trace.outcome, trace.has_truce
    cause = outcome.trigger if truce else None
    trigger = phrase(cause.cause, cause.who, cause.item, trace.scenario.sides) if cause else ""
    return Ladder(
        run=trace.run,
        rungs={
            side: [week.sides[i].rung for week in trace.weeks] for i, side in enumerate(trace.ids)
        },
        acts=tuple(act for week in trace.weeks for act in _acts(trace, week)),
        talks=tuple(week.number for week in trace.weeks if week.talks),
        ends=tuple((week.number, text) for week in trace.weeks for text in _ends(week)),
        breakdown=(outcome.standing_week or 0) if truce else 0,
        dispute=(outcome.undisputed_week or 0) if truce else 0,
        trigger=trigger,
    )


def _ends(week: Week) -> Iterator[str]:
    """What became of the truce in a week."""
    for came, how in (
        (week.ended_by, "ended"),
        (week.lapsed, "lapsed"),
        (week.extended, "extended"),
        (week.renewed, "renewed"),
    ):
        if came:
            yield f"truce {how}"


def _acts(trace: Trace, week: Week) -> Iterator[Act]:
    """The acts of a week: what fell due, then what was moved, by side and reason."""
    yield from _overdue(trace, week)
    notches = dict(zip(trace.compiled.levers, trace.compiled.params.levers["notches"], strict=True))
    for (who, why, item), group in groupby(week.changes, key=lambda c: (c.who, c.why, c.item)):
        changes = list(group)
        moves = tuple((change.lever, change.before, change.after) for change in changes)
        why = _reason(week.side(who), why, item)
        if any(c.after > max(c.before, notches[c.lever]) for c in changes):
            why = f"refuses licences: {why}"
        yield Act(week.number, who, moves, why)


def _overdue(trace: Trace, week: Week) -> Iterator[Act]:
    """Obligations that fall due this week with the lever above them."""
    before = trace.week(week.number - 1).levers if week.number > 1 else trace.start
    service = trace.compiled.params.levers["seen_owing_service"]
    for owing_service, then, now in zip(service, before, week.levers, strict=True):
        moved = [change.before for change in week.changes if change.lever == now.name]
        level = moved[0] if moved else now.level
        if now.counts < then.counts and level > now.counts and not owing_service:
            yield Act(week.number, now.name.split(".")[0], ((now.name, level, now.counts),), DUE)


def _reason(side: SideWeek, why: str, item: str) -> str:
    """Why a lever moved, in a few words."""
    if why in ("shock", "deal"):
        return f"{why} {item}".strip()
    if why != "retaliation":
        return _WHY[why]
    reading = side.acted_on
    if reading is None or not reading.sensed_bad:
        return "retaliates by its policy"
    if reading.violated:
        return "answers a violation"
    if reading.alarm == "slow_licences":
        return f"answers slow {reading.gap_lever.split('.')[-1].replace('_', ' ')}"
    return "answers a false alarm" if reading.alarm else "retaliates by its policy"
