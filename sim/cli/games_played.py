"""What the games above the runs have in common: options, and a tournament that is played."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sim.cli import checks
from sim.cli.complete import sided_policies
from sim.cli.failure import BAD_INPUT, problem, say, stop, warn_of
from sim.cli.finding import EXPERIMENT, kind_of, load
from sim.cli.options import FolderCommand, changes_of, option
from sim.cli.sweep import checked
from sim.cli.sweep import play as play_study
from sim.cli.telling import bar
from sim.errors import ExperimentError, Problem
from sim.games.sizes import FEWEST_RESAMPLES, MOST_RESAMPLES, RESAMPLES, UTILITIES
from sim.numbers import DEFAULT_SEED, MOST_RUNS
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import OWN_OUTCOMES

if TYPE_CHECKING:
    from sim.games.analysis import Analysis
    from sim.games.tournament import PlayedTournament
    from sim.studies.experiment import Experiment

DEFAULT_RUNS = 2_000
FEWEST_RUNS = 2  # of one run there is no spread
#: How a tournament that was interrupted goes on.
AGAIN = "the same command continues"


@dataclass(kw_only=True)
class Meeting(FolderCommand):
    """A command about policies that meet in a scenario, which stands before its name."""

    ctx: typer.Context
    policies: Path | None = option(
        "FILE",
        "A TOML file of policies of your own, by label: [us], [cn] or [both], "
        "or by the ids of the scenario's sides.",
    )
    changes: Annotated[list[str] | None, changes_of(" of the scenario")] = None

    @property
    def command(self) -> str:
        """What messages call it."""
        return f"detente games {self.ctx.obj} {type(self).__name__.lower()}"


@dataclass(kw_only=True)
class Played(Meeting):
    """A command about a tournament, which is played, or taken from its folder if it was before."""

    us: str | None = option(
        "A,B,...",
        "Policies of the first side (us), by label. Default: the library and the scenario's.",
        None,
        "--us",
        "--first",
        autocompletion=sided_policies,
    )
    cn: str | None = option(
        "A,B,...",
        "Policies of the second side (cn), by label. Default: as for --us.",
        None,
        "--cn",
        "--second",
        autocompletion=sided_policies,
    )
    runs: int | None = option("N", "How many runs of each pair. Default: 2000.")
    seed: int | None = option("S", "The seed of the random numbers, 0 to 2^64 - 1. Default: 2025.")
    utility: str = option(
        "NAME",
        f"What both want: payoff, harm (as little as possible), {', '.join(UTILITIES[2:])}; "
        "or one for each side, as us=NAME,cn=NAME.",
        "payoff",
    )
    resamples: int = option("B", "Bootstrap resamples of the runs, for the intervals.", RESAMPLES)

    @property
    def wants(self) -> dict[str, str]:
        """What each side wants, by its id, unchecked; "" where both want the same."""
        each = "=" in self.utility
        return dict((p if each else f"={p}").partition("=")[::2] for p in self.utility.split(","))

    def utilities(self, sides: Sides) -> tuple[str, str]:
        """What each side wants. Raises UnsolvedError where other sides are named."""
        wants = self.wants
        if "" in wants:
            return self.utility, self.utility
        if {*wants} != {*sides.ids}:
            from sim.games.bimatrix import UnsolvedError

            allowed = "one NAME, or " + ",".join(f"{side}=NAME" for side in sides.ids)
            raise UnsolvedError("--utility", self.utility, allowed)
        first, second = (wants[side] for side in sides.ids)
        return first, second

    def _problems(self) -> Iterator[Problem]:
        yield from checks.within("--runs", self.runs, FEWEST_RUNS, MOST_RUNS)
        yield from checks.seed(self.seed)
        yield from checks.within("--resamples", self.resamples, FEWEST_RESAMPLES, MOST_RESAMPLES)
        yield from checks.threads(self.threads)
        wants = self.wants
        if "" not in wants and len(wants) != len(DEFAULT):
            allowed = "one NAME, or one for each side, as us=NAME,cn=NAME"
            yield problem("--utility", self.utility, allowed)
        else:
            known = (*UTILITIES, *OWN_OUTCOMES.added)
            yield from checks.among("--utility", tuple(dict.fromkeys(wants.values())), known)
        yield from checks.formats(self.formats)
        yield from checks.writable(self.out)

    def _experiment(self) -> "Experiment":
        """The tournament asked for, as an experiment. Raises DetenteError for what is wrong."""
        if kind_of(self.ctx.obj) == EXPERIMENT:
            return self._of_file()
        from sim.games.lineup import choose
        from sim.games.tournament import tournament

        world = load(self.ctx.obj, self.changes)
        chosen = {
            side: None if text is None else [label.strip() for label in text.split(",")]
            for side, text in zip(world.sides.ids, (self.us, self.cn), strict=True)
        }
        lineup = choose(world, chosen, self.policies)
        runs = DEFAULT_RUNS if self.runs is None else self.runs
        return tournament(world, lineup, runs, DEFAULT_SEED if self.seed is None else self.seed)

    def _of_file(self) -> "Experiment":
        from sim.games.tournament import as_tournament
        from sim.studies.reading import read_experiment

        names = ("us", "cn", "policies", "changes", "runs", "seed")
        typed = [name for name in names if getattr(self, name) not in (None, [])]
        if typed:
            allowed = "with a scenario; an experiment file says it itself"
            options = ("--set" if name == "changes" else f"--{name}" for name in typed)
            wrong = (problem(each, "with an experiment", allowed) for each in options)
            raise ExperimentError([replace(each, file=self.command) for each in wrong])
        return as_tournament(read_experiment(self.ctx.obj))

    def play(self) -> "PlayedTournament":
        """The tournament, played as far as it was not before. Ends the command for bad input."""
        from sim.games.tournament import PlayedTournament, check_size, read_played
        from sim.studies.plan import plan_table
        from sim.studies.store import StudyFolder
        from sim.studies.study import load_study

        experiment = self._experiment()
        world = experiment.worlds[experiment.base]
        check_size(experiment)
        self.utilities(world.sides)  # before anything is played
        folder = StudyFolder(self.out, experiment.name, plan_table(experiment), AGAIN)
        folder.check()
        warn_of(world)
        if folder.finished:
            folder.tidy()
            say(f"already played: the runs are in {folder.path}/")
        else:
            points = checked(experiment)
            if folder.begun:
                say(f"continuing what was begun in {folder.path}/")
            play_study(experiment, points, folder, self.threads, what="pairs", again=AGAIN)
        return PlayedTournament(
            experiment, read_played(experiment, load_study(folder.path)), folder.path
        )

    def analysed(self, game: "PlayedTournament") -> "Analysis":
        """The empirical game, solved; with a bar on a terminal."""
        from sim.games.analysis import analyse
        from sim.games.bimatrix import UnsolvedError

        try:
            with bar("StepProgress", "finding all equilibria") as progress:
                return analyse(
                    game.played,
                    self.utilities(game.world.sides),
                    game.own,
                    self.resamples,
                    game.experiment.seed,
                    progress and partial(progress, "resampling equilibria"),
                )
        except UnsolvedError as error:
            unsolved(game, error, BAD_INPUT)  # a utility that these runs do not tell apart


def unsolved(game: "PlayedTournament", error: Exception, code: int) -> NoReturn:
    """Ends the command: the game was played, and its runs are kept, but it could not be solved."""
    stop(f"{error}\nthe runs are kept in {game.folder}/", code)
