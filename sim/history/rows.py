"""The rows of a record's tables: their columns, what each cell may hold, and how they are read.

A cell is text, as it stands in the file; a model checks each by itself, and what concerns several
cells or rows is in `checks.py`. data/README.md says what the columns mean.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError

from sim.errors import DetenteError, Problem, nearest, one_of
from sim.store.files import MOST_TABLE_BYTES, read_plain

Row = dict[str, str]
Tables = dict[str, list[Row]]

#: Kinds of lever that an order takes down.
KINDS = ("fees", "lists", "minerals", "tariffs", "technology")
#: The lever of the base scenario that an actor's instrument stands for.
LEVERS = {
    ("US", "tariffs"): "us.tariffs",
    ("US", "chips"): "us.chips",
    ("US", "chip_equipment"): "us.chip_equipment",
    ("US", "eda"): "us.eda",
    ("US", "aerospace"): "us.engines",
    ("US", "visas"): "us.visas",
    ("US", "entity_list"): "us.entity_list",
    ("CN", "tariffs"): "cn.tariffs",
    ("CN", "rare_earths"): "cn.rare_earths",
    ("CN", "critical_minerals"): "cn.critical_minerals",
    ("CN", "unreliable_entity"): "cn.unreliable_entities",
    ("CN", "antitrust_probe"): "cn.probes",
}
FIRST_DAY = date(2018, 3, 22)  # of the record: what is dated before it is a slip of the pen
LONGEST_TERM = 36_500  # days of a term
HIGHEST_STEP = 10  # notches of one move: no lever has more

_INSTRUMENTS = (
    *("tariffs", "chips", "chip_equipment", "eda", "aerospace", "visas", "entity_list"),
    *("rare_earths", "critical_minerals", "agriculture", "unreliable_entity", "antitrust_probe"),
    *("port_fees", "investment", "self_sufficiency", "talks", "other"),
)
_SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+")
_PART = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAY_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


class RecordError(DetenteError):
    """A record that cannot be read or does not make sense, with every mistake in it."""


def cell_text(value: str) -> str:
    """A cell as a message shows it."""
    return f'"{value}"'


def day_of(text: str) -> date | None:
    """The day of a cell, None for what is none."""
    if not _DAY_SHAPE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_period(text: str) -> bool:
    """YYYY, YYYY-MM, YYYY-MM-DD, or two of them in order with a slash between."""
    parts = text.split("/")
    if len(parts) > 2 or not all(_PART.fullmatch(part) for part in parts):
        return False
    if any(day_of(part + "-01-01"[len(part) - 4 :]) is None for part in parts):
        return False
    return len(parts) == 1 or parts[0] <= parts[1]


def is_whole(text: str) -> bool:
    """Whether a cell holds a whole number."""
    return text.isascii() and text.isdigit() and len(text) < len("1000000")


def is_number(text: str) -> bool:
    """Whether a cell holds a finite number."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def is_step(text: str) -> bool:
    """Whether a cell holds a change of a lever."""
    return is_whole(text.removeprefix("-")) and abs(int(text)) <= HIGHEST_STEP


def _cell(
    fits: Callable[[str], object],
    allowed: str | Callable[[], str],
    found: str = '"{}"',
    near: Callable[[str], str | None] | None = None,
) -> AfterValidator:
    """A cell of which something must be true; the words of a problem are in the error's context."""

    def check(text: str) -> str:
        if fits(text):
            return text
        words = {
            "found": found.format(text),
            "allowed": allowed if isinstance(allowed, str) else allowed(),
            "near": near(text) if near else None,
        }
        raise PydanticCustomError("cell", "wrong", words)

    return AfterValidator(check)


def _one_of(words: Iterable[str]) -> AfterValidator:
    """A cell that must hold one of the words."""
    known = sorted(words)
    return _cell(known.__contains__, one_of(known), near=lambda text: nearest(text, known))


def _government(*others: str) -> AfterValidator:
    """A cell with a country, or one of these words."""
    return _cell(
        lambda text: re.fullmatch("[A-Z]{2}", text) or text in others,
        "two capital letters, as US or CN; BOTH; as a target also ALL",
        near=lambda text: nearest(text.upper(), ("US", "CN", "BOTH")),
    )


Words = Annotated[str, _cell(str.strip, "words: no hole in a row", "nothing")]
Day = Annotated[str, _cell(day_of, "a day as 2025-05-12", 'bad date "{}"')]
PastDay = Annotated[
    Day,
    _cell(
        lambda text: text <= f"{date.today()}", lambda: f"up to {date.today()}", "{}, in the future"
    ),
]
Answer = Annotated[str, _one_of(("yes", "no"))]


