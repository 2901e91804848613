"""`detente reproduce`: what a folder holds played again, and every table compared."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import result_folders
from sim.cli.failure import ANYTHING_ELSE, ends_well, stop
from sim.cli.options import Threads
from sim.cli.result_folder import any_folder
from sim.cli.waiting import waiting

if TYPE_CHECKING:
    from sim.reproduce import Reproduced

COMMAND = "detente reproduce"


@ends_well
def reproduce(
    folder: Annotated[
        str,
        typer.Argument(
            help="The folder of a result, study, tournament, fit or odds, or its name in results/.",
            autocompletion=result_folders,
        ),
    ],
    threads: Threads = None,
) -> None:
    """Play a result again from its manifest, elsewhere, and say whether every table is equal."""
    place = any_folder(folder, COMMAND)
    from sim.reproduce import reproduce as played_again

    with waiting(f"playing {place.name} again ..."):
        made = played_again(place, threads)
    for table in made.tables:
        typer.echo(f"{table.verdict:<12} {table.name}")
    for line in code(made):
        typer.echo(line)
    if not made.equal:
        stop(f"{place} was not reproduced", ANYTHING_ELSE)
    typer.echo(f"{place} is reproduced: every table is equal")


def code(made: "Reproduced") -> list[str]:
    """What is to be said of the code that wrote the folder, if it was another."""
    lines = []
    if made.version_then != made.version_now:
        lines.append(f"written by detente {made.version_then}, played again by {made.version_now}")
    elif not made.same_code:
        lines.append(f"written by other code ({made.code_then}) than this ({made.code_now})")
    lines += [f"{n} was {then}, is {now}" for n, (then, now) in made.libraries.items()]
    return lines
