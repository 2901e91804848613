"""How well a point's settings follow the record: an estimate by a filter for each truce."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.islands import Ready
from sim.forecast.observations import Observations
from sim.forecast.priors import Prior

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
