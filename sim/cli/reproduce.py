"""`detente reproduce`: what a folder holds played again, and every table compared."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import result_folders
from sim.cli.failure import ANYTHING_ELSE, ends_well, stop
from sim.cli.options import Threads
from sim.cli.result_folder import any_folder
from sim.cli.telling import waiting

if TYPE_CHECKING:
    from sim.reproduce import Reproduced

COMMAND = "detente reproduce"


@ends_well
def reproduce(
    folder: Annotated[
        str,
        typer.Argument(
            help="The folder of a result, study, tournament, fit, odds or best response, or its "
            "name in results/.",
            autocompletion=result_folders,
        ),
    ],
    threads: Threads = None,
) -> None:
    """Play a result again from its manifest, elsewhere, and say whether every table is equal."""
    place = any_folder(folder, COMMAND)
    from sim.reproduce import reproduce as played_again

    with waiting(f"playing {place.name} again ..."):
        reproduced = played_again(place, threads)
    for table in reproduced.tables:
        typer.echo(f"{table.verdict:<12} {table.name}")
    for line in code(reproduced):
        typer.echo(line)
    if not reproduced.equal:
        stop(f"{place} was not reproduced", ANYTHING_ELSE)
    typer.echo(f"{place} is reproduced: every table is equal")


def code(reproduced: "Reproduced") -> list[str]:
    """What is to be said of the code that wrote the folder, if it was another."""
    lines = []
    if reproduced.version_then != reproduced.version_now:
        lines.append(
            f"written by detente {reproduced.version_then}, "
            f"played again by {reproduced.version_now}"
        )
    elif not reproduced.same_code:
        lines.append(
            f"written by other code ({reproduced.code_then}) than this ({reproduced.code_now})"
        )
    if not reproduced.same_extensions:
        lines.append("written with other extensions than are loaded now")
    lines += [f"{n} was {then}, is {now}" for n, (then, now) in reproduced.libraries.items()]
    return lines
