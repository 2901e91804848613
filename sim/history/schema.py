"""The rows of a record's tables: which columns there are, and what each cell may hold.

A cell is text, as it stands in the file; a model checks each by itself, and what concerns several
cells or rows is in `checks.py`. data/README.md says what the columns mean.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError

from sim.errors import nearest, one_of

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

A_DAY = "a day as 2025-05-12"
_INSTRUMENTS = (
    *("tariffs", "chips", "chip_equipment", "eda", "aerospace", "visas", "entity_list"),
    *("rare_earths", "critical_minerals", "agriculture", "unreliable_entity", "antitrust_probe"),
    *("port_fees", "investment", "self_sufficiency", "talks", "other"),
)
_GOVERNMENT = "two capital letters, as US or CN; BOTH; as a target also ALL"
_SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+")
_PART = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAY_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")


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


#: What is wrong with a cell: what was found, what is allowed, what was meant.
Wrong = tuple[str, str, str | None]


def _cell(wrong: Callable[[str], Wrong | None]) -> AfterValidator:
    """A cell with which something may be wrong; the words are in the context of the error."""

    def check(text: str) -> str:
        if (words := wrong(text)) is not None:
            context = dict(zip(("found", "allowed", "near"), words, strict=True))
            raise PydanticCustomError("cell", "wrong", context)
        return text

    return AfterValidator(check)


def _one_of(words: Iterable[str]) -> AfterValidator:
    """A cell that must hold one of the words."""
    known = sorted(words)
    allowed = one_of(known)
    return _cell(lambda t: None if t in known else (cell_text(t), allowed, nearest(t, known)))


def _such(fits: Callable[[str], object], allowed: str) -> AfterValidator:
    """A cell of which something must be true."""
    return _cell(lambda text: None if fits(text) else (cell_text(text), allowed, None))


def _government(*others: str) -> AfterValidator:
    """A cell with a country, or one of these words."""

    def wrong(text: str) -> Wrong | None:
        if re.fullmatch("[A-Z]{2}", text) or text in others:
            return None
        return cell_text(text), _GOVERNMENT, nearest(text.upper(), ("US", "CN", "BOTH"))

    return _cell(wrong)


def _not_filled(text: str) -> Wrong | None:
    return None if text.strip() else ("nothing", "words: no hole in a row", None)


def _no_day(text: str) -> Wrong | None:
    return (f"bad date {cell_text(text)}", A_DAY, None) if day_of(text) is None else None


def _future(text: str) -> Wrong | None:
    day, today = day_of(text), date.today()
    return (f"{day}, in the future", f"up to {today}", None) if day and day > today else None


def _before_the_record(text: str) -> Wrong | None:
    day = day_of(text)
    if day is None or day >= FIRST_DAY:
        return None
    return f"{day}, before the record starts", f"{FIRST_DAY} or later", None


def _is_term(text: str) -> bool:
    return not text or (is_whole(text) and 1 <= int(text) <= LONGEST_TERM)


def is_step(text: str) -> bool:
    """Whether a cell holds a change of a lever."""
    return is_whole(text.removeprefix("-")) and abs(int(text)) <= HIGHEST_STEP


Words = Annotated[str, _cell(_not_filled)]
Day = Annotated[str, _cell(_no_day)]
PastDay = Annotated[Day, _cell(_future)]
Answer = Annotated[str, _one_of(("yes", "no"))]


class EventRow(BaseModel):
    """One dated action."""

    event_id: Annotated[str, _such(_SLUG.fullmatch, "YYYY-MM-DD-words-actor, in small letters")]
    date: Annotated[PastDay, _cell(_before_the_record)]
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

    series: Annotated[str, _such(re.compile("[a-z0-9_]+").fullmatch, "small letters, digits and _")]
    period: Annotated[
        str,
        _such(is_period, "2025, 2025-05, 2025-05-12, or two of them in order as 2025-01/2025-04"),
    ]
    value: Annotated[str, _such(is_number, "a number")]
    unit: Words
    source: Words
    verified: Answer


class TruceRow(BaseModel):
    """One truce, from its first day to its last or the day it was last seen."""

    truce_id: Words
    start: Day
    agreed_term_days: Annotated[
        str, _such(_is_term, f"days, 1 to {LONGEST_TERM:,}, or nothing for an open end")
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
        str, _such(is_step, f"notches, a whole number from -{HIGHEST_STEP} to {HIGHEST_STEP}")
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
