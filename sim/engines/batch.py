"""The batch engine: millions of runs in threads, integer tallies, the same bits in any order.

Runs are split into blocks that take a fraction of a second, so that Ctrl-C and progress get
their turn; blocks are shared out to threads that compile nothing and hold no lock. A run is a
function of (params, seed, index) alone.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engines.tally import ROW, Tally, keep_row, merge, new_tally, tally_run, tally_week
from sim.errors import Problem, ScenarioError
from sim.scenario.compile import Undecided
from sim.scenario.readings import ALL, Slots
from sim.world.compiled import is_cached, kernel
from sim.world.params import Params
from sim.world.state import State, new_state
from sim.world.week import begin_run, one_week, resume_run

SEVERAL = "several readings, of which this plays only one at a time"
ONE_READING = "one of them: Scenario.reading(NAME), or --reading NAME where a command has it"
#: Run-weeks in one block: about 0.05 s on one core.
BLOCK_RUN_WEEKS = 200_000
#: In place of a week: runs begin anew, before week 1.
ANEW = -1


@kernel
def run_block(p, s, tally, key0, key1, first, runs, rows, origin, week):
    """Play runs `first` .. `first + runs - 1` and count them; keep as many as `rows` has room.

    They go on from the state `origin` at the end of a week, and the weeks after it are counted;
    or, where `week` is ANEW, they begin.
    """
    for r in range(runs):
        if week == ANEW:
            begin_run(p, s, key0, key1, first + r)
        else:
            resume_run(s, origin, week, key0, key1, first + r)
        for t in range(max(week, 0) + 1, p.rules[0].weeks + 1):
            one_week(p, s, t)
            tally_week(p, s, tally, t)
        tally_run(p, s, tally)
        if rows.shape[0] > r:
            keep_row(s, rows[r])


@dataclass(frozen=True)
class BatchOutput:
    """Counts of the runs played, and the rows of those kept (in order of run), if any."""

    tally: Tally
    rows: np.ndarray | None
    parts: tuple[Tally, ...] = ()  # the counts of each reading, where there are readings


class Origin(NamedTuple):
    """Where runs go on from: a state, only read, at the end of a week (0: of the start)."""

    state: State
    week: int


class BatchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a batch; carries the whole blocks finished before it."""

    def __init__(self, output: BatchOutput) -> None:
        super().__init__("interrupted")
        self.output = output


def seed_words(seed: int) -> tuple[int, int]:
    """Low and high 32 bits of a seed of 0 .. 2^64 - 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    return seed & 0xFFFFFFFF, seed >> 32


def needs_compiling() -> bool:
    """Whether the first block will have to compile the kernel (tens of seconds)."""
    return not run_block.signatures and not is_cached("batch.run_block")  # type: ignore[attr-defined]


def scratch(params: Params) -> State:
    """Room for the runs of one thread.

    Raises ScenarioError for the tables of a scenario with readings: a run is of one of them.
    """
    if isinstance(params, Undecided):
        raise ScenarioError([Problem("scenario", None, "readings", SEVERAL, ONE_READING)])
    deals = 1 + max((int(term.deal) for term in params.deals), default=-1)
    return new_state(
        int(params.rules[0].weeks),
        len(params.levers),
        len(params.allies),
        deals,
        len(params.thresholds),
    )


def run_batch(
    params: Params,
    seed: int,
    first: int = 0,
    runs: int = 10_000,
    threads: int | None = None,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
    origin: Origin | None = None,
    slots: Slots = ALL,
) -> BatchOutput:
    """Play `runs` runs from index `first`, of them those in `slots`, from the start or an `origin`.

    Raises ValueError for a seed or an index out of range, BatchInterrupted on Ctrl-C.
    `progress` is called with the number of runs finished so far.
    """
    if runs < 1 or first < 0 or first + runs > 2**32:
        raise ValueError(f"runs {first}..{first + runs - 1} are not within 0..2^32 - 1")
    batch = Batch(params, seed_words(seed), threads or os.cpu_count() or 1, keep, origin)
    size = max(1, min(BLOCK_RUN_WEEKS // batch.weeks, -(-runs // batch.threads)))
    return batch.play(list(slots.blocks(first, runs, size)), progress)


def joined(one: BatchOutput, two: BatchOutput) -> BatchOutput:
    """Two outputs as one: counts add, rows follow each other."""
    rows = None
    if one.rows is not None and two.rows is not None:
        rows = np.concatenate([one.rows, two.rows]).view(np.recarray)
    parts = tuple(merge([a, b]) for a, b in zip(one.parts, two.parts, strict=True))
    return BatchOutput(merge([one.tally, two.tally]), rows, parts)


class Batch:
    """One call of run_batch: a tally and a scratch state per thread, blocks in flight."""

    def __init__(
        self,
        params: Params,
        key: tuple[int, int],
        threads: int,
        keep: bool,
        origin: Origin | None = None,
    ) -> None:
        self.params = params
        self.key = key
        self.threads = threads
        self.keep = keep
        self.origin = origin
        self.free = [(scratch(params), new_tally(params)) for _ in range(threads)]
        self.tallies = [tally for _, tally in self.free]
        self.rows: dict[int, np.ndarray] = {}

    @property
    def weeks(self) -> int:
        """Weeks that each run plays, at least 1."""
        return max(1, int(self.params.rules[0].weeks) - (self.origin.week if self.origin else 0))

    def block(self, start: int, runs: int) -> int:
        """Play one block on this thread; returns its number of runs."""
        state, tally = self.free.pop()
        rows = np.zeros(runs if self.keep else 0, ROW).view(np.recarray)
        origin, week = self.origin or (state, ANEW)
        run_block(self.params, state, tally, *self.key, start, runs, rows, origin, week)
        if self.keep:
            self.rows[start] = rows
        self.free.append((state, tally))
        return runs

    def play(
        self, blocks: list[tuple[int, int]], progress: Callable[[int], None] | None
    ) -> BatchOutput:
        """Play all blocks, a few in flight at a time."""
        done = 0
        waiting = iter(blocks)
        flying: list[Future[int]] = []  # in order of run
        with ThreadPoolExecutor(self.threads) as pool:
            try:
                while True:
                    for start, runs in _some(waiting, 2 * self.threads - len(flying)):
                        flying.append(pool.submit(self.block, start, runs))
                    if not flying:
                        return self.output()
                    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
                    flying = [future for future in flying if future not in finished]
                    done += sum(future.result() for future in finished)
                    if progress is not None:
                        progress(done)
            except KeyboardInterrupt:
                # newest first: what was played is then runs 0..n - 1, without a gap
                for future in reversed(flying):
                    future.cancel()
                pool.shutdown(wait=True, cancel_futures=True)
                raise BatchInterrupted(self.output()) from None

    def output(self) -> BatchOutput:
        """Merge what the threads counted."""
        kept = [self.rows[start] for start in sorted(self.rows)]
        return BatchOutput(
            merge(self.tallies), np.concatenate(kept).view(np.recarray) if kept else None
        )


def _some(blocks: Iterator[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
    """At most `most` further blocks."""
    for _ in range(most):
        block = next(blocks, None)
        if block is None:
            return
        yield block
