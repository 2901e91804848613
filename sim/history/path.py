"""The record within a scenario's calendar, and read by the model's rules: as one more run.

The levers begin where the scenario puts them, the record's moves after the first day are laid on
them, and what counts as a violation, as a breakdown, as an extension is what it is in a run
(model.md, step 9 and outcomes). So the record becomes one more run, to lie among the others.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.history.record import COMPONENTS, Date, Event, Month, Record, Truce, shipped
from sim.history.rows import LEVERS
from sim.scenario.calendar import last_day, week_of, weeks_over

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled
    from sim.scenario.schema import ScenarioSpec
    from sim.scenario.schema_world import TruceSpec

_SHOWN = 2  # magnitude from which an event is more than words
_LATE = timedelta(days=7)  # a term's end on record and its end in whole weeks may differ by this
#: Days of a month within the weeks, for its tonnage to be compared.
FEWEST_DAYS = 10


@dataclass(frozen=True)
class Stretch:
    """The part of the record between two days: escalations and concessions of each side towards the
    other, words left out; months of magnets; truces."""

    start: Date
    end: Date
    events: Mapping[str, tuple[Event, ...]]
    months: tuple[Month, ...]
    truces: tuple[Truce, ...]


def is_dated(levers: Collection[str], start: Date, end: Date, record: Record | None = None) -> bool:
    """Whether a scenario is about the world of the record: real levers, and days it covers.

    A textbook game has a calendar too, but none of the levers that the record's moves are of.
    """
    first, last = (record or shipped()).extent
    return start <= last and end >= first and not set(LEVERS.values()).isdisjoint(levers)


def stretch_of(compiled: "Compiled", record: Record | None = None) -> Stretch | None:
    """The record within the calendar of a compiled scenario; None if it is not a dated one."""
    start, end = compiled.start, last_day(compiled.start, compiled.weeks)
    facts = record or shipped()
    if not is_dated(compiled.levers, start, end, facts):
        return None
    acts = [
        event
        for event in facts.events
        if start <= event.day <= end
        and event.direction in ("escalate", "concede")
        and event.magnitude >= _SHOWN
    ]
    return Stretch(
        start=start,
        end=min(end, facts.extent[1]),
        events={
            actor.lower(): tuple(e for e in acts if (e.actor, e.target) == (actor, target))
            for actor, target in (("US", "CN"), ("CN", "US"))
        },
        months=facts.magnets_of(start, end),
        truces=tuple(
            truce
            for truce in facts.truces
            if truce.start <= end and truce.end >= start and truce.name not in COMPONENTS
        ),
    )


def dated_scenarios() -> list["Scenario"]:
    """The shipped scenarios with which the record can be compared, by name.

    A scenario for tutorials that is another one with the same values is left out, and so are
    readings of a mixture, which are scenarios of their own.
    """
    return [
        scenario
        for name, scenario in dated_by_name().items()
        if "/" not in name and not scenario.readings and name != "geneva-simple"
    ]


def dated_by_name() -> dict[str, "Scenario"]:
    """All shipped scenarios with which the record can be compared, by the name one types."""
    from sim.scenario import Scenario
    from sim.scenario.loading import list_shipped

    loaded = {shipped.name: Scenario.load(shipped.path) for shipped in list_shipped()}
    return {n: each for n, each in loaded.items() if stretch_of(each.compiled) is not None}


@dataclass(frozen=True)
class RecordPath:
    """What the model follows of a run, for the record. Weeks: 0 = not within `weeks`.

    rungs: (2, weeks), us and cn, at the end of each week. `first_violation` by side. ends: by
    outcome that is defined, the first week in which it no longer held. extended: whether the first
    term was prolonged, None where that is not known.
    """

    weeks: int
    rungs: NDArray[np.float64]
    first_violation: tuple[int, int]
    first_talks: int
    ends: Mapping[str, int]
    extended: bool | None
    months: tuple[Month, ...]

    @property
    def core_kept(self) -> bool:
        """Whether no core lever stood above what counts."""
        return not self.ends.get("core")

    def held(self, outcome: str, week: int) -> bool:
        """Whether an outcome still held at the end of a week."""
        return self.ends[outcome] == 0 or self.ends[outcome] > week


def record_path(scenario: "Scenario", record: Record | None = None) -> RecordPath:
    """The record from the scenario's start on, for as many whole weeks as both of them cover.

    `record` is the shipped one where none is given.
    """
    spec, facts = scenario.spec, record or shipped()
    weeks = weeks_covered(spec, facts)
    above = {lever: _above(spec, lever, weeks, facts) for lever in spec.levers_by_name}
    rungs = np.zeros((2, weeks))
    for lever, row in spec.levers_by_name.items():
        rungs[int(lever.startswith("cn."))] += row.severity * np.maximum(above[lever], 0)
    talked = talk_weeks(spec, weeks, facts)
    ends = {"clean": _first((rungs[0] > 0) | (rungs[1] > 0))}
    if spec.truce is not None:
        dispute = _dispute(spec.truce, rungs, talked)
        broken = np.zeros(weeks, bool)
        for lever in spec.truce.core:
            broken |= above[lever] > 0
        ends |= {
            "undisputed": dispute,
            "standing": _breakdown(spec.truce, rungs, talked, dispute),
            "core": _first(broken),
        }
    return RecordPath(
        weeks=weeks,
        rungs=rungs,
        first_violation=(_first(rungs[0] > 0), _first(rungs[1] > 0)),
        first_talks=min(talked, default=0),
        ends=ends,
        extended=extended(spec, weeks, facts),
        months=months_within(spec.start, weeks, facts),
    )


def weeks_covered(spec: "ScenarioSpec", record: Record) -> int:
    """The whole weeks that both a scenario and a record cover."""
    return min(spec.weeks, weeks_over(spec.start, record.extent[1]))


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


def _above(spec: "ScenarioSpec", lever: str, weeks: int, facts: Record) -> NDArray[np.int64]:
    """(weeks,) notches of a lever above the level that counts: the initial, the obligation, what a
    deal set."""
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
    return np.array(stood, np.int64) - np.array(counting, np.int64)


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


def _dispute(truce: "TruceSpec", rungs: NDArray[np.float64], talked: list[int]) -> int:
    """First week of `breakdown_after` weeks of mutual violation in a row, or of one side's
    `unilateral_after`; 0 if none came."""
    bad = rungs > 0
    ends = [_unbroken(bad[0] & bad[1], truce.breakdown_after, talked)]
    if truce.unilateral_after:
        ends += [_unbroken(side, truce.unilateral_after, talked) for side in bad]
    return min((week for week in ends if week), default=0)


def _breakdown(
    truce: "TruceSpec", rungs: NDArray[np.float64], talked: list[int], dispute: int
) -> int:
    """First week of `breakdown_after` weeks in a row of both at `rupture_rung` or above (0: of a
    dispute); 0 if none came."""
    if truce.rupture_rung <= 0:
        return dispute
    lower = rungs.min(axis=0)
    both = (lower > 0) & (lower >= truce.rupture_rung)
    return _unbroken(np.asarray(both), truce.breakdown_after, talked)


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


def extended(spec: "ScenarioSpec", weeks: int, facts: Record) -> bool | None:
    """Whether a truce of the record that began with the scenario's was prolonged at its term.

    None where there is no term, it lies beyond the record, or what came of that truce does: one
    that is still in force on the record's last day may be prolonged on the next.
    """
    if spec.truce is None or not spec.truce.term_weeks or spec.truce.term_weeks > weeks:
        return None
    ends = last_day(spec.start, spec.truce.term_weeks)
    outcomes = {
        truce.outcome
        for truce in facts.truces
        if abs(truce.start - spec.start) <= _LATE and abs(truce.end - ends) <= _LATE
    }
    return True if "extended" in outcomes else None if "ongoing" in outcomes else False


def months_within(start: Date, weeks: int, facts: Record) -> tuple[Month, ...]:
    """Months of which enough days lie within the weeks."""
    end = last_day(start, weeks)
    return tuple(m for m in facts.magnets_of(start, end) if _enough(m, start, end))


def months_ahead(start: Date, weeks: int, as_of: Date) -> tuple[Month, ...]:
    """Months of a calendar that are not over on a day and of which enough days lie in it.

    Their tonnage is not known: nan.
    """
    end, months = last_day(start, weeks), [Month(start.replace(day=1), float("nan"))]
    while months[-1].last < end:
        months.append(Month(months[-1].last + timedelta(days=1), float("nan")))
    return tuple(m for m in months if m.last > as_of and _enough(m, start, end))


def _enough(month: Month, start: Date, end: Date) -> bool:
    return (min(month.last, end) - max(month.first, start)).days + 1 >= FEWEST_DAYS


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