class EventRow(BaseModel):
    """One dated action."""

    event_id: Annotated[str, _cell(_SLUG.fullmatch, "YYYY-MM-DD-words-actor, in small letters")]
    date: Annotated[
        PastDay,
        _cell(
            lambda text: text >= f"{FIRST_DAY}",
            f"{FIRST_DAY} or later",
            "{}, before the record starts",
        ),
    ]
    date_precision: Annotated[str, _one_of(("day", "month", "season"))]
    actor: Annotated[str, _government("BOTH")]
    target: Annotated[str, _government("BOTH", "ALL")]
    instrument: Annotated[str, _one_of(_INSTRUMENTS)]
    direction: Annotated[str, _one_of(("escalate", "concede", "hold", "talks", "invest"))]
    stage: Annotated[str, _one_of(("threat", "announce", "effect", "suspend", "reverse"))]
    magnitude: Annotated[str, _one_of("12345")]
    in_response_to: str
    description: Words
    source: Words
    verified: Answer


class SeriesRow(BaseModel):
    """One number of a series."""

    series: Annotated[str, _cell(re.compile("[a-z0-9_]+").fullmatch, "small letters, digits and _")]
    period: Annotated[
        str,
        _cell(is_period, "2025, 2025-05, 2025-05-12, or two of them in order as 2025-01/2025-04"),
    ]
    value: Annotated[str, _cell(is_number, "a number")]
    unit: Words
    source: Words
    verified: Answer


class TruceRow(BaseModel):
    """One truce, from its first day to its last or the day it was last seen."""

    truce_id: Words
    start: Day
    agreed_term_days: Annotated[
        str,
        _cell(
            lambda text: not text or (is_whole(text) and 1 <= int(text) <= LONGEST_TERM),
            f"days, 1 to {LONGEST_TERM:,}, or nothing for an open end",
        ),
    ]
    end_or_censored_date: PastDay
    outcome: Annotated[str, _one_of(("held", "broken", "superseded", "extended", "ongoing"))]
    breaking_event_id: str
    notes: str
    source: Words
    verified: Answer


class MoveRow(BaseModel):
    """One event as a change of one lever."""

    event_id: str
    lever: Annotated[str, _one_of(LEVERS.values())]
    change: Annotated[
        str, _cell(is_step, f"notches, a whole number from -{HIGHEST_STEP} to {HIGHEST_STEP}")
    ]
    rule: str
    why: Words


class OrderRow(BaseModel):
    """One order that a later event took back."""

    order_event: str
    done_event: str
    kind: Annotated[str, _one_of(KINDS)]
    why: Words


#: The model of a row of each table.
ROWS: dict[str, type[BaseModel]] = {
    "events": EventRow,
    "series": SeriesRow,
    "truces": TruceRow,
    "moves": MoveRow,
    "orders": OrderRow,
}
#: Columns of each table, in order.
COLUMNS = {name: tuple(row.model_fields) for name, row in ROWS.items()}


def data_folder() -> Traversable:
    """Where the shipped tables lie, also in an installed wheel."""
    return files("sim.history").joinpath("data")


def read_table(name: str, folder: Traversable | None = None) -> list[Row]:
    """The rows of one table, by column. Raises RecordError for what is no table of that name."""
    header, rows = _read(f"{name}.csv", data_folder() if folder is None else folder)
    columns = COLUMNS[name]
    listed = ", ".join(columns)
    if tuple(header) != columns:
        found = f"header {', '.join(header) or 'of nothing'}"
        raise RecordError([Problem(f"{name}.csv", 1, "", found, listed)])
    allowed = f"{len(columns)} fields: {listed}"
    wrong = [
        Problem(f"{name}.csv", line, "", f"{len(row)} fields", allowed)
        for line, row in enumerate(rows, start=2)
        if len(row) != len(columns)
    ]
    if wrong:
        raise RecordError(wrong)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _read(file: str, folder: Traversable) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a file, as text."""
    try:
        text = read_plain(folder.joinpath(file), MOST_TABLE_BYTES).decode("utf-8-sig")
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except OSError as error:
        found, allowed = error.strerror or str(error), "a file to read"
    except UnicodeDecodeError as error:
        found, allowed = f"byte {error.start} is no UTF-8", "text in UTF-8"
    except csv.Error as error:
        found, allowed = str(error), "CSV as of RFC 4180"
    else:
        return header, rows
    raise RecordError([Problem(file, None, "", found, allowed)])


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
