"""Numbers as people and other libraries give them: numpy's scalars, 26.0, 1e6, 10_000."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

#: The seed of everything that draws random numbers, where nobody says one.
DEFAULT_SEED = 2025
#: How many runs there are of a scenario, where nobody says.
DEFAULT_RUNS = 10_000
#: How many seeds there are; runs that can be asked for at once, and threads.
MOST_SEEDS, MOST_RUNS, MOST_THREADS = 2**64, 2**32, 4096
#: Digits of a whole number that is read at all: seeds have 20.
MOST_DIGITS = 40
#: Thousands kept apart by one sign throughout: 10_000, 10,000, 10'000, 10 000.
_GROUPED = re.compile(r"([+-]?\d{1,3})(?:([_,' ])\d{3})(?:\2\d{3})*")
#: As programmers write them: digits with _ between, a fraction, an exponent.
_PLAIN = re.compile(r"[+-]?\d+(?:_\d+)*(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|[+-]?\.\d+[eE]\d{1,3}")


def as_python(value: Any) -> Any:
    """The same value in Python's own types, at any depth: scalars and arrays of numpy, tuples."""
    if isinstance(value, dict):
        return {as_python(key): as_python(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_python(item) for item in value]
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def as_whole(value: Any) -> int | None:
    """The whole number that a value is (3, 3.0, numpy's), or None; truth values are none."""
    if type(value) is int:
        return value
    value = as_python(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) else None


def read_whole(text: str) -> int | None:
    """The whole number that a text is, as 10000, 10_000, 10,000, 1e4 or 10000.0; or None."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[_,' ]", "", text)
    if not _PLAIN.fullmatch(text):
        return None
    try:
        number = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return None
    if len(text) > MOST_DIGITS or number.adjusted() > MOST_DIGITS or number % 1:
        return None
    return int(number)
