"""Islands of copies: they follow the record side by side, and tell what lies before them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.follow import RESAMPLING, Pool, follow
from sim.engines.setting import seed_words
from sim.forecast.facts import Date
from sim.forecast.filter import Island, facts_table, impossible, new_pool, without_facts
from sim.forecast.horizons import Reading
from sim.forecast.observations import Observations
from sim.world.outcomes import CURVES, ONCE
from sim.world.philox import philox
from sim.world.state import State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: Runs that go on from copies have indices from here on: luck that no copy has had.
FIRST_AHEAD = 2**31
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Seen:
    """What the islands tell on one day: shares (islands, readings) of each outcome, weights of the
    islands, effective sample, evidence, and quantiles of rungs and flow beyond."""

    after: int
    shares: dict[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    effective: float
    evidence: float
    fan_weeks: NDArray[np.int64]
    fan_levels: tuple[float, ...]
    fan: NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """The same of one island; evidence and effective sample week by week from 0."""

    shares: dict[str, NDArray[np.float64]]
    evidence: NDArray[np.float64]
    effective: NDArray[np.float64]
    copies: int
    paths: NDArray[np.float64]


@dataclass(frozen=True)
class Stuck:
    """The week that no copy of an island can follow, and what of it (`follow.Pool.why`)."""

    week: int
    why: int


def islands_of(
    points: "Sequence[Compiled]", seen: Observations, particles: int, seed: int, tolerance: float
) -> list["Ready"]:
    """An island a point, the copies shared out between them."""
    copies = max(2, particles // len(points))
    return [
        Ready(compiled, seen, copies, place * copies, seed, tolerance)
        for place, compiled in enumerate(points)
    ]


@dataclass(frozen=True)
class Ready:
    """An island before it has played: tables, facts, copies with the luck of runs from `first`."""

    compiled: "Compiled"
    seen: Observations
    copies: int
    first: int
    seed: int
    tolerance: float

    def start(self) -> Island:
        """The island at the start of week 1."""
        params = self.compiled.params
        facts = facts_table(self.compiled, self.seen, self.tolerance)
        pool = new_pool(params, facts, self.copies)
        return Island(params, facts, pool, seed_words(self.seed), self.first)


def follow_all(
    islands: Sequence[Ready],
    reads: Sequence[Reading],
    runs: int,
    threads: int | None,
    known_to: Date | None,
    fan: bool = True,
) -> Seen:
    """What the islands tell, `runs` runs in all going on from them to the last of `reads`.

    `fan`: with the quantiles of their paths, which take as long again.
    Raises ForecastError where none can follow the facts.
    """
    each = max(2, runs // len(islands))
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        told = list(
            pool.map(
                partial(_follow, reads=reads, runs=each, fan=fan), islands, range(len(islands))
            )
        )
    alive = [one for one in told if isinstance(one, Told)]
    seen = islands[0].seen
    if not alive:
        latest = max((one for one in told if isinstance(one, Stuck)), key=lambda one: one.week)
        raise impossible(seen, latest.week, latest.why)
    return _seen(alive, seen, known_to)


def _follow(
    ready: Ready, place: int, *, reads: Sequence[Reading], runs: int, fan: bool
) -> "Told | Stuck":
    """One island through its facts, and what lies ahead of it then."""
    island = ready.start()
    stuck = island.play_to(ready.seen.weeks)
    if stuck:
        return Stuck(stuck, int(island.pool.why[stuck]))
    return _ahead(island, reads, FIRST_AHEAD + place * runs, runs, fan)


def _ahead(island: Island, reads: Sequence[Reading], first: int, runs: int, fan: bool) -> Told:
    """Runs that go on from the copies of an island with random numbers of their own."""
    week, last = island.week, max(read.week for read in reads)
    pool = go_on(island, last, first, runs)
    ahead = slice(week, last + 1 if fan else week)
    flow = pool.flow[:, None, ahead]
    return Told(
        shares_at(pool.state.run[:, 0], np.array([read.week for read in reads])),
        island.pool.evidence[: week + 1].copy(),
        island.pool.effective[: week + 1].copy(),
        len(island.pool.log_weight),
        np.concatenate([pool.rungs[:, :, ahead], flow], axis=1),
    )


def go_on(island: Island, last: int, first: int, runs: int) -> Pool:
    """Runs that go on from the copies of an island to week `last`, with the luck of runs from
    `first` on. Flows of weeks that are over are those of the copies."""
    week = island.week
    nothing = without_facts(island.facts)
    pool = new_pool(island.params, nothing, runs)
    origin = drawn(island, runs)
    for name in State._fields:
        if name not in ("luck", "curve"):  # their own, and what the next week looks up
            getattr(pool.state, name)[:] = getattr(island.pool.state, name)[origin]
    pool.rungs[:, :, week] = island.pool.rungs[origin, :, week]
    pool.flow[:, : week + 1] = island.pool.flow[origin, : week + 1]
    follow(island.params, pool, nothing, *island.key, first, week, last, True)
    return pool


def drawn(island: Island, count: int) -> NDArray[np.int64]:
    """Which copy each of `count` runs goes on from: systematic, with one counter-based draw."""
    word = philox(*island.key, island.first, island.week, RESAMPLING, 1)[0]
    points = (word * 2.0**-32 + np.arange(count)) / count
    total = np.cumsum(np.exp(island.pool.log_weight))
    return np.minimum(np.searchsorted(total / total[-1], points, "right"), len(total) - 1)


def shares_at(rows: np.ndarray, weeks: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """By outcome, the share of runs in which it holds at the end of each week."""
    found = {}
    for one in CURVES:
        fails = rows[one.field][:, None]
        found[one.name] = ((fails == 0) | (fails > weeks)).mean(axis=0)
    for one in ONCE:
        found[one.name] = np.full(len(weeks), (rows[one.field] == 1).mean())
    return found


def _seen(told: Sequence[Told], table: Observations, known_to: Date | None) -> Seen:
    weights, evidence = _weights(told, _weeks_known(table, known_to))
    return Seen(
        after=table.weeks,
        shares={name: np.array([one.shares[name] for one in told]) for name in told[0].shares},
        weights=weights,
        effective=_effective(told, weights),
        evidence=evidence,
        fan_weeks=table.weeks + np.arange(told[0].paths.shape[2]),
        fan_levels=LEVELS,
        fan=_fan(told, weights),
    )


def _weeks_known(table: Observations, known_to: Date | None) -> int:
    """The weeks whose facts the settings have seen already, and are not weighed by again."""
    return 0 if known_to is None else max(0, ((known_to - table.start).days + 1) // 7)


def _weights(told: Sequence[Told], known: int) -> tuple[NDArray[np.float64], float]:
    """Weights of the islands by the evidence after week `known`, and that of all weeks."""
    logs = np.array([one.evidence[known + 1 :].sum() for one in told])
    whole = np.array([one.evidence.sum() for one in told])
    weights = np.exp(logs - logs.max())
    top = whole.max()
    return weights / weights.sum(), float(top + np.log(np.exp(whole - top).mean()))


def _effective(told: Sequence[Told], weights: NDArray[np.float64]) -> float:
    """The fewest effective copies of a week, a mean over islands, times the effective islands."""
    each = np.array([one.effective for one in told])
    weighed = each[:, (each > 0).any(axis=0)].mean(axis=0)
    islands = float(1 / (weights**2).sum())
    copies = told[0].copies
    return float(weighed.min(initial=copies)) * islands


def _fan(told: Sequence[Told], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted quantiles of the paths: (3, weeks, LEVELS)."""
    paths = np.concatenate([one.paths for one in told])
    weight = np.repeat(weights, [len(one.paths) for one in told])
    order = np.argsort(paths, axis=0, kind="stable")
    values = np.take_along_axis(paths, order, axis=0)
    total = np.cumsum(weight[order], axis=0) / weight.sum()
    found = []
    for level in LEVELS:
        place = (total < level).sum(axis=0).clip(max=len(weight) - 1)
        found.append(np.take_along_axis(values, place[None], axis=0)[0])
    return np.stack(found, axis=-1)
