"""A tournament played, or taken from its folder if it was played before."""

from functools import partial
from typing import TYPE_CHECKING, NoReturn

from sim.cli.failure import BAD_INPUT, refuse_any, say, stop, warn_of
from sim.cli.games_options import Options
from sim.cli.options import typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.sweep import checked, compile_if_long
from sim.cli.telling import bar

if TYPE_CHECKING:
    from sim.games.analysis import Analysis
    from sim.games.tournament import Game
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment
    from sim.studies.store import StudyFolder

#: How a tournament that was interrupted goes on.
AGAIN = "the same command continues"


def play(options: Options) -> "Game":
    """The tournament, played as far as it was not before. Ends the command for bad input."""
    refuse_any(options.command, options.problems())
    from sim.games.tournament import Game, check_size, read_played
    from sim.studies.plan import plan_table
    from sim.studies.store import StudyFolder
    from sim.studies.study import load_study

    experiment = options.experiment()
    check_size(experiment)
    options.utilities(experiment.worlds[experiment.base].sides)  # before anything is played
    folder = StudyFolder(options.out, experiment.name, plan_table(experiment), AGAIN)
    folder.check()
    warn_of(experiment.worlds[experiment.base])
    if folder.finished:
        folder.tidy()
        say(f"already played: the runs are in {folder.path}/")
    else:
        _run(experiment, checked(experiment), folder, options.threads)
    return Game(experiment, read_played(experiment, load_study(folder.path)), folder.path)


def _run(
    experiment: "Experiment", points: "list[Point]", folder: "StudyFolder", threads: int | None
) -> None:
    """Plays what is missing; on Ctrl-C ends the command with what was kept."""
    from sim.studies.runner import StudyInterrupted, run_study

    if folder.begun:
        say(f"continuing what was begun in {folder.path}/")
    command = typed_command()
    compile_if_long(experiment)
    try:
        with bar("SweepProgress", len(points)) as progress:
            run_study(experiment, points, folder, threads, progress, command)
    except StudyInterrupted as stopped:
        how_many = f"{stopped.done:,} of {stopped.points:,} pairs are kept in {folder.path}/"
        stop(f"interrupted; {how_many}; {AGAIN}", INTERRUPTED)


def analysed(game: "Game", options: Options) -> "Analysis":
    """The empirical game, solved; with a bar on a terminal."""
    from sim.games.analysis import analyse
    from sim.games.bimatrix import GameError

    try:
        with bar("StepProgress", "finding all equilibria") as progress:
            return analyse(
                game.played,
                options.utilities(game.world.sides),
                game.own,
                options.resamples,
                game.experiment.seed,
                progress and partial(progress, "resampling equilibria"),
            )
    except GameError as problem:
        unsolved(game, problem, BAD_INPUT)  # a utility that these runs do not tell apart


def unsolved(game: "Game", problem: Exception, code: int) -> NoReturn:
    """Ends the command: the game was played, and its runs are kept, but it could not be solved."""
    stop(f"{problem}\nthe runs are kept in {game.folder}/", code)
