"""Where values come from, and since when that was known: the dates of sources, against `as_of`.

A source says its date in its own text. "known 2025-06-04" anywhere in it is that date; else it is
the latest ISO date in it, of which the ids of events and the months of series are made
("event 2025-05-12-geneva-us"; "series magnet_exports_china_to_us 2025-05" is known at the end of
May). A source with none of these is undated, as a judgement is that says nothing of its day.
"""

import calendar
import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import KeyPath
from sim.scenario.key_paths import split_key
from sim.scenario.registry import ANY_NAME

#: Which parts of a pattern are wildcards.
Shape = tuple[bool, ...]


class Sources:
    """The `[sources]` of a scenario, made ready for look-ups."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Takes the table with later files' entries after earlier ones."""
        self._shapes: dict[int, dict[Shape, dict[KeyPath, tuple[int, str]]]] = {}
        self._table = table
        latest_first = [(split_key(key), key) for key in table][::-1]
        ordered = sorted(latest_first, key=lambda item: sum(_shape(item[0])))
        for rank, (pattern, key) in enumerate(ordered):
            same_shape = self._shapes.setdefault(len(pattern), {}).setdefault(_shape(pattern), {})
            same_shape.setdefault(pattern, (rank, key))

    def key_for(self, path: KeyPath) -> str | None:
        """The most specific pattern that fits a path; of equals, the last written; None: none.

        A pattern that fits only the beginning of the path counts for all below it, and less.
        """
        for length in range(len(path), 0, -1):
            ranks = (
                same_shape.get(_shaped(path, shape))
                for shape, same_shape in self._shapes.get(length, {}).items()
            )
            best = min((rank for rank in ranks if rank is not None), default=None)
            if best is not None:
                return best[1]
        return None

    def text(self, key: str) -> str:
        """What is written under a pattern."""
        return self._table[key]


def _shape(pattern: KeyPath) -> Shape:
    return tuple(part == ANY_NAME for part in pattern)


def _shaped(path: KeyPath, shape: Shape) -> KeyPath:
    """The pattern of a shape that fits the beginning of a path."""
    return tuple(
        ANY_NAME if any_name else part for part, any_name in zip(path, shape, strict=False)
    )


#: Tables whose values are taken from the world, so that their sources have a day.
CHECKED = ("truce", "talks", "actors", "levers", "allies")

_SAID = re.compile(r"\bknown (\d{4}-\d{2}-\d{2})\b")
_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?:-(\d{2}))?(?!-?\d)")


class Row(NamedTuple):
    """One value of a scenario and what is known of it.

    `range` are the ends of what the outer loop would vary it over, `distribution` what lies
    between them ({ kind = numbers }; None where the outer loop leaves it alone). `known` is the day
    from which on what its source says was known, None where the source carries no date.
    """

    path: str
    value: Any
    unit: str
    symbol: str
    range: tuple[float, float] | None
    distribution: dict[str, list[float]] | None
    source: str
    known: datetime.date | None
    origin: str
    meaning: str


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
        fields = ((*path.partition(".")[::2], path.rpartition(".")[2]) for path, _ in self.undated)
        return _counted(f"{t}.*.{end}" if "." in rest else f"{t}.{rest}" for t, rest, end in fields)


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).items())


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


def knowledge(as_of: datetime.date, rows: Iterable[Row]) -> Knowledge:
    """The values of a scenario (its `entries`) against the day as of which they are meant."""
    checked = [row for row in rows if row.path.partition(".")[0] in CHECKED]
    late = [(row.path, row.known) for row in checked if row.known and row.known > as_of]
    undated = [(row.path, row.source) for row in checked if row.known is None]
    return Knowledge(as_of, tuple(sorted(late, key=lambda pair: pair[1])), tuple(undated))
