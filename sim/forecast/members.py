"""A forecast read off runs: shares by week, quantiles of rungs and flows, and a few whole paths."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.follow import Pool
from sim.forecast.filter import (
    FIRST_AHEAD,
    Island,
    Stuck,
    alive,
    by_evidence,
    followed,
    go_on,
    islands_of,
    on_all,
)
from sim.forecast.fitted import Settings, as_shipped
from sim.forecast.frozen import LEVELS, MEMBERS, Forecast, Numbers, rounded
from sim.forecast.observations import SIDES, Date, observations
from sim.forecast.sizes import ISLANDS, PARTICLES
from sim.history.path import month_weights, months_ahead
from sim.history.record import MAGNET_LEVER
from sim.history.replay import play
from sim.scenario.calendar import weeks_over
from sim.world.outcomes import CURVES, Outcome

if TYPE_CHECKING:
    from sim.history.record import Record
    from sim.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Members:
    """n runs of the weeks ahead, W of them from week `first` on.

    rungs: (2, n, W). flows: by month, (n,). ends: by outcome, (n,) the week in which it no longer
    holds, 0 while it does. extended: (n,), None where there is nothing to extend. weight: (n,),
    they sum to 1.
    """

    first: int
    rungs: Floats
    flows: Mapping[str, Floats]
    ends: Mapping[str, NDArray[np.int64]]
    extended: NDArray[np.bool_] | None
    weight: Floats

    @classmethod
    def of(
        cls,
        scenario: "Scenario",
        as_of: Date,
        over: int,
        runs: np.ndarray,
        rungs: Floats,
        flow: Floats,
        weight: Floats,
    ) -> "Members":
        """Runs (n,) as they ended, `over` weeks of which were over on the day.

        flow: (n, weeks of the scenario) over normal, of the licence lever.
        """
        spec, truce = scenario.spec, scenario.spec.truce
        months = months_ahead(spec.start, spec.weeks, as_of)
        termed = truce is not None and over < (truce.term_weeks or 0) <= spec.weeks
        return cls(
            first=over + 1,
            rungs=rungs,
            flows={m.name: flow @ month_weights(m, spec.start, spec.weeks) for m in months},
            ends={curve.name: runs[curve.field].astype(np.int64) for curve in curves_of(scenario)},
            extended=runs["extended"] == 1 if termed else None,
            weight=weight,
        )

    @property
    def effective(self) -> float:
        """Effective number of runs, 1 / sum of squared weights: n for equal ones."""
        return float(1 / np.square(self.weight).sum())

    def chance(self, flags: NDArray[np.bool_]) -> float:
        """The chance of a flag: its share, moved off 0 and 1 as by Jeffreys' prior (k + 1/2 of
        n + 1), so that no score is infinite for want of runs."""
        n = self.effective
        share = min(max(float(self.weight @ flags), 0.0), 1.0)
        return rounded((share * n + 0.5) / (n + 1), 6)

    def quantiles(self, values: Floats) -> Numbers:
        """The quantiles of LEVELS of one quantity, (n,)."""
        quantiles_now = np.quantile(values, LEVELS, method="inverted_cdf", weights=self.weight)
        return tuple(rounded(value) for value in quantiles_now)

    def forecast(self, label: str, kind: str) -> Forecast:
        """What these runs say."""
        weeks = range(self.first, self.first + self.rungs.shape[2])
        return Forecast(
            label=label,
            kind=kind,
            holds={
                name: tuple(self.chance((ends == 0) | (ends > week)) for week in weeks)
                for name, ends in self.ends.items()
            },
            extended=None if self.extended is None else self.chance(self.extended),
            rungs={
                side: tuple(
                    self.quantiles(self.rungs[place, :, week]) for week in range(len(weeks))
                )
                for place, side in enumerate(SIDES)
            },
            flows={month: self.quantiles(values) for month, values in self.flows.items()},
            paths=self._paths(),
        )

    def _paths(self) -> tuple[tuple[Numbers, Numbers], ...]:
        """MEMBERS runs at most, by weight at evenly spaced places (systematic)."""
        count = min(MEMBERS, self.rungs.shape[1])
        places = (np.arange(count) + 0.5) / count
        chosen = np.searchsorted(np.cumsum(self.weight), places).clip(max=self.rungs.shape[1] - 1)
        us, cn = ([tuple(map(rounded, run)) for run in side[chosen]] for side in self.rungs)
        return tuple(zip(us, cn, strict=True))


def curves_of(scenario: "Scenario") -> list[Outcome]:
    """The outcomes that a scenario has week by week."""
    truce = scenario.spec.truce
    return [curve for curve in CURVES if truce is not None or not curve.needs_truce]


def from_batch(scenario: "Scenario", runs: int, seed: int) -> Members:
    """The first `runs` runs of the batch engine (at most 20,000), every week of them ahead."""
    played = play(scenario.compiled, MAGNET_LEVER, runs, seed)
    weight = np.full(runs, 1 / runs)
    start = scenario.spec.start
    return Members.of(scenario, start, 0, played.rows, played.rungs, played.flow, weight)


def members_on(
    scenario: "Scenario",
    as_of: Date,
    record: "Record",
    runs: int,
    seed: int,
    settings: Settings | None = None,
) -> Members:
    """About `runs` runs in all of the weeks ahead of a day: at the start the batch engine's, later
    and with settings of a fit those that go on from the copies of every island.

    settings: in place of the scenario's own, a point an island; facts that they have seen already
    do not weigh the islands again. Raises ForecastError where no copy of any island can follow the
    facts known on the day.
    """
    if settings is None and not weeks_over(scenario.spec.start, as_of):
        return from_batch(scenario, runs, seed)
    observed = observations(scenario, record, as_of).known_on(as_of)
    used = settings or as_shipped(scenario)
    points = used.points(scenario, ISLANDS)
    islands = islands_of(points, observed, PARTICLES, seed, 1.0)
    each = max(2, runs // ISLANDS)
    known = 0 if used.known_to is None else weeks_over(scenario.spec.start, used.known_to)
    over, last = observed.weeks, scenario.spec.weeks
    play = partial(_go, week=over, runs=each, last=last, known=known)
    pools, evidence = zip(*alive(on_all(islands, play), observed), strict=True)
    ended, rungs, flow = (
        np.concatenate([getattr(pool, name) for pool in pools])
        for name in ("ended", "rungs", "flow")
    )
    ahead = rungs[:, :, over + 1 :].transpose(1, 0, 2)
    weight = np.repeat(by_evidence(np.array(evidence)) / each, each)
    return Members.of(scenario, as_of, over, ended, ahead, flow[:, 1:], weight)


def _go(
    island: Island, place: int, *, week: int, runs: int, last: int, known: int
) -> tuple[Pool, float] | Stuck:
    """The runs of one island, and the logarithm of the chance of what it saw after week `known`;
    the week and the cause where it cannot follow."""
    if stuck := followed(island, week):
        return stuck
    evidence = float(island.pool.evidence[known + 1 : week + 1].sum())
    return go_on(island, last, FIRST_AHEAD + place * runs, runs), evidence
