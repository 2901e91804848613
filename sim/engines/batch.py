"""The batch engine: millions of runs in threads, integer tallies, the same bits in any order.

Of a scenario with readings each run is played with the tables of its own (`run_parts`); where only
some outcomes are asked, each run may end in the week in which all of them have (`deciding_rows`).
Runs are split into blocks that take a fraction of a second, so that Ctrl-C and progress get
their turn; blocks are shared out to threads that compile nothing and hold no lock. A run is a
function of (params, seed, index) alone.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol

import numpy as np

from sim.engines import host
from sim.engines.compiling import BLOCK, missing
from sim.engines.counts import Tally, merge, new_tally
from sim.engines.own_outcomes import Names, padded, player, with_own
from sim.engines.setting import Origin, seed_words
from sim.errors import ResultError
from sim.scenario.compile import Part
from sim.scenario.schema_world import ALL, SLOTS, Slots
from sim.threads import cores
from sim.world.outcomes import NAMES
from sim.world.params import Params

#: Run-weeks in one block: about 0.05 s on one core.
BLOCK_RUN_WEEKS = 200_000
#: Runs of a scenario with readings between two moments at which Ctrl-C loses nothing.
SPELL = 20_000


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
    params: Params,
    seed: int,
    number: int,
    run_weeks: int,
    origin: Origin | None,
    exact: bool,
    outcomes: Sequence[str],
) -> list[Hand]:
    """What plays: the compiled kernel, or what stands in for it until it is compiled.

    The stand-in begins runs, and plays them whole or as far as `outcomes` ask for; `exact`: rows
    are to hold every last bit of a payoff, which it rounds by another library's logarithm.
    """
    key = seed_words(seed)
    if origin is None and not exact and host.stands_in(run_weeks):
        return [host.HostHand(params, key, outcomes) for _ in range(number)]
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
    outcomes: Sequence[str] = (),
    names: Names | None = None,
) -> BatchOutput:
    """Play `runs` runs from index `first`, of them those in `slots`, from the start or an `origin`.

    `payoffs`: those of the rows kept are read, to the last bit. `outcomes`: nothing else of the
    rows is read; then nothing need be counted. `names`: of the levers and allies; where they are
    given, outcomes of one's own are counted too. Raises ValueError for a seed or an index out of
    range, BatchInterrupted on Ctrl-C.
    `progress` is called with the number of runs finished so far.
    """
    if runs < 1 or first < 0 or first + runs > 2**32:
        raise ValueError(f"runs {first}..{first + runs - 1} are not within 0..2^32 - 1")
    weeks = max(1, int(params.rules[0].weeks) - (origin.week if origin else 0))
    number = threads or cores()
    size = max(1, min(BLOCK_RUN_WEEKS // weeks, -(-runs // number)))
    exact = keep and payoffs
    shipped = [name for name in outcomes if name in NAMES]
    players = hands(params, seed, number, runs * weeks, origin, exact, shipped)
    if names is not None and origin is None:
        players = with_own(players, params, names, partial(player, params, seed), outcomes)
    blocks = list(slots.blocks(first, runs, size))
    if number == 1 and outcomes and isinstance(players[0], host.HostHand):
        # the outer loop has its points side by side: a thread would only wait
        rows = [players[0].play(start, count, keep) for start, count in blocks]
        return BatchOutput(players[0].tally, np.concatenate(rows).view(np.recarray))
    return Batch(players, keep).play(blocks, progress)


def run_parts(
    parts: Sequence[Part],
    seed: int,
    first: int = 0,
    runs: int = 10_000,
    threads: int | None = None,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
    payoffs: bool = True,
) -> BatchOutput:
    """`run_batch` of a scenario that may have readings: every run with the tables of its own part.

    Raises as run_batch does; BatchInterrupted carries whole spells of runs.
    """
    if len(parts) == 1:
        whole = parts[0].params, seed, first, runs, threads, keep, progress
        return run_batch(*whole, payoffs=payoffs, names=parts[0].names)

    def play(part: Part, start: int, count: int) -> BatchOutput:
        some = part.params, seed, start, count, threads, keep
        return run_batch(*some, slots=part.slots, payoffs=payoffs, names=part.names)

    done: BatchOutput | None = None
    for start in range(first, first + runs, SPELL):
        count = min(SPELL, first + runs - start)
        try:
            more = by_parts(parts, start, count, keep, partial(play, start=start, count=count))
        except BatchInterrupted:
            empty = BatchOutput(new_tally(parts[0].params), None)
            raise BatchInterrupted(done or empty) from None
        done = more if done is None else joined(done, more)
        if progress is not None:
            progress(start + count - first)
    if done is None:
        raise ValueError(f"runs is {runs}; allowed: 1 or more")
    return done


def by_parts(
    parts: Sequence[Part], first: int, runs: int, keep: bool, play: Callable[[Part], BatchOutput]
) -> BatchOutput:
    """Runs first .. first + runs - 1, each part's by `play`: counted together, rows in order."""
    rows: np.ndarray | None = None
    tallies = [new_tally(part.params) for part in parts]
    slot = np.arange(first, first + runs) % SLOTS
    for place, part in enumerate(parts):
        own = (part.slots.first <= slot) & (slot < part.slots.last)
        if own.any():
            played = play(part)
            tallies[place] = played.tally
            if keep and played.rows is not None:
                rows = np.zeros(runs, played.rows.dtype).view(np.recarray) if rows is None else rows
                rows[own] = played.rows
    ended = max(len(tally.ended) for tally in tallies)
    tallies = [padded(tally, ended) for tally in tallies]
    return BatchOutput(merge(tallies), rows, tuple(tallies))


def deciding_rows(
    parts: Sequence[Part],
    seed: int,
    first: int,
    runs: int,
    outcomes: Sequence[str],
    threads: int | None = None,
) -> np.ndarray:
    """Rows (ROW) of runs first .. first + runs - 1, in which the weeks of `outcomes` are right.

    Anything else in them is as far as the run was played: what stands in for the kernel ends
    there, the kernel plays on. Raises BatchInterrupted on Ctrl-C.
    """

    def play(part: Part) -> BatchOutput:
        return run_batch(
            *(part.params, seed, first, runs, threads),
            keep=True,
            slots=part.slots,
            payoffs=False,
            outcomes=outcomes,
            names=part.names,
        )

    output = play(parts[0]) if len(parts) == 1 else by_parts(parts, first, runs, True, play)
    if output.rows is None:
        raise ResultError("the engine kept no rows to tell run by run")
    return output.rows


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
                    for start, runs in islice(waiting, 2 * len(self.hands) - len(flying)):
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
