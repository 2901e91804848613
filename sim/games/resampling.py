"""Bootstrap over runs (Efron 1979): luck is common to all cells, so runs are drawn for all at once.

What is asked of the resamples keeps whatever the runs have in common: two policies that fare
alike in every run fare alike in every resample.
"""

import numpy as np
from numpy.typing import NDArray

#: Resamples unless asked otherwise: the ends of a 95 % interval rest on 25 on each side.
RESAMPLES = 1_000
_CHUNK = 100  # resamples whose weights are held at once
_LOW, _HIGH = 0.025, 0.975


def resampled_means(values: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Means over resampled runs: values of shape (..., runs) give shape (resamples, ...).

    Resample k is the same for the same `seed` and number of runs, whatever the values and however
    many resamples follow. All come from numpy's Philox of that seed, made and used up here alone:
    no draw depends on what was drawn elsewhere before.
    """
    runs = values.shape[-1]
    flat = np.ascontiguousarray(values.reshape(-1, runs).T)
    generator = np.random.Generator(np.random.Philox(seed))
    parts = []
    for first in range(0, resamples, _CHUNK):
        count = min(_CHUNK, resamples - first)
        picks = generator.integers(0, runs, size=(count, runs))
        weights = np.stack([np.bincount(row, minlength=runs) for row in picks]) / runs
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
