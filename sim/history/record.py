"""The record as values: events, truces, moves of levers and the magnet tonnage, by date.

Nothing here knows a scenario; `sim.history.path` reads the record through one.
"""

import datetime
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, first_found
from sim.history.checks import MAGNETS, problems
from sim.history.rows import (
    COLUMNS,
    RecordError,
    Row,
    Tables,
    data_folder,
    read_table,
    read_tables,
)
from sim.store.files import write_text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import pandas as pd

Date = datetime.date

#: The licence lever whose flow the tonnage of magnets measures.
MAGNET_LEVER = "cn.rare_earths"
#: What monthly exports of magnets to the United States are compared with.
NORMAL_TONNES = 620.0  # a month of 2024: 7,444 t (series, 2024) over 12 is 620.3
#: Parts of a package with clocks of their own: left out of a count of truces (data/README.md).
COMPONENTS = frozenset(
    {"oct9-controls-suspension", "gallium-ban-suspension", "affiliates-rule-stay"}
)
#: What a record's folder holds: the tables, and what their columns mean.
FILES = (*(f"{name}.csv" for name in COLUMNS), "README.md")
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

    @property
    def known(self) -> Date:
        """The day from which on it is known: of one that is not exact, the end of its month."""
        return self.day if self.exact else _month_end(self.day)


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
    def name(self) -> str:
        """As 2025-05."""
        return f"{self.first:%Y-%m}"

    @property
    def share(self) -> float:
        """Of a month of 2024."""
        return self.tonnes / NORMAL_TONNES

    @property
    def last(self) -> Date:
        """The month's last day."""
        return _month_end(self.first)


@dataclass(frozen=True)
class Record:
    """A record: every table of it as values, in order of date. `extent` is its first day and the
    day to which it is followed; `tables` are the rows of text it was made of.

    `shipped()` is the package's own; `read_record` reads a user's.
    """

    events: tuple[Event, ...]
    truces: tuple[Truce, ...]
    moves: tuple[Move, ...]
    magnets: tuple[Month, ...]
    extent: tuple[Date, Date]
    tables: Tables = field(default_factory=dict, repr=False, compare=False)

    def until(self, day: Date) -> "Record":
        """What was known at the end of a day: nothing dated after it is left.

        Truces that ended later are still in force (`ongoing`) on that day; a month's tonnage is
        known when the month is over, an event without an exact day when its month is.
        """
        known = {event.name for event in self.events if event.known <= day}
        first, last = self.extent
        return Record(
            events=tuple(event for event in self.events if event.name in known),
            truces=tuple(_as_of(truce, day) for truce in self.truces if truce.start <= day),
            moves=tuple(move for move in self.moves if move.event.name in known),
            magnets=tuple(month for month in self.magnets if month.last <= day),
            extent=(first, max(first, min(last, day))),
        )

    def moves_of(self, start: Date | None = None, end: Date | None = None) -> tuple[Move, ...]:
        """Moves of levers from `start` to `end`, both included; those of change 0 left out."""
        return tuple(m for m in self.moves if m.change and _within(m.event.day, start, end))

    def talks(self, start: Date | None = None, end: Date | None = None) -> tuple[Date, ...]:
        """Days of leaders' calls and negotiating rounds, and days on which both sides announced a
        concession (Geneva, Busan)."""
        rounds = {
            event.day
            for event in self.events
            if (event.instrument, event.actor) == ("talks", "BOTH") and event.magnitude >= _ROUND
        }
        agreed = _announced(self.events, "US") & _announced(self.events, "CN")
        return tuple(sorted(day for day in rounds | agreed if _within(day, start, end)))

    def magnets_of(self, start: Date | None = None, end: Date | None = None) -> tuple[Month, ...]:
        """Months with magnet tonnage to the United States wholly or partly in start..end."""
        return tuple(
            m
            for m in self.magnets
            if (not start or m.last >= start) and (not end or m.first <= end)
        )


def _month_end(day: Date) -> Date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _as_of(truce: Truce, day: Date) -> Truce:
    """The truce as it was seen on a day."""
    if truce.end <= day:
        return truce
    return replace(truce, end=day, outcome="ongoing", broken_by="")


