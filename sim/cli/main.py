"""The command line: `detente`, or `python -m sim`. Each command is a file of this folder."""

import os
import sys
from typing import Annotated

import typer

from sim.cli import analyze, check, compare, explain, export, new, plot, run, show, sweep
from sim.cli.failure import INTERRUPTED, say
from sim.cli.games import games

app = typer.Typer(
    name="detente",
    help="How often a US-China truce holds, how it breaks, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("compare")(compare.compare)
app.command("sweep")(sweep.sweep)
app.command("analyze")(analyze.analyze)
app.command("explain")(explain.explain)
app.add_typer(games, name="games")
app.command("plot")(plot.plot)
app.command("show")(show.show)
app.command("new")(new.new)
app.command("export")(export.export)


def print_version(wanted: bool) -> None:
    """Prints the version and ends, if asked."""
    if wanted:
        from sim.version import __version__

        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """How often a US-China truce holds, how it breaks, and why."""


def main() -> None:
    """Runs the command line and exits: 0 ok, 2 bad input, 1 anything else, 130 interrupted."""
    # Threads of the linear algebra only get in each other's way here: its vectors are short, and
    # the runs have threads of their own. To be set before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except KeyboardInterrupt:
        say("interrupted; nothing was kept")
        sys.exit(INTERRUPTED)
