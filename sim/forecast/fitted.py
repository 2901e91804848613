"""A fit as a value: what is believed, what was seen, how much work, and the points it came to; and
how well a point's settings follow the record, by a filter for each truce.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.filter import begun
from sim.forecast.observations import Date, Observations
from sim.forecast.priors import IDLE, Prior
from sim.forecast.tempered import Particles, Plan
from sim.history.record import Record
from sim.world.philox import normals

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The logarithm of the chance of the record, by truce, estimated with `copies` copies.

    The chance itself (not its logarithm) is estimated without bias, so a sampler that keeps the
    estimate of each point draws from the exact posterior (Andrieu and Roberts 2009, Annals of
    Statistics 37:697).
    """

    prior: Prior
    observed: tuple[Observations, ...]
    copies: int
    tolerance: float = 1.0

    def __call__(self, z: NDArray[np.float64], seeds: Sequence[int]) -> NDArray[np.float64]:
        """(points, truces) logarithms at points z, each with the seed of its filters."""
        values = self.prior.values(z)
        logs = [self.at(row, seed) for row, seed in zip(values, seeds, strict=True)]
        return np.array(logs).reshape(len(z), len(self.observed))

    def at(self, values: NDArray[np.float64], seed: int) -> list[float]:
        """By truce, at one point's values."""
        logs: list[float] = []
        for scenario, observed in zip(self.prior.scenarios, self.observed, strict=True):
            world, first = self.prior.world(scenario, values), len(logs) * self.copies
            island = begun(world.compiled, observed, self.copies, first, seed, self.tolerance)
            logs.append(-np.inf if island.play_to(observed.weeks) else island.evidence)
        return logs


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit: what is believed, what was seen, how much work, and the points it came to.

    until: the last day whose facts it has seen. observed: the facts of each scenario of the prior,
    empty in a fit that was read. on_record: of each scenario its weeks on record, and acts in them.
    record: one's own, None for the package's. idle: coordinates of a point beyond those of the
    prior, on which nothing depends (`IDLE`; none in fits of older versions).
    """

    prior: Prior
    observed: tuple[Observations, ...]
    plan: Plan
    copies: int
    tolerance: float
    codings: int
    seed: int
    until: Date
    on_record: tuple[tuple[int, int], ...]
    cloud: Particles | None = field(default=None, repr=False)
    record: Record | None = field(default=None, repr=False)
    idle: int = IDLE

    @property
    def size(self) -> int:
        """Coordinates of a point, idle ones included."""
        return self.prior.size + self.idle

    @property
    def likelihood(self) -> Likelihood:
        """That of its points."""
        return Likelihood(self.prior, self.observed, self.copies, self.tolerance)


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

    def points(world: "Scenario", count: int) -> "list[Compiled]":
        slots = (int((place + 0.5) / count * 100) for place in range(count))
        return [(world.of_run(slot) if world.readings else world).compiled for slot in slots]

    return Settings(SHIPPED, points, several=bool(scenario.readings))


def believed(fit: Fit) -> Settings:
    """Points of what a fit believed before the record, each counted alike."""

    def points(scenario: "Scenario", count: int) -> "list[Compiled]":
        return _compiled(fit, scenario, normals(fit.plan.key, count, 0, fit.prior.size))

    return Settings("as believed before the record", points, several=True, weighed=False)


def fitted(fit: Fit) -> Settings:
    """The points of a fit, as many as there are islands, evenly among them.

    A scenario that was not among those fitted keeps its own settings where no truce shares them.
    """
    cloud = fit.cloud
    if cloud is None:
        raise ValueError("the fit has no points yet")
    names = ", ".join(scenario.name for scenario in fit.prior.scenarios)

    def points(scenario: "Scenario", count: int) -> "list[Compiled]":
        chosen = (np.arange(count) + 0.5) * len(cloud.z) / count
        return _compiled(fit, scenario, cloud.z[chosen.astype(int)])

    label = f"fitted to the record up to {fit.until} ({names})"
    return Settings(label, points, fit.until, several=True)


def _compiled(fit: Fit, scenario: "Scenario", z: NDArray[np.float64]) -> "list[Compiled]":
    return [fit.prior.world(scenario, row).compiled for row in fit.prior.values(z)]
