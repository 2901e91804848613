"""Branches: the state of a run at the end of a week, copied and continued with other luck.

A branch keeps all that the weeks before have drawn and left in the state, and draws everything
after them by its own index. Continued with the seed and index that the state was played with, it
is that very run, bit for bit.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from sim.engines.batch import BatchOutput, run_batch
from sim.engines.counts import ROW, new_bins, new_tally
from sim.engines.setting import ANEW, Origin, scratch, seed_words
from sim.world.params import Params
from sim.world.state import State

_INDICES = 2**32


def branch(
    params: Params,
    state: State,
    week: int,
    seed: int,
    first: int = 0,
    runs: int = 2_000,
    threads: int | None = None,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
) -> BatchOutput:
    """Play runs `first` .. `first + runs - 1` from a state at the end of a week to the horizon.

    The tally counts the weeks after `week`, and whole runs with what they brought along: an
    outcome that had ended before ends in its week in every branch. An order for the next week
    (sim/world/orders.py) that stands in the state is carried out in every branch. The state is
    only read. Raises ValueError for a seed, runs or a week out of range, or for a state of another
    scenario's shape, BatchInterrupted on Ctrl-C.
    """
    weeks = int(params.rules[0].weeks)
    if not 0 <= week <= weeks:
        raise ValueError(f"week is {week}; allowed: 0 to {weeks}, the weeks of the scenario")
    fitting = scratch(params)
    shapes = [(field.shape, field.dtype) for field in state]
    if shapes != [(field.shape, field.dtype) for field in fitting]:
        raise ValueError("the state is not one of this scenario: its tables have other shapes")
    return run_batch(params, seed, first, runs, threads, keep, progress, Origin(state, week))


def states_at(params: Params, seed: int, run: int, weeks: Iterable[int]) -> Iterator[State]:
    """The state of one run at the end of each of the weeks given, which go up from 0.

    It is one state, played on in between: copy it (`copied`) to keep it. Raises ValueError for a
    seed or a run out of range, or for weeks that do not go up to the horizon at most.
    """
    if not 0 <= run < _INDICES:
        raise ValueError(f"a run is a whole number from 0 to 2^32 - 1, not {run}")
    state, key = scratch(params), seed_words(seed)
    params = params._replace(bands=params.bands[:0])
    at = ANEW
    for week in weeks:
        if not max(at, 0) <= week <= int(params.rules[0].weeks):
            raise ValueError(f"week {week} is not within {max(at, 0)}..{params.rules[0].weeks}")
        _play_to(params, state, key, run, at, week)
        at = week
        yield state


def _play_to(
    params: Params, state: State, key: tuple[int, int], run: int, at: int, week: int
) -> None:
    """Play on from the end of week `at` to that of `week`, in place."""
    from sim.engines.block import run_block

    rules = params.rules.copy()
    rules["weeks"] = week
    shorter = params._replace(rules=rules)
    no_rows = np.zeros(0, ROW).view(np.recarray)
    counts = new_tally(params), new_bins(params, 1)
    run_block(shorter, state, *counts, *key, run, 1, no_rows, state, at)


def other_luck(run: int, runs: int) -> int:
    """The first of `runs` indices in a row without `run` among them, next to it where possible."""
    return run + 1 if run + 1 + runs <= _INDICES else max(0, run - runs)
