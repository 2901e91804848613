"""What a command says: while it takes its time, and what it found."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.content import Report


def tell(
    report: "Report", json: bool, lines: Sequence[str] = (), more: Mapping[str, Any] | None = None
) -> None:
    """Prints a report as text, with lines below it; or as JSON, with what else it holds."""
    from sim.cli.console import out, print_json
    from sim.report.terminal import page

    if json:
        print_json({**report.data, **(more or {})})
        return
    console = out()
    console.print(page(report))
    for line in lines:
        console.print(line, soft_wrap=True)


def waiting(text: str) -> AbstractContextManager[Any]:
    """Says on a terminal what is being done, until it is done; elsewhere nothing."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)
