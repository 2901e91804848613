"""The command line: `detente`, or `python -m sim`.

Each command is in a file of this folder, named in `COMMANDS` and imported when it is typed.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import ANYTHING_ELSE, ends_well, say
from sim.cli.lazy import LazyGroup
from sim.cli.signals import INTERRUPTED, NOTHING_KEPT
from sim.cli.telling import print_plainly

#: Commands that live in a module of another name.
HOMES = {
    **dict.fromkeys(("check", "new", "record"), "files"),
    **dict.fromkeys(("report", "export", "reproduce"), "folders"),
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


class Detente(LazyGroup):
    """All commands."""

    modules = COMMANDS


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
            help="Python code of your own that registers policies and more; repeat for more.",
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
    yield "cores", str(os.cpu_count())
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
