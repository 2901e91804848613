"""Running a study: points in groups, each group kept before the next is begun.

A group that was kept is never run again. What is lost by an interruption, of whatever kind, is
the group under way: a second or two of work, or one point where a point takes longer.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.batch import run_batch
from sim.outcomes.definitions import OUTCOMES, term_of, undefined
from sim.outcomes.survival import ENDED_ROWS, holding
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.store import StudyFolder, part_table

if TYPE_CHECKING:
    from sim.engines.tally import Tally
    from sim.scenario import Scenario

#: Run-weeks in one group: about two seconds of two threads.
GROUP_RUN_WEEKS = 5_000_000
MOST_POINTS_A_GROUP = 500
#: Points up to this size run side by side, one a thread; larger ones share out their own runs.
SIDE_BY_SIDE_RUN_WEEKS = 1_000_000

Rows = dict[str, Sequence[Any]]  # outcome, week, n, holds


class StudyInterrupted(KeyboardInterrupt):
    """Ctrl-C during a study; `done` of its `points` are kept."""

    def __init__(self, done: int, points: int) -> None:
        super().__init__("interrupted")
        self.done = done
        self.points = points


@dataclass(frozen=True)
class Done:
    """How far a study is: points kept or run, of which `before` were there at the start."""

    points: int
    before: int
    seconds: float


def groups(experiment: Experiment) -> list[tuple[int, int]]:
    """First point and number of points of each group; the same for every machine."""
    each = GROUP_RUN_WEEKS // max(1, experiment.runs * experiment.weeks)
    size = min(max(each, 1), MOST_POINTS_A_GROUP)
    points = experiment.size
    return [(first, min(size, points - first)) for first in range(0, points, size)]


def run_study(
    experiment: Experiment,
    points: Sequence[Point],
    folder: StudyFolder,
    threads: int | None = None,
    progress: Callable[[Done], None] | None = None,
    command: str = "",
) -> None:
    """Run what is missing of a study, then write its final tables.

    Raises StudyInterrupted on Ctrl-C, ResultWriteError when the folder cannot be written; in
    both cases, and after a crash, the same call continues.
    """
    started = time.perf_counter()
    folder.begin()
    parts = groups(experiment)
    missing = [part for part in parts if not folder.has_part(*part)]
    before = done = len(points) - sum(count for _, count in missing)

    def tell(more: int) -> None:
        if progress is not None:
            progress(Done(done + more, before, time.perf_counter() - started))

    try:
        tell(0)
        for first, count in missing:
            chosen = range(first, first + count)
            rows = play(experiment, points, chosen, threads or os.cpu_count() or 1, tell)
            folder.write_part(first, count, part_table(chosen, rows))
            done += count
        folder.finish(experiment, points, parts, command, time.perf_counter() - started)
    except KeyboardInterrupt:
        raise StudyInterrupted(done, len(points)) from None


def play(
    experiment: Experiment,
    points: Sequence[Point],
    chosen: Sequence[int],
    threads: int,
    tell: Callable[[int], None],
) -> list[Rows]:
    """The rows of the chosen points, in their order, whatever the number of threads."""
    if experiment.runs * experiment.weeks > SIDE_BY_SIDE_RUN_WEEKS or threads == 1:
        found = []
        for number in chosen:
            found.append(play_point(experiment, points[number], number, threads))
            tell(len(found))
        return found
    with ThreadPoolExecutor(threads) as pool:
        futures = [
            pool.submit(play_point, experiment, points[number], number, 1) for number in chosen
        ]
        try:
            for done, _ in enumerate(as_completed(futures), start=1):
                tell(done)
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def play_point(experiment: Experiment, point: Point, number: int, threads: int) -> Rows:
    """All runs of one point, and how many hold each week."""
    world = experiment.scenario_at(point)
    params = world.compiled.params
    seed = experiment.seed_of(number)
    return outcome_rows(world, run_batch(params, seed, 0, experiment.runs, threads).tally)


def outcome_rows(world: "Scenario", tally: "Tally") -> Rows:
    """Every outcome that is defined, by week: as in the outcomes table of a single run."""
    rules = world.compiled.params.rules[0]
    horizon, n = int(rules["weeks"]), int(tally.counts[0])
    names: list[str] = []
    weeks: list[int] = []
    holds: list[int] = []
    for outcome in OUTCOMES:
        if undefined(outcome, rules, horizon):
            continue
        if outcome == "extended":
            when = np.array([term_of(rules, horizon)])
            kept = tally.counts[1:2]
        else:
            when = np.arange(1, horizon + 1)
            kept = holding(tally, ENDED_ROWS[outcome])
        names += [outcome] * len(when)
        weeks += when.tolist()
        holds += kept.tolist()
    return {"outcome": names, "week": weeks, "n": [n] * len(weeks), "holds": holds}
