"""When two worlds with common random numbers part: the first week in which what is done differs.

What is done: the levels of levers and both rungs at every moment of the week, the conduct that
counts, and talks. Flows, shortages and beliefs may differ earlier; they are not acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.record import Record
from sim.engines.trace import recorder
from sim.scenario.compile import Compiled

#: Runs looked at week by week: the earliest and the median week need no more.
MOST_TRACED = 200


@dataclass(frozen=True)
class Divergence:
    """The first week in which the two part, over the first `runs` runs.

    Of those, `parted` ever do; `earliest` and `median` are over them, None if there are none.
    `run` is the lowest run that parts in the earliest week.
    """

    runs: int
    parted: int
    earliest: int | None
    median: float | None
    run: int | None


def divergence(first: Compiled, second: Compiled, seed: int, runs: int) -> Divergence:
    """Plays the first runs (at most MOST_TRACED) of both and looks for the weeks they part in."""
    looked = min(runs, MOST_TRACED)
    columns = _shared(first.levers, second.levers)
    one, two = recorder(first, seed), recorder(second, seed)
    parted = (first_difference(one(run), two(run), columns) for run in range(looked))
    weeks = np.fromiter(parted, int)
    came = weeks[weeks > 0]
    if came.size == 0:
        return Divergence(looked, 0, None, None, None)
    earliest = int(came.min())
    run = int(np.flatnonzero(weeks == earliest)[0])
    return Divergence(looked, int(came.size), earliest, float(np.median(came)), run)


def _shared(first: Sequence[str], second: Sequence[str]) -> tuple[list[int], list[int]]:
    """Columns of the levers that both have, in the two tables."""
    both = [name for name in first if name in second]
    return [first.index(name) for name in both], [second.index(name) for name in both]


def first_difference(one: Record, two: Record, columns: tuple[list[int], list[int]]) -> int:
    """The first week, from 1, in which two records of one run differ in what is done; 0: none.

    `columns` are the levers to compare, by index in the one and in the other.
    """
    differs = (one.levels[:, :, columns[0]] != two.levels[:, :, columns[1]]).any(axis=(1, 2))
    differs |= (one.rungs != two.rungs).any(axis=(1, 2))
    differs |= (one.memory["own_bad"] != two.memory["own_bad"]).any(axis=1)
    differs |= _talks(one) != _talks(two)
    weeks = np.flatnonzero(differs[1:])
    return int(weeks[0]) + 1 if weeks.size else 0


def _talks(record: Record) -> NDArray[np.int32]:
    """Number of talks so far, by week."""
    return np.asarray(record.run["talks_count"])
