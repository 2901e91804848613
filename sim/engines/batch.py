"""The batch engine: millions of runs in threads, integer tallies, the same bits in any order.

Runs are split into blocks that take a fraction of a second, so that Ctrl-C and progress get
their turn; blocks are shared out to threads that compile nothing and hold no lock. A run is a
function of (params, seed, index) alone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.engines import host
from sim.engines.compiling import BLOCK, missing
from sim.engines.counts import Tally, merge
from sim.engines.setting import Origin, seed_words
from sim.scenario.schema_world import ALL, Slots
from sim.world.params import Params

#: Run-weeks in one block: about 0.05 s on one core.
BLOCK_RUN_WEEKS = 200_000


@dataclass(frozen=True)
class BatchOutput:
    """Counts of the runs played, and the rows of those kept (in order of run), if any."""

    tally: Tally
    rows: np.ndarray | None
    parts: tuple[Tally, ...] = ()  # the counts of each reading, where there are readings


class BatchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a batch; carries the whole blocks finished before it."""

    def __init__(self, output: BatchOutput) -> None:
        super().__init__("interrupted")
        self.output = output


class Hand(Protocol):
    """What plays blocks of runs on one thread, and counts them."""

    @property
    def tally(self) -> Tally:
        """The counts of all that it played."""

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts a block; the rows (ROW) of its runs if they are kept, else none."""


def needs_compiling(run_weeks: int = 0, exact: bool = False) -> bool:
    """Whether so many run-weeks will have to wait for the kernel to be compiled; see `hands`."""
    return (exact or not host.stands_in(run_weeks)) and bool(missing(BLOCK))


def hands(
    params: Params, seed: int, number: int, run_weeks: int, origin: Origin | None, exact: bool
) -> list[Hand]:
    """What plays: the compiled kernel, or what stands in for it until it is compiled.

    The stand-in begins runs and plays them whole; `exact`: rows are to hold every last bit of a
    payoff, which it rounds by another library's logarithm.
    """
    key = seed_words(seed)
    if origin is None and not exact and host.stands_in(run_weeks):
        return [host.HostHand(params, key) for _ in range(number)]
    from sim.engines.block import CompiledHand

    return [CompiledHand(params, key, origin) for _ in range(number)]


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
    payoffs: bool = True,
) -> BatchOutput:
    """Play `runs` runs from index `first`, of them those in `slots`, from the start or an `origin`.

    `payoffs`: those of the rows kept are read, to the last bit. Raises ValueError for a seed or an
    index out of range, BatchInterrupted on Ctrl-C.
    `progress` is called with the number of runs finished so far.
    """
    if runs < 1 or first < 0 or first + runs > 2**32:
        raise ValueError(f"runs {first}..{first + runs - 1} are not within 0..2^32 - 1")
    weeks = max(1, int(params.rules[0].weeks) - (origin.week if origin else 0))
    number = threads or os.cpu_count() or 1
    size = max(1, min(BLOCK_RUN_WEEKS // weeks, -(-runs // number)))
    batch = Batch(hands(params, seed, number, runs * weeks, origin, keep and payoffs), keep)
    return batch.play(list(slots.blocks(first, runs, size)), progress)


def joined(one: BatchOutput, two: BatchOutput) -> BatchOutput:
    """Two outputs as one: counts add, rows follow each other."""
    rows = None
    if one.rows is not None and two.rows is not None:
        rows = np.concatenate([one.rows, two.rows]).view(np.recarray)
    parts = tuple(merge([a, b]) for a, b in zip(one.parts, two.parts, strict=True))
    return BatchOutput(merge([one.tally, two.tally]), rows, parts)


class Batch:
    """One call of run_batch: a hand per thread, blocks in flight."""

    def __init__(self, hands: Sequence[Hand], keep: bool) -> None:
        self.hands = list(hands)
        self.free = list(hands)
        self.keep = keep
        self.rows: dict[int, np.ndarray] = {}

    def block(self, start: int, runs: int) -> int:
        """Play one block on this thread; returns its number of runs."""
        hand = self.free.pop()
        try:
            rows = hand.play(start, runs, self.keep)
        finally:
            self.free.append(hand)
        if self.keep:
            self.rows[start] = rows
        return runs

    def play(
        self, blocks: list[tuple[int, int]], progress: Callable[[int], None] | None
    ) -> BatchOutput:
        """Play all blocks, a few in flight at a time."""
        done = 0
        waiting = iter(blocks)
        flying: list[Future[int]] = []  # in order of run
        with ThreadPoolExecutor(len(self.hands)) as pool:
            try:
                while True:
                    for start, runs in _some(waiting, 2 * len(self.hands) - len(flying)):
                        flying.append(pool.submit(self.block, start, runs))
                    if not flying:
                        return self.output()
                    finished, _ = wait(flying, return_when=FIRST_COMPLETED)
                    done += sum(future.result() for future in flying if future in finished)
                    flying = [future for future in flying if future not in finished]
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
            merge([hand.tally for hand in self.hands]),
            np.concatenate(kept).view(np.recarray) if kept else None,
        )


def _some(blocks: Iterator[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
    """At most `most` further blocks."""
    for _ in range(most):
        block = next(blocks, None)
        if block is None:
            return
        yield block
