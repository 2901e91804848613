"""What the points of the outer loop tell of the parameters.

Of the variance of one run's outcome: how much is the parameters, how much chance. Law of total
variance, for an outcome Y that is 0 or 1, parameters q and chance w:

    var Y = var(P(Y = 1 | q)) + mean(P(Y = 1 | q) * (1 - P(Y = 1 | q)))
            parameters          chance

from `points` draws of q with `runs` runs each. The shares seen at the points vary more than the
true ones, because chance does not average out at a point; how much must be taken off hangs on
whether random numbers are common (Searle, Casella and McCulloch, 1992, "Variance Components",
chapters 3, 4):

- fresh random numbers: each point has its own. One way: the chance part of a point over `runs`.
- common random numbers: run r meets the same ones at every point. Two ways, points crossed with
  runs: what they do to all points together cancels out of the differences, and only the
  interaction over `runs` is taken off. Taking all of it off would take off too much.

Which ranges pull an outcome off what it is at these settings. A range whose middle is not the value
moves it by about slope x (middle - value), the slope by least squares over the points, one
parameter at a time: a Latin hypercube keeps the others in balance.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.estimates import LEVEL, quantile_of_normal, wilson

COMMON, FRESH = LUCKS = ("common", "fresh")
#: Ranges that are named at most, and from how many standard errors of their slope on.
MOST = 3
SURE = 2.0


@dataclass(frozen=True)
class Decomposition:
    """The variance of one run's outcome over parameters and chance, and its parts.

    `mean`: the share of runs that hold, over the distributions of the parameters; `mean_error`:
    its standard error, at most (a Latin hypercube does better). `parameters` + `chance` = `total`;
    `luck`: the part of `chance` that all points share (None with fresh random numbers). `share`:
    parameters / total with its 95 % interval `low` to `high`; chance has the rest. None where
    nothing varies, or where there are too few points or runs to tell.
    """

    points: int
    runs: int
    mean: float
    mean_error: float
    total: float
    parameters: float
    chance: float
    luck: float | None
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class _Sums:
    """What the parts are computed from; arrays where one point or run is left out in turn.

    Sums of all, of the squared sums of points, and of the squared sums of runs.
    """

    points: int
    runs: int
    all: NDArray[np.float64]
    by_point: NDArray[np.float64]
    by_run: NDArray[np.float64]


def decompose(holds: NDArray[np.bool_], luck: str = COMMON) -> Decomposition:
    """From outcomes of shape (points, runs), columns the runs of one luck if `luck` is common.

    The interval is normal, with the standard error of a jackknife over points, and with common
    luck over runs as well (their sum errs on the wide side). Raises ValueError for another `luck`,
    or fewer than 2 points or runs.
    """
    if luck not in LUCKS:
        raise ValueError(f"luck is {luck!r}; allowed: {', '.join(LUCKS)}")
    if min(holds.shape) < 2:
        raise ValueError(f"{holds.shape} outcomes; allowed: at least 2 points of 2 runs")
    sums = _sums(holds)
    parameters, chance, common, interaction = (float(x) for x in _parts(sums, luck))
    total = parameters + chance
    m, n = holds.shape
    by_point, by_run = holds.mean(axis=1), holds.mean(axis=0)
    error = by_point.var(ddof=1) / m
    if luck == COMMON:
        error += by_run.var(ddof=1) / n - interaction / (m * n)
    share, low, high = _share(holds, sums, luck) if total > 0 and min(m, n) > 2 else (None,) * 3
    return Decomposition(
        points=m,
        runs=n,
        mean=float(holds.mean()),
        mean_error=math.sqrt(max(error, 0.0)) if total > 0 else _alike_error(holds),
        total=total,
        parameters=parameters,
        chance=chance,
        luck=common if luck == COMMON else None,
        share=share,
        low=low,
        high=high,
    )


def _alike_error(holds: NDArray[np.bool_]) -> float:
    """Where every run ends alike: as wide as Wilson's interval of as many draws as points."""
    low, high = wilson(float(holds[0, 0]) * len(holds), len(holds))
    return float(high - low) / quantile_of_normal(LEVEL)


