"""A frozen forecast: what each forecaster said on a day of the weeks that were still to come.

Numbers are rounded when a forecast is made, so that one read from the ledger is the one computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.forecast.facts import Date
from sim.history.replay import COIN, CONCEDE
from sim.outcomes.calendar import last_day

Numbers = tuple[float, ...]

#: Levels of the quantiles that are kept: .05, .10, ... .95.
LEVELS: Numbers = tuple(k / 20 for k in range(1, 20))
#: Paths that are kept of each forecaster with runs: for the energy score.
MEMBERS = 50
#: What a forecast is called by what its settings have seen.
FORECAST, FIT = "forecast", "fit"
MODEL, FITTED = "model", "model, fitted"
BASE, HAZARD = "base rate (Kaplan-Meier)", "constant hazard (Gamma-Poisson)"
FRAILTY, PERSISTENCE = "gamma frailty (Lomax)", "persistence"
#: In the order of every table.
FORECASTERS = (MODEL, FITTED, COIN, CONCEDE, BASE, HAZARD, FRAILTY, PERSISTENCE)


@dataclass(frozen=True)
class Forecast:
    """What one forecaster said; W weeks ahead, the first of them the first that is not over.

    label: which settings it used. kind: FORECAST, or FIT where its settings have seen what came
    later. holds: by outcome, the chance that it holds at the end of each week, (W,). extended: the
    chance that the first term is prolonged. rungs: by side, (W, 19) quantiles of the rung at the
    end of each week. flows: by month as 2025-05, (19,) quantiles of the flow over normal. paths:
    (up to 50, 2, W) rungs of single runs. Empty or None where it says nothing.
    """

    label: str
    kind: str
    holds: Mapping[str, Numbers] = field(default_factory=dict)
    extended: float | None = None
    rungs: Mapping[str, tuple[Numbers, ...]] = field(default_factory=dict)
    flows: Mapping[str, Numbers] = field(default_factory=dict)
    paths: tuple[tuple[Numbers, Numbers], ...] = ()


@dataclass(frozen=True)
class Frozen:
    """All forecasts of one scenario on one day.

    as_of: nothing dated after it has reached them. elapsed: weeks of the scenario that were over.
    weeks: its last week. hashes: of scenario, data (what was known on the day) and code.
    written: the day on which its file was made, "" before that.
    """

    scenario: str
    as_of: Date
    start: Date
    elapsed: int
    weeks: int
    term: int | None
    seed: int
    runs: int
    hashes: Mapping[str, str]
    forecasts: Mapping[str, Forecast]
    notes: tuple[str, ...] = ()
    written: str = field(default="", compare=False)

    @property
    def first(self) -> int:
        """The first week that is forecast."""
        return self.elapsed + 1

    @property
    def until(self) -> Date:
        """The last day that is forecast."""
        return last_day(self.start, self.weeks)


def rounded(value: float, digits: int = 4) -> float:
    """A number as a forecast keeps it."""
    return round(float(value), digits)
