"""Runs that go on from where the record had led a scenario, as members of a mid-truce forecast."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.follow import Pool
from sim.forecast.horizons import months_ahead, name_of, weeks_over
from sim.forecast.islands import (
    FIRST_AHEAD,
    Ready,
    Stuck,
    alive,
    followed,
    go_on,
    islands_of,
    on_all,
)
from sim.forecast.members import Members
from sim.forecast.observations import observations
from sim.forecast.odds import ISLANDS, PARTICLES
from sim.forecast.settings import Settings, as_shipped
from sim.history.path import month_weights
from sim.world.outcomes import CURVES

if TYPE_CHECKING:
    from sim.forecast.frozen import Date
    from sim.history.record import Record
    from sim.scenario import Scenario

#: Copies that follow the record, in all.
COPIES = PARTICLES


@dataclass(frozen=True, eq=False)
class _Gone:
    """Runs of one island, and the logarithm of the chance of what it saw."""

    pool: Pool
    evidence: float


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
    spec, truce = scenario.spec, scenario.spec.truce
    rows = np.concatenate([gone_island.pool.ended for gone_island in gone])
    rungs = np.concatenate([gone_island.pool.rungs for gone_island in gone])[:, :, over + 1 :]
    flow = np.concatenate([gone_island.pool.flow for gone_island in gone])[:, 1:]
    months = months_ahead(spec.start, spec.weeks, as_of)
    termed = truce is not None and over < (truce.term_weeks or 0) <= spec.weeks
    curves = [curve for curve in CURVES if truce is not None or not curve.needs_truce]
    return Members(
        first=over + 1,
        rungs=rungs.transpose(1, 0, 2),
        flows={name_of(m): flow @ month_weights(m, spec.start, spec.weeks) for m in months},
        ends={name.name: rows[name.field].astype(np.int64) for name in curves},
        extended=rows["extended"] == 1 if termed else None,
        weight=np.concatenate(list(_weights(gone))),
    )


def _weights(gone: list[_Gone]) -> Iterator[np.ndarray]:
    """Of each island's runs: by the evidence for what it saw; over all they sum to 1."""
    logs = np.array([gone_island.evidence for gone_island in gone])
    weights = np.exp(logs - logs.max())
    for result, weight in zip(gone, weights / weights.sum(), strict=True):
        count = len(result.pool.ended)
        yield np.full(count, weight / count)
