"""One number of two samples: both values, their difference, and how sure it is.

Paired, run by run with common random numbers, or independent, each sample with its own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.outcomes.definitions import holds_at
from sim.outcomes.estimates import (
    Difference,
    paired,
    quantile_of_normal,
    unpaired,
    wilson,
)
from sim.world.outcomes import outcome_of

#: Up to so many runs that flip McNemar's test is exact; beyond, with continuity correction.
MOST_EXACT = 1000


@dataclass(frozen=True)
class ShareChange:
    """A share in both samples at the end of a week, and the difference (Tango; Newcombe).

    `chance` is the two-sided p-value of no difference (McNemar; the z-test of two shares if
    independent); `fewer_runs` how many times as many runs independent samples would need for
    the same precision (None if no run flips, so that no limit is known; 1 if independent).
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
    """A mean over runs in both samples, and the difference with its normal interval.

    `n` runs of each (the smaller if independent samples differ); `fewer_runs` as for shares.
    With one run the interval is nan.
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
    outcome: str,
    week: int,
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    independent: bool = False,
) -> ShareChange:
    """Compare which runs hold, run by run; of independent samples, how many do.

    `gained` are the runs that hold only in the second, `lost` those only in the first.
    """
    n, ones, two = first.size, int(np.count_nonzero(first)), int(np.count_nonzero(second))
    p, q = ones / n, two / n
    if independent:
        value, low, high = map(float, unpaired(ones, n, two, n))
        change = Difference(value, low, high, n, None, None)
        pooled = (ones + two) / (2 * n)
        error = math.sqrt(2 * pooled * (1 - pooled) / n)
        chance = 1.0 if error == 0 else math.erfc(abs(two - ones) / n / error / math.sqrt(2))
        return ShareChange(outcome, week, p, q, change, chance, 1.0)
    gained = int(np.count_nonzero(second & ~first))
    lost = int(np.count_nonzero(first & ~second))
    value, low, high = map(float, paired(gained, lost, n))
    change = Difference(value, low, high, n, gained, lost)
    together = (gained + lost) / n - ((gained - lost) / n) ** 2
    fewer = _ratio(p * (1 - p) + q * (1 - q), together)
    return ShareChange(outcome, week, p, q, change, mcnemar(gained, lost), fewer)


def mean_change(
    quantity: str, first: ArrayLike, second: ArrayLike, independent: bool = False
) -> MeanChange:
    """Compare a number of each run; the interval is that of a mean of independent differences.

    Of independent samples that of the difference of their means.
    """
    before, two = np.asarray(first, float), np.asarray(second, float)
    p, q, n = float(before.mean()), float(two.mean()), min(before.size, two.size)
    value = q - p if independent else float((two - before).mean())
    variance, fewer = math.nan, 1.0 if independent else None
    if n > 1 and independent:
        variance = before.var(ddof=1) / before.size + two.var(ddof=1) / two.size
    elif n > 1:
        together = float((two - before).var(ddof=1))
        alone = float(before.var(ddof=1) + two.var(ddof=1))
        variance, fewer = together / n, _ratio(alone, together)
    half = quantile_of_normal(0.95) * math.sqrt(variance)
    return MeanChange(quantity, n, p, q, value, value - half, value + half, fewer)


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


Values = tuple[float, ...]  # one a week, from week 1
Band = tuple[Values, Values, Values]  # value, low, high


@dataclass(frozen=True)
class Curve:
    """One outcome at the end of every week: both shares (Wilson), and second minus first.

    The difference has Tango's paired interval, or Newcombe's if the samples are independent.
    """

    outcome: str
    first: Band
    second: Band
    difference: Band


def curves(
    rows_a: np.ndarray, rows_b: np.ndarray, weeks: int, outcomes: Sequence[str], independent: bool
) -> tuple[Curve, ...]:
    """Curves of the outcomes that have one (none decided once), from rows of both samples."""
    return tuple(
        _curve(rows_a, rows_b, weeks, outcome, independent)
        for outcome in outcomes
        if not outcome_of(outcome).once
    )


def _curve(
    rows_a: np.ndarray, rows_b: np.ndarray, weeks: int, outcome: str, independent: bool
) -> Curve:
    n = rows_a.size
    counts = np.zeros((4, weeks), np.int64)  # first, second, gained, lost
    for week in range(1, weeks + 1):
        a, b = (holds_at(rows, outcome, week) for rows in (rows_a, rows_b))
        counts[:, week - 1] = [np.count_nonzero(kind) for kind in (a, b, b & ~a, a & ~b)]
    holding, other, gained, lost = counts
    difference = unpaired(holding, n, other, n) if independent else paired(gained, lost, n)
    first, second = (_band(hits / n, *wilson(hits, n)) for hits in (holding, other))
    return Curve(outcome, first, second, _band(*difference))


def _band(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> Band:
    return tuple(value.tolist()), tuple(low.tolist()), tuple(high.tolist())
