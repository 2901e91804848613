"""Playing the points of a study: what one costs, and many of them on the threads of a machine."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sim.engines import counts
from sim.engines.batch import BatchOutput, joined, run_parts
from sim.outcomes.simulate import BATCH
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.parts import Group
from sim.studies.rows import Tables, headline_estimate, point_tables
from sim.studies.study_tables import RUNS, tables_of

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled, Part

#: Points up to this size run side by side, one a thread; larger ones share out their own runs.
SIDE_BY_SIDE_RUN_WEEKS = 1_000_000
#: Groups begun before the first of them is kept, so that no core waits while a part is written.
GROUPS_AHEAD = 2


class Played(NamedTuple):
    """The rows of some points, and how many run-weeks they took."""

    tables: Tables
    run_weeks: int


Coming = Generator[tuple[Group, Played], None, None]  # groups with their rows
Advance = Callable[[float, int], None]  # so many points more (or parts of one), so many run-weeks


def play_point(
    experiment: Experiment,
    point: Point,
    number: int,
    threads: int,
    progress: Callable[[int], None] | None = None,
) -> Played:
    """All runs of one point, and what is kept of them."""
    world = experiment.compiled_at(point)
    keep = tables_of(experiment.keep)
    runs = PointRuns(world.parts, experiment.seed_of(number), threads, RUNS in keep, progress)
    runs.play(experiment.runs)
    while _goes_on(experiment, world, runs.output):
        runs.play(BATCH)
    n = int(runs.output.tally.counts[counts.RUNS])
    return Played(point_tables(world, runs.output, number, runs.seed, keep), n * world.weeks)


def _goes_on(experiment: Experiment, world: "Compiled", output: BatchOutput) -> bool:
    """Whether the headline is still less precise than asked, and another batch is allowed."""
    if experiment.until is None:
        return False
    n = int(output.tally.counts[counts.RUNS])
    wide = headline_estimate(world, output.tally).half_width > experiment.until
    return wide and n + BATCH <= experiment.limit


@dataclass
class PointRuns:
    """The runs of one point, added batch by batch."""

    parts: "Sequence[Part]"
    seed: int
    threads: int
    keep: bool
    progress: Callable[[int], None] | None

    def __post_init__(self) -> None:
        self._output: BatchOutput | None = None

    @property
    def output(self) -> BatchOutput:
        """What was played so far."""
        if self._output is None:
            raise ValueError("nothing was run")
        return self._output

    def play(self, runs: int) -> None:
        """So many runs more."""
        before = self._output
        first = 0 if before is None else int(before.tally.counts[counts.RUNS])
        more = run_parts(self.parts, self.seed, first, runs, self.threads, self.keep, self.progress)
        self._output = more if before is None else joined(before, more)


def together(results: Iterable[Played]) -> Played:
    """The rows of several points, one below the other."""
    import pyarrow as pa

    played = list(results)
    names = played[0].tables
    tables = {name: pa.concat_tables([result.tables[name] for result in played]) for name in names}
    return Played(tables, sum(result.run_weeks for result in played))


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
            for number in group.points:
                within = PartOfPoint(self.experiment.most_runs, advance)
                point = self.points[number]
                played = play_point(self.experiment, point, number, self.threads, within)
                results.append(played)
                advance(1 - within.reported, played.run_weeks)
            yield group, together(results)

    def _side_by_side(self, groups: Sequence[Group], advance: Advance) -> Coming:
        pool = ThreadPoolExecutor(self.threads)
        try:
            waiting = iter(groups)
            flying = [(group, self._begun(pool, group)) for group in islice(waiting, GROUPS_AHEAD)]
            while flying:
                group, futures = flying.pop(0)
                played = together(_results(futures, advance))
                flying += [(more, self._begun(pool, more)) for more in islice(waiting, 1)]
                yield group, played
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begun(self, pool: ThreadPoolExecutor, group: Group) -> list[Future[Played]]:
        return [
            pool.submit(play_point, self.experiment, self.points[number], number, 1)
            for number in group.points
        ]


def _results(futures: Iterable[Future[Played]], advance: Advance) -> Iterator[Played]:
    for future in futures:
        played = future.result()
        advance(1, played.run_weeks)
        yield played


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
