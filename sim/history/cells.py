"""What may be wrong with the cells of a record: file, row, value, allowed, nearest."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from pydantic import ValidationError

from sim.errors import Problem, nearest
from sim.history.rows import Row
from sim.history.schema import COLUMNS, ROWS, cell_text, day_of


def at(
    table: str, number: int | None, column: str, found: str, allowed: str, near: str | None = None
) -> Problem:
    """A problem of one cell; `number` is the row's place in the table, from 0."""
    line = None if number is None else number + 2
    return Problem(f"{table}.csv", line, column, found, allowed, near)


def cell_problems(table: str, rows: list[Row]) -> Iterator[Problem]:
    """What is wrong with cells by themselves, by the model of the table's rows."""
    for number, row in enumerate(rows):
        try:
            ROWS[table].model_validate(row)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                wrong = detail["ctx"]
                column, near = str(detail["loc"][0]), wrong["near"]
                yield at(table, number, column, wrong["found"], wrong["allowed"], near)


def event_named(
    table: str, number: int, row: Row, column: str, ids: Collection[str]
) -> Iterator[Problem]:
    """A cell must name an event of the table."""
    if row[column] not in ids:
        near = nearest(row[column], ids)
        yield at(table, number, column, cell_text(row[column]), "an event_id of events.csv", near)


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
    """Days that are earlier than the row before."""
    latest: date | None = None
    for number, row in enumerate(rows):
        day = day_of(row[column])
        if day and latest and day < latest:
            found = f"{day} after {latest}: out of date order"
            yield at(table, number, column, found, "rows in order of date")
        latest = day or latest
