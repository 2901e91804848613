"""Rows of plain values into the record tables of `sim.world.params`."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel

from sim.scenario.reuse import Parts

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
