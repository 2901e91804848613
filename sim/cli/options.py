"""Arguments and options that several commands have: one meaning, one wording, one completion."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.complete import result_folders, scenario_names, settings

ScenarioName = Annotated[
    str,
    typer.Argument(
        help="A scenario file, or the name of one (`detente show` lists them).",
        autocompletion=scenario_names,
    ),
]
MaybeScenarioName = Annotated[
    str | None,
    typer.Argument(
        help="A scenario file, or the name of one (`detente show` lists them).",
        autocompletion=scenario_names,
    ),
]
ResultName = Annotated[
    str,
    typer.Argument(
        help="A result folder, or the name of one in results/.", autocompletion=result_folders
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value; repeat for more.",
        autocompletion=settings,
    ),
]
Runs = Annotated[int, typer.Option(metavar="N", help="How many runs.")]
Seed = Annotated[
    int, typer.Option(metavar="S", help="The seed of the random numbers, 0 to 2^64 - 1.")
]
Threads = Annotated[int | None, typer.Option(metavar="N", help="Threads; default: every core.")]
Workers = Annotated[
    int | None, typer.Option(metavar="N", help="Processes of this machine instead.")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Workers of this Dask scheduler, as tcp://10.0.0.5:8786."),
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where the result folder is made.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
#: Of the pictures that a command also draws, and of those that it draws alone.
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="png|svg|pdf", help="Of the pictures; repeat for more."),
]
Form = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="png|svg|pdf", help="Repeat for more. Default: png."),
]
NoPictures = Annotated[bool, typer.Option("--no-pictures", help="Draw nothing.")]


def forms(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Formats of pictures, each once."""
    return tuple(dict.fromkeys(formats or ["png"]))


def typed_command() -> str:
    """The command as it was typed, for the manifest of what it writes."""
    return shlex.join(["detente", *sys.argv[1:]])
