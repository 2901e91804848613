"""Islands of copies: they follow the record side by side, and runs go on from where they stand."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engines.follow import Pool, follow
from sim.engines.setting import seed_words
from sim.forecast.filter import Island, impossible, new_pool
from sim.forecast.observations import Observations
from sim.forecast.tables import facts_table, without_facts
from sim.world.philox import philox
from sim.world.purposes import RESAMPLING

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: Runs that go on from copies have indices from here on: random numbers that no copy has had.
FIRST_AHEAD = 2**31
T = TypeVar("T")


@dataclass(frozen=True)
class Stuck:
    """The week that no copy of an island can follow, and what of it (`follow.Pool.why`)."""

    week: int
    why: int


@dataclass(frozen=True)
class Ready:
    """An island before it has played: tables, facts, copies, which are runs from `first` on."""

    compiled: "Compiled"
    observed: Observations
    copies: int
    first: int
    seed: int
    tolerance: float

    def start(self) -> Island:
        """The island at the start of week 1."""
        params = self.compiled.params
        facts = facts_table(self.compiled, self.observed, self.tolerance)
        pool = new_pool(params, facts, self.copies)
        return Island(params, facts, pool, seed_words(self.seed), self.first)


def islands_of(
    points: "Sequence[Compiled]",
    observed: Observations,
    particles: int,
    seed: int,
    tolerance: float,
) -> list[Ready]:
    """An island a point, the copies shared out between them."""
    copies = max(2, particles // len(points))
    return [
        Ready(compiled, observed, copies, place * copies, seed, tolerance)
        for place, compiled in enumerate(points)
    ]


def on_all(
    islands: Sequence[Ready], work: Callable[[Ready, int], T], threads: int | None = None
) -> list[T]:
    """What `work` makes of each island and its place, in their order, whatever the threads."""
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return list(pool.map(work, islands, range(len(islands))))


def alive(results: Sequence[T | Stuck], observed: Observations) -> list[T]:
    """What islands tell that could follow the facts. Raises ForecastError where none could."""
    living = [result for result in results if not isinstance(result, Stuck)]
    if not living:
        latest = max(
            (result for result in results if isinstance(result, Stuck)),
            key=lambda stuck: stuck.week,
        )
        raise impossible(observed, latest.week, latest.why)
    return living


def by_evidence(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of islands by the logarithms of the chance of what each saw; they sum to 1."""
    weights = np.exp(logs - logs.max())
    total: NDArray[np.float64] = weights / weights.sum()
    return total


def followed(island: Island, week: int) -> Stuck | None:
    """Takes an island to the end of a week; what it is stuck at, if it cannot follow."""
    stuck = island.play_to(week)
    return Stuck(stuck, int(island.pool.why[stuck])) if stuck else None


def go_on(island: Island, last: int, first: int, runs: int) -> Pool:
    """What is noted of runs that go on from the copies of an island to week `last`, with the
    random numbers of runs from `first` on. Flows of weeks that are over are those of the copies."""
    week = island.week
    nothing = without_facts(island.facts)
    pool = new_pool(island.params, nothing, 1, runs)
    origin = origins_of(island, runs)
    pool_before = island.pool
    follow(island.params, pool, nothing, pool_before.state, origin, *island.key, first, week, last)
    pool.rungs[:, :, week] = pool_before.rungs[origin, :, week]
    pool.flow[:, : week + 1] = pool_before.flow[origin, : week + 1]
    return pool


def origins_of(island: Island, count: int) -> NDArray[np.int64]:
    """Which copy each of `count` runs goes on from: systematic, with one counter-based draw."""
    word = philox(*island.key, island.first, island.week, RESAMPLING, 1)[0]
    points = (word * 2.0**-32 + np.arange(count)) / count
    total = np.cumsum(np.exp(island.pool.log_weight))
    return np.minimum(np.searchsorted(total / total[-1], points, "right"), len(total) - 1)
