"""Running a study: points in groups, each kept as soon as it is done.

A group that was kept is never run again. What is lost by an interruption, of whatever kind, are
the groups under way: a few seconds of work, or one point where a point takes longer.
"""

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

from sim.engines.batch import BatchOutput, joined, run_parts
from sim.outcomes.simulate import BATCH
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.store import StudyFolder
from sim.studies.tables import RUNS, Group, Tables, headline_estimate, point_tables, tables_of
from sim.threads import cores

#: Points up to this size run side by side, one a thread; larger ones share out their own runs.
SIDE_BY_SIDE_RUN_WEEKS = 1_000_000
#: Groups begun before the first of them is kept, so that no core waits while a part is written.
GROUPS_AHEAD = 2
#: Run-weeks in one group: about two seconds of two threads.
GROUP_RUN_WEEKS = 5_000_000
MOST_POINTS_A_GROUP = 500


class PlayedPoints(NamedTuple):
    """The rows of some points, and how many run-weeks they took."""

    tables: Tables
    run_weeks: int


Coming = Generator[tuple[Group, PlayedPoints], None, None]  # groups with their rows
Advance = Callable[[float, int], None]  # so many points more (or parts of one), so many run-weeks


def play_point(
    experiment: Experiment,
    point: Point,
    number: int,
    threads: int,
    progress: Callable[[int], None] | None = None,
) -> PlayedPoints:
    """All runs of one point, and what is kept of them."""
    world, keep = experiment.compiled_at(point), tables_of(experiment.keep)
    seed = experiment.seed_of(number)

    def play(first: int, runs: int) -> BatchOutput:
        return run_parts(world.parts, seed, first, runs, threads, RUNS in keep, progress)

    output, n = play(0, experiment.runs), experiment.runs
    while (
        experiment.until is not None
        and n + BATCH <= experiment.limit
        and headline_estimate(world, output.tally).half_width > experiment.until
    ):
        output, n = joined(output, play(n, BATCH)), n + BATCH
    return PlayedPoints(point_tables(world, output, number, seed, keep), n * world.weeks)


def together(results: Iterable[PlayedPoints]) -> PlayedPoints:
    """The rows of several points, one below the other."""
    import pyarrow as pa

    played = list(results)
    names = played[0].tables
    tables = {name: pa.concat_tables([result.tables[name] for result in played]) for name in names}
    return PlayedPoints(tables, sum(result.run_weeks for result in played))


class Threads:
    """Plays groups on the threads of this process; the same rows whatever their number."""

    def __init__(self, experiment: Experiment, points: Sequence[Point], threads: int) -> None:
        self.experiment = experiment
        self.points = points
        self.threads = threads

    def play(self, groups: Sequence[Group], advance: Advance) -> Coming:
        """Each group, with its rows, as it is done; `advance` is called after every point."""
        run_weeks = self.experiment.most_runs * self.experiment.weeks
        if run_weeks > SIDE_BY_SIDE_RUN_WEEKS or self.threads == 1:
            return self._one_by_one(groups, advance)
        return self._side_by_side(groups, advance)

    def _one_by_one(self, groups: Sequence[Group], advance: Advance) -> Coming:
        for group in groups:
            results = []
            for number in group:
                part = PartOfPoint(self.experiment.most_runs, advance)
                point = self.points[number]
                results.append(play_point(self.experiment, point, number, self.threads, part))
                advance(1 - part.reported, results[-1].run_weeks)
            yield group, together(results)

    def _side_by_side(self, groups: Sequence[Group], advance: Advance) -> Coming:
        pool = ThreadPoolExecutor(self.threads)

        def begun(group: Group) -> tuple[Group, list[Future[PlayedPoints]]]:
            points = ((self.experiment, self.points[number], number) for number in group)
            return group, [pool.submit(play_point, *point, 1) for point in points]

        try:
            waiting = iter(groups)
            flying = list(map(begun, islice(waiting, GROUPS_AHEAD)))
            while flying:
                group, futures = flying.pop(0)
                results = []
                for future in futures:
                    results.append(future.result())
                    advance(1, results[-1].run_weeks)
                flying += map(begun, islice(waiting, 1))
                yield group, together(results)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class PartOfPoint:
    """Told the runs of a batch that are done, tells which part of the point that is."""

    def __init__(self, runs: int, advance: Advance) -> None:
        self.runs = runs
        self.advance = advance
        self.reported = 0.0

    def __call__(self, done: int) -> None:
        """`done` runs of the batch under way are finished."""
        part = min(done / self.runs, 0.99)
        if part > self.reported:
            self.advance(part - self.reported, 0)
            self.reported = part


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
    return [range_of_points[first : first + size] for first in range(0, len(range_of_points), size)]


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
        before = len(range_of_points) - sum(map(len, missing))
        advance = _adding_up(before, started, progress)
        play = player or Threads(experiment, points, threads or cores())
        try:
            advance(0, 0)
            with contextlib.closing(play.play(missing, advance)) as coming:
                for part, played in coming:
                    folder.write_part(part, played.tables)
            folder.finish(experiment, points, parts, command, time.perf_counter() - started)
        except KeyboardInterrupt:
            stored = sum(map(len, filter(folder.parts.seems_there, parts)))
            raise StudyInterrupted(stored, len(range_of_points)) from None


def _adding_up(before: int, started: float, progress: Callable[[Done], None] | None) -> Advance:
    """Adds up what was done since the start and passes it on."""
    points, run_weeks = float(before), 0

    def advance(points_more: float, run_weeks_more: int) -> None:
        nonlocal points, run_weeks
        points += points_more
        run_weeks += run_weeks_more
        if progress is not None:
            progress(Done(points, before, run_weeks, time.perf_counter() - started))

    return advance
