"""The record as observations of a scenario: one frozen table, a row a fact, nothing of the future.

Acts are the record's moves of levers, added up by week and lever; talks, months of magnets and the
end of the first term are read as in `sim.history.path`. Weeks count from the scenario's start, as
in a run, and a week counts only when it is over.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import DetenteError, Problem, nearest, one_of
from sim.forecast.sizes import CODINGS
from sim.history.path import extended, is_dated, months_within, talk_weeks
from sim.history.record import Event, Record, shipped
from sim.history.rows import LEVERS
from sim.scenario.calendar import last_day, week_of, weeks_over
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

Date = datetime.date

#: Kinds of facts: moves of levers, talks, a month's flow, the end of the first term; and moves of
#: classes of levers, by a second coding of the same acts.
ACT, TALKS, FLOW, EXTENDED, CLASS = KINDS = ("act", "talks", "flow", "extended", "class")
#: Those of the record.
SIDES = DEFAULT.ids


#: By lever of the base scenario. Visas go with technology: the one act on record, of 28 May 2025,
#: was part of that package (judgement, 2026-11-29).
CLASSES = {
    "us.chips": "technology",
    "us.chip_equipment": "technology",
    "us.eda": "technology",
    "us.engines": "technology",
    "us.visas": "technology",
    "us.entity_list": "lists",
    "us.tariffs": "tariffs",
    "cn.tariffs": "tariffs",
    "cn.rare_earths": "minerals",
    "cn.critical_minerals": "minerals",
    "cn.unreliable_entities": "lists",
    "cn.probes": "probes",
}


class ForecastError(DetenteError):
    """A record or a question of which no forecast can be made."""

    @classmethod
    def single(
        cls, place: str, found: str, allowed: str, near: str | None = None
    ) -> "ForecastError":
        """An error about one place."""
        return cls([Problem("", None, place, found, allowed, near)])


def class_names(levers: Iterable[str]) -> list[tuple[str, str]]:
    """(side, class) of the levers, each once and in their order; of no class: one of its own.

    >>> class_names(["us.chips", "us.eda", "us.tariffs", "cn.gas"])
    [('us', 'technology'), ('us', 'tariffs'), ('cn', 'cn.gas')]
    """
    return list(dict.fromkeys((lever[:2], CLASSES.get(lever, lever)) for lever in levers))


def families(levers: Sequence[str]) -> NDArray[np.int32]:
    """The index of each lever's class in `class_names`.

    >>> families(["us.chips", "us.eda", "us.tariffs", "cn.tariffs", "cn.gas"]).tolist()
    [0, 0, 1, 2, 3]
    """
    order = class_names(levers)
    return np.array([order.index(class_names([lever])[0]) for lever in levers], np.int32)


@dataclass(frozen=True)
class Fact:
    """One fact: a row of the table.

    week: of the scenario's calendar, from 1. date: the day from which on it is known. side: us, cn
    or "" (both). item: the lever or the class of an act ("": the side moved none), the month of a
    flow as 2025-05. value: notches of an act, the sum of grades of a class, 1 or 0 for talks and an
    extension, a flow over normal.
    tolerance: chance that a coding is off by a step (acts) or wrong (talks), sd of the logarithm of
    a flow, 0 of an extension.
    rule: how the value was coded, in words.
    """

    week: int
    date: Date
    kind: str
    side: str
    item: str
    value: float
    tolerance: float
    rule: str


def fact_problems(
    facts: Sequence[Fact], start: Date, weeks: int, levers: Collection[str]
) -> Iterator[Problem]:
    """Everything that is wrong with a table of facts of a scenario with these levers."""
    latest = 0
    for number, fact in enumerate(facts, start=1):
        place = f"fact {number} ({fact.kind} {fact.item or fact.side}, {fact.date})"
        yield from (Problem("record", None, place, *text) for text in _row(fact, start, levers))
        if fact.week < latest:
            order = f"week {fact.week} after week {latest}"
            yield Problem("record", None, place, order, "facts in order of week")
        latest = max(latest, fact.week)
    yield from _holes(facts, weeks)


def _row(fact: Fact, start: Date, levers: Collection[str]) -> Iterator[tuple[str, str, str | None]]:
    if fact.kind not in KINDS:
        yield f'kind "{fact.kind}"', one_of(KINDS), nearest(fact.kind, KINDS)
    if fact.date < start or fact.week < 1:
        yield f"{fact.date}, week {fact.week}", f"a day from {start} on, the start", None
    if fact.kind in (ACT, CLASS) and fact.side not in SIDES:
        yield f'side "{fact.side}"', one_of(SIDES), nearest(fact.side, SIDES)
    if fact.kind == ACT and fact.item and fact.item not in levers:
        near = nearest(fact.item, levers)
        yield f'lever "{fact.item}"', f"a lever of the scenario: {one_of(levers)}", near
    if fact.kind == CLASS and fact.item and (fact.side, fact.item) not in class_names(levers):
        names = sorted({name for side, name in class_names(levers) if side == fact.side})
        yield f'class "{fact.item}"', one_of(names), nearest(fact.item, names)
    if fact.tolerance < 0:
        yield f"tolerance {fact.tolerance:g}", "0 or more", None


def _holes(facts: Sequence[Fact], weeks: int) -> Iterator[Problem]:
    """Weeks of which nothing is said: a quiet week has rows that say so."""
    recorded = {(fact.week, fact.kind, fact.side) for fact in facts}
    kinds = [ACT, *dict.fromkeys(fact.kind for fact in facts if fact.kind == CLASS)]
    for week in range(1, weeks + 1):
        expected = [(week, kind, side) for kind in kinds for side in SIDES] + [(week, TALKS, "")]
        for missing in expected:
            if missing not in recorded:
                missing_row = f"no row of {missing[1]} {missing[2]}".rstrip()
                rows = "a row for every week, side and kind, with the value 0 where nothing was"
                yield Problem("record", None, f"week {week}", missing_row, rows)


#: Chance that a coding of an act is a step off (judgement, 2026-11-29).
ACT_TOLERANCE = 0.15
#: Standard deviation of the logarithm of a month's flow (judgement, 2026-11-29).
FLOW_TOLERANCE = 0.15
#: Chance that talks come, or fail to come, for reasons that the model does not have: it rules out
#: talks at high rungs, and the leaders called on 5 June 2025 at an American rung of 11 (judgement,
#: 2026-11-29).
TALKS_TOLERANCE = 0.05
#: Grade from which an event is more than words.
LEAST_GRADE = 2
_SIGNS = {"escalate": 1, "concede": -1}
_ACT = "moves.csv: notches of the week's acts, each on the day of its order"
_QUIET = "moves.csv: no act of this side moved a lever"
_CLASS = "events.csv: grades of the week's acts of the class, a concession as negative"
_NO_CLASS = "events.csv: no act of this side of grade 2 or more, threats left out"
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
    those by class and grade as well (`by_class`). Raises ForecastError for a
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
    weeks = min(spec.weeks, weeks_over(spec.start, min(day, known_record.extent[1])))
    rows = [*_acts(scenario, known_record), *_others(scenario, known_record, weeks)]
    if codings > 1:
        rows += by_class(levers, spec.start, spec.weeks, known_record)
    facts = [fact for fact in rows if fact.date <= day]
    facts.sort(key=lambda fact: (fact.week, fact.kind, fact.side, fact.item))
    return Observations(spec.start, weeks, day, tuple(facts)).checked(levers)


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
            levers = sorted({m.lever for m in of_week if m.lever.startswith(side + ".")})
            if not levers:
                yield Fact(week, last_day(start, week), ACT, side, "", 0.0, ACT_TOLERANCE, _QUIET)
            for lever in levers:
                moves = [m for m in of_week if m.lever == lever]
                notches, known = sum(m.change for m in moves), max(m.event.known for m in moves)
                rule = f"{_ACT} ({', '.join(m.event.name for m in moves)})"
                yield Fact(week, known, ACT, side, lever, float(notches), ACT_TOLERANCE, rule)


def by_class(levers: Sequence[str], start: Date, weeks: int, record: Record) -> Iterator[Fact]:
    """The second coding of the record's acts: by class of act and grade, not by lever and notch.

    The first reads `moves.csv`, where a coder named the lever of every act and its notches. This
    one reads `events.csv` alone, by a rule that needs no judgement of levers: what a government
    escalated or conceded in a week with instruments of one class, threats and what is graded 1
    left out, adds up by its grades, a concession as negative; the class moved as the sum has it.
    It may count one measure twice, on its announcement and its effect, and knows no queue of
    licences: where the two codings differ they show how far the odds hang on the coder.

    A row for each class that a side moved in a week, and one for each side that moved none.
    levers: those of the scenario; classes of which it has none are left out.
    """
    known = {(lever[:2], CLASSES[lever]) for lever in levers if lever in CLASSES}
    by_week: dict[int, list[Event]] = defaultdict(list)
    for event in record.events:
        if event.day > start:
            by_week[week_of(event.day, start)].append(event)
    for week in range(1, weeks + 1):
        for side in SIDES:
            day = last_day(start, week)
            quiet = Fact(week, day, CLASS, side, "", 0.0, ACT_TOLERANCE, _NO_CLASS)
            yield from list(_class_facts(week, side, by_week[week], known)) or [quiet]


def _class_facts(
    week: int, side: str, events: list[Event], known: set[tuple[str, str]]
) -> Iterator[Fact]:
    """The classes that a side moved in a week, by name, a row for each day they became known."""
    acts: dict[tuple[str, Date], list[Event]] = defaultdict(list)
    for event in events:
        if _is_act(event, side):
            name = CLASSES[LEVERS[side.upper(), event.instrument]]
            if (side, name) in known:
                acts[name, event.known].append(event)
    for (name, day), graded in sorted(acts.items()):
        total = sum(_SIGNS[event.direction] * event.magnitude for event in graded)
        if total:
            rule = f"{_CLASS} ({', '.join(event.name for event in graded)})"
            yield Fact(week, day, CLASS, side, name, float(total), ACT_TOLERANCE, rule)


def _is_act(event: Event, side: str) -> bool:
    return (
        event.actor in (side.upper(), "BOTH")
        and event.target != side.upper()
        and event.direction in _SIGNS
        and event.stage != "threat"
        and event.magnitude >= LEAST_GRADE
        and (side.upper(), event.instrument) in LEVERS
    )


def _others(scenario: "Scenario", record: Record, weeks: int) -> Iterator[Fact]:
    """Talks or none, a row a week; months of magnets that are over; and whether the first term was
    prolonged, once it is over and the scenario has one."""
    spec = scenario.spec
    talked = talk_weeks(spec, weeks, record)
    for week in range(1, weeks + 1):
        value, day = float(week in talked), last_day(spec.start, week)
        yield Fact(week, day, TALKS, "", "", value, TALKS_TOLERANCE, _TALKS)
    for month in months_within(spec.start, weeks, record):
        week = week_of(month.last, spec.start)
        if week <= weeks:
            yield Fact(week, month.last, FLOW, "", month.name, month.share, FLOW_TOLERANCE, _FLOW)
    prolonged = extended(spec, weeks, record)
    if prolonged is not None and spec.truce is not None and spec.truce.term_weeks:
        week = spec.truce.term_weeks
        day = last_day(spec.start, week)
        yield Fact(week, day, EXTENDED, "", "", float(prolonged), 0.0, _EXTENDED)
