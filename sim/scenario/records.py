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

from sim.world.tables import Table, rows_of_type

T = TypeVar("T")
#: The format of marshal that says nothing of where else in a process a value is held.
_PLAINLY = 2
#: Kinds of plain values that are the same when they are equal; a zero, with its sign.
_PLAIN = (dict, tuple, str, int, float, bytes, datetime.date)
#: Those of them that hold others.
_HOLDING = (dict, tuple)
#: What a part was made of, and the part.
Made = tuple[Sequence[Any], Any]


class Parts:
    """Parts by name, taken from those of a neighbour (`before`) where their inputs are its own."""

    def __init__(self, before: Mapping[Any, Made] | None = None) -> None:
        self._before: Mapping[Any, Made] = before or {}
        self.made: dict[Any, Made] = {}

    def part(self, name: Any, make: Callable[..., T], *inputs: Any) -> T:
        """The part of that name, which is `make(*inputs)` and is never written to."""
        old = self.made.get(name) or self._before.get(name)
        made = old if old is not None and _same(old[0], inputs) else (inputs, make(*inputs))
        self.made[name] = made
        part: T = made[1]
        return part

    def each(self, name: Any, make: Callable[..., T], *columns: Iterable[Any]) -> list[T]:
        """`make` of the things at each place of some columns.

        Where all at a place are the neighbour's, so is what was made of them.
        """
        rows = list(zip(*columns, strict=True))
        before, parts = self.made.get(name) or self._before.get(name) or ((), ())
        if len(before) != len(rows):
            made = [make(*now) for now in rows]
        else:
            places = zip(rows, before, parts, strict=True)
            made = [
                one if all(map(is_, was, now)) or _same(was, now) else make(*now)
                for now, was, one in places
            ]
        self.made[name] = (rows, made)
        return made

    def table(self, name: Any, dtype: np.dtype, rows: Sequence[Mapping[str, Any]]) -> np.recarray:
        """`records` of rows that are parts; only those that are not the neighbour's are written."""
        before, table = self._before.get(name) or ((), None)
        if table is None or len(before) != len(rows):
            return self.part(name, lambda *_: records(dtype, rows), *rows)
        pairs = zip(rows, before, strict=True)
        new = ((place, row) for place, (row, was) in enumerate(pairs) if row is not was)
        return self.part(name, lambda *_: _filled(dtype, bytearray(table), new), *rows)


def _same(before: Sequence[Any], now: Sequence[Any]) -> bool:
    """Whether all are the same objects, or equal plain values."""
    if len(before) != len(now):
        return False
    if all(map(is_, before, now)):  # most are, and this is the fastest way to see it
        return True
    return all(one is two or _alike(one, two) for one, two in zip(before, now, strict=True))


def _alike(one: Any, two: Any) -> bool:
    if type(one) is not type(two) or not isinstance(one, _PLAIN) or one != two:
        return False
    # Only what holds other values, and a zero with its sign, can be equal and yet not the same.
    return bool(one and not isinstance(one, _HOLDING)) or _written(one) == _written(two)


def _written(value: Any) -> bytes | str:
    """What tells equal values apart: 0.0 is not -0.0; plain ones as bytes, which is fast."""
    try:
        return marshal.dumps(value, _PLAINLY)
    except ValueError:
        return repr(value)


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
    return _filled(dtype, bytearray(len(rows) * dtype.itemsize), enumerate(rows))


def _filled(
    dtype: np.dtype, room: bytearray, rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> np.recarray:
    """The table that lies in some bytes, with rows written at their places."""
    layout = _layout(dtype)
    number = len(room) // dtype.itemsize
    table: Table = np.ndarray.__new__(Table, number, layout.dtype, buffer=room)
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
    return _Layout(rows_of_type(dtype), frozenset(names), itemgetter(*names))
