"""The record as values: events, truces, moves of levers and the magnet tonnage, by date.

Nothing here knows a scenario; `sim.history.path` reads the record through one.
"""

import datetime
from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sim.history.rows import Row, read_table

if TYPE_CHECKING:
    import pandas as pd

Date = datetime.date

#: Monthly exports of magnets to the United States, and the normal that they are compared with.
MAGNETS = "magnet_exports_china_to_us"
NORMAL_TONNES = 620.0  # a month of 2024: 7,444 t (series, 2024) over 12 is 620.3
#: Parts of a package with clocks of their own: left out of a count of truces (data/README.md).
COMPONENTS = frozenset(
    {"oct9-controls-suspension", "gallium-ban-suspension", "affiliates-rule-stay"}
)
_ROUND = 2  # magnitude from which talks are a call of leaders or a negotiating round


@dataclass(frozen=True)
class Event:
    """One dated action. `magnitude` is 1 to 5; `day` is indicative unless `exact`."""

    name: str
    day: Date
    exact: bool
    actor: str
    target: str
    instrument: str
    direction: str
    stage: str
    magnitude: int
    answers: str
    description: str


@dataclass(frozen=True)
class Truce:
    """A truce, pause or suspension from `start` to `end`, the day it ended or was last seen."""

    name: str
    start: Date
    end: Date
    term_days: int | None
    outcome: str
    broken_by: str


@dataclass(frozen=True)
class Move:
    """An event as a change of one lever, in notches; 0 = it moved nothing, and `why` says so."""

    event: Event
    lever: str
    change: int
    rule: str
    why: str


@dataclass(frozen=True)
class Month:
    """Magnets exported to the United States in one month, tonnes and over normal."""

    first: Date
    tonnes: float

    @property
    def share(self) -> float:
        """Of a month of 2024."""
        return self.tonnes / NORMAL_TONNES

    @property
    def last(self) -> Date:
        """The month's last day."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])


def events(start: Date | None = None, end: Date | None = None) -> tuple[Event, ...]:
    """Events from `start` to `end`, both included, in order of date."""
    return tuple(e for e in _events() if _within(e.day, start, end))


def truces(start: Date | None = None, end: Date | None = None) -> tuple[Truce, ...]:
    """Truces alive on some day from `start` to `end`."""
    return tuple(
        t for t in _truces() if (end is None or t.start <= end) and (not start or t.end >= start)
    )


def moves(start: Date | None = None, end: Date | None = None) -> tuple[Move, ...]:
    """Moves of levers from `start` to `end`, both included; those of change 0 left out."""
    return tuple(m for m in _moves() if m.change and _within(m.event.day, start, end))


def talks(start: Date | None = None, end: Date | None = None) -> tuple[Date, ...]:
    """Days of leaders' calls and negotiating rounds, and days on which both sides announced a
    concession (Geneva, Busan)."""
    rounds = {
        event.day
        for event in _events()
        if (event.instrument, event.actor) == ("talks", "BOTH") and event.magnitude >= _ROUND
    }
    agreed = _announced("US") & _announced("CN")
    return tuple(sorted(day for day in rounds | agreed if _within(day, start, end)))


def _announced(actor: str) -> set[Date]:
    """Days on which an actor announced a concession to the other principal."""
    return {
        event.day
        for event in _events()
        if (event.actor, event.direction, event.stage) == (actor, "concede", "announce")
        and event.target in ("US", "CN")
    }


def magnets(start: Date | None = None, end: Date | None = None) -> tuple[Month, ...]:
    """Months with magnet tonnage to the United States that lie wholly or partly in start..end."""
    return tuple(
        m for m in _magnets() if (not start or m.last >= start) and (not end or m.first <= end)
    )


def series(name: str) -> "pd.DataFrame":
    """One series: period, value, unit, source, verified. Empty if there is none of that name."""
    import pandas as pd

    rows = [row for row in read_table("series") if row["series"] == name]
    frame = pd.DataFrame(rows, columns=["period", "value", "unit", "source", "verified"])
    return frame.astype({"value": float})


def extent() -> tuple[Date, Date]:
    """First day of the first event, and the day to which truces in force were followed."""
    return _events()[0].day, max(truce.end for truce in _truces())


def _within(day: Date, start: Date | None, end: Date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


@cache
def _events() -> tuple[Event, ...]:
    return tuple(_event(row) for row in read_table("events"))


def _event(row: Row) -> Event:
    return Event(
        name=row["event_id"],
        day=Date.fromisoformat(row["date"]),
        exact=row["date_precision"] == "day",
        actor=row["actor"],
        target=row["target"],
        instrument=row["instrument"],
        direction=row["direction"],
        stage=row["stage"],
        magnitude=int(row["magnitude"]),
        answers=row["in_response_to"],
        description=row["description"],
    )


@cache
def _truces() -> tuple[Truce, ...]:
    return tuple(_truce(row) for row in read_table("truces"))


def _truce(row: Row) -> Truce:
    return Truce(
        name=row["truce_id"],
        start=Date.fromisoformat(row["start"]),
        end=Date.fromisoformat(row["end_or_censored_date"]),
        term_days=int(row["agreed_term_days"]) if row["agreed_term_days"] else None,
        outcome=row["outcome"],
        broken_by=row["breaking_event_id"],
    )


@cache
def _moves() -> tuple[Move, ...]:
    by_name = {event.name: event for event in _events()}
    found = [
        Move(by_name[row["event_id"]], row["lever"], int(row["change"]), row["rule"], row["why"])
        for row in read_table("moves")
    ]
    return tuple(sorted(found, key=lambda move: move.event.day))


@cache
def _magnets() -> tuple[Month, ...]:
    rows = [row for row in read_table("series") if row["series"] == MAGNETS]
    return tuple(
        Month(Date.fromisoformat(row["period"] + "-01"), float(row["value"]))
        for row in rows
        if len(row["period"]) == len("2025-05")
    )
