"""The record's tables as rows of text, straight from the files (data/README.md describes them)."""

import csv
import io
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NoReturn

from sim.errors import DetenteError, Problem
from sim.history.schema import COLUMNS
from sim.store.files import MOST_TABLE_BYTES, read_plain

Row = dict[str, str]
Tables = dict[str, list[Row]]


class RecordError(DetenteError):
    """A record that cannot be read or does not make sense, with every mistake in it."""


def data_folder() -> Traversable:
    """Where the shipped tables lie, also in an installed wheel."""
    return files("sim.history").joinpath("data")


def read_table(name: str, folder: Traversable | None = None) -> list[Row]:
    """The rows of one table, by column. Raises RecordError for what is no table of that name."""
    where = data_folder() if folder is None else folder
    header, rows = _read(f"{name}.csv", where)
    columns = COLUMNS[name]
    if tuple(header) != columns:
        _refuse(name, 1, f"header {', '.join(header) or 'of nothing'}", ", ".join(columns))
    wrong = [number for number, row in enumerate(rows) if len(row) != len(columns)]
    if wrong:
        raise RecordError(
            Problem(
                f"{name}.csv",
                number + 2,
                "",
                f"{len(rows[number])} fields",
                f"{len(columns)} fields: {', '.join(columns)}",
            )
            for number in wrong
        )
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _read(file: str, folder: Traversable) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a file, as text."""
    try:
        text = read_plain(folder.joinpath(file), MOST_TABLE_BYTES).decode("utf-8-sig")
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except OSError as error:
        _refuse(file.removesuffix(".csv"), None, error.strerror or str(error), "a file to read")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is no UTF-8"
        _refuse(file.removesuffix(".csv"), None, found, "text in UTF-8")
    except csv.Error as error:
        _refuse(file.removesuffix(".csv"), None, str(error), "CSV as of RFC 4180")
    return header, rows


def _refuse(name: str, line: int | None, found: str, allowed: str) -> NoReturn:
    raise RecordError([Problem(f"{name}.csv", line, "", found, allowed)])


def read_tables(folder: Traversable | None = None) -> Tables:
    """All tables of the record. Raises RecordError with everything that cannot be read."""
    tables: Tables = {}
    problems: list[Problem] = []
    for name in COLUMNS:
        try:
            tables[name] = read_table(name, folder)
        except RecordError as error:
            problems += error.problems
    if problems:
        raise RecordError(problems)
    return tables
