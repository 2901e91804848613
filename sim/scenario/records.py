"""Rows of plain values into the record tables of `sim.world.params`."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.scenario.reuse import Parts

#: Index of every lever by its full name ("us.chips").
LeverIndex = Mapping[str, int]


def same_named(dtype: np.dtype, table: BaseModel) -> dict[str, Any]:
    """The fields of a record that a table of the scenario has too, under the same name."""
    known = type(table).model_fields
    return {name: getattr(table, name) for name in dtype.names or () if name in known}


def records(dtype: np.dtype, rows: Sequence[Mapping[str, Any]]) -> np.recarray:
    """A record array with one record per row; every row has exactly the fields of `dtype`.

    The bytes between fields are zero, so that equal tables are equal bytes. Raises KeyError for a
    row with a field missing or one too many.
    """
    names = dtype.names or ()
    for row in rows:
        if row.keys() ^ set(names):
            raise KeyError(f"fields {sorted(row.keys() ^ set(names))}")
    table = np.zeros(len(rows), dtype)
    for place, row in enumerate(rows):
        table[place] = tuple(row[name] for name in names)
    return table.view(np.recarray)


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
    new = [place for place, row in enumerate(rows) if row is not before[place]]
    changed = np.zeros(len(rows), dtype)  # a copy would not keep the bytes between fields
    changed[:] = table
    changed[new] = records(dtype, [rows[place] for place in new])
    return changed.view(np.recarray)


def week_of(date: datetime.date, start: datetime.date) -> int:
    """The week in which a date falls: floor((date - start)/7) + 1; 0 and less lie before."""
    return (date - start).days // 7 + 1
