"""The record's tables as rows of text, straight from the files (data/README.md describes them)."""

import csv
import io
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

#: Columns of each table, in order.
COLUMNS = {
    "events": (
        "event_id",
        "date",
        "date_precision",
        "actor",
        "target",
        "instrument",
        "direction",
        "stage",
        "magnitude",
        "in_response_to",
        "description",
        "source",
        "verified",
    ),
    "series": ("series", "period", "value", "unit", "source", "verified"),
    "truces": (
        "truce_id",
        "start",
        "agreed_term_days",
        "end_or_censored_date",
        "outcome",
        "breaking_event_id",
        "notes",
        "source",
        "verified",
    ),
    "moves": ("event_id", "lever", "change", "rule", "why"),
    "orders": ("order_event", "done_event", "kind", "why"),
}

Row = dict[str, str]
Tables = dict[str, list[Row]]


class RecordError(ValueError):
    """A table of the record is not what it should be: file, line, found, allowed."""


def data_folder() -> Traversable:
    """Where the shipped tables lie, also in an installed wheel."""
    return files("sim.history").joinpath("data")


def read_table(name: str, folder: Traversable | None = None) -> list[Row]:
    """The rows of one table, by column. Raises RecordError for a wrong header or width."""
    where = data_folder() if folder is None else folder
    return list(_rows(name, where.joinpath(f"{name}.csv").read_text(encoding="utf-8")))


def _rows(name: str, text: str) -> Iterator[Row]:
    columns = COLUMNS[name]
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    if tuple(header) != columns:
        raise RecordError(f"{name}.csv: header {header}; expected {', '.join(columns)}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise RecordError(f"{name}.csv:{number}: {len(row)} fields; expected {len(columns)}")
        yield dict(zip(columns, row, strict=True))


def read_tables(folder: Traversable | None = None) -> Tables:
    """All tables of the record. Raises RecordError for the first that cannot be read."""
    return {name: read_table(name, folder) for name in COLUMNS}
