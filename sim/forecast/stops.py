"""What lies ahead of a day, and what islands of copies tell of it: shares of outcomes and a fan.

Chances are given for the end of the term in force, and for so many weeks on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.filter import (
    FIRST_AHEAD,
    Island,
    Start,
    Stuck,
    alive,
    by_evidence,
    followed,
    go_on,
    on_all,
)
from sim.forecast.observations import Date, Observations
from sim.scenario.calendar import last_day, weeks_over
from sim.world.outcomes import CURVES, ONCE

if TYPE_CHECKING:
    from sim.scenario import Scenario

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Reading:
    """A week at whose end chances are given, what it is called, and its last day."""

    at: str
    week: int
    day: Date


def term_end(scenario: "Scenario", after: int) -> int:
    """The last week of the term that runs after so many weeks if each is prolonged; without a term
    that of the scenario, or what follows where it is over."""
    truce = scenario.spec.truce
    if truce is None or not truce.term_weeks:
        return max(scenario.spec.weeks, after + 1)
    end = truce.term_weeks
    if end <= after:
        longer = truce.extension or truce.term_weeks
        end += -(-(after + 1 - end) // longer) * longer
    return end


def readings_at(
    scenario: "Scenario", after: int, weeks: int, ahead: tuple[int, ...]
) -> tuple[Reading, ...]:
    """When the odds of a day are read, so many weeks being over: the term, then weeks on."""
    start = scenario.spec.start
    end = term_end(scenario, after)
    further = sorted({on for on in (*ahead, weeks) if on <= weeks})
    readings = [("term", end)] + [(f"{on} weeks on", after + on) for on in further]
    return tuple(Reading(at, week, last_day(start, week)) for at, week in readings)


@dataclass(frozen=True)
class Stop:
    """A day on which islands are asked: its facts, when chances are read, and whether the fan of
    what lies ahead is wanted, which takes as long again."""

    observed: Observations
    reads: tuple[Reading, ...]
    fan: bool


@dataclass(frozen=True)
class Fan:
    """Quantiles of what lies before the copies: rungs of us and cn, and the flow, by week.

    weeks (W,): from the last week that was over; values (3, W, 5) at LEVELS.
    """

    weeks: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class StopShares:
    """What the islands tell on one day: shares (islands, readings) of each outcome, weights of the
    islands, effective sample, evidence, and quantiles of rungs and flow beyond."""

    after: int
    shares: dict[str, NDArray[np.float64]]
    weights: NDArray[np.float64]
    effective: float
    evidence: float
    fan: Fan


@dataclass(frozen=True)
class IslandShares:
    """The same of one island; evidence and effective sample week by week from 0."""

    shares: dict[str, NDArray[np.float64]]
    evidence: NDArray[np.float64]
    effective: NDArray[np.float64]
    copies: int
    paths: NDArray[np.float64]


def passes(stops: Sequence[Stop]) -> list[list[int]]:
    """Places of stops, in groups that one filter serves, by week in each.

    On the days of a group the facts of the weeks that were over are those that are known of them on
    its last day. A day on which less was known of them, or something else, has a filter of its own.
    """
    left = sorted(range(len(stops)), key=lambda place: stops[place].observed.weeks)
    groups = []
    while left:
        last = stops[left[-1]].observed
        group = [place for place in left if stops[place].observed.agrees_with(last)]
        groups.append(group)
        left = [place for place in left if place not in group]
    return groups


def follow_all(
    islands: Sequence[Start],
    stops: Sequence[Stop],
    runs: int,
    threads: int | None,
    known_to: Date | None,
) -> list[StopShares]:
    """What the islands tell at stops in order of week, `runs` runs in all going on from each.

    The facts of the islands are those of the last stop. Raises ForecastError where none can follow
    them.
    """
    each = max(2, runs // len(islands))
    results = on_all(islands, partial(_follow, stops=stops, runs=each), threads)
    by_stop = zip(stops, zip(*results, strict=True), strict=True)
    return [
        _over_islands(alive(results_there, stop.observed), stop.observed, known_to)
        for stop, results_there in by_stop
    ]


def _follow(
    island: Island, place: int, *, stops: Sequence[Stop], runs: int
) -> list[IslandShares | Stuck]:
    """One island through its facts, and at each stop what lies ahead of it then."""
    results, stuck = list[IslandShares | Stuck](), None
    for stop in stops:
        stuck = stuck or followed(island, stop.observed.weeks)
        results.append(stuck or _ahead(island, stop, FIRST_AHEAD + place * runs, runs))
    return results


def _ahead(island: Island, stop: Stop, first: int, runs: int) -> IslandShares:
    """Runs that go on from the copies of an island with random numbers of their own."""
    week, last = island.week, max(read.week for read in stop.reads)
    pool = go_on(island, last, first, runs)
    ahead = slice(week, last + 1 if stop.fan else week)
    flow = pool.flow[:, None, ahead]
    return IslandShares(
        shares_at(pool.ended, np.array([read.week for read in stop.reads])),
        island.pool.evidence[: week + 1].copy(),
        island.pool.effective[: week + 1].copy(),
        len(island.pool.log_weight),
        np.concatenate([pool.rungs[:, :, ahead], flow], axis=1),
    )


def shares_at(rows: np.ndarray, weeks: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """By outcome, the share of runs in which it holds at the end of each week."""
    shares = {}
    for outcome in CURVES:
        fails = rows[outcome.field][:, None]
        shares[outcome.name] = ((fails == 0) | (fails > weeks)).mean(axis=0)
    for outcome in ONCE:
        shares[outcome.name] = np.full(len(weeks), (rows[outcome.field] == 1).mean())
    return shares


def _over_islands(
    results: Sequence[IslandShares], table: Observations, known_to: Date | None
) -> StopShares:
    # weeks whose facts the settings have seen already do not weigh the islands again
    known = 0 if known_to is None else weeks_over(table.start, known_to)
    weights = by_evidence(np.array([result.evidence[known + 1 :].sum() for result in results]))
    whole = np.array([result.evidence.sum() for result in results])
    top = whole.max()
    return StopShares(
        after=table.weeks,
        shares={
            name: np.array([result.shares[name] for result in results])
            for name in results[0].shares
        },
        weights=weights,
        effective=_effective(results, weights),
        evidence=float(top + np.log(np.exp(whole - top).mean())),
        fan=Fan(table.weeks + np.arange(results[0].paths.shape[2]), _fan(results, weights)),
    )


def _effective(results: Sequence[IslandShares], weights: NDArray[np.float64]) -> float:
    """The fewest effective copies of a week, a mean over islands, times the effective islands."""
    each = np.array([result.effective for result in results])
    weighed = each[:, (each > 0).any(axis=0)].mean(axis=0)
    islands = float(1 / (weights**2).sum())
    return float(weighed.min(initial=results[0].copies)) * islands


def _fan(results: Sequence[IslandShares], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted quantiles of the paths: (3, weeks, LEVELS)."""
    paths = np.concatenate([result.paths for result in results])
    weight = np.repeat(weights, [len(result.paths) for result in results])
    order = np.argsort(paths, axis=0, kind="stable")
    values = np.take_along_axis(paths, order, axis=0)
    total = np.cumsum(weight[order], axis=0) / weight.sum()
    quantiles = []
    for level in LEVELS:
        place = (total < level).sum(axis=0).clip(max=len(weight) - 1)
        quantiles.append(np.take_along_axis(values, place[None], axis=0)[0])
    return np.stack(quantiles, axis=-1)
