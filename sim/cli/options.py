"""What commands have in common: options said once, what may be wrong with them, how one is run."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

from typer import Argument, Option

from sim.cli.complete import result_folders, scenario_names, settings
from sim.cli.failure import refuse
from sim.errors import Problem, nearest
from sim.numbers import MOST_SEEDS, MOST_THREADS

_SCENARIO = Argument(
    help="A scenario file, or the name of one (`detente show` lists them).",
    autocompletion=scenario_names,
)
ScenarioName = Annotated[str, _SCENARIO]
MaybeScenarioName = Annotated[str | None, _SCENARIO]
ResultName = Annotated[
    str,
    Argument(
        help="A result folder, or the name of one in results/.", autocompletion=result_folders
    ),
]


def changes_of(what: str = "") -> Any:
    """The option `--set`, of a scenario called `what` (as " of B")."""
    meaning = f"Change one value{what}; repeat for more."
    return Option("--set", metavar="KEY=VALUE", help=meaning, autocompletion=settings)


Changes = Annotated[list[str] | None, changes_of()]
#: One reading of a scenario that has several.
OneReading = Annotated[
    str | None,
    Option("--reading", metavar="NAME", help="Play one reading of the scenario alone."),
]
Runs = Annotated[int, Option(metavar="N", help="How many runs.")]
Seed = Annotated[int, Option(metavar="S", help="The seed of the random numbers, 0 to 2^64 - 1.")]
#: The outer loop: over what is believed, decisions held; over decisions too; or none.
RANGES = STATED, EVERY, OFF = "stated", "all", "off"
Ranges = Annotated[
    str,
    Option(
        metavar="stated|all|off",
        help="Vary what is believed; all: also what you decided; off: nothing, which is faster.",
    ),
]
Threads = Annotated[int | None, Option(metavar="N", help="Threads; default: every core.")]
Workers = Annotated[int | None, Option(metavar="N", help="Processes of this machine instead.")]
Cluster = Annotated[
    str | None,
    Option(metavar="ADDRESS", help="Workers of this Dask scheduler, as tcp://10.0.0.5:8786."),
]
Out = Annotated[Path, Option(metavar="DIR", help="Where the result folder is made.")]
Json = Annotated[bool, Option("--json", help="Print the result as JSON.")]
#: Of the pictures that a command also draws, and of those that it draws alone.
Formats = Annotated[
    list[str] | None,
    Option("--format", metavar="png|svg|pdf", help="Of the pictures; repeat for more."),
]
Form = Annotated[
    list[str] | None,
    Option("--format", metavar="png|svg|pdf", help="Repeat for more. Default: png."),
]
#: A record of one's own.
OwnRecord = Annotated[
    Path | None,
    Option(metavar="FOLDER", help="A record of your own; default: the package's."),
]
NoPictures = Annotated[bool, Option("--no-pictures", help="Draw nothing.")]
MOST_WORKERS = 1024


class Command:
    """A command as it was typed: its fields are its arguments and options; called, it is done.

    Its class is named after it, and what the class says of itself is its help.
    """

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


def wrong_every(every: str | None) -> Iterator[Problem]:
    """Days, if some were asked for, can be those of every week."""
    yield from among("--every", () if every is None else (every,), ("week",))


def forms(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Formats of pictures, each once."""
    return tuple(dict.fromkeys(formats or ["png"]))


def typed_command() -> str:
    """The command as it was typed, for the manifest of what it writes."""
    return shlex.join(["detente", *sys.argv[1:]])


def problem(place: str, found: object, allowed: str, nearest: str | None = None) -> Problem:
    """What is wrong with one option; `refuse_any` says of which command."""
    return Problem("", None, place, str(found), allowed, nearest)


def within(place: str, value: int | None, low: int, high: int) -> Iterator[Problem]:
    """A whole number, if one was typed, must lie in low..high."""
    if value is not None and not low <= value <= high:
        yield problem(place, value, f"a whole number from {low} to {high}")


def wrong_seed(seed: int | None) -> Iterator[Problem]:
    """A seed, if one was typed, must be one there is."""
    yield from within("--seed", seed, 0, MOST_SEEDS - 1)


def wrong_threads(threads: int | None) -> Iterator[Problem]:
    """As many threads, if a number was typed, must be possible."""
    yield from within("--threads", threads, 1, MOST_THREADS)


def wrong_halfwidth(until: float | None, example: str) -> Iterator[Problem]:
    """Half the width of a share's interval, if one was typed."""
    if until is not None and not 0 < until < 0.5:
        allowed = f"half the width of an interval, between 0 and 0.5, as {example}"
        yield problem("--until", until, allowed)


def wrong_hands(threads: int | None, workers: int | None, cluster: str | None) -> Iterator[Problem]:
    """Who is to do the work must be one of the three, and not too many of them."""
    yield from within("--workers", workers, 1, MOST_WORKERS)
    chosen = {"--threads": threads, "--workers": workers, "--cluster": cluster}
    given = [option for option, value in chosen.items() if value is not None]
    if len(given) > 1:
        allowed = "one of them: threads, processes of this machine, or those of a cluster"
        yield problem(given[-1], " and ".join(given), allowed)


def among(place: str, values: Sequence[str], names: Sequence[str]) -> Iterator[Problem]:
    """Each value must be one of the names."""
    for value in values:
        if value not in names:
            yield problem(place, value, ", ".join(names), nearest(value, names))


def wrong_formats(formats: Sequence[str] | None) -> Iterator[Problem]:
    """Pictures must have formats that can be drawn."""
    from sim.report.pictures import FORMATS

    yield from among("--format", forms(formats), FORMATS)


def writable(folder: Path, place: str = "--out") -> Iterator[Problem]:
    """A result folder must be a folder, or one that can be made, and let files be written."""
    allowed = "a folder that can be written, or the name of a new one"
    existing = folder.absolute()
    while not os.path.lexists(existing):
        existing = existing.parent
    if not existing.is_dir():
        yield problem(place, f"{folder}, but {existing} is not a folder", allowed)
        return
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield problem(place, f"{folder}: cannot write in {existing} ({reason})", allowed)


def in_a_folder(
    option: str, file: Path, allowed: str = "a file in a folder that exists"
) -> Iterator[Problem]:
    """A file must be none that is a folder, and go into one that is there."""
    if file.is_dir() or not file.absolute().parent.is_dir():
        yield problem(option, file, allowed)


def writable_file(option: str, file: Path | None, endings: Sequence[str]) -> Iterator[Problem]:
    """A file, if one was typed, must go into a folder, under a name that says its form."""
    if file is None:
        return
    if file.suffix.removeprefix(".") not in endings:
        yield problem(option, file, "a file that ends in ." + ", .".join(endings))
    else:
        homeless = [*in_a_folder(option, file, "a file in a folder that is there")]
        yield from homeless or writable(file.absolute().parent, option)
