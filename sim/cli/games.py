"""`detente games SCENARIO ...`: the game above the runs; `classify` says which game it is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from sim.cli import checks
from sim.cli.complete import game_names
from sim.cli.failure import problem, refuse, say, warn_of
from sim.cli.finding import load
from sim.cli.games_response import Response
from sim.cli.games_tournament import Equilibria, Replicator, Tournament
from sim.cli.lazy import as_function
from sim.cli.options import Changes, Command, flag, option
from sim.cli.telling import draw_beside, tell, waiting
from sim.errors import Problem, nearest
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.games.classify import Classification
    from sim.scenario import Scenario

COMMAND = "detente games"
EXAMPLE = "geneva-2025"
HELP = "--help"
EVERYTHING = "everything"
MOST_YEARS = 50


class Subcommands(TyperGroup):
    """Subcommands that share the scenario before them; says what is missing or misspelt."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Takes the scenario before or after the subcommand; refuses the one without the other."""
        if len(args) > 1 and args[1] == HELP and args[0] not in self.commands:
            args = [HELP]
        elif args and args[0] in self.commands:
            args = scenario_first(self.commands[args[0]], args)
        if args and not ctx.resilient_parsing:
            if args[0] in self.commands:
                _wrong("SCENARIO", f"nothing before {args[0]}", f"{COMMAND} {EXAMPLE} {args[0]}")
            if len(args) == 1 and not args[0].startswith("-"):
                _wrong("COMMAND", f"nothing after {args[0]}", ", ".join(self.commands))
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Refuses a subcommand there is not, with the nearest one there is."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            near = nearest(args[0], tuple(self.commands))
            _wrong("COMMAND", args[0], ", ".join(self.commands), near)
        return super().resolve_command(ctx, args)


def _wrong(place: str, found: str, allowed: str, near: str | None = None) -> NoReturn:
    refuse(Problem(COMMAND, None, place, found, allowed, near))


def scenario_first(command: Any, args: list[str]) -> list[str]:
    """The same words with the scenario, if there is one, before the subcommand `args[0]`.

    For its help no scenario is needed.
    """
    if HELP in args:
        return [EXAMPLE, args[0], HELP]
    valued = {opt for option in command.params if not option.is_flag for opt in option.opts}
    waiting = False
    for place, word in enumerate(args[1:], start=1):
        if not waiting and not word.startswith("-"):
            return [word, *args[:place], *args[place + 1 :]]
        waiting = not waiting and word in valued
    return args


games = typer.Typer(
    cls=Subcommands,
    help="The game above the runs: policies against each other, their equilibria, "
    "the best response to one, and what game it is.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@games.callback()
def scenario_of_the_games(
    ctx: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario file, or the name of one; or an experiment that is a tournament.",
            autocompletion=game_names,
        ),
    ],
) -> None:
    """The game above the runs: policies against each other, equilibria, best responses."""
    ctx.obj = scenario


@dataclass
class Classify(Command):
    """What game is this? The payoffs of good and bad conduct held for a year, and its name."""

    ctx: typer.Context
    bad: str = option(
        "RUNG|everything",
        "How bad bad conduct is: levers are pulled, best scored first, to this rung.",
        "5",
    )
    years: int = option("N", "For how many years on the game is given.", 5)
    changes: Changes = None
    plot: Path | None = option("FILE", "Draw it by year: a png, svg or pdf.")
    json: bool = flag("--json", "Print it as JSON.")

    command = COMMAND

    @property
    def rung(self) -> float:
        """The rung meant; nan if the text is none."""
        try:
            return math.inf if self.bad == EVERYTHING else float(self.bad)
        except ValueError:
            return math.nan

    def _problems(self) -> Iterator[Problem]:
        if not self.rung > 0:
            yield problem("--bad", self.bad, f"a rung above 0, as 5, or {EVERYTHING}")
        yield from checks.within("--years", self.years, 0, MOST_YEARS)
        if self.plot is not None:
            yield from checks.among("--plot", (self.plot.suffix.removeprefix("."),), FORMATS)
            yield from checks.writable(self.plot.parent, "--plot")

    def _act(self) -> None:
        scenario = load(self.ctx.obj, self.changes)
        warn_of(scenario)
        classified = self._classified(scenario)
        from sim.games.pages import classification_report

        tell(classification_report(classified), self.json)
        if self.plot is not None:
            from sim.plots.games import game

            draw_beside(self.plot, (self.plot.stem, partial(game, classified)), done="wrote")

    def _classified(self, scenario: "Scenario") -> "Classification":
        """The classification, with a count of the parameters turned on a terminal."""
        from sim.engines import frozen_conduct
        from sim.games.classify import classify

        if frozen_conduct.needs_compiling():
            say("compiling the year of frozen conduct, once (some seconds) ...")
        with waiting("looking for borders ...") as status:

            def progress(done: int, of: int) -> None:
                if status is not None:
                    status.update(f"looking for borders: {done} of {of} parameters")

            return classify(scenario, self.rung, self.years, progress)


for subcommand in (Tournament, Equilibria, Replicator, Response, Classify):
    games.command(subcommand.__name__.lower())(as_function(subcommand))
