"""One fact of the record, as a forecast reads it, and what may be wrong with a table of them."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import DetenteError, Problem, nearest, one_of
from sim.scenario.sides import DEFAULT

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


def weeks_over(start: Date, day: Date) -> int:
    """The weeks of a calendar that are over at the end of a day."""
    return max(0, ((day - start).days + 1) // 7)


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
