"""Runs as members of a forecast: from the first day on, or from where the record has led."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.follow import Pool
from sim.forecast.horizons import weeks_over
from sim.forecast.islands import (
    FIRST_AHEAD,
    Ready,
    Stuck,
    alive,
    by_evidence,
    followed,
    go_on,
    islands_of,
    on_all,
)
from sim.forecast.members import Members
from sim.forecast.observations import observations
from sim.forecast.odds import ISLANDS, PARTICLES
from sim.forecast.settings import Settings, as_shipped
from sim.history.replay import LICENCE, play

if TYPE_CHECKING:
    from sim.forecast.facts import Date
    from sim.history.record import Record
    from sim.scenario import Scenario

#: Copies that follow the record, in all.
COPIES = PARTICLES


@dataclass(frozen=True, eq=False)
class _Gone:
    """Runs of one island, and the logarithm of the chance of what it saw."""

    pool: Pool
    evidence: float


def from_batch(scenario: "Scenario", runs: int, seed: int) -> Members:
    """The first `runs` runs of the batch engine (at most 20,000), every week of them ahead."""
    played = play(scenario.compiled, LICENCE, runs, seed)
    weight = np.full(runs, 1 / runs)
    start = scenario.spec.start
    return Members.of(scenario, start, 0, played.rows, played.rungs, played.flow, weight)


def from_filter(
    scenario: "Scenario",
    as_of: "Date",
    record: "Record",
    runs: int,
    seed: int,
    settings: Settings | None = None,
) -> Members:
    """About `runs` runs in all from the copies of every island, the weeks ahead of a day.

    settings: in place of the scenario's own, a point an island; facts that they have seen already
    do not weigh the islands again. Raises ForecastError where no copy of any island can follow the
    facts known on the day.
    """
    observed = observations(scenario, record, as_of).known_on(as_of)
    used = settings or as_shipped(scenario)
    points = used.points(scenario, ISLANDS)
    islands = islands_of(points, observed, COPIES, seed, 1.0)
    each = max(2, runs // ISLANDS)
    known = 0 if used.known_to is None else weeks_over(scenario, used.known_to)
    play = partial(_go, runs=each, last=scenario.spec.weeks, known=known)
    results = alive(on_all(islands, play), observed)
    return _members(scenario, as_of, observed.weeks, results)


def _go(ready: Ready, place: int, *, runs: int, last: int, known: int) -> _Gone | Stuck:
    """The runs of one island; the week and the cause where it cannot follow."""
    island = ready.start()
    if stuck := followed(island, ready.observed.weeks):
        return stuck
    evidence = float(island.pool.evidence[known + 1 : island.week + 1].sum())
    return _Gone(go_on(island, last, FIRST_AHEAD + place * runs, runs), evidence)


def _members(scenario: "Scenario", as_of: "Date", over: int, gone: list[_Gone]) -> Members:
    runs, rungs, flow = (
        np.concatenate([getattr(island.pool, name) for island in gone])
        for name in ("ended", "rungs", "flow")
    )
    ahead = rungs[:, :, over + 1 :].transpose(1, 0, 2)
    weight = np.concatenate(list(_weights(gone)))
    return Members.of(scenario, as_of, over, runs, ahead, flow[:, 1:], weight)


def _weights(gone: list[_Gone]) -> Iterator[np.ndarray]:
    """Of each island's runs: by the evidence for what it saw; over all they sum to 1."""
    weights = by_evidence(np.array([island.evidence for island in gone]))
    for result, weight in zip(gone, weights, strict=True):
        count = len(result.pool.ended)
        yield np.full(count, weight / count)
