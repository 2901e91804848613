"""The record read through a scenario: its rungs, violations, talks and flow, by the model's rules.

The levers begin where the scenario puts them, the record's moves after the first day are laid on
them, and what counts as a violation, as a breakdown, as an extension is what it is in a run
(model.md, step 9 and outcomes). So the record becomes one more run, to lie among the others.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.history.record import Date, Month, Record, shipped
from sim.outcomes.calendar import last_day
from sim.scenario.records import week_of

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import ScenarioSpec

_LATE = timedelta(days=7)  # a term's end on record and its end in whole weeks may differ by this
#: Days of a month within the weeks, for its tonnage to be compared.
FEWEST_DAYS = 10


@dataclass(frozen=True)
class Path:
    """What the model follows of a run, for the record. Weeks: 0 = not within `weeks`.

    rungs: (2, weeks), us and cn, at the end of each week. `first_violation` by side.
    """

    weeks: int
    rungs: NDArray[np.float64]
    first_violation: tuple[int, int]
    first_talks: int
    dispute: int
    breakdown: int
    has_truce: bool
    core_week: int
    extended: bool | None
    months: tuple[Month, ...]

    @property
    def core_kept(self) -> bool:
        """Whether no core lever stood above what counts."""
        return self.core_week == 0


def record_path(scenario: "Scenario", record: Record | None = None) -> Path:
    """The record from the scenario's start on, for as many whole weeks as both of them cover.

    `record` is the shipped one where none is given.
    """
    spec, facts = scenario.spec, record or shipped()
    weeks = weeks_covered(spec, facts)
    rungs = _rungs(spec, weeks, facts)
    talked = talk_weeks(spec, weeks, facts)
    return Path(
        weeks=weeks,
        rungs=rungs,
        first_violation=(_first(rungs[0] > 0), _first(rungs[1] > 0)),
        first_talks=min(talked, default=0),
        dispute=_dispute(spec, rungs, talked),
        breakdown=_breakdown(spec, rungs, talked),
        has_truce=spec.truce is not None,
        core_week=_core_week(spec, weeks, facts),
        extended=extended(spec, weeks, facts),
        months=months_within(spec.start, weeks, facts),
    )


def weeks_covered(spec: "ScenarioSpec", record: Record) -> int:
    """The whole weeks that both a scenario and a record cover."""
    return max(0, min(spec.weeks, (record.extent[1] - spec.start).days // 7))


def levels(spec: "ScenarioSpec", lever: str, weeks: int, record: Record | None = None) -> list[int]:
    """Where a lever stood at the end of weeks 1..weeks: its own start, then the record's moves."""
    row, facts = spec.levers_by_name[lever], record or shipped()
    moves = [m for m in facts.moves_of(spec.start + timedelta(days=1)) if m.lever == lever]
    levels_then, level = [], row.level
    for week in range(1, weeks + 1):
        for move in moves:
            if week_of(move.event.day, spec.start) == week:
                level = min(max(level + move.change, 0), row.top)
        levels_then.append(level)
    return levels_then


def _counting(spec: "ScenarioSpec", lever: str, weeks: int, facts: Record) -> list[int]:
    """The level that counts in weeks 1..weeks: the initial, the obligation, what a deal set."""
    row = spec.levers_by_name[lever]
    dated = [
        (week_of(deal.date or spec.start, spec.start), term.level)
        for deal in spec.deals
        for term in deal.levers
        if term.lever == lever
    ]
    stood = levels(spec, lever, weeks, facts)
    by_service = row.seen_owing == "service"
    counting = []
    for week in range(1, weeks + 1):
        counts = row.level if by_service or week <= row.due_weeks else row.final_obligation
        struck = [(since, level) for since, level in dated if since < week]  # talks end a week
        since, counts = struck[-1] if struck else (0, counts)
        # what owes service stands still at the lowest it has had
        counting.append(min([counts, *stood[since:week]]) if by_service else counts)
    return counting


def _rungs(spec: "ScenarioSpec", weeks: int, facts: Record) -> NDArray[np.float64]:
    rungs = np.zeros((2, weeks))
    for lever, row in spec.levers_by_name.items():
        above = np.array(levels(spec, lever, weeks, facts))
        above -= np.array(_counting(spec, lever, weeks, facts))
        rungs[int(lever.startswith("cn."))] += row.severity * np.maximum(above, 0)
    return rungs


