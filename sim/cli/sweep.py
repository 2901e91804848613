"""Experiments: `detente sweep` runs one, point by point, safe to interrupt at any moment;
`detente merge` puts together the parts of one that were played on several machines.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import checks, options
from sim.cli.complete import experiment_names, result_folders
from sim.cli.failure import problem, refuse_any, say, stop
from sim.cli.finding import EXPERIMENT, named
from sim.cli.options import Command, argument, flag, option, typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import bar, compile_first, duration, print_json, tell_written, waiting
from sim.errors import Problem
from sim.store.files import RESULTS, folder_called
from sim.threads import cores

if TYPE_CHECKING:
    from sim.studies.design import Point
    from sim.studies.experiment import Experiment
    from sim.studies.merging import Portion
    from sim.studies.plan import Cost
    from sim.studies.runner import Player
    from sim.studies.store import StudyFolder

QUIET_POINTS = 500  # fewer are checked before one would look at a bar
PARTS_ALLOWED = "I/N, as 2/3 for the second of three parts, with I from 1 to N"


@dataclass
class Sweep(Command):
    """Run an experiment: one world, some values varied, with common random numbers."""

    experiment: str = argument("An experiment file, or the name of one.", experiment_names)
    resume: bool = flag("--resume", "Continue what was interrupted or killed.")
    dry_run: bool = flag("--dry-run", "Check every point, print size and cost, and stop.")
    until: float | None = option("HALFWIDTH", "Add runs until each headline is known to ± this.")
    out: options.Out = RESULTS
    json: options.Json = False
    yes: bool = flag("--yes", "Run a very large design too.")
    threads: options.Threads = None
    workers: options.Workers = None
    part: str | None = option(
        "I/N", "Play only the I-th of N parts, for `detente merge` to put together."
    )
    cluster: options.Cluster = None

    def _problems(self) -> Iterator[Problem]:
        yield from checks.writable(self.out)
        yield from checks.threads(self.threads)
        yield from checks.halfwidth(self.until, "0.01")
        if self.part is not None and self.portion is None:
            yield problem("--part", self.part, PARTS_ALLOWED)
        yield from checks.hands(self.threads, self.workers, self.cluster)

    @property
    def portion(self) -> "Portion | None":
        """The part that is to be played; None for all of the study, or what is no part."""
        from sim.studies.merging import Portion

        return None if self.part is None else Portion.read(self.part)

    def _act(self) -> None:
        from sim.cli.plot import draw_fitting
        from sim.studies.plan import check_size, cost
        from sim.studies.reading import read_experiment

        with named(self.experiment, EXPERIMENT):
            study = read_experiment(self.experiment)
        study = study if self.until is None else replace(study, until=self.until)
        check_size(study, self.yes or self.dry_run)
        refuse_any(self.command, self._unfit(study))
        folder = self._folder(study)
        folder.check()
        finished = folder.finished
        if finished:
            folder.tidy()
            say(f"already run: nothing to do, the tables are in {folder.path}/")
        else:
            if not self.dry_run:
                self._refuse_to_mix(folder)
            points = checked(study)
            span = folder.span(len(points))
            at_a_time = self.threads or self.workers or cores()
            self._say_plan(study, cost(study, points[span.start : span.stop], at_a_time))
            if self.dry_run:
                return
            play(study, points, folder, self.threads, self._player(study, points))
        (told if self.portion is None else told_part)(folder, self.json)
        if self.portion is None and not self.dry_run:
            draw_fitting(folder.path, missing=finished)

    def _unfit(self, study: "Experiment") -> Iterator[Problem]:
        if self.portion is not None and self.portion.of > study.size:
            found = f"{self.part}, of a study of {study.size:,} points"
            allowed = f"I/N with N up to {study.size:,}: a part has a point at least"
            yield problem("--part", found, allowed)

    def _folder(self, study: "Experiment") -> "StudyFolder":
        """Where the study, or its part, is played into."""
        from sim.studies.merging import PortionFolder
        from sim.studies.plan import plan_table
        from sim.studies.store import StudyFolder

        if self.portion is None:
            return StudyFolder(self.out, study.name, plan_table(study))
        return PortionFolder(self.out, study.name, plan_table(study), self.portion)

    def _refuse_to_mix(self, folder: "StudyFolder") -> None:
        """Ends the command if what is there already is not what should be continued."""
        if self.resume:
            folder.refuse_others()
            if not folder.begun:
                say("nothing to continue: beginning anew")
        elif folder.begun:
            allowed = "--resume to continue it, or another --out"
            self.refuse("", f"{folder.path} is there, unfinished", allowed)

    def _say_plan(self, study: "Experiment", cost: "Cost") -> None:
        """Prints size, cost and expected time; to the error stream unless that is all there is."""
        if self.dry_run and self.json:
            print_json({"name": study.name, "runs": study.runs, **vars(cost)})
            return
        lines = [study.question] if study.question else []
        most = "" if study.until is None else "at most "
        size = f"{cost.points:,} points x {_runs(study)} = {most}{cost.run_weeks:,} run-weeks"
        how = (
            "" if cost.measured else " (not measured here yet), and up to a minute to compile once"
        )
        megabytes = max(0.1, cost.bytes / 1e6)
        lines.append(f"{size}; about {duration(cost.seconds)}{how}; about {megabytes:,.1f} MB")
        if self.dry_run:
            lines.append("every point makes sense; nothing was run")
            print("\n".join(lines))
        else:
            say("\n".join(lines))

    @contextlib.contextmanager
    def _player(self, study: "Experiment", points: "Sequence[Point]") -> "Iterator[Player | None]":
        """What plays the points: None for the threads of this process."""
        from sim.studies.workers import Workers, hands_of

        with hands_of(self.workers, self.cluster) as hands:
            yield None if hands is None else Workers(study, points, hands)


def checked(study: "Experiment") -> "list[Point]":
    """All points, checked; with a bar on a terminal if that takes a while."""
    from sim.studies.plan import check_points

    if study.size < QUIET_POINTS:
        return check_points(study)
    with bar("Bar", "checking", study.size, "points") as progress:
        return check_points(study, progress)


def play(
    study: "Experiment",
    points: "list[Point]",
    folder: "StudyFolder",
    threads: int | None,
    players: "contextlib.AbstractContextManager[Player | None] | None" = None,
    what: str = "points",
    again: str = "--resume continues",
) -> None:
    """Runs what is missing; on Ctrl-C ends the command with what was kept.

    players: gives what plays the points instead of threads; what: of what a study is; again: how
    it is continued.
    """
    from sim.engines.batch import needs_compiling
    from sim.engines.compiling import BLOCK
    from sim.studies.runner import StudyInterrupted, run_study
    from sim.studies.tables import RUNS, tables_of

    if needs_compiling(study.run_weeks, RUNS in tables_of(study.keep)):
        compile_first(BLOCK)
    span = folder.span(len(points))
    try:
        with (
            players or contextlib.nullcontext() as player,
            bar("SweepProgress", len(span)) as progress,
        ):
            run_study(study, points, folder, threads, progress, typed_command(), player)
    except StudyInterrupted as stopped:
        kept = f"{stopped.done:,} of {stopped.points:,} {what} are kept in {folder.path}/"
        stop(f"interrupted; {kept}; {again}", INTERRUPTED)


def _runs(study: "Experiment") -> str:
    """Runs of a point in words: with `until` there may be fewer than the most."""
    if study.until is None:
        return f"{study.runs:,} runs"
    more = f" to {study.most_runs:,}" if study.most_runs > study.runs else ""
    return f"{study.runs:,}{more} runs (until ±{study.until:g})"


def told(folder: "StudyFolder", json: bool) -> None:
    """Prints the headline outcome of every point, and where the tables are."""
    from sim.studies.study import load_study
    from sim.studies.study import report_of as study_report

    note = " (outcomes.parquet has every week)"
    tell_written(study_report(load_study(folder.path)), json, folder.path, note)


def told_part(folder: "StudyFolder", json: bool) -> None:
    """Prints which part of a study was played, and how the parts become one."""
    from sim.studies.merging import read_portion

    played = read_portion(folder.path)
    portion, size = played.portion, int(played.manifest["points"])
    span = portion.points(size)
    if json:
        part = {"name": folder.name, "part": portion.number, "of": portion.of}
        points = {"first_point": span.start, "points": len(span), "folder": str(folder.path)}
        print_json(part | points)
        return
    whole_folder = str(folder.path).removesuffix(f"-part-{portion.number}-of-{portion.of}")
    print(
        f"part {portion} is played: {len(span):,} of {size:,} points, written to {folder.path}/\n"
        f"when all parts are there: detente merge {whole_folder}-part-*-of-{portion.of}"
    )


@dataclass
class Merge(Command):
    """Put together the parts of a study (sweep --part): the bytes of the undivided one."""

    folders: list[str] = argument(
        "The folders of all parts, in any order.", result_folders, metavar="FOLDER"
    )
    out: options.Out = RESULTS
    json: options.Json = False

    def _problems(self) -> Iterator[Problem]:
        yield from checks.writable(self.out)

    def _act(self) -> None:
        from sim.cli.plot import draw_fitting
        from sim.studies.merging import gathered, merge
        from sim.studies.store import StudyFolder

        portions = gathered([folder_called(name) or Path(name) for name in self.folders])
        name, plan = str(portions[0].manifest["name"]), portions[0].plan
        folder = StudyFolder(self.out, name, plan, "the same command continues")
        folder.check()
        finished = folder.finished
        if finished:
            say(f"already there: nothing to do, the tables are in {folder.path}/")
        else:
            with waiting("merging ..."):
                merge(portions, folder, typed_command())
        told(folder, self.json)
        draw_fitting(folder.path, missing=finished)