def _sums(holds: NDArray[np.bool_]) -> _Sums:
    points, runs = holds.sum(axis=1, dtype=float), holds.sum(axis=0, dtype=float)
    by_point, by_run = np.asarray((points**2).sum()), np.asarray((runs**2).sum())
    return _Sums(points.size, runs.size, np.asarray(points.sum()), by_point, by_run)


def _parts(s: _Sums, luck: str) -> tuple[NDArray[np.float64], ...]:
    """Parameters, chance, the common random numbers, interaction: variances, none below 0."""
    m, n = s.points, s.runs
    between = (s.by_point - s.all**2 / m) / n**2 / (m - 1)
    chance = (s.all / n - s.by_point / n**2) * n / (n - 1) / m
    total = s.all**2 / (m * n)
    residual = (s.all - s.by_point / n - s.by_run / m + total) / ((m - 1) * (n - 1))
    common = ((s.by_run / m - total) / (n - 1) - residual) / m
    noise = chance if luck == FRESH else residual
    return tuple(np.maximum(part, 0.0) for part in (between - noise / n, chance, common, residual))


def _share(holds: NDArray[np.bool_], sums: _Sums, luck: str) -> tuple[float, float, float]:
    """Parameters / total, and its interval within 0 to 1."""
    value = float(_ratio(sums, luck))
    variance = _jackknife(_ratio(_without_each_point(holds, sums), luck))
    if luck == COMMON:
        variance += _jackknife(_ratio(_without_each_run(holds, sums), luck))
    half = quantile_of_normal(LEVEL) * math.sqrt(variance)
    return value, max(value - half, 0.0), min(value + half, 1.0)


def _ratio(sums: _Sums, luck: str) -> NDArray[np.float64]:
    parameters, chance, *_ = _parts(sums, luck)
    total = parameters + chance
    return np.asarray(parameters / np.where(total > 0, total, 1.0))


def _jackknife(values: NDArray[np.float64]) -> float:
    """Variance of an estimate from its values with one unit left out in turn (Tukey, 1958)."""
    return float(values.var() * (values.size - 1))


def _without_each_point(holds: NDArray[np.bool_], s: _Sums) -> _Sums:
    """The sums with one point left out in turn, in time of the order of all outcomes."""
    points, runs = holds.sum(axis=1, dtype=float), holds.sum(axis=0, dtype=float)
    by_run = s.by_run - 2 * (holds @ runs) + points  # outcomes are 0 or 1: their own squares
    return _Sums(s.points - 1, s.runs, s.all - points, s.by_point - points**2, by_run)


def _without_each_run(holds: NDArray[np.bool_], s: _Sums) -> _Sums:
    points, runs = holds.sum(axis=1, dtype=float), holds.sum(axis=0, dtype=float)
    by_point = s.by_point - 2 * (points @ holds) + runs
    return _Sums(s.points, s.runs - 1, s.all - runs, by_point, s.by_run - runs**2)


@dataclass(frozen=True)
class Pull:
    """A range, the value inside or outside it, and by how much it moves the outcome's mean."""

    path: str
    value: float
    low: float
    high: float
    by: float

    @property
    def is_off(self) -> bool:
        """Whether the value lies well outside what was drawn, by a tenth of that or more."""
        margin = 0.1 * (self.high - self.low)
        return not self.low - margin <= self.value <= self.high + margin


def pulls(
    drawn: Mapping[str, Sequence[float]], shares: Sequence[float], values: Mapping[str, float]
) -> tuple[Pull, ...]:
    """The ranges that pull most: those that leave their value out, then the strongest.

    Of ranges that hold their value, only what the points can tell from none.

    drawn: the value of every parameter at each point; shares: the outcome there; values: these
    settings.
    """
    y = np.asarray(shares, float)
    strong = []
    for path, value in values.items():
        x = np.asarray(drawn[path], float)
        spread = float(((x - x.mean()) ** 2).sum())
        if spread == 0 or len(y) < 3:
            continue
        slope = float(((x - x.mean()) * y).sum()) / spread
        rest = y - y.mean() - slope * (x - x.mean())
        error = float(np.sqrt((rest**2).sum() / (len(y) - 2) / spread))
        pull = Pull(path, value, float(x.min()), float(x.max()), slope * (float(x.mean()) - value))
        if pull.is_off or abs(slope) > SURE * error:
            strong.append(pull)
    return tuple(sorted(strong, key=lambda pull: (not pull.is_off, -abs(pull.by)))[:MOST])
