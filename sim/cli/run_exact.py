"""`detente run --engine exact`: the scenario solved instead of played, where it can be."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.console import out, plain_table, print_json
from sim.cli.failure import ANYTHING_ELSE, stop
from sim.cli.run_options import Options

if TYPE_CHECKING:
    from rich.table import Table

    from sim.engines.exact import ExactResult
    from sim.outcomes.exact_page import Rows
    from sim.scenario import Scenario


def run_exact(world: "Scenario", wanted: Options, json: bool) -> None:
    """Solves a scenario, writes its folder and prints it."""
    from sim.engines.exact import solve
    from sim.outcomes.exact_page import exact_summary

    result = solve(world)
    page = exact_summary(result)
    folder, failure = _write(result, page, wanted)
    if json:
        print_json(page | {"folder": folder and str(folder)})
    else:
        _print(page)
        if folder is not None:
            line = f"written to {folder}/ (summary.md is the page to read)"
            out().print(line, soft_wrap=True)
    if failure:
        stop(failure, ANYTHING_ELSE)


def _write(result: "ExactResult", page: dict[str, Any], wanted: Options) -> tuple[Path | None, str]:
    """The result's folder, written; or none and why not."""
    from sim.errors import ResultError
    from sim.outcomes.exact_store import write_exact

    command = shlex.join(["detente", *sys.argv[1:]])
    drawn = bool(wanted.pictures)
    try:
        return write_exact(result, wanted.out, command, drawn, wanted.formats, page), ""
    except ResultError as error:
        return None, str(error)


def _print(page: dict[str, Any]) -> None:
    from sim.outcomes.exact_page import headline, law_rows, outcome_rows, side_rows

    console = out()
    console.print(page["scenario"]["title"], style="bold")
    console.print(headline(page))
    for title, rows in (
        ("Does it hold? Probabilities, exact", outcome_rows(page)),
        ("In the long run: share of weeks", law_rows(page)),
        ("In the long run: each side", side_rows(page)),
    ):
        console.print(f"\n{title}", style="bold")
        console.print(_table(rows))
    console.print(f"The long-run law is {page['long_run']['meaning']}.")
    console.print(f"\nexact: {page['states']:,} joint states, no dice")


def _table(rows: "Rows") -> "Table":
    header, cells = rows
    table = plain_table("")
    table.title = None
    for name in header:
        table.add_column(name)
    for row in cells:
        table.add_row(*row)
    return table
