"""The record as observations of a scenario: one frozen table, a row a fact, nothing of the future.

Acts are the record's moves of levers, added up by week and lever; talks, months of magnets and the
end of the first term are read as in `sim.history.path`. Weeks count from the scenario's start, as
in a run, and a week counts only when it is over.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.errors import nearest, one_of
from sim.forecast.facts import (
    ACT,
    CLASS,
    CLASSES,
    EXTENDED,
    FLOW,
    SIDES,
    TALKS,
    Date,
    Fact,
    ForecastError,
    fact_problems,
)
from sim.history.path import extended, is_dated, months_within, talk_weeks, weeks_covered
from sim.history.record import Event, Move, Record, shipped
from sim.history.rows import LEVERS
from sim.outcomes.calendar import last_day
from sim.scenario.records import week_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

#: Chance that a coding of an act is a step off (judgement, 2026-11-29).
ACT_TOLERANCE = 0.15
#: Codings of the acts whose chances are averaged.
CODINGS = 2
#: Standard deviation of the logarithm of a month's flow (judgement, 2026-11-29).
FLOW_TOLERANCE = 0.15
#: Chance that talks come, or fail to come, for reasons that the model does not have: it rules out
#: talks at high rungs, and the leaders called on 5 June 2025 at an American rung of 11 (judgement,
#: 2026-11-29).
TALKS_TOLERANCE = 0.05
_ACT = "moves.csv: notches of the week's acts, each on the day of its order"
_QUIET = "moves.csv: no act of this side moved a lever"
_TALKS = "events.csv: leaders' calls, rounds, and days of a concession by both; not in a cooldown"
_FLOW = "series.csv: the month's magnets to the United States over 620 t; known when it is over"
_EXTENDED = "truces.csv: whether the truce that began with the scenario's was prolonged at its term"


@dataclass(frozen=True)
class Observations:
    """What is known of a scenario's weeks 1..`weeks`, those that are over on the day `until`.

    `facts` are in order of week; some may be of the week that follows, which is not over yet.
    """

    start: Date
    weeks: int
    until: Date
    facts: tuple[Fact, ...]

    def checked(self, levers: tuple[str, ...]) -> "Observations":
        """The same table. Raises ForecastError with everything that is wrong with it."""
        problems = list(fact_problems(self.facts, self.start, self.weeks, levers))
        if problems:
            raise ForecastError(problems)
        return self

    def known_on(self, day: Date) -> "Observations":
        """Raises ForecastError if a fact is dated after a day: it must not reach a forecast."""
        late = next((fact for fact in self.facts if fact.date > day), None)
        if late is None and self.until <= day:
            return self
        found = f"{self.until}" if late is None else f"{late.kind} {late.item} of {late.date}"
        raise ForecastError.single("as of", found, f"facts dated {day} or earlier")

    def agrees_with(self, later: "Observations") -> bool:
        """Whether a later table has the very facts of the weeks that are over in this one."""
        mine, others = ([f for f in table.facts if f.week <= self.weeks] for table in (self, later))
        return self.weeks <= later.weeks and mine == others

    def of(self, kind: str) -> Iterator[Fact]:
        """The facts of one kind in weeks that are over."""
        return (fact for fact in self.facts if fact.kind == kind and fact.week <= self.weeks)

    def frame(self) -> "pd.DataFrame":
        """A row a fact: week, date, kind, side, item, value, tolerance, rule."""
        import pandas as pd

        return pd.DataFrame([vars(fact) for fact in self.facts], columns=list(Fact.__annotations__))


def observations(
    scenario: "Scenario",
    record: Record | None = None,
    until: Date | None = None,
    codings: int = CODINGS,
) -> Observations:
    """The record's facts in the weeks of a scenario, as they were known at the end of a day.

    record: the shipped one where none is given. until: the last day of the record by default;
    nothing dated after it is in the table. codings: 1 for acts by lever and notch alone, 2 for
    those by class and grade as well (`sim.forecast.observations`). Raises ForecastError for a
    scenario that the record is not about, and for a move of a lever that nobody has.
    """
    spec, whole = scenario.spec, record or shipped()
    day = min(until or whole.extent[1], last_day(spec.start, spec.weeks))
    known_record = whole.until(day)
    levers = scenario.compiled.levers
    _refuse_unknown(known_record, levers)
    if not is_dated(levers, spec.start, last_day(spec.start, spec.weeks), whole):
        place = f"{scenario.name}, {spec.weeks} weeks from {spec.start}"
        days = f"{whole.extent[0]} to {whole.extent[1]}"
        allowed = f"a scenario with levers of the record and days of {days}"
        raise ForecastError.single("scenario", place, allowed)
    weeks = min(spec.weeks, max(0, (min(day, known_record.extent[1]) - spec.start).days + 1) // 7)
    rows = [*_acts(scenario, known_record), *_talks(scenario, known_record, weeks)]
    rows += [*_flows(scenario, known_record, weeks), *_term(scenario, known_record, weeks)]
    if codings > 1:
        rows += by_class(levers, spec.start, spec.weeks, known_record, ACT_TOLERANCE)
    facts = tuple(sorted((f for f in rows if f.date <= day), key=_order))
    return Observations(spec.start, weeks, day, facts).checked(levers)


def _order(fact: Fact) -> tuple[int, str, str, str]:
    return fact.week, fact.kind, fact.side, fact.item


def _refuse_unknown(record: Record, levers: tuple[str, ...]) -> None:
    """A scenario may lack levers of the record, but the record moves none that nobody knows."""
    known = sorted({*levers, *LEVERS.values()})
    for move in record.moves:
        if move.lever not in known:
            found = f'"{move.lever}" ({move.event.name})'
            raise ForecastError.single("lever", found, one_of(known), nearest(move.lever, known))


def _acts(scenario: "Scenario", record: Record) -> Iterator[Fact]:
    """A row for each lever that moved in a week, and one for each side that moved none."""
    start, weeks = scenario.spec.start, scenario.spec.weeks
    days = (start + timedelta(days=1), last_day(start, weeks))
    moved = [m for m in record.moves_of(*days) if m.lever in scenario.compiled.levers]
    for week in range(1, weeks + 1):
        of_week = [m for m in moved if week_of(m.event.day, start) == week]
        for side in SIDES:
            moves_here = [m for m in of_week if m.lever.startswith(side + ".")]
            if not moves_here:
                yield Fact(week, last_day(start, week), ACT, side, "", 0.0, ACT_TOLERANCE, _QUIET)
            for lever in sorted({m.lever for m in moves_here}):
                yield _act(week, side, lever, [m for m in moves_here if m.lever == lever])


def _act(week: int, side: str, lever: str, moves_here: list[Move]) -> Fact:
    notches, known = sum(m.change for m in moves_here), max(m.event.known for m in moves_here)
    rule = f"{_ACT} ({', '.join(m.event.name for m in moves_here)})"
    return Fact(week, known, ACT, side, lever, float(notches), ACT_TOLERANCE, rule)


def _talks(scenario: "Scenario", record: Record, weeks: int) -> Iterator[Fact]:
    """A row a week: talks or none."""
    start = scenario.spec.start
    talked = talk_weeks(scenario.spec, weeks, record)
    for week in range(1, weeks + 1):
        value, day = float(week in talked), last_day(start, week)
        yield Fact(week, day, TALKS, "", "", value, TALKS_TOLERANCE, _TALKS)


def _flows(scenario: "Scenario", record: Record, weeks: int) -> Iterator[Fact]:
    start = scenario.spec.start
    for month in months_within(start, weeks_covered(scenario.spec, record), record):
        week = week_of(month.last, start)
        if week <= weeks:
            yield Fact(week, month.last, FLOW, "", month.name, month.share, FLOW_TOLERANCE, _FLOW)


def _term(scenario: "Scenario", record: Record, weeks: int) -> Iterator[Fact]:
    """Whether the first term was prolonged, once it is over and the scenario has one."""
    spec = scenario.spec
    prolonged = extended(spec, weeks_covered(spec, record), record)
    week = (spec.truce.term_weeks if spec.truce else None) or 0
    if prolonged is not None and week <= weeks:
        day = last_day(spec.start, week)
        yield Fact(week, day, EXTENDED, "", "", float(prolonged), 0.0, _EXTENDED)


#: Grade from which an event is more than words.
LEAST_GRADE = 2
_SIGNS = {"escalate": 1, "concede": -1}
_RULE = "events.csv: grades of the week's acts of the class, a concession as negative"
_QUIET = "events.csv: no act of this side of grade 2 or more, threats left out"


def by_class(
    levers: Sequence[str], start: Date, weeks: int, record: Record, tolerance: float
) -> Iterator[Fact]:
    """A row for each class that a side moved in a week, and one for each side that moved none.

    levers: those of the scenario; classes of which it has none are left out.
    """
    known = {(lever[:2], CLASSES[lever]) for lever in levers if lever in CLASSES}
    by_week: dict[int, list[Event]] = defaultdict(list)
    for event in record.events:
        if event.day > start:
            by_week[week_of(event.day, start)].append(event)
    for week in range(1, weeks + 1):
        events_here = by_week[week]
        for side in SIDES:
            moved = list(_class_facts(week, side, events_here, known, tolerance))
            quiet = Fact(week, last_day(start, week), CLASS, side, "", 0.0, tolerance, _QUIET)
            yield from moved or [quiet]


def _class_facts(
    week: int, side: str, events_here: list[Event], known: set[tuple[str, str]], tolerance: float
) -> Iterator[Fact]:
    """The classes that a side moved in a week, by name, a row for each day they became known."""
    acts: dict[tuple[str, Date], list[Event]] = defaultdict(list)
    for event in events_here:
        if _is_act(event, side) and (side, _class(event, side)) in known:
            acts[_class(event, side), event.known].append(event)
    for (name, day), graded in sorted(acts.items()):
        total = sum(_SIGNS[event.direction] * event.magnitude for event in graded)
        if total:
            rule = f"{_RULE} ({', '.join(event.name for event in graded)})"
            yield Fact(week, day, CLASS, side, name, float(total), tolerance, rule)


def _is_act(event: Event, side: str) -> bool:
    return (
        event.actor in (side.upper(), "BOTH")
        and event.target != side.upper()
        and event.direction in _SIGNS
        and event.stage != "threat"
        and event.magnitude >= LEAST_GRADE
        and (side.upper(), event.instrument) in LEVERS
    )


def _class(event: Event, side: str) -> str:
    return CLASSES[LEVERS[side.upper(), event.instrument]]
