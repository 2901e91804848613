"""Whether anyone would change policy: the gain of every deviation, and which gains are noise.

All gains are paired with common random numbers: run r of the one policy against run r of the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Matrix, Vector
from sim.games.played import standard_error
from sim.games.ranking import LEVEL, holm, p_value
from sim.outcomes.estimates import quantile_of_normal

Runs = NDArray[np.float64]  # utility of each run, shape (us, cn, runs)


@dataclass(frozen=True)
class Reply:
    """The best answer of a side to what the other plays, against what it plays now.

    `gain` with its paired 95 % interval; `sure` if some policy surely gains (Holm, over all the
    deviations of this side); gain 0 and the policy itself if nothing is better in these runs.
    """

    side: str
    policy: str
    best: str
    gain: float
    low: float
    high: float
    sure: bool


def reply(side: str, names: tuple[str, ...], now: int, against: Runs) -> Reply:
    """The best policy of a side, `against[k]` being the utility of policy k in each run."""
    differences = against - against[now]
    means, errors = differences.mean(axis=1), standard_error(differences)
    best = int(np.argmax(means)) if means.max() > 0 else now
    half = 0.0 if best == now else quantile_of_normal(1 - LEVEL) * float(errors[best])
    gain = float(means[best])
    low, high = gain - half, gain + half
    return Reply(side, names[now], names[best], gain, low, high, bool(_refuted(means, errors)))


def _refuted(means: Vector, errors: Vector) -> bool:
    """Whether some deviation surely gains: one-sided tests, corrected together."""
    chances = [p_value(m, e) / 2 if m > 0 else 1.0 for m, e in zip(means, errors, strict=True)]
    return any(holm(chances))


def unrefuted(us: Runs, cn: Runs) -> NDArray[np.bool_]:
    """The cells that may be equilibria: no deviation of either side surely gains.

    One-sided tests of all deviations from a cell, corrected together (Holm), level .05.
    """
    rows, columns, _ = us.shape
    us_means, us_errors = _deviations(us)
    cn_means, cn_errors = _deviations(cn.transpose(1, 0, 2))
    cells = np.zeros((rows, columns), bool)
    for i in range(rows):
        for j in range(columns):
            means = np.concatenate([us_means[j, i], cn_means[i, j]])
            errors = np.concatenate([us_errors[j, i], cn_errors[i, j]])
            cells[i, j] = not _refuted(means, errors)
    return cells


def _deviations(runs_of_side: Runs) -> tuple[Matrix, Matrix]:
    """[j, i, k]: gain of playing k instead of i against j, and its standard error."""
    count, others, _ = runs_of_side.shape
    means, errors = np.zeros((2, others, count, count))
    for j in range(others):
        against = runs_of_side[:, j, :]
        for i in range(count):
            differences = against - against[i]
            means[j, i], errors[j, i] = differences.mean(axis=1), standard_error(differences)
    return means, errors
