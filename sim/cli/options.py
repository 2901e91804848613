"""What commands have in common: options said once, what may be wrong with them, how one is run."""

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, NoReturn

from typer import Argument, Option

from sim.cli.complete import result_folders, scenario_names, settings
from sim.cli.failure import refuse
from sim.errors import Problem
from sim.store.files import RESULTS


def flag(name: str, means: str) -> Any:
    """An option without a value, False where it is left out, as the default of a field."""
    return Option(False, name, help=means)


def option(metavar: str, means: str, default: Any = None, *names: str, **more: Any) -> Any:
    """An option with a value, as the default of a field, whose name it has if none is given.

    The default is ... where it is said with the field, as of the kinds of options below.
    """
    return Option(default, *names, metavar=metavar, help=means, **more)


def argument(means: str, offers: Any = None, default: Any = ..., metavar: str | None = None) -> Any:
    """An argument, as the default of a field; `offers` gives what the shell completes."""
    return Argument(default, metavar=metavar, help=means, autocompletion=offers)


_SCENARIO = argument(
    "A scenario file, or the name of one (`detente show` lists them).", scenario_names
)
ScenarioName = Annotated[str, _SCENARIO]
MaybeScenarioName = Annotated[str | None, _SCENARIO]
ResultName = Annotated[
    str, argument("A result folder, or the name of one in results/.", result_folders)
]


def changes_of(what: str = "") -> Any:
    """The option `--set`, of a scenario called `what` (as " of B")."""
    meaning = f"Change one value{what}; repeat for more."
    return Option("--set", metavar="KEY=VALUE", help=meaning, autocompletion=settings)


Changes = Annotated[list[str] | None, changes_of()]
#: One reading of a scenario that has several.
OneReading = Annotated[
    str | None, option("NAME", "Play one reading of the scenario alone.", ..., "--reading")
]
Runs = Annotated[int, option("N", "How many runs.", ...)]
Seed = Annotated[int, option("S", "The seed of the random numbers, 0 to 2^64 - 1.", ...)]
#: The outer loop: over what is believed, decisions held; over decisions too; or none.
RANGES = STATED, EVERY, OFF = "stated", "all", "off"
Ranges = Annotated[
    str,
    option(
        "stated|all|off",
        "Vary what is believed; all: also what you decided; off: nothing, which is faster.",
        ...,
    ),
]
Threads = Annotated[int | None, option("N", "Threads; default: every core.", ...)]
Workers = Annotated[int | None, option("N", "Processes of this machine instead.", ...)]
Cluster = Annotated[
    str | None, option("ADDRESS", "Workers of this Dask scheduler, as tcp://10.0.0.5:8786.", ...)
]
Out = Annotated[Path, option("DIR", "Where the result folder is made.", ...)]
Json = Annotated[bool, Option("--json", help="Print the result as JSON.")]
#: Of the pictures that a command also draws, and of those that it draws alone.
Formats = Annotated[
    list[str] | None, option("png|svg|pdf", "Of the pictures; repeat for more.", ..., "--format")
]
Form = Annotated[
    list[str] | None, option("png|svg|pdf", "Repeat for more. Default: png.", ..., "--format")
]
#: A record of one's own.
OwnRecord = Annotated[
    Path | None, option("FOLDER", "A record of your own; default: the package's.", ...)
]
NoPictures = Annotated[bool, Option("--no-pictures", help="Draw nothing.")]


class Command:
    """A command: a dataclass whose fields are its arguments and options, as they were typed.

    It is named after the command, and what it says of itself is the help. `main.as_function` asks
    for its `_problems`, then lets it `_act`. `order`: the fields it has, by name, as its help lists
    them, where some are of a class that it extends; else as they are declared.
    """

    order: ClassVar[str] = ""

    @property
    def command(self) -> str:
        """What messages call it."""
        return f"detente {type(self).__name__.lower()}"

    def _problems(self) -> Iterator[Problem]:
        """Everything that is wrong with what was typed, before anything is read or played."""
        return iter(())

    def _act(self) -> None:
        """Does what was asked for."""
        raise NotImplementedError

    def refuse(self, place: str, found: object, allowed: str, near: str | None = None) -> NoReturn:
        """Ends the command for what is wrong with one thing that was typed."""
        refuse(Problem(self.command, None, place, str(found), allowed, near))


@dataclass(kw_only=True)
class FolderCommand(Command):
    """A command that plays, and writes a folder of what came out with pictures of it."""

    out: Out = RESULTS
    json: Json = False
    formats: Formats = None
    no_pictures: NoPictures = False
    threads: Threads = None


def forms(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Formats of pictures, each once."""
    return tuple(dict.fromkeys(formats or ["png"]))


def typed_command() -> str:
    """The command as it was typed, for the manifest of what it writes."""
    return shlex.join(["detente", *sys.argv[1:]])
