"""Rows of plain values into the record tables of `sim.world.params`, and tables of a neighbour.

Scenarios are frozen: one that differs from another in a few values shares with it, as the very same
objects, all that was left alone. A part whose inputs are the same objects is the same part.
"""

import datetime
import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import is_, itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
from pydantic import BaseModel

T = TypeVar("T")
#: The format of marshal that says nothing of where else in a process a value is held.
_PLAINLY = 2
Made = tuple[tuple[Any, ...], Any]


class Parts:
    """Parts by name, taken from those of a neighbour (`before`) where their inputs are its own."""

    def __init__(self, before: Mapping[Any, Made] | None = None) -> None:
        self.before: Mapping[Any, Made] = before or {}
        self.made: dict[Any, Made] = {}

    def part(self, name: Any, make: Callable[..., T], *inputs: Any) -> T:
        """The part of that name, which is `make(*inputs)` and is never written to."""
        old = self.made.get(name) or self.before.get(name)
        made = old if old is not None and _same(old[0], inputs) else (inputs, make(*inputs))
        self.made[name] = made
        part: T = made[1]
        return part

    def each(
        self,
        name: Any,
        make: Callable[..., T],
        things: tuple[Any, ...],
        *common: Any,
        reads: Callable[[Any], Any] | None = None,
    ) -> list[T]:
        """`make(thing, *common)` of each thing, made only of those that are not the neighbour's.

        reads: all that `make` reads of a thing; where that is the same, so is what is made.
        """
        old = self.made.get(name) or self.before.get(name)
        if old is None or len(old[0][0]) != len(things) or not _same(old[0][1], common):
            made = [make(thing, *common) for thing in things]
        else:
            before = zip(old[0][0], old[1], strict=True)
            pairs = zip(things, before, strict=True)
            made = [
                one
                if was is now or (reads and _reads_same(reads, was, now))
                else make(now, *common)
                for now, (was, one) in pairs
            ]
        self.made[name] = ((things, common), made)
        return made

    def along(self, name: Any, make: Callable[..., T], *columns: Sequence[Any]) -> list[T]:
        """`make` of the things at each place of some columns, or of them as the neighbour made it.

        It is the neighbour's where all at its place are.
        """
        old = self.made.get(name) or self.before.get(name)
        if old is None or len(old[1]) != len(columns[0]):
            made = [make(*things) for things in zip(*columns, strict=True)]
        else:
            places = zip(zip(*columns, strict=True), zip(*old[0], strict=True), old[1], strict=True)
            made = [one if all(map(is_, was, now)) else make(*now) for now, was, one in places]
        self.made[name] = (columns, made)
        return made

    def together(self, name: Any, *things: Any) -> tuple[Any, ...]:
        """All of some things as one tuple: the very tuple of the neighbour if they are the same."""
        return self.part(name, lambda *each: each, *things)


def _reads_same(reads: Callable[[Any], Any], was: Any, now: Any) -> bool:
    """Whether the very same is read of two things: 0.0 is not -0.0, and 1 is not 1.0."""
    one, two = reads(was), reads(now)
    return one is two or (bool(one == two) and _written(one) == _written(two))


def _written(value: Any) -> bytes | str:
    """What tells equal values apart: plain ones as bytes, which are made faster than a text."""
    try:
        return marshal.dumps(value, _PLAINLY)
    except ValueError:
        return repr(value)


#: Kinds of plain values that are the same when they are equal; a zero, with its sign.
_PLAIN = (dict, str, int, float, bytes)


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """Whether all are the same objects, or equal plain values."""
    if len(before) != len(now):
        return False
    if all(map(is_, before, now)):
        return True
    for one, two in zip(before, now, strict=True):
        if one is two:
            continue
        if type(one) is not type(two) or not isinstance(one, _PLAIN) or one != two:
            return False
        if one == 0 and str(one) != str(two):
            return False
    return True


#: Index of every lever by its full name ("us.chips").
LeverIndex = Mapping[str, int]


def same_named(dtype: np.dtype, table: BaseModel) -> dict[str, Any]:
    """The fields of a record that a table of the scenario has too, under the same name."""
    return {name: getattr(table, name) for name in _shared(dtype, type(table))}


@lru_cache(maxsize=64)
def _shared(dtype: np.dtype, table: type[BaseModel]) -> tuple[str, ...]:
    """The names that a record and a table both have."""
    return tuple(name for name in dtype.names or () if name in table.model_fields)


def records(dtype: np.dtype, rows: Sequence[Mapping[str, Any]]) -> np.recarray:
    """A record array with one record per row; every row has exactly the fields of `dtype`.

    The bytes between fields are zero, so that equal tables are equal bytes. Raises KeyError for a
    row with a field missing or one too many.
    """
    return _filled(dtype, bytes(len(rows) * dtype.itemsize), enumerate(rows))


def _filled(
    dtype: np.dtype, raw: bytes, rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> np.recarray:
    """The table that lies in some bytes, with rows written at their places."""
    layout = _layout(dtype)
    number = len(raw) // dtype.itemsize
    table: np.recarray = np.ndarray.__new__(
        np.recarray, number, layout.dtype, buffer=bytearray(raw)
    )
    for place, row in rows:
        if row.keys() != layout.names:
            raise KeyError(f"fields {sorted(row.keys() ^ layout.names)}")
        table[place] = layout.values(row)
    return table


class _Layout(NamedTuple):
    """The type of a table's records, their names (several), what takes the values."""

    dtype: np.dtype
    names: frozenset[str]
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]


@lru_cache(maxsize=64)
def _layout(dtype: np.dtype) -> _Layout:
    names = dtype.names or ()
    return _Layout(np.dtype((np.record, dtype)), frozenset(names), itemgetter(*names))


def record_rows(
    dtype: np.dtype, rows: Sequence[Mapping[str, Any]], name: str, parts: Parts
) -> np.recarray:
    """`records` of parts that stand below each other, of which a neighbour has most.

    Only rows that are not the very rows of its table are written.
    """
    return parts.part(name, lambda *_: _records_over(dtype, rows, name, parts), *rows)


def _records_over(
    dtype: np.dtype, rows: Sequence[Mapping[str, Any]], name: str, parts: Parts
) -> np.recarray:
    before, table = parts.before.get(name, ((), None))
    if table is None or len(before) != len(rows):
        return records(dtype, rows)
    new = ((place, row) for place, row in enumerate(rows) if row is not before[place])
    return _filled(dtype, table.tobytes(), new)


def week_of(date: datetime.date, start: datetime.date) -> int:
    """The week in which a date falls: floor((date - start)/7) + 1; 0 and less lie before."""
    return (date - start).days // 7 + 1
