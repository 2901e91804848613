"""The command line: `detente`, or `python -m sim`.

Each command is in a file of this folder, named in `COMMANDS` and imported when it is typed. A whole
number may be typed as `--runs 1e6` or `--runs 10_000`.
"""

import inspect
import os
import sys
import warnings
from collections import UserDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.models import CommandInfo, OptionInfo

from sim.cli.failure import ANYTHING_ELSE, ends_well, refuse_any, say, stop
from sim.cli.signals import INTERRUPTED, NOTHING_KEPT
from sim.cli.telling import print_plainly
from sim.errors import quoted
from sim.numbers import as_whole, read_whole
from sim.threads import cores

#: Commands that live in a module of another name.
HOMES = {
    **dict.fromkeys(("check", "new", "record"), "files"),
    **dict.fromkeys(("report", "export", "reproduce", "analyze"), "folders"),
    **dict.fromkeys(("odds", "fit"), "forecast"),
    **{"merge": "sweep", "serve": "page", "backtest": "score", "version": "main"},
}
COMMANDS = {
    name: f"sim.cli.{HOMES.get(name, name)}"
    for name in (
        *("run", "check", "compare", "sweep", "merge", "analyze", "explain", "play"),
        *("plot", "report", "page", "serve", "show", "new", "export", "games"),
        *("record", "odds", "fit", "backtest", "score", "reproduce", "version"),
    )
}
#: Installed or not, these decide what comes out and how fast.
LIBRARIES = (
    *("numpy", "scipy", "numba", "llvmlite", "wasmtime", "pandas", "pyarrow", "matplotlib"),
    *("pydantic", "typer", "rich", "mesa", "SALib", "ema_workbench", "nashpy", "distributed"),
)


class Commands(UserDict[str, Any]):
    """Commands by name, made of the names of their modules; each is imported when it is asked for.

    In its module a command has its own name: a function, or a Typer that has commands of its own;
    or its name in capitals: a class (see options.Command).
    """

    def __getitem__(self, name: str) -> Any:
        command = self.data[name]
        if isinstance(command, str):
            command = self.data[name] = _command(name, import_module(command))
        return command


def _command(name: str, module: Any) -> Any:
    command = getattr(module, name.capitalize(), None) or getattr(module, name)
    if isinstance(command, typer.Typer):
        return get_command(command)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    callback = as_function(command) if isinstance(command, type) else with_whole_numbers(command)
    single.registered_commands.append(CommandInfo(name=name, cls=TyperCommand, callback=callback))
    return get_command(single)


def as_function(command: type[Any]) -> Callable[..., None]:
    """A command of its own class (see options.Command) as the function that typer calls."""

    signature = inspect.signature(command)
    fields = dict(signature.parameters)
    shown = [fields.pop(name) for name in command.order.split() or tuple(fields)]
    options = {n: f.default for n, f in fields.items() if isinstance(f.default, OptionInfo)}
    not_shown = {name: option.default for name, option in options.items()}

    @ends_well
    def called(**typed: Any) -> None:
        made = command(**not_shown, **typed)
        refuse_any(made.command, made._problems())
        made._act()

    called.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    called.__doc__ = command.__doc__
    return with_whole_numbers(called)


def with_whole_numbers(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same command, its options that take whole numbers reading them by `whole_number`."""
    for parameter in inspect.signature(command).parameters.values():
        annotation = parameter.annotation
        kind = getattr(annotation, "__origin__", annotation)  # of Annotated
        if not {kind, *get_args(kind)} - {NoneType, int, int | None}:
            for note in (parameter.default, *getattr(annotation, "__metadata__", ())):
                if isinstance(note, OptionInfo):
                    note.parser = whole_number
    return command


def whole_number(given: str | int) -> int:
    """The whole number that was typed. Raises typer.BadParameter for what is none."""
    number = read_whole(given) if isinstance(given, str) else as_whole(given)
    if number is None:
        allowed = "a whole number, as 10000, 10_000 or 1e4"
        raise typer.BadParameter(f"{quoted(given)}; allowed: {allowed}")
    return number


class Detente(TyperGroup):
    """All commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(COMMANDS)

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Reads the options of the group; see `invoke`."""
        with _interruptible():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command typed; what is interrupted while it is imported ends as ever."""
        with _interruptible(), _missing_explained():
            return super().invoke(ctx)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ends a command that Ctrl-C came to in the one way."""
    try:
        yield
    except KeyboardInterrupt:
        stop(NOTHING_KEPT, INTERRUPTED)


@contextmanager
def _missing_explained() -> Iterator[None]:
    """Says of an argument that was not typed what it is, as `--help` does."""
    try:
        yield
    except typer.BadParameter as problem:
        parameter = problem.param
        if parameter is not None and not problem.message:  # typer names the missing one, no more
            problem.message = getattr(parameter, "help", None) or ""
            problem.param_hint = f"'{(parameter.name or '').upper()}'"
        raise


app = typer.Typer(
    name="detente",
    cls=Detente,
    help="How often a US-China truce holds, how it breaks, and why.",
    epilog="Exit codes: 0 done, 2 bad input, 1 anything else (as a full disk), 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def print_version(asked_for: bool) -> None:
    """Prints the version and ends, if asked."""
    if asked_for:
        from sim.version import __version__

        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
@ends_well
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
    extension: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE.py",
            help="Python code of your own that registers policies, outcomes, sensors, pictures; "
            "repeat for more.",
        ),
    ] = None,
) -> None:
    """How often a US-China truce holds, how it breaks, and why."""
    from sim.extensions import load, load_installed

    load_installed()
    for file in extension or ():
        load(file)


@ends_well
def version(
    everything: Annotated[
        bool, typer.Option("--all", help="What a bug report needs: code, machine, libraries.")
    ] = False,
) -> None:
    """Print the version; with --all also the code's hash, the machine and the libraries."""
    from sim.version import __version__

    typer.echo(f"detente {__version__}")
    if everything:
        for name, value in facts():
            typer.echo(f"{name:<14} {value}")


def facts() -> Iterator[tuple[str, str]]:
    """What a bug report needs, a name and a value each; nothing that tells who or where."""
    import platform
    from importlib import metadata

    from sim.engines import host
    from sim.studies.plan import code_hash
    from sim.world.caching import is_cached

    yield "code", code_hash()
    yield "python", f"{platform.python_implementation()} {platform.python_version()}"
    yield "system", f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield "cores", str(cores())
    instead = "the module stands in" if host.is_usable() else "nothing stands in"
    yield "kernel", "compiled" if is_cached("block.run_block") else f"not compiled; {instead}"
    for name in LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "not installed"


def plain_warning(message: Warning | str, *_: object, **__: object) -> str:
    """A warning as a line for the user: without the file and the line of code that gave it."""
    return f"warning: {message}\n"


def open_what_is_closed() -> None:
    """Gives a stream that was closed (`>&-`) the null device: its number must not be a file's."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w")


def main() -> None:
    """Runs the command line and exits: 0 ok, 2 bad input, 1 anything else, 130 interrupted."""
    # Threads of the linear algebra only get in each other's way here: its vectors are short, and
    # the runs have threads of their own. To be set before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # No plugin of pydantic's is used here, and to look for one reads what all packages declare.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    warnings.formatwarning = plain_warning
    open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        print_plainly(stream)
    try:
        app()
    except KeyboardInterrupt:
        say(NOTHING_KEPT)
        sys.exit(INTERRUPTED)
    except OSError as error:  # of what is printed before a command begins, as its help
        say(f"error: {error}")
        sys.exit(ANYTHING_ELSE)
