"""`detente games SCENARIO ...`: the game above the runs.

`classify` says which game it is, `response` finds the best answer to the other side's policy.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from sim.cli import checks
from sim.cli.complete import game_names, sided_policies
from sim.cli.failure import problem, refuse, refuse_any, say, stop, warn_of
from sim.cli.finding import load
from sim.cli.games_played import Meeting
from sim.cli.games_tournament import Equilibria, Replicator, Tournament
from sim.cli.main import as_function
from sim.cli.options import Changes, Command, flag, forms, option, typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import bar, compile_first, draw_beside, tell, tell_written, waiting
from sim.errors import Problem, nearest
from sim.games.sizes import FIRST_RUNS, MOST_STATES, UTILITIES
from sim.numbers import DEFAULT_SEED, MOST_RUNS, MOST_SEEDS
from sim.report.pictures import FORMATS, RESPONSE, draw, write_pictures

if TYPE_CHECKING:
    from sim.games.best_response import Response as Found
    from sim.games.classify import Classification
    from sim.games.lineup import Policies
    from sim.games.responding import Question
    from sim.scenario import Scenario

COMMAND = "detente games"
EXAMPLE = "geneva-2025"
HELP = "--help"
EVERYTHING = "everything"
MOST_YEARS = 50
DEFAULT_RUNS = 10_000


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


@dataclass(kw_only=True)
class Response(Meeting):
    """Find the best answer to the other side's policy, and what named policies lack of it."""

    side: str | None = option("us|cn", "Whose best response; default: the first side's.")
    against: str | None = option(
        "LABEL",
        "The other side's policy: of the library, or of --policies. Default: as shipped.",
        autocompletion=sided_policies,
    )
    utility: str = option("NAME", "What this side wants: " + ", ".join(UTILITIES), "payoff")
    forever: bool = flag("--forever", "Exact games: payoffs of all weeks to come.")
    states: int = option("S", "Search every signal-only machine of 1 to S states.", MOST_STATES)
    runs: int = option("N", "Runs of the last choice, and of the report.", DEFAULT_RUNS)
    seed: int = option("S", "The seed of the choice; the report has the next.", DEFAULT_SEED)

    order = (
        "ctx side against policies changes utility forever states runs seed "
        "out json formats no_pictures threads"
    )

    def _problems(self) -> Iterator[Problem]:
        yield from checks.among("--utility", (self.utility,), UTILITIES)
        yield from checks.within("--states", self.states, 1, MOST_STATES)
        yield from checks.within("--runs", self.runs, FIRST_RUNS, MOST_RUNS)
        yield from checks.within("--seed", self.seed, 0, MOST_SEEDS - 2)
        yield from checks.threads(self.threads)
        yield from checks.formats(self.formats)
        yield from checks.writable(self.out)

    def _act(self) -> None:
        from sim.games.response import response_report, write_response

        best = self._best(self._question())
        folder = write_response(best, self.runs, self.out, typed_command())
        if not self.no_pictures:
            drawing = "gaps", partial(draw, RESPONSE, "gaps", best)
            write_pictures(folder / "figures", [drawing], forms(self.formats))
        note = " (machine.toml can be pasted into a scenario)"
        tell_written(response_report(best), self.json, folder, note)

    def _question(self) -> "Question":
        """What is asked, with the policy to answer in its seat. Raises DetenteError."""
        from sim.games.lineup import read_policies, standard
        from sim.games.responding import Question
        from sim.scenario.compile_actors import machine_of

        world = load(self.ctx.obj, self.changes)
        ids = world.sides.ids
        side = ids[0] if self.side is None else self.side
        refuse_any(self.command, checks.among("--side", (side,), ids))
        from_file: dict[str, Policies] = {who: {} for who in ids}
        if self.policies is not None:
            from_file = read_policies(self.policies, ids)
        other = world.sides.other(side).id
        seat, label = self._answered(world, other, {**standard(world), **from_file[other]})
        machines = {**standard(world), **from_file[side]}
        return Question(
            seat,
            side,
            {name: machine_of(world.spec, side, table) for name, table in machines.items()},
            self.utility,
            self.forever,
            self.states,
            label,
        )

    def _answered(self, world: "Scenario", other: str, known: "Policies") -> "tuple[Scenario, str]":
        """The scenario with the policy to answer, and what it is called."""
        from sim.games.lineup import own_label

        against = self.against
        if against is None:
            return world, own_label(world, other, known) or "as shipped"
        if against not in known:
            self.refuse("--against", against, ", ".join(known), nearest(against, known))
        return world.override({f"actors.{other}.policy": known[against]}, "--against"), against

    def _best(self, question: "Question") -> "Found":
        """The best response; on Ctrl-C ends the command with the best so far."""
        from sim.engines.compiling import BLOCK
        from sim.games.best_response import best_response
        from sim.games.searches import Watcher
        from sim.policies.machine import sentences

        warn_of(question.scenario)
        compile_first(BLOCK)
        with bar("StepProgress", "") as shown:
            watcher = Watcher(shown)
            try:
                return best_response(question, self.runs, self.seed, watcher, self.threads)
            except KeyboardInterrupt:
                best = watcher.leader
                best_text = "none yet" if best is None else " ".join(sentences(best))
                stop(f"interrupted; nothing is written; best so far: {best_text}", INTERRUPTED)


for subcommand in (Tournament, Equilibria, Replicator, Response, Classify):
    games.command(subcommand.__name__.lower())(as_function(subcommand))
