"""How much of what varies between points is chance: binomial variance against parameters."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.studies.answers import Answers
from sim.world.philox import resamples
from sim.world.purposes import POINTS_AGAIN

RESAMPLES = 1_000
#: A stochastic model is said to need more runs where chance holds more of the variance.
MOST_CHANCE = 0.10  # judgement
#: More of the variance than this cannot be taken off as chance: what is left would be divided by
#: next to nothing.
MOST_CORRECTED = 0.5  # judgement
FEWEST_RUNS = 2


@dataclass(frozen=True)
class Variance:
    """The variance of a share over the points of a design, and what of it is chance.

    `total` is that of the points as they are, `chance` the mean of p(1-p)/(n-1); `share` their
    ratio with a bootstrap interval over points (`low`, `high`; 95 %). With fresh numbers it is
    independent from point to point and adds just that; with common ones it partly moves all points
    together, so it is the most that it adds (what helps one point is taken to help the others, if
    anything). `needed` is the number of runs at each point that
    would bring the share to MOST_CHANCE.
    """

    points: int
    total: float
    chance: float
    share: float
    low: float
    high: float
    fresh_luck: bool
    needed: int

    @property
    def noisy(self) -> bool:
        """Whether chance holds more than it should."""
        return self.share > MOST_CHANCE


def chance_variance(answers: Answers) -> NDArray[np.float64]:
    """Unbiased variance of the share at each point if its runs are independent, shape (points,).

    Raises ResultError where a point has a single run, whose variance cannot be known.
    """
    p, n = answers.p, answers.frame["n"].to_numpy(float)
    if (n < FEWEST_RUNS).any():
        raise ResultError(
            "not estimable: with one run at a point, chance cannot be separated from the settings; "
            "needed: runs = 2 or more (hundreds, to say much)"
        )
    return p * (1 - p) / (n - 1)


def variance(answers: Answers) -> Variance:
    """The decomposition. Raises ResultError if nothing varies."""
    rows = answers.independent
    p, chance = answers.p[rows], chance_variance(answers)[rows]
    if p.size < 2 or np.ptp(p) == 0:
        found = f"{answers.outcome} {answers.when} is the same at every point"
        raise ResultError(f"{found} ({p[0]:.3f}): there is no variance to share out")
    share = min(1.0, float(chance.mean() / p.var(ddof=1)))
    low, high = np.percentile(_resampled(p, chance, answers.seed), (2.5, 97.5))
    runs = float(answers.frame["n"].mean())
    odds = share / max(1 - share, 1e-9)
    needed = math.ceil(runs * odds * (1 - MOST_CHANCE) / MOST_CHANCE)
    return Variance(
        len(rows),
        float(p.var(ddof=1)),
        float(chance.mean()),
        share,
        min(1.0, float(low)),
        min(1.0, float(high)),
        answers.fresh_luck,
        needed,
    )


def correction(answers: Answers, chance: Variance) -> float:
    """The share of the variance to take off the indices as chance, 0 to MOST_CORRECTED.

    0 where all points play common random numbers. Raises ResultError where chance may be more
    of the variance than can be taken off.
    """
    if not answers.fresh_luck:
        return 0.0
    if chance.high > MOST_CORRECTED:
        raise ResultError(
            f"not estimable: chance is {chance.share:.0%} of what varies between the points (95 %: "
            f"{chance.low:.0%} to {chance.high:.0%}), and no more than {MOST_CORRECTED:.0%} can be "
            f"taken off; about {chance.needed:,} runs at each point would do"
        )
    return chance.share


def _resampled(
    p: NDArray[np.float64], chance: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """The share in resamples of the points; those in which nothing varies are left out."""
    resampled = []
    for rows in resamples(seed_words(seed), RESAMPLES, POINTS_AGAIN, p.size):
        spread = p[rows].var(ddof=1)
        if spread > 0:
            resampled.append(float(chance[rows].mean() / spread))
    return np.array(resampled)