def talk_weeks(spec: "ScenarioSpec", weeks: int, facts: Record) -> list[int]:
    """Weeks with talks after the first day, which is the scenario's own beginning unless it dates
    talks to that day itself.

    Meetings within the cooldown of others carry those out, as London did the leaders' call.
    """
    starts_with_talks = any(shock.talks and shock.date == spec.start for shock in spec.shocks)
    since = spec.start if starts_with_talks else spec.start + timedelta(days=1)
    days = facts.talks(since, last_day(spec.start, weeks))
    weeks_found: list[int] = []
    for week in (week_of(day, spec.start) for day in days):
        if not weeks_found or week > weeks_found[-1] + spec.talks.cooldown_weeks:
            weeks_found.append(week)
    return weeks_found


def _dispute(spec: "ScenarioSpec", rungs: NDArray[np.float64], talked: list[int]) -> int:
    """First week of `breakdown_after` weeks of mutual violation in a row, or of one side's
    `unilateral_after`; 0 without a truce, and if none came."""
    if spec.truce is None:
        return 0
    bad = rungs > 0
    ends = [_unbroken(bad[0] & bad[1], spec.truce.breakdown_after, talked)]
    if spec.truce.unilateral_after:
        ends += [_unbroken(bad[i], spec.truce.unilateral_after, talked) for i in range(2)]
    return min((week for week in ends if week), default=0)


def _breakdown(spec: "ScenarioSpec", rungs: NDArray[np.float64], talked: list[int]) -> int:
    """First week of `breakdown_after` weeks in a row of both at `rupture_rung` or above (0: of a
    dispute); 0 without a truce, and if none came."""
    if spec.truce is None or spec.truce.rupture_rung <= 0:
        return _dispute(spec, rungs, talked)
    lower = rungs.min(axis=0)
    both = (lower > 0) & (lower >= spec.truce.rupture_rung)
    return _unbroken(np.asarray(both), spec.truce.breakdown_after, talked)


def _unbroken(weeks: NDArray[np.bool_], least: int, talked: list[int]) -> int:
    """The week in which so many in a row are true, 0 for never; talks start the count anew."""
    count = 0
    for week, true in enumerate(weeks.tolist(), start=1):
        count = count + 1 if true else 0
        if count >= least:
            return week
        if week in talked:
            count = 0
    return 0


def _core_week(spec: "ScenarioSpec", weeks: int, facts: Record) -> int:
    """The first week with a core lever above what counts, 0 if there is none."""
    broken = np.zeros(weeks, bool)
    for lever in spec.truce.core if spec.truce else ():
        counting = np.array(_counting(spec, lever, weeks, facts))
        broken |= np.array(levels(spec, lever, weeks, facts)) > counting
    return _first(broken)


def extended(spec: "ScenarioSpec", weeks: int, facts: Record) -> bool | None:
    """Whether a truce of the record that began with the scenario's was prolonged at its term.

    None where there is no term, or it lies beyond the record.
    """
    if spec.truce is None or not spec.truce.term_weeks or spec.truce.term_weeks > weeks:
        return None
    ends = last_day(spec.start, spec.truce.term_weeks)
    return any(
        truce.outcome == "extended"
        and abs(truce.start - spec.start) <= _LATE
        and abs(truce.end - ends) <= _LATE
        for truce in facts.truces
    )


def months_within(start: Date, weeks: int, facts: Record) -> tuple[Month, ...]:
    """Months of which enough days lie within the weeks."""
    end = last_day(start, weeks)
    return tuple(
        month
        for month in facts.magnets_of(start, end)
        if (min(month.last, end) - max(month.first, start)).days + 1 >= FEWEST_DAYS
    )


def month_weights(month: Month, start: Date, weeks: int) -> NDArray[np.float64]:
    """(weeks,) share of the month's days within the weeks that each week has; they add up to 1."""
    days = np.zeros(weeks)
    for day in range((month.last - month.first).days + 1):
        week = week_of(month.first + timedelta(days=day), start)
        if 1 <= week <= weeks:
            days[week - 1] += 1
    weights: NDArray[np.float64] = days / days.sum()
    return weights


def _first(flags: NDArray[np.bool_]) -> int:
    """The first week with a flag, counted from 1; 0 if there is none."""
    return int(np.argmax(flags)) + 1 if flags.any() else 0
