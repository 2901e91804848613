"""Where tables and JSON are printed."""

import codecs
import io
import os
import sys
import unicodedata
from typing import Any, TextIO

from rich.console import Console

from sim.report.text import json_text

#: Columns when the output is not a terminal, so that files and pipes are readable.
PLAIN_WIDTH = 120
#: A narrower terminal (or a COLUMNS of 0) gets lines of this many columns all the same.
LEAST_WIDTH = 60
_PLAIN = "detente-plain"
_NEAREST = {"±": "+-", "×": "x", "–": "-", "—": "-", "─": "-", "│": "|", "…": "...", "→": "->"}


class _Output(Console):
    """A console whose reader may leave: that is no error, the command has ended for it.

    boundless: no line is too long where it prints; then tables are as wide as they need to be.
    """

    boundless = False

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich prints; where no line is too long none is cropped."""
        super().print(*objects, **{"crop": not self.boundless} | options)

    def on_broken_pipe(self) -> None:
        """What is still to be said goes nowhere, and the exit code is that of success."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


def out() -> Console:
    """The console of the output stream: as wide as the terminal, else PLAIN_WIDTH or COLUMNS.

    What stands in brackets is printed as it is: titles and tables such as [truce] are no markup.
    """
    columns = os.environ.get("COLUMNS", "")
    width = PLAIN_WIDTH if not sys.stdout.isatty() and not columns else None
    if columns.isdigit() and int(columns) < LEAST_WIDTH:
        width = LEAST_WIDTH
    console = _Output(width=width, highlight=False, markup=False)
    console.boundless = not sys.stdout.isatty() and not columns
    return console


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


def print_json(value: Any) -> None:
    """Prints a value as JSON; what JSON has no form for (nan) becomes null, dates ISO text."""
    print(json_text(value))
