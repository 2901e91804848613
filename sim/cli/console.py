"""Where tables and JSON are printed."""

import codecs
import io
import json
import os
import sys
import unicodedata
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

#: Columns when the output is not a terminal, so that files and pipes are readable.
PLAIN_WIDTH = 120
#: A narrower terminal (or a COLUMNS of 0) gets lines of this many columns all the same.
LEAST_WIDTH = 60
_PLAIN = "detente-plain"
_NEAREST = {"±": "+-", "×": "x", "–": "-", "—": "-", "─": "-", "│": "|", "…": "...", "→": "->"}


def out() -> Console:
    """The console of the output stream: as wide as the terminal, else PLAIN_WIDTH or COLUMNS.

    What stands in brackets is printed as it is: titles and tables such as [truce] are no markup.
    """
    columns = os.environ.get("COLUMNS", "")
    width = PLAIN_WIDTH if not sys.stdout.isatty() and not columns else None
    if columns.isdigit() and int(columns) < LEAST_WIDTH:
        width = LEAST_WIDTH
    return Console(width=width, highlight=False, markup=False)


def unbroken() -> bool:
    """Whether sentences are printed in one line each: not on a terminal, and no COLUMNS is set."""
    return not sys.stdout.isatty() and not os.environ.get("COLUMNS", "")


def print_plainly(stream: TextIO) -> None:
    """Lets a stream whose encoding lacks a letter print its plain form instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        codecs.register_error(_PLAIN, _plain_form)
        stream.reconfigure(errors=_PLAIN)


def _plain_form(error: UnicodeError) -> tuple[str, int]:
    """What to print for letters that cannot be encoded: as near as ASCII comes, else "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_ascii, missing)), error.end


def _ascii(letter: str) -> str:
    near = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _NEAREST.get(letter) or near or "?"


def plain_table(title: str) -> Table:
    """An empty table in the one style of all commands: a title, a rule below the headings."""
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def print_json(value: Any) -> None:
    """Prints a value as JSON; what JSON has no form for (nan) becomes null, dates ISO text."""
    print(json.dumps(without_nan(value), indent=2, ensure_ascii=False, default=str))


def without_nan(value: Any) -> Any:
    """The same value with nan and infinities replaced by None, at any depth."""
    if isinstance(value, dict):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return None
    return value
