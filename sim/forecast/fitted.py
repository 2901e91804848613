"""A fit as a value: what is believed, what was seen, how much work, and the points it came to; and
how well a point's settings follow the record, by a filter for each truce.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.facts import Date
from sim.forecast.islands import Ready
from sim.forecast.observations import Observations
from sim.forecast.priors import Prior
from sim.forecast.tempered import Cloud, Plan
from sim.history.record import Record

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
        truces = zip(self.prior.scenarios, self.observed, strict=True)
        return [
            self._of(self.prior.world(scenario, values), observed, seed, place)
            for place, (scenario, observed) in enumerate(truces)
        ]

    def _of(self, world: "Scenario", observed: Observations, seed: int, place: int) -> float:
        first = place * self.copies
        ready = Ready(world.compiled, observed, self.copies, first, seed, self.tolerance)
        island = ready.start()
        return -np.inf if island.play_to(observed.weeks) else island.evidence


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit: what is believed, what was seen, how much work, and the points it came to.

    until: the last day whose facts it has seen. observed: the facts of each scenario of the prior,
    empty in a fit that was read. on_record: of each scenario its weeks on record, and acts in them.
    record: one's own, None for the package's.
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
    cloud: Cloud | None = field(default=None, repr=False)
    record: Record | None = field(default=None, repr=False)

    @property
    def likelihood(self) -> Likelihood:
        """That of its points."""
        return Likelihood(self.prior, self.observed, self.copies, self.tolerance)
