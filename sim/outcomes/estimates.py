"""Shares with their intervals: one sample (Wilson) and paired samples (Tango).

All functions are vectorised over their counts and import nothing heavy: a sweep asks for
hundreds of thousands of intervals.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.report.numbers import change, with_interval

LEVEL = 0.95
_HALVINGS = 60  # of an interval of length 2: below 2e-18


@dataclass(frozen=True)
class Estimate:
    """A share of `n` runs with its Wilson interval, and in words what was counted."""

    p: float
    low: float
    high: float
    n: int
    definition: str = ""

    @property
    def half_width(self) -> float:
        """Half the length of the interval: what is printed as "chance"."""
        return (self.high - self.low) / 2

    def row(self, value: str = "p") -> dict[str, float]:
        """The share, under the name of `value`, with low and high: part of a row of numbers."""
        return {value: self.p, "low": self.low, "high": self.high}

    def text(self) -> str:
        """The share with its interval."""
        return with_interval(self.p, self.low, self.high)

    def __str__(self) -> str:
        return f"{self.text().removesuffix(')')}, n = {self.n:,})"


@dataclass(frozen=True)
class Difference:
    """How much a share changes between two samples of `n` runs each.

    With common random numbers `gained` and `lost` count the runs that flip; with numbers of
    their own (None) no run of the one belongs to a run of the other.
    """

    value: float
    low: float
    high: float
    n: int
    gained: int | None  # runs that hold only with the change
    lost: int | None  # runs that hold only without it

    def __str__(self) -> str:
        return change(self.value, self.low, self.high)


def quantile_of_normal(level: float) -> float:
    """The z for a two-sided interval: 1.96 for .95."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; allowed: between 0 and 1")
    return NormalDist().inv_cdf((1 + level) / 2)


def runs_needed(half_width: float) -> int:
    """The runs by which any share is known to ± half_width at 95 %: those of a share of one half.

    >>> runs_needed(0.01)
    9604
    """
    return math.ceil(0.25 * (quantile_of_normal(LEVEL) / half_width) ** 2)


def wilson(
    successes: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Score interval of a share (Wilson, 1927), elementwise: (low, high).

    Exactly 0 below for no success and 1 above for no failure; (0, 1) for n = 0.
    """
    hits, trials = np.broadcast_arrays(np.asarray(successes, float), np.asarray(n, float))
    z = quantile_of_normal(level)
    some = np.maximum(trials, 1.0)
    centre = (hits + z * z / 2) / (some + z * z)
    half = z * np.sqrt(hits * (some - hits) / some + z * z / 4) / (some + z * z)
    low = np.where(hits <= 0, 0.0, centre - half)
    high = np.where(hits >= trials, 1.0, centre + half)
    return low, high


def estimate(successes: int, n: int, definition: str = "") -> Estimate:
    """One share as an `Estimate`; of no runs at all, p is nan and the interval (0, 1)."""
    low, high = wilson(successes, n)
    p = successes / n if n else float("nan")
    return Estimate(p, float(low), float(high), int(n), definition)


def quantile_ends(values: ArrayLike, q: float, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the q-quantile of what some values are drawn from, at least one: (low, high).

    By order statistics, with exact binomial ranks (Conover, 1999, "Practical Nonparametric
    Statistics", section 3.2); the least or the most value where there are too few for an end.
    """
    ordered = np.sort(np.asarray(values, float))
    n, beyond = len(ordered), (1 - level) / 2
    below = np.cumsum([_binomial(count, n, q) for count in range(n + 1)])  # at most so many
    low = int(np.searchsorted(below, beyond, "right"))
    high = int(np.searchsorted(below, 1 - beyond)) + 1
    return float(ordered[max(low, 1) - 1]), float(ordered[min(high, n) - 1])


def _binomial(count: int, n: int, q: float) -> float:
    """The chance that exactly `count` of n values lie below the q-quantile."""
    ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    return math.exp(ways + count * math.log(q) + (n - count) * math.log1p(-q))


def paired(
    gained: ArrayLike, lost: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Difference of two shares of the same n runs, elementwise: (value, low, high).

    `gained` and `lost` are the runs in which only the second, or only the first, holds. The
    score interval of Tango (1998), Statistics in Medicine 17: 891-908: all differences that a
    score test (McNemar's, at 0) does not reject. Unlike Wald's it keeps its coverage when few
    runs differ, and it is not degenerate when none does.
    """
    up, down, m = np.broadcast_arrays(*(np.asarray(a, float) for a in (gained, lost, n)))
    z = quantile_of_normal(level)
    value = np.where(m > 0, (up - down) / np.maximum(m, 1.0), np.nan)
    centre = np.where(m > 0, value, 0.0)
    low = _tango_limit(up, down, m, z, np.full(m.shape, -1.0), centre)
    high = _tango_limit(up, down, m, -z, centre, np.full(m.shape, 1.0))
    return value, low, high


def unpaired(
    first: ArrayLike, runs: ArrayLike, second: ArrayLike, others: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Difference of two independent shares, second / others - first / runs: (value, low, high).

    Elementwise, of at least one run each; from the Wilson limits of both (Newcombe, 1998,
    Statistics in Medicine 17: 873-890, method 10).
    """
    p, q = np.asarray(first) / np.asarray(runs), np.asarray(second) / np.asarray(others)
    (low_p, high_p), (low_q, high_q) = wilson(first, runs, level), wilson(second, others, level)
    value = q - p
    return value, value - np.hypot(q - low_q, high_p - p), value + np.hypot(high_q - q, p - low_p)


def _tango_limit(
    up: NDArray[np.float64],
    down: NDArray[np.float64],
    n: NDArray[np.float64],
    z: float,
    left: NDArray[np.float64],
    right: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Where the score statistic, which falls with the difference, crosses z: by bisection."""
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        above = up - down - n * middle > z * np.sqrt(n * _variance(up, down, n, middle))
        left, right = np.where(above, middle, left), np.where(above, right, middle)
    return (left + right) / 2


def _variance(
    up: NDArray[np.float64],
    down: NDArray[np.float64],
    n: NDArray[np.float64],
    delta: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Variance of one run's difference if its mean is delta: 2q + delta(1 - delta).

    q is the likeliest chance of a lost run given delta, the root of a quadratic (Tango, 1998).
    """
    a = 2 * np.maximum(n, 1.0)
    b = -(up + down) + (2 * n - up + down) * delta
    c = -down * delta * (1 - delta)
    q = (np.sqrt(np.maximum(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    return np.maximum(2 * q + delta * (1 - delta), 0.0)
