"""Cells of a record, and what may be wrong with one: file, row, value, allowed, nearest."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from math import isfinite

from sim.errors import Problem, nearest, one_of
from sim.history.rows import COLUMNS, Row

A_DAY = "a day as 2025-05-12"
_PART = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAY_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


def at(
    table: str, number: int | None, column: str, found: str, allowed: str, near: str | None = None
) -> Problem:
    """A problem of one cell; `number` is the row's place in the table, from 0."""
    line = None if number is None else number + 2
    return Problem(f"{table}.csv", line, column, found, allowed, near)


def cell_text(value: str) -> str:
    """A cell as a message shows it."""
    return f'"{value}"'


def among(
    table: str, number: int, row: Row, column: str, allowed: Collection[str]
) -> Iterator[Problem]:
    """A cell must hold one of the words."""
    if row[column] not in allowed:
        words = sorted(allowed)
        near = nearest(row[column], words)
        yield at(table, number, column, cell_text(row[column]), one_of(words), near)


def filled(table: str, number: int, row: Row, columns: Iterable[str]) -> Iterator[Problem]:
    """Cells that must say something."""
    for column in columns:
        if not row[column].strip():
            yield at(table, number, column, "nothing", "words: no hole in a row")


def event_named(
    table: str, number: int, row: Row, column: str, ids: Collection[str]
) -> Iterator[Problem]:
    """A cell must name an event of the table."""
    if row[column] not in ids:
        near = nearest(row[column], ids)
        yield at(table, number, column, cell_text(row[column]), "an event_id of events.csv", near)


def is_period(text: str) -> bool:
    """YYYY, YYYY-MM, YYYY-MM-DD, or two of them in order with a slash between."""
    parts = text.split("/")
    if len(parts) > 2 or not all(_PART.fullmatch(part) for part in parts):
        return False
    if any(day_of(part + "-01-01"[len(part) - 4 :]) is None for part in parts):
        return False
    return len(parts) == 1 or parts[0] <= parts[1]


def repeated(table: str, column: str, names: list[str]) -> Iterator[Problem]:
    """Names that are there more than once."""
    counts = Counter(names)
    seen: set[str] = set()
    for number, name in enumerate(names):
        if counts[name] > 1 and name in seen:
            yield at(table, number, column, f"{name} {counts[name]} times", "each once")
        seen.add(name)


def unsorted(table: str, keys: list[tuple[str, ...]]) -> Iterator[Problem]:
    """Rows that stand after a later one."""
    for number in range(1, len(keys)):
        if keys[number] < keys[number - 1]:
            columns = COLUMNS[table]
            found = f"{' '.join(keys[number])} after {' '.join(keys[number - 1])}: not sorted"
            order = f"rows in order of {' and '.join(columns[: len(keys[number])])}"
            yield at(table, number, columns[0], found, order)


def disorder(table: str, rows: list[Row], column: str) -> Iterator[Problem]:
    """Days that cannot be read or are earlier than the row before."""
    latest: date | None = None
    for number, row in enumerate(rows):
        day = day_of(row[column])
        if day is None:
            yield at(table, number, column, f"bad date {cell_text(row[column])}", A_DAY)
        elif latest and day < latest:
            found = f"{day} after {latest}: out of date order"
            yield at(table, number, column, found, "rows in order of date")
        latest = day or latest


def day_of(text: str) -> date | None:
    """The day of a cell, None for what is none."""
    if not _DAY_SHAPE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_whole(text: str) -> bool:
    """Whether a cell holds a whole number."""
    return text.isascii() and text.isdigit() and len(text) < len("1000000")


def is_number(text: str) -> bool:
    """Whether a cell holds a finite number."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False
