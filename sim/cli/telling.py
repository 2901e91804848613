"""What a command says: while it takes its time, and what it found, as tables or JSON."""

import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console

from sim.cli.failure import reader_left, say
from sim.report.text import json_text

if TYPE_CHECKING:
    from sim.report.content import Report
    from sim.report.pictures import Drawing

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
        reader_left()
        raise SystemExit(0)


def out() -> Console:
    """The console of the output stream: as wide as the terminal, else PLAIN_WIDTH or COLUMNS.

    What stands in brackets is printed as it is: titles and tables such as [truce] are no markup.
    """
    columns = os.environ.get("COLUMNS", "")
    boundless = not sys.stdout.isatty() and not columns
    width = PLAIN_WIDTH if boundless else None
    if columns.isdigit() and int(columns) < LEAST_WIDTH:
        width = LEAST_WIDTH
    console = _Output(width=width, highlight=False, markup=False)
    console.boundless = boundless
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


def tell(
    report: "Report", json: bool, lines: Sequence[str] = (), more: Mapping[str, Any] | None = None
) -> None:
    """Prints a report as text, with lines below it; or as JSON, with what else it holds."""
    from sim.report.terminal import page

    if json:
        print_json({**report.data, **(more or {})})
        return
    console = out()
    console.print(page(report))
    for line in lines:
        console.print(line, soft_wrap=True)


def tell_written(report: "Report", json: bool, folder: Path, note: str = "") -> None:
    """Prints a report, and the folder it was written to with a note on what is in there."""
    tell(report, json, [f"written to {folder}/{note}"], {"folder": str(folder)})


def draw_beside(file: Path, *drawings: "Drawing", done: str = "drawn in") -> None:
    """Draws pictures in the folder and the form of a file; the numbers are printed before.

    Raises ResultWriteError.
    """
    from sim.report.pictures import write_pictures
    from sim.store.folders import write_failures_named

    with write_failures_named(file, "picture"):
        files = write_pictures(file.parent, drawings, [file.suffix.removeprefix(".")])
    for path in files:
        say(f"{done} {path}")


def bar(kind: str, *arguments: Any, **options: Any) -> AbstractContextManager[Any]:
    """A bar of progress.py, by its name, on a terminal; elsewhere None."""
    if not sys.stderr.isatty():
        return nullcontext()
    from sim.cli import progress

    shown: AbstractContextManager[Any] = getattr(progress, kind)(*arguments, **options)
    return shown


def waiting(text: str) -> AbstractContextManager[Any]:
    """Says on a terminal what is being done, until it is done; elsewhere nothing, by a None."""
    if not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(text)


def compiling(kernel: str) -> str:
    """What is said while something is compiled; the time is that of one free core."""
    return f"compiling the {kernel}, once (half a minute or more) ..."


def announce_filter() -> None:
    """Says that the filter of `detente odds` and `fit` must be compiled, if it must."""
    from sim.forecast.filter import needs_compiling

    if needs_compiling():
        say(compiling("filter"))


def duration(seconds: float) -> str:
    """A time in words: in the largest unit of which it has two."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def compile_first(*kernels: str) -> None:
    """Compiles what is missing of some kernels (sim/engines/compiling.py), before all else."""
    from sim.engines.compiling import compile_ahead, missing

    uncompiled = missing(*kernels)
    if not uncompiled:
        return
    words = compiling("simulator")
    if not sys.stderr.isatty():
        say(words)
    with waiting(words):
        compile_ahead(uncompiled)
