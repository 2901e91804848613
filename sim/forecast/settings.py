"""Which settings a forecast uses: the scenario's own, or points that the record has weighed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.forecast.facts import Date
from sim.forecast.fitted import Fit
from sim.world.array_draws import normals

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled

SHIPPED = "as shipped (judgement)"


@dataclass(frozen=True, eq=False)
class Settings:
    """Settings by island. label: as every headline says it. known_to: the last day whose facts
    they have seen, None for settings that no fit has touched. several: they differ. weighed: the
    facts since then weigh them; else each counts alike, whatever it makes of the facts."""

    label: str
    points: "Callable[[Scenario, int], list[Compiled]]"
    known_to: Date | None = None
    several: bool = False
    weighed: bool = True

    @property
    def weighed_from(self) -> Date | None:
        """The last day whose facts weigh nothing; None: all weigh."""
        return self.known_to if self.weighed else Date.max

    def label_on(self, day: Date) -> str:
        """The label; a fit that has seen later facts is no forecast, and says so."""
        if self.known_to is None or self.known_to <= day:
            return self.label
        return f"{self.label}; in hindsight, no forecast"


def as_shipped(scenario: "Scenario") -> Settings:
    """The scenario's own settings; of one with readings, islands by the weights of these."""
    return Settings(SHIPPED, _parts, several=bool(scenario.readings))


def _parts(scenario: "Scenario", count: int) -> "list[Compiled]":
    """The tables of each of `count` islands."""
    if not scenario.readings:
        return [scenario.compiled] * count
    slots = [int((place + 0.5) / count * 100) for place in range(count)]
    return [scenario.of_run(slot).compiled for slot in slots]


def believed(fit: Fit) -> Settings:
    """Points of what a fit believed before the record, each counted alike."""

    def points(scenario: "Scenario", count: int) -> "list[Compiled]":
        values = fit.prior.values(normals(fit.plan.key, count, 0, fit.prior.size))
        return [fit.prior.world(scenario, row).compiled for row in values]

    return Settings("as believed before the record", points, several=True, weighed=False)


def fitted(fit: Fit) -> Settings:
    """The points of a fit, as many as there are islands, evenly among them.

    A scenario that was not among those fitted keeps its own settings where no truce shares them.
    """
    cloud = fit.cloud
    if cloud is None:
        raise ValueError("the fit has no points yet")
    label = f"fitted to the record up to {fit.until}"
    names = ", ".join(scenario.name for scenario in fit.prior.scenarios)

    def points(scenario: "Scenario", count: int) -> "list[Compiled]":
        chosen = (np.arange(count) + 0.5) * len(cloud.z) / count
        values = fit.prior.values(cloud.z[chosen.astype(int)])
        return [fit.prior.world(scenario, row).compiled for row in values]

    return Settings(f"{label} ({names})", points, fit.until, several=True)
