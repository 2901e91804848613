"""Running a study: points in groups, each kept as soon as it is done.

A group that was kept is never run again. What is lost by an interruption, of whatever kind, are
the groups under way: a few seconds of work, or one point where a point takes longer.
"""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.parts import Group
from sim.studies.play import Advance, Coming, Threads
from sim.studies.store import StudyFolder

#: Run-weeks in one group: about two seconds of two threads.
GROUP_RUN_WEEKS = 5_000_000
MOST_POINTS_A_GROUP = 500


class StudyInterrupted(KeyboardInterrupt):
    """Ctrl-C during a study; `done` of its `points` are kept."""

    def __init__(self, done: int, points: int) -> None:
        super().__init__("interrupted")
        self.done = done
        self.points = points


@dataclass(frozen=True)
class Done:
    """How far a study is.

    `points` are kept or run (the one under way in part), `before` of them were there at the
    start; `run_weeks` were played since, in `seconds`.
    """

    points: float
    before: int
    run_weeks: int
    seconds: float


class Player(Protocol):
    """What plays groups of points: threads of this process, or workers elsewhere."""

    def play(self, groups: Sequence[Group], advance: Advance) -> Coming:
        """Each group with its rows, in any order; `advance` gets the points that are done."""


def groups(experiment: Experiment, points: range | None = None) -> list[Group]:
    """The points that are kept together, of all or of some; the same for every machine."""
    each = GROUP_RUN_WEEKS // max(1, experiment.most_runs * experiment.weeks)
    size = min(max(each, 1), MOST_POINTS_A_GROUP)
    range_of_points = range(experiment.size) if points is None else points
    firsts = range(range_of_points.start, range_of_points.stop, size)
    return [Group(first, min(size, range_of_points.stop - first)) for first in firsts]


def run_study(
    experiment: Experiment,
    points: Sequence[Point],
    folder: StudyFolder,
    threads: int | None = None,
    progress: Callable[[Done], None] | None = None,
    command: str = "",
    player: Player | None = None,
) -> None:
    """Run what is missing of a study, then write its final tables.

    `points` are all its points, of which the folder may want some (`StudyFolder.span`). `player`
    plays them, by default the threads of this machine. Raises StudyInterrupted on Ctrl-C,
    ResultWriteError when the folder cannot be written; in both cases, and after a crash, the
    same call continues.
    """
    started = time.perf_counter()
    with folder.locked():
        if folder.finished:  # by another process, while this one was getting ready
            folder.tidy()
            return
        folder.begin()
        range_of_points = folder.span(len(points))
        parts = groups(experiment, range_of_points)
        missing = [part for part in parts if not folder.parts.has(part)]
        before = len(range_of_points) - sum(part.count for part in missing)
        advance = Progress(before, started, progress)
        play = player or Threads(experiment, points, threads or os.cpu_count() or 1)
        try:
            advance(0, 0)
            with contextlib.closing(play.play(missing, advance)) as coming:
                for part, played in coming:
                    folder.write_part(part, played.tables)
            folder.finish(experiment, points, parts, command, time.perf_counter() - started)
        except KeyboardInterrupt:
            stored = sum(part.count for part in parts if folder.parts.seems_there(part))
            raise StudyInterrupted(stored, len(range_of_points)) from None


class Progress:
    """Adds up what was done and passes it on."""

    def __init__(
        self, before: int, started: float, progress: Callable[[Done], None] | None
    ) -> None:
        self.before = before
        self.started = started
        self.progress = progress
        self.points = float(before)
        self.run_weeks = 0

    def __call__(self, points: float, run_weeks: int) -> None:
        """So many points and run-weeks more."""
        self.points += points
        self.run_weeks += run_weeks
        if self.progress is not None:
            seconds = time.perf_counter() - self.started
            self.progress(Done(self.points, self.before, self.run_weeks, seconds))
