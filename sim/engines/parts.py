"""The runs of a scenario that may have readings: each with the tables of its own reading."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from sim.engines.batch import BatchInterrupted, BatchOutput, joined, run_batch
from sim.engines.counts import ROW, merge, new_tally
from sim.scenario.compile import Part
from sim.scenario.schema_world import SLOTS

#: Runs between two moments at which Ctrl-C loses nothing.
SPELL = 20_000


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
        return run_batch(
            parts[0].params, seed, first, runs, threads, keep, progress, payoffs=payoffs
        )
    done: BatchOutput | None = None
    for start in range(first, first + runs, SPELL):
        count = min(SPELL, first + runs - start)
        play = partial(
            _play_part,
            seed=seed,
            first=start,
            runs=count,
            threads=threads,
            keep=keep,
            payoffs=payoffs,
        )
        try:
            more = by_parts(parts, start, count, keep, play)
        except BatchInterrupted:
            empty = BatchOutput(new_tally(parts[0].params), None)
            raise BatchInterrupted(done or empty) from None
        done = more if done is None else joined(done, more)
        if progress is not None:
            progress(start + count - first)
    if done is None:
        raise ValueError(f"runs is {runs}; allowed: 1 or more")
    return done


def _play_part(
    part: Part, seed: int, first: int, runs: int, threads: int | None, keep: bool, payoffs: bool
) -> BatchOutput:
    return run_batch(
        part.params, seed, first, runs, threads, keep, slots=part.slots, payoffs=payoffs
    )


def by_parts(
    parts: Sequence[Part], first: int, runs: int, keep: bool, play: Callable[[Part], BatchOutput]
) -> BatchOutput:
    """Runs first .. first + runs - 1, each part's by `play`: counted together, rows in order."""
    rows = np.zeros(runs if keep else 0, ROW).view(np.recarray)
    tallies = [new_tally(part.params) for part in parts]
    slot = np.arange(first, first + runs) % SLOTS
    for place, part in enumerate(parts):
        own = (part.slots.first <= slot) & (slot < part.slots.last)
        if own.any():
            found = play(part)
            tallies[place] = found.tally
            if keep and found.rows is not None:
                rows[own] = found.rows
    return BatchOutput(merge(tallies), rows if keep else None, tuple(tallies))
