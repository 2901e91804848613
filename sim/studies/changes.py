"""One number of two paired samples: both values, their difference, and how sure it is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.outcomes.estimates import Difference, difference, quantile_of_normal

#: Up to so many runs that flip McNemar's test is exact; beyond, with continuity correction.
MOST_EXACT = 1000


@dataclass(frozen=True)
class ShareChange:
    """A share in both samples at the end of a week, and the paired difference (Tango).

    `chance` is McNemar's two-sided p-value; `fewer_runs` how many times as many runs independent
    samples would need for the same precision (None if no run flips, so that no limit is known).
    """

    outcome: str
    week: int
    first: float
    second: float
    difference: Difference
    chance: float
    fewer_runs: float | None


@dataclass(frozen=True)
class MeanChange:
    """A mean over runs in both samples, and the paired difference with its normal interval.

    `fewer_runs` as for shares. With one run the interval is nan.
    """

    quantity: str
    n: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    fewer_runs: float | None


def share_change(
    outcome: str, week: int, first: NDArray[np.bool_], second: NDArray[np.bool_]
) -> ShareChange:
    """Compare which runs hold, run by run; `gained` are the runs that hold only in the second."""
    n = first.size
    gained = int(np.count_nonzero(second & ~first))
    lost = int(np.count_nonzero(first & ~second))
    p, q = float(first.mean()), float(second.mean())
    together = (gained + lost) / n - ((gained - lost) / n) ** 2
    return ShareChange(
        outcome,
        week,
        p,
        q,
        difference(gained, lost, n),
        mcnemar(gained, lost),
        _ratio(p * (1 - p) + q * (1 - q), together),
    )


def mean_change(quantity: str, first: ArrayLike, second: ArrayLike) -> MeanChange:
    """Compare a number of each run; the interval is that of a mean of independent differences."""
    one, two = np.asarray(first, float), np.asarray(second, float)
    n, apart = one.size, two - one
    value = float(apart.mean())
    alone, together, half = math.nan, math.nan, math.nan
    if n > 1:
        alone = float(one.var(ddof=1) + two.var(ddof=1))
        together = float(apart.var(ddof=1))
        half = quantile_of_normal(0.95) * math.sqrt(together / n)
    means = float(one.mean()), float(two.mean())
    return MeanChange(
        quantity, n, *means, value, value - half, value + half, _ratio(alone, together)
    )


def _ratio(alone: float, together: float) -> float | None:
    """Variance of independent samples over that of paired ones."""
    return alone / together if together > 0 else None


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided p-value that a flip is as likely either way (McNemar, 1947).

    Exact binomial up to MOST_EXACT flips, else chi-squared of one degree with continuity
    correction (Edwards, 1948). 1 if no run flips.
    """
    flips = gained + lost
    if flips <= MOST_EXACT:
        tail = sum(math.comb(flips, k) for k in range(min(gained, lost) + 1))
        return min(1.0, 2 * tail / 2**flips)
    distance = max(abs(gained - lost) - 1, 0)
    return math.erfc(distance / math.sqrt(2 * flips))
