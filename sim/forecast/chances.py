"""The odds of one day as values: chances with their intervals, and the fan of what lies ahead."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forecast.facts import Date
from sim.outcomes.estimates import Estimate


@dataclass(frozen=True)
class Chance:
    """The chance of one outcome at the end of one week, as it was seen on the day.

    at: "term", "13 weeks on" or "26 weeks on". estimate: p, its interval and the effective number
    of runs. spread: the 5 and 95 % points of the chance over the settings, None where they are one.
    """

    outcome: str
    at: str
    week: int
    day: Date
    estimate: Estimate
    error: float
    spread: tuple[float, float] | None = None


@dataclass(frozen=True)
class Fan:
    """Quantiles of what lies before the copies: rungs of us and cn, and the flow, by week.

    weeks (W,): from the last week that was over; values (3, W, 5) at `levels`.
    """

    weeks: NDArray[np.int64]
    levels: tuple[float, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Odds:
    """The odds on one day. `after`: the weeks that were over; `effective`: the fewest effective
    copies of any week times the effective number of islands; `evidence`: the logarithm of the
    chance of all that was seen, by the tolerances stated."""

    scenario: str
    hash: str
    settings: str
    as_of: Date
    after: int
    seed: int
    particles: int
    runs: int
    tolerance: float
    codings: int
    effective: float
    evidence: float
    chances: tuple[Chance, ...]
    fan: Fan

    def at(self, outcome: str, at: str = "term") -> Estimate:
        """One chance. Raises KeyError if the outcome is not defined or not read there."""
        for chance in self.chances:
            if (chance.outcome, chance.at) == (outcome, at):
                return chance.estimate
        raise KeyError((outcome, at))

    def rows(self) -> list[dict[str, Any]]:
        """A row a chance, as they are written to odds.csv."""
        return [self._row(chance) for chance in self.chances]

    def _row(self, chance: Chance) -> dict[str, Any]:
        low, high = chance.spread or (None, None)
        return {
            "as_of": self.as_of.isoformat(),
            "weeks_over": self.after,
            "outcome": chance.outcome,
            "at": chance.at,
            "week": chance.week,
            "day": chance.day.isoformat(),
            "p": chance.estimate.p,
            "low": chance.estimate.low,
            "high": chance.estimate.high,
            "effective_runs": chance.estimate.n,
            "runs": self.runs,
            "settings_low": low,
            "settings_high": high,
            "effective_sample": self.effective,
            "tolerance": self.tolerance,
            "codings": self.codings,
            "settings": self.settings,
        }
