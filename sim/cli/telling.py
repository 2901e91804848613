"""What a command says: while it takes its time, and what it found."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.console import out, print_json
from sim.cli.failure import say
from sim.errors import ResultWriteError

if TYPE_CHECKING:
    from sim.report.content import Report
    from sim.report.pictures import Drawing


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


def where(folder: Path | None) -> Iterator[str]:
    """Where a result is, if it could be written."""
    if folder is not None:
        yield f"written to {folder}/ (summary.md is the page to read)"


def draw_beside(file: Path, *drawings: "Drawing", done: str = "drawn in") -> None:
    """Draws pictures in the folder and the form of a file; the numbers are printed before.

    Raises ResultWriteError.
    """
    from sim.report.pictures import write_pictures

    try:
        files = write_pictures(file.parent, drawings, [file.suffix.removeprefix(".")])
    except OSError as error:
        raise ResultWriteError(f"the picture could not be written to {file}: {error}") from error
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
    from rich.console import Console

    return Console(stderr=True).status(text)
