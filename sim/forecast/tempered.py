"""Tempered sequential Monte Carlo: points move from the prior to the posterior, a power at a time.

At stage t the target is prior times likelihood to the power b(t), b(T) = 1 (Del Moral, Doucet and
Jasra 2006, Journal of the Royal Statistical Society B 68:411; with an estimated likelihood: Duan
and Fulop 2015, Journal of Business and Economic Statistics 33:192). Points are weighed, resampled
systematically, and moved by steps that leave a normal law N(m, C) as it is, made like the points
themselves (Fearnhead and Taylor 2013, Bayesian Analysis 8:411): z' = m + (z - m) sqrt(1 - s^2) +
s x with x from N(0, C) (Cotter, Roberts, Stuart and White 2013, Statistical Science 28:424),
accepted by the likelihood and by prior over normal law. So what the record has pinned down takes
small steps, and what it has not touched large ones. Moves take turns: C of the points for all
coordinates at once, and its diagonal for a third of them, which asks nothing of how they hang
together. s follows the acceptance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.world.philox import normals, seeds, uniforms
from sim.world.purposes import ACCEPT, BLOCK, CHOOSE

#: Powers of the likelihood rise as the cube of the stage: most of the change comes early.
_POWER = 3.0
#: Chance that a move changes a coordinate.
_BLOCK = 1 / 3
_WANTED = 0.3  # of the moves are accepted
_LEAST_STEP, _MOST_STEP = 0.02, 0.95
#: Least deviation of the normal law of a coordinate: points that have become one can part again.
_LEAST_DEVIATION = 0.05

#: (points, coordinates) and seeds -> (points, truces) logarithms of the likelihood.
Evaluate = Callable[[NDArray[np.float64], list[int]], NDArray[np.float64]]


@dataclass(frozen=True)
class Plan:
    """How much work: points, stages, moves at each stage, and the seed."""

    points: int
    stages: int
    moves: int
    key: tuple[int, int]

    @property
    def evaluations(self) -> int:
        """Of the likelihood in all."""
        return self.points * (1 + self.stages * self.moves)

    def power(self, stage: int) -> float:
        """Of the likelihood at a stage 0..stages."""
        return (stage / self.stages) ** _POWER


@dataclass(frozen=True, eq=False)
class Particles:
    """Points after a stage. z (P, D); logs (P, truces); step; effective: before each resampling;
    accepted: shares of the moves, a stage each."""

    stage: int
    z: NDArray[np.float64]
    logs: NDArray[np.float64]
    step: float
    effective: tuple[float, ...] = ()
    accepted: tuple[float, ...] = ()
    evidence: float = 0.0

    @property
    def log_likelihood(self) -> NDArray[np.float64]:
        """(P,) of all truces together."""
        total: NDArray[np.float64] = self.logs.sum(axis=1)
        return total


def begin(plan: Plan, size: int, evaluate: Evaluate) -> Particles:
    """Points from the prior."""
    z = normals(plan.key, plan.points, 0, size)
    return Particles(0, z, evaluate(z, seeds(plan.key, plan.points, 0)), 0.5)


def onward(plan: Plan, cloud: Particles, evaluate: Evaluate) -> Iterator[Particles]:
    """The stages that are left, one by one."""
    while cloud.stage < plan.stages:
        cloud = _stage(plan, cloud, evaluate)
        yield cloud


def _stage(plan: Plan, cloud: Particles, evaluate: Evaluate) -> Particles:
    """Weigh, resample and move once more."""
    stage = cloud.stage + 1
    log_weight = (plan.power(stage) - plan.power(cloud.stage)) * cloud.log_likelihood
    most = log_weight.max()
    weight = np.exp(log_weight - most)
    evidence = cloud.evidence + float(most + np.log(weight.mean()))
    weight /= weight.sum()
    chosen = systematic(weight, float(uniforms(plan.key, 1, stage, CHOOSE)[0, 0]))
    cloud = replace(
        cloud,
        stage=stage,
        z=cloud.z[chosen],
        logs=cloud.logs[chosen],
        effective=(*cloud.effective, float(1 / (weight**2).sum())),
        evidence=evidence,
    )
    rates = []
    for move in range(plan.moves):
        cloud, rate = _move(plan, cloud, stage * plan.moves + move, evaluate)
        rates.append(rate)
    rate = float(np.mean(rates))
    step = cloud.step * np.exp(rate - _WANTED)
    step = float(min(_MOST_STEP, max(_LEAST_STEP, step)))
    return replace(cloud, step=step, accepted=(*cloud.accepted, rate))


def _move(plan: Plan, cloud: Particles, number: int, evaluate: Evaluate) -> tuple[Particles, float]:
    """One Metropolis step of every point; the share that was accepted."""
    points, size = cloud.z.shape
    together = number % 2 == 0
    mean, root = cloud.z.mean(axis=0), _root(cloud.z, together)
    steps = normals(plan.key, points, number, size) @ root.T
    z = mean + np.sqrt(1 - cloud.step**2) * (cloud.z - mean) + cloud.step * steps
    if not together:
        z = np.where(uniforms(plan.key, points, number, BLOCK, size) < _BLOCK, z, cloud.z)
    logs = evaluate(z, seeds(plan.key, points, number))
    ratio = plan.power(cloud.stage) * (logs.sum(axis=1) - cloud.log_likelihood)
    ratio += _prior_over_law(z, mean, root) - _prior_over_law(cloud.z, mean, root)
    luck = np.log(uniforms(plan.key, points, number, ACCEPT)[:, 0])
    accepted = luck < ratio
    z = np.where(accepted[:, None], z, cloud.z)
    logs = np.where(accepted[:, None], logs, cloud.logs)
    return replace(cloud, z=z, logs=logs), float(accepted.mean())


def _root(z: NDArray[np.float64], together: bool) -> NDArray[np.float64]:
    """(D, D) lower triangle whose product with its transpose is C; of few points, C is drawn to its
    diagonal."""
    points, size = z.shape
    deviation = np.maximum(z.std(axis=0), _LEAST_DEVIATION)
    if not together:
        return np.diag(deviation)
    off = z - z.mean(axis=0)
    covariance = off.T @ off / (points + size)
    np.fill_diagonal(covariance, deviation**2)
    root: NDArray[np.float64] = np.linalg.cholesky(covariance)
    return root


def _prior_over_law(
    z: NDArray[np.float64], mean: NDArray[np.float64], root: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(P,) logarithm of the standard normal prior over N(m, C), but for what is alike for all."""
    plain = np.linalg.solve(root, (z - mean).T).T
    ratio: NDArray[np.float64] = (plain**2 - z**2).sum(axis=1) / 2
    return ratio


def systematic(weight: NDArray[np.float64], u: float) -> NDArray[np.int64]:
    """Indices of the points chosen, with one uniform, in order.

    >>> systematic(np.array([0.5, 0.0, 0.5]), 0.5).tolist()
    [0, 0, 2]
    """
    places = (u + np.arange(len(weight))) / len(weight)
    return np.minimum(np.searchsorted(np.cumsum(weight), places, "right"), len(weight) - 1)