@cache
def shipped() -> Record:
    """The record that comes with the package."""
    return record_of(read_tables())


def record_of(tables: Tables) -> Record:
    """The values of tables that were checked (`sim.history.checks`)."""
    events = tuple(_event(row) for row in tables["events"])
    spans = tuple(_truce(row) for row in tables["truces"])
    by_name, days = {event.name: event for event in events}, [event.day for event in events]
    moves = [
        Move(by_name[row["event_id"]], row["lever"], int(row["change"]), row["rule"], row["why"])
        for row in tables["moves"]
    ]
    return Record(
        events=events,
        truces=spans,
        moves=tuple(sorted(moves, key=lambda move: move.event.day)),
        magnets=tuple(
            Month(Date.fromisoformat(row["period"] + "-01"), float(row["value"]))
            for row in tables["series"]
            if row["series"] == MAGNETS and len(row["period"]) == len("2025-05")
        ),
        extent=(min(days), max([*days, *(truce.end for truce in spans)])),
        tables=tables,
    )


def events(start: Date | None = None, end: Date | None = None) -> tuple[Event, ...]:
    """Events from `start` to `end`, both included, in order of date."""
    return tuple(e for e in shipped().events if _within(e.day, start, end))


def truces(start: Date | None = None, end: Date | None = None) -> tuple[Truce, ...]:
    """Truces alive on some day from `start` to `end`."""
    return tuple(
        t
        for t in shipped().truces
        if (end is None or t.start <= end) and (not start or t.end >= start)
    )


def series(name: str, folder: "Traversable | None" = None) -> "pd.DataFrame":
    """One series: period, value, unit, source, verified. Empty if there is none of that name."""
    import pandas as pd

    rows = [row for row in read_table("series", folder) if row["series"] == name]
    frame = pd.DataFrame(rows, columns=["period", "value", "unit", "source", "verified"])
    return frame.astype({"value": float})


def _announced(events: Iterable[Event], actor: str) -> set[Date]:
    """Days on which an actor announced a concession to the other principal."""
    return {
        event.day
        for event in events
        if (event.actor, event.direction, event.stage) == (actor, "concede", "announce")
        and event.target in ("US", "CN")
    }


def _within(day: Date, start: Date | None, end: Date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


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


def _truce(row: Row) -> Truce:
    return Truce(
        name=row["truce_id"],
        start=Date.fromisoformat(row["start"]),
        end=Date.fromisoformat(row["end_or_censored_date"]),
        term_days=int(row["agreed_term_days"]) if row["agreed_term_days"] else None,
        outcome=row["outcome"],
        broken_by=row["breaking_event_id"],
    )


def read_record(folder: Path) -> Record:
    """The record of a folder. Raises RecordError with every mistake in its tables."""
    return record_of(read_checked(folder))


def read_checked(folder: Path) -> Tables:
    """The tables of a folder, as text. Raises RecordError with every mistake in them."""
    if not folder.is_dir():
        allowed = f"a folder with {', '.join(FILES[:-1])}; make one: detente record new {folder}"
        raise RecordError([Problem("--record", None, "", f"{folder} is not a folder", allowed)])
    try:
        tables = read_tables(folder)
    except RecordError as error:
        raise RecordError(_placed(folder, iter(error.problems))) from error
    first_problems = first_found(_placed(folder, problems(tables)))
    if first_problems:
        raise RecordError(first_problems)
    return tables


def _placed(folder: Path, unplaced: Iterator[Problem]) -> Iterator[Problem]:
    return (replace(problem, file=str(folder / problem.file)) for problem in unplaced)


def new_record(folder: Path) -> tuple[Path, ...]:
    """Copies the package's tables into a new or empty folder; returns the files.

    Raises RecordError if something is in it already, OSError if it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found = f"{folder}, where something is already"
        raise RecordError([Problem("", None, "FOLDER", found, "a new folder, or an empty one")])
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        write_text(folder / name, data_folder().joinpath(name).read_text(encoding="utf-8"))
    return tuple(folder / name for name in FILES)
