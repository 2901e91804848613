"""A user's own record: a folder with the package's tables, copied, added to, checked and read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sim.errors import Problem, first_found
from sim.history.checks import problems
from sim.history.record import Record, record_of
from sim.history.rows import RecordError, Tables, data_folder, read_tables
from sim.history.schema import COLUMNS
from sim.store.files import write_text

#: What a record's folder holds: the tables, and what their columns mean.
FILES = (*(f"{name}.csv" for name in COLUMNS), "README.md")


def read_record(folder: Path) -> Record:
    """The record of a folder. Raises RecordError with every mistake in its tables."""
    return record_of(read_checked(folder))


def read_checked(folder: Path) -> Tables:
    """The tables of a folder, as text. Raises RecordError with every mistake in them."""
    if not folder.is_dir():
        allowed = f"a folder with {', '.join(FILES[:-1])}; make one: detente record new {folder}"
        raise RecordError([Problem("--record", None, "", f"{folder} is not a folder", allowed)])
    try:
        tables = read_tables(folder)
    except RecordError as error:
        raise RecordError(_placed(folder, iter(error.problems))) from error
    first_problems = first_found(_placed(folder, problems(tables)))
    if first_problems:
        raise RecordError(first_problems)
    return tables


def _placed(folder: Path, unplaced: Iterator[Problem]) -> Iterator[Problem]:
    return (replace(problem, file=str(folder / problem.file)) for problem in unplaced)


def new_record(folder: Path) -> tuple[Path, ...]:
    """Copies the package's tables into a new or empty folder; returns the files.

    Raises RecordError if something is in it already, OSError if it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found = f"{folder}, where something is already"
        raise RecordError([Problem("", None, "FOLDER", found, "a new folder, or an empty one")])
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        write_text(folder / name, data_folder().joinpath(name).read_text(encoding="utf-8"))
    return tuple(folder / name for name in FILES)
