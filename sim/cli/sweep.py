"""`detente sweep`: run an experiment, point by point, safe to interrupt at any moment."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import experiment_names
from sim.cli.failure import ends_well, refuse, refuse_any, say, stop
from sim.cli.options import Cluster, Json, Out, Threads, Workers, typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.sweep_options import COMMAND, SweepOptions
from sim.cli.telling import bar
from sim.errors import ExperimentError, Problem
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment
    from sim.studies.store import StudyFolder

QUIET_POINTS = 500  # fewer are checked before one would look at a bar


@ends_well
def sweep(
    experiment: Annotated[
        str,
        typer.Argument(
            help="An experiment file, or the name of one.", autocompletion=experiment_names
        ),
    ],
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue what was interrupted or killed.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every point, print size and cost, and stop.")
    ] = False,
    until: Annotated[
        float | None,
        typer.Option(
            metavar="HALFWIDTH",
            help="Add runs until each headline is known to ± this.",
        ),
    ] = None,
    out: Out = RESULTS,
    json: Json = False,
    yes: Annotated[bool, typer.Option("--yes", help="Run a very large design too.")] = False,
    threads: Threads = None,
    workers: Workers = None,
    part: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Play only the I-th of N parts, for `detente merge` to put together.",
        ),
    ] = None,
    cluster: Cluster = None,
) -> None:
    """Run an experiment: one world, some values varied, with common random numbers."""
    options = SweepOptions(resume, dry_run, out, json, yes, threads, until, workers, cluster, part)
    refuse_any(COMMAND, options.problems())
    _sweep(experiment, options)


def _sweep(experiment: str, options: SweepOptions) -> None:
    """Checks, plans and runs an experiment, as far as it was not run before."""
    from sim.cli.plot_study import draw_fitting, draw_missing
    from sim.cli.sweep_report import report, report_part, say_plan
    from sim.studies.plan import check_size, cost

    study = options.study(load_experiment(experiment))
    check_size(study, options.yes or options.dry_run)
    refuse_any(COMMAND, options.fits(study))
    folder = options.folder(study)
    folder.check()
    tell = report if options.portion is None else report_part
    if folder.finished:
        folder.tidy()
        say(f"already run: nothing to do, the tables are in {folder.path}/")
        tell(folder, options.json)
        if options.portion is None and not options.dry_run:
            draw_missing(folder.path)
        return
    if not options.dry_run:
        refuse_to_mix(folder, options.resume)
    points = checked(study)
    span = folder.span(len(points))
    say_plan(
        study,
        cost(study, points[span.start : span.stop], options.hands),
        options.dry_run,
        options.json,
    )
    if not options.dry_run:
        run(study, points, folder, options)
        tell(folder, options.json)
        if options.portion is None:
            draw_fitting(folder.path)


def load_experiment(name: str) -> "Experiment":
    """The experiment of a name; its error says if the name is that of something else."""
    from sim.cli.kinds import EXPERIMENT, misplaced
    from sim.studies.reading import read_experiment

    try:
        return read_experiment(name)
    except ExperimentError:
        other = misplaced(name, EXPERIMENT)
        if other is None:
            raise
        refuse(other)


def refuse_to_mix(folder: "StudyFolder", resume: bool) -> None:
    """Ends the command if what is there already is not what should be continued."""
    if resume:
        folder.refuse_others()
        if not folder.begun:
            say("nothing to continue: beginning anew")
    elif folder.begun:
        allowed = "--resume to continue it, or another --out"
        refuse(Problem(COMMAND, None, "", f"{folder.path} is there, unfinished", allowed))


def checked(study: "Experiment") -> "list[Point]":
    """All points, checked; with a bar on a terminal if that takes a while."""
    from sim.studies.plan import check_points

    if study.size < QUIET_POINTS:
        return check_points(study)
    with bar("Bar", "checking", study.size, "points") as progress:
        return check_points(study, progress)


def run(
    study: "Experiment", points: "list[Point]", folder: "StudyFolder", options: SweepOptions
) -> None:
    """Runs what is missing; on Ctrl-C ends the command with what was kept."""
    from sim.studies.runner import StudyInterrupted, run_study

    command = typed_command()
    compile_if_long(study)
    try:
        span = folder.span(len(points))
        with options.player(study, points) as player, bar("SweepProgress", len(span)) as progress:
            run_study(study, points, folder, options.threads, progress, command, player)
    except StudyInterrupted as stopped:
        how_many = f"{stopped.done:,} of {stopped.points:,} points are kept in {folder.path}/"
        stop(f"interrupted; {how_many}; --resume continues", INTERRUPTED)


def compile_if_long(study: "Experiment") -> None:
    """Compiles the kernel first for a study that it plays, by its size or what it keeps."""
    from sim.cli.compiling import compile_first
    from sim.engines.batch import needs_compiling
    from sim.engines.compiling import BLOCK
    from sim.studies.tables import RUNS, tables_of

    if needs_compiling(study.run_weeks, RUNS in tables_of(study.keep)):
        compile_first(BLOCK)
