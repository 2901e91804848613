"""When what a value rests on was known: the dates that sources carry, held against `as_of`.

A source says it in its own text. "known 2025-06-04" anywhere in it is that date; else it is the
latest ISO date in it, of which the ids of events and the months of series are made
("event 2025-05-12-geneva-us"; "series magnet_exports_china_to_us 2025-05" is known at the end of
May). A source with none of these is undated, as a judgement is that says nothing of its day.
"""

import calendar
import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

#: Tables whose values are taken from the world, so that their sources have a day.
CHECKED = ("truce", "talks", "actors", "levers", "allies")

_SAID = re.compile(r"\bknown (\d{4}-\d{2}-\d{2})\b")
_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?:-(\d{2}))?(?!-?\d)")


class Valued(Protocol):
    """A value of a scenario: where it is, what it comes from, and since when that is known."""

    @property
    def path(self) -> str:
        """Its key path."""

    @property
    def source(self) -> str:
        """Where it comes from."""

    @property
    def known(self) -> datetime.date | None:
        """The day from which on that was known; None if it says none."""


@dataclass(frozen=True)
class Knowledge:
    """What a scenario's values rest on, as of a day.

    late: (key path, day on which it became known) of values that rest on what came after `as_of`,
    the earliest first. undated: (key path, source) of values whose source carries no date.
    """

    as_of: datetime.date
    late: tuple[tuple[str, datetime.date], ...]
    undated: tuple[tuple[str, str], ...]

    def sentences(self) -> Iterator[str]:
        """A line for those that come too late and one for those without a date, if any."""
        if self.late:
            values = ", ".join(f"{path} ({day})" for path, day in self.late)
            yield f"as_of {self.as_of}: {_values(len(self.late))} on what was known later: {values}"
        if self.undated:
            judged = sum("judgement" in source for _, source in self.undated)
            values = _counted(path.partition(".")[0] for path, _ in self.undated)
            undated = f"{_values(len(self.undated))} on undated sources, {judged} of them judgement"
            yield f"as_of {self.as_of}: {undated}: {values}"

    def undated_fields(self) -> str:
        """The fields of the values without a date, with how many there are of each."""
        return _counted(_field(path) for path, _ in self.undated)


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).items())


def _field(path: str) -> str:
    """What a value is, whosever it is: the table, and the field in it."""
    table, _, rest = path.partition(".")
    return f"{table}.{rest}" if "." not in rest else f"{table}.*.{rest.rpartition('.')[2]}"


def _values(count: int) -> str:
    return "1 value rests" if count == 1 else f"{count} values rest"


def known_on(source: str) -> datetime.date | None:
    """The day from which on what a source says was known; None where it carries no date."""
    as_said = _SAID.search(source)
    if as_said:
        return _day(as_said[1])
    days = [_last_day(*match.groups()) for match in _DATE.finditer(source)]
    return max((day for day in days if day is not None), default=None)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:  # as 2025-13-01: digits, and no date
        return None


def _last_day(year: str, month: str, day: str | None) -> datetime.date | None:
    """The day itself, or the last one of a month."""
    if day is None and 1 <= int(month) <= 12 and int(year) >= 1:
        day = str(calendar.monthrange(int(year), int(month))[1])
    return _day(f"{year}-{month}-{day}")


def knowledge(as_of: datetime.date, rows: Iterable[Valued]) -> Knowledge:
    """The values of a scenario (its `entries`) against the day as of which they are meant."""
    checked = [row for row in rows if row.path.partition(".")[0] in CHECKED]
    late = [(row.path, row.known) for row in checked if row.known and row.known > as_of]
    undated = [(row.path, row.source) for row in checked if row.known is None]
    return Knowledge(as_of, tuple(sorted(late, key=lambda pair: pair[1])), tuple(undated))
