"""`detente play`: a chair at the table, week by week, in the terminal."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import ends_well, refuse_any, say, stop, warn_of
from sim.cli.options import MaybeScenarioName, Seed
from sim.cli.run_options import among, problem, wrong_seed
from sim.cli.signals import INTERRUPTED
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.scenario.sides import BOTH

if TYPE_CHECKING:
    from sim.play import Game

COMMAND = "detente play"


@ends_well
def play(
    scenario: MaybeScenarioName = None,
    side: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="us|cn|both",
            help="Your chair, a side of the scenario (default: its first); both: two people.",
        ),
    ] = None,
    seed: Seed = DEFAULT_SEED,
    adviser: Annotated[
        bool, typer.Option("--adviser/--no-adviser", help="Whether `?` asks for the odds.")
    ] = True,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the game in this new file; default: one here."),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Go on with the game of this file.")
    ] = None,
) -> None:
    """Sit in a chair: see what your side sees, move its levers, ask the odds, look back at the end.

    The game is saved after every week, so that nothing is lost by Ctrl-C or a closed terminal.
    """
    refuse_any(COMMAND, _problems(scenario, seed, save, resume))
    game, file = _opened(scenario, side, seed, save, resume)
    _at_table(game, file, adviser)


def _problems(
    scenario: str | None, seed: int, save: Path | None, resume: Path | None
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    yield from wrong_seed(seed)
    if (scenario is None) == (resume is None):
        which = "neither" if scenario is None else "both"
        yield problem("SCENARIO", which, "a scenario, or --resume with a saved game")
    if save is not None and resume is not None:
        yield problem("--save", save, "no --save with --resume: the game stays in its file")
    if save is not None and save.exists():
        allowed = f"a new file (to go on with that game: {COMMAND} --resume {save})"
        yield problem("--save", f"{save}, which exists", allowed)
    elif save is not None and not save.absolute().parent.is_dir():
        yield problem("--save", save, "a file in a folder that exists")


def _opened(
    scenario: str | None, side: str | None, seed: int, save: Path | None, resume: Path | None
) -> tuple["Game", Path]:
    """The game, ready to be played without a wait, and the file that keeps it."""
    from sim.play import Game
    from sim.scenario import Scenario

    if resume is not None:
        _compile()
        return Game.load(resume), resume
    world = Scenario.load(scenario or "")
    if side is not None:
        refuse_any(COMMAND, among("--as", (side,), (*world.sides.ids, BOTH)))
    warn_of(world)
    _compile()
    game = Game(world, seed, side)
    file = save or _new_file(world.name)
    game.save(file)
    return game, file


def _compile() -> None:
    """Compiles what a week and the adviser need, if it is not there yet, so that no move waits."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import BLOCK, WEEK

    compile_first(BLOCK, WEEK)


def _new_file(name: str) -> Path:
    """A name here that no file has yet."""
    stem = f"game-{name}"
    number = 1
    while (path := Path(f"{stem}-{number}.toml")).exists():
        number += 1
    return path


def _at_table(game: "Game", file: Path, adviser: bool) -> None:
    """The game to its end, or to where the player leaves it; it is kept either way."""
    from sim.cli.play_table import Table

    say(f"this game is kept in {file}, after every week")
    try:
        Table(game, file, adviser).play()
    except KeyboardInterrupt:
        stop(f"\ninterrupted; {_saved_text(game, file)}", INTERRUPTED)
    if not game.over:
        say(_saved_text(game, file))


def _saved_text(game: "Game", file: Path) -> str:
    where = f"week {game.week} of {game.weeks}"
    return f"the game is kept at {where}; go on with it: {COMMAND} --resume {file}"
