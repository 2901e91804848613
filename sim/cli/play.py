"""`detente play`: a chair at the table, week by week, in the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from typer import Option

from sim.cli import checks
from sim.cli.failure import problem, refuse_any, say, stop, warn_of
from sim.cli.options import Command, MaybeScenarioName, Seed, option
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import compile_first
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.scenario.sides import BOTH

if TYPE_CHECKING:
    from sim.play import Game


@dataclass
class Play(Command):
    """Sit in a chair: see what your side sees, move its levers, ask the odds, look back at the end.

    The game is saved after every week, so that nothing is lost by Ctrl-C or a closed terminal.
    """

    scenario: MaybeScenarioName = None
    side: str | None = option(
        "us|cn|both",
        "Your chair, a side of the scenario (default: its first); both: two people.",
        None,
        "--as",
    )
    seed: Seed = DEFAULT_SEED
    adviser: bool = Option(True, "--adviser/--no-adviser", help="Whether `?` asks for the odds.")
    save: Path | None = option("FILE", "Keep the game in this new file; default: one here.")
    resume: Path | None = option("FILE", "Go on with the game of this file.")

    def _problems(self) -> Iterator[Problem]:
        save = self.save
        yield from checks.seed(self.seed)
        if (self.scenario is None) == (self.resume is None):
            which = "neither" if self.scenario is None else "both"
            yield problem("SCENARIO", which, "a scenario, or --resume with a saved game")
        if save is not None and self.resume is not None:
            yield problem("--save", save, "no --save with --resume: the game stays in its file")
        if save is not None and save.exists():
            allowed = f"a new file (to go on with that game: {self.command} --resume {save})"
            yield problem("--save", f"{save}, which exists", allowed)
        elif save is not None and not save.absolute().parent.is_dir():
            yield problem("--save", save, "a file in a folder that exists")

    def _act(self) -> None:
        from sim.cli.play_table import Table

        game, file = self._opened()
        say(f"this game is kept in {file}, after every week")
        where = f"go on with it: {self.command} --resume {file}"
        try:
            Table(game, file, self.adviser).play()
        except KeyboardInterrupt:
            stop(f"\ninterrupted; {_kept(game)}; {where}", INTERRUPTED)
        if not game.over:
            say(f"{_kept(game)}; {where}")

    def _opened(self) -> "tuple[Game, Path]":
        """The game, ready to be played without a wait, and the file that keeps it."""
        from sim.play import Game
        from sim.scenario import Scenario

        if self.resume is not None:
            _compile()
            return Game.load(self.resume), self.resume
        world = Scenario.load(self.scenario or "")
        if self.side is not None:
            refuse_any(self.command, checks.among("--as", (self.side,), (*world.sides.ids, BOTH)))
        warn_of(world)
        _compile()
        game = Game(world, self.seed, self.side)
        names = (Path(f"game-{world.name}-{number}.toml") for number in count(1))
        file = self.save or next(name for name in names if not name.exists())
        game.save(file)
        return game, file


def _compile() -> None:
    """Compiles what a week and the adviser need, if it is not there yet, so that no move waits."""
    from sim.engines.compiling import BLOCK, WEEK

    compile_first(BLOCK, WEEK)


def _kept(game: "Game") -> str:
    return f"the game is kept at week {game.week} of {game.weeks}"
