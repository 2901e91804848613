"""`detente games SCENARIO ...`: the game above the runs. Each subcommand is a file of its own."""

from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from sim.cli import (
    games_classify,
    games_equilibria,
    games_replicator,
    games_response,
    games_tournament,
)
from sim.cli.complete import game_names
from sim.cli.failure import refuse
from sim.errors import Problem, nearest

COMMAND = "detente games"
EXAMPLE = "geneva-2025"
HELP = "--help"


class Games(TyperGroup):
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
    waiting = False
    for place, word in enumerate(args[1:], start=1):
        if not waiting and not word.startswith("-"):
            return [word, *args[:place], *args[place + 1 :]]
        waiting = not waiting and "=" not in word and _takes_value(command, word)
    return args


def _takes_value(command: Any, option: str) -> bool:
    """Whether the word after an option is its value."""
    return any(option in parameter.opts and not parameter.is_flag for parameter in command.params)


games = typer.Typer(
    cls=Games,
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


games.command("tournament")(games_tournament.tournament)
games.command("equilibria")(games_equilibria.equilibria)
games.command("replicator")(games_replicator.replicator)
games.command("response")(games_response.response)
games.command("classify")(games_classify.classify)
