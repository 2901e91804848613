"""A forecast read off runs: shares by week, quantiles of rungs and flows, and a few whole paths."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.facts import SIDES, Date
from sim.forecast.frozen import LEVELS, MEMBERS, Forecast, Numbers, rounded
from sim.history.path import month_weights, months_ahead
from sim.world.outcomes import CURVES, Outcome

if TYPE_CHECKING:
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
        n + 1), so that no score is endless for want of runs."""
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
        return tuple(
            (_numbers(self.rungs[0, run]), _numbers(self.rungs[1, run])) for run in chosen.tolist()
        )


def curves_of(scenario: "Scenario") -> list[Outcome]:
    """The outcomes that a scenario has week by week."""
    truce = scenario.spec.truce
    return [curve for curve in CURVES if truce is not None or not curve.needs_truce]


def _numbers(values: Floats) -> Numbers:
    return tuple(rounded(value) for value in values)
