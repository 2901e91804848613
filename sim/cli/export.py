"""`detente export`: the tables of a result folder as CSV, for spreadsheets."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import ends_well, refuse_any
from sim.cli.options import ResultName
from sim.cli.result_folder import result_folder
from sim.cli.run_options import writable
from sim.cli.telling import waiting

COMMAND = "detente export"


@ends_well
def export(
    result: ResultName,
    csv: Annotated[
        bool, typer.Option("--csv", help="As comma-separated values (also without this).")
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where to write; default: csv/ in the result folder."),
    ] = None,
) -> None:
    """Write the tables of a result as CSV for spreadsheets, one file a table."""
    folder = result_folder(result, COMMAND)
    target = folder / "csv" if out is None else out
    refuse_any(COMMAND, writable(target))
    from sim.outcomes.tables import export_csv

    with waiting("writing ..."):
        files = list(export_csv(folder, target))
    for file in files:
        typer.echo(f"wrote {file}")
