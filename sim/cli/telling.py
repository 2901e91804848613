"""How a command prints what it found: a report, or with --json its content."""

from collections.abc import Mapping, Sequence
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
