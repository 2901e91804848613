"""Runs of which only some outcomes are asked: each may end in the week in which all of them have.

What stands in for the kernel ends there and counts nothing; the kernel plays on. Which runs hold is
the same.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.engines import host
from sim.engines.batch import BLOCK_RUN_WEEKS, Batch, BatchOutput, run_batch
from sim.engines.counts import Tally, new_tally
from sim.engines.parts import by_parts
from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.scenario.compile import Part


@dataclass
class Decider:
    """A hand that plays each run no further than its outcomes ask for."""

    hand: host.HostHand
    outcomes: Sequence[str]

    @property
    def tally(self) -> Tally:
        """Of no runs: nothing is counted."""
        return new_tally(self.hand.params)

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """The rows of a block, if they are kept."""
        return self.hand.decide(start, runs, self.outcomes)[: runs if keep else 0]


def deciding_rows(
    parts: Sequence[Part],
    seed: int,
    first: int,
    runs: int,
    outcomes: Sequence[str],
    threads: int | None = None,
) -> np.ndarray:
    """Rows (ROW) of runs first .. first + runs - 1, in which the weeks of `outcomes` are right.

    Anything else in them is as far as the run was played. Raises BatchInterrupted on Ctrl-C.
    """
    play = partial(_played, seed=seed, first=first, runs=runs, outcomes=outcomes, threads=threads)
    output = play(parts[0]) if len(parts) == 1 else by_parts(parts, first, runs, True, play)
    if output.rows is None:
        raise ResultError("the engine kept no rows to tell run by run")
    return output.rows


def _played(
    part: Part, seed: int, first: int, runs: int, outcomes: Sequence[str], threads: int | None
) -> BatchOutput:
    weeks = int(part.params.rules[0]["weeks"])
    if not host.stands_in(runs * weeks):
        return run_batch(
            part.params, seed, first, runs, threads, keep=True, slots=part.slots, payoffs=False
        )
    number = threads or os.cpu_count() or 1
    hands = [Decider(host.HostHand(part.params, seed_words(seed)), outcomes) for _ in range(number)]
    size = max(1, min(BLOCK_RUN_WEEKS // weeks, -(-runs // number)))
    blocks = list(part.slots.blocks(first, runs, size))
    if number > 1:
        return Batch(hands, True).play(blocks, None)
    # the outer loop has its points side by side: more threads would only wait
    rows = [hands[0].play(start, count, True) for start, count in blocks]
    return BatchOutput(hands[0].tally, np.concatenate(rows).view(np.recarray))
