"""Bootstrap over runs (Efron 1979): luck is common to all cells, so runs are drawn for all at once.

What is asked of the resamples keeps whatever the runs have in common: two policies that fare
alike in every run fare alike in every resample.
"""

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.world import array_draws
from sim.world.purposes import RUNS_AGAIN

#: Resamples unless asked otherwise: the ends of a 95 % interval rest on 25 on each side.
RESAMPLES = 1_000
_CHUNK = 100  # resamples whose weights are held at once
_LOW, _HIGH = 0.025, 0.975


def resampled_means(values: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Means over resampled runs: values of shape (..., runs) give shape (resamples, ...).

    Resample k is the same for the same `seed` and number of runs, whatever the values and however
    many resamples there are.
    """
    runs = values.shape[-1]
    flat = np.ascontiguousarray(values.reshape(-1, runs).T)
    parts = []
    drawn = array_draws.resamples(seed_words(seed), resamples, RUNS_AGAIN, runs)
    while counts := [np.bincount(row, minlength=runs) for row in islice(drawn, _CHUNK)]:
        weights = np.stack(counts) / runs
        parts.append(weights @ flat)
    return np.concatenate(parts).reshape(resamples, *values.shape[:-1])


def interval(resampled: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The percentile interval of 95 % over the first axis: (low, high)."""
    low, high = np.quantile(resampled, (_LOW, _HIGH), axis=0)
    return low, high


def ends(resampled: NDArray[np.float64]) -> tuple[float, float]:
    """The percentile interval of one resampled number."""
    low, high = interval(resampled)
    return float(low), float(high)
