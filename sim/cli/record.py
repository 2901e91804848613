"""`detente record`: a record of one's own, copied from the package's and checked."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import ends_well

record = typer.Typer(
    help="A record of your own: copy the package's, add this week's event, check it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@record.command()
@ends_well
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A new folder, or an empty one.")
    ],
) -> None:
    """Copy the package's record into a folder, to start your own from."""
    from sim.history.record import new_record

    for file in new_record(folder):
        typer.echo(f"wrote {file}")
    typer.echo(f"Add rows, then: detente record check {folder}")


@record.command()
@ends_well
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder with a record.")],
) -> None:
    """Check a record: every mistake at once, with file, row, what is allowed, what was meant."""
    from sim.history.check_data import summary
    from sim.history.record import read_checked

    for line in summary(read_checked(folder)):
        typer.echo(line)
    typer.echo("OK")
