"""How near the runs of a scenario come to the one path of rungs that happened: the energy score.

The energy score is a proper score for forecasts of whole paths: lower is better, and no forecast
gains by saying other than it believes. With X, X' two independent runs and y the record,
ES = E|X - y| - E|X - X'| / 2, distances Euclidean over all weeks and both sides (Gneiting and
Raftery 2007, Journal of the American Statistical Association 102:359, equation 22).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist

#: Blocks of runs whose scores differ only by chance: their spread is the standard error.
BLOCKS = 10


@dataclass(frozen=True)
class EnergyScore:
    """The score of `n` runs and its standard error from chance (BLOCKS blocks of runs)."""

    n: int
    value: float
    error: float


def energy_score(paths: NDArray[np.float64], record: NDArray[np.float64]) -> EnergyScore:
    """Score of runs against the record.

    `paths` (2, n, weeks): rungs of us and cn; `record` (2, weeks). Raises ValueError for fewer runs
    than two a block.

    >>> import numpy as np
    >>> energy_score(np.ones((2, 20, 3)), np.ones((2, 3))).value
    0.0
    """
    runs = np.concatenate(list(paths), axis=1)
    if len(runs) < 2 * BLOCKS:
        raise ValueError(f"{len(runs)} runs; allowed: {2 * BLOCKS} or more")
    truth = record.reshape(1, -1)
    blocks = np.array([_score(block, truth) for block in np.array_split(runs, BLOCKS)])
    error = float(blocks.std(ddof=1) / np.sqrt(BLOCKS))
    return EnergyScore(len(runs), _score(runs, truth), error)


def _score(runs: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """The unbiased estimate: pairs of different runs only."""
    return float(cdist(runs, truth).mean() - pdist(runs).mean() / 2)
