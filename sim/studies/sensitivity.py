"""Which factors matter: the indices that the design of a study allows, with intervals and limits.

Where the numbers are fresh at every point chance is independent noise of known size, and the
indices are corrected for it; where it is the same they are those of these very runs and are left
as they are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.extras import need
from sim.studies import design as designs
from sim.studies.answers import Answers
from sim.world.philox import resamples
from sim.world.purposes import POINTS_AGAIN

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 1_000
#: A stochastic model is said to need more runs where chance holds more of the variance.
MOST_CHANCE = 0.10  # judgement
#: More of the variance than this cannot be taken off as chance: what is left would be divided by
#: next to nothing.
MOST_CORRECTED = 0.5  # judgement
FEWEST_RUNS = 2
METHODS = {
    designs.SALTELLI: "Sobol indices by Saltelli's design",
    designs.MORRIS: "elementary effects (Morris)",
    designs.GRID: "Sobol indices over the grid",
    designs.LATIN_HYPERCUBE: "first-order indices from the points as given",
    designs.SOBOL: "first-order indices from the points as given",
}
NEEDED = 'design = { kind = "saltelli", samples = 256 } or { kind = "morris", trajectories = 20 }'
#: Of SALib's intervals: their level, and the seed of its resampling.
_INTERVALS = {"conf_level": 0.95, "seed": 2025}
_MOST_DRAWS = 10_000_000  # points x resamples of one bootstrap: a few seconds
_FEWEST_RESAMPLES = 200  # an interval's width is then known to 5 %
FEWEST_POINTS = 40


@dataclass(frozen=True)
class Variance:
    """The variance of a share over the points of a design, and what of it is chance.

    `total` is that of the points as they are, `chance` the mean of p(1-p)/(n-1); `share` their
    ratio with a bootstrap interval over points (`low`, `high`; 95 %). With fresh numbers it is
    independent from point to point and adds just that; with common ones it partly moves all points
    together, so it is the most that it adds (what helps one point is taken to help the others, if
    anything). `needed` is the number of runs at each point that
    would bring the share to MOST_CHANCE; None where chance may be all of it.
    """

    points: int
    total: float
    chance: float
    share: float
    low: float
    high: float
    fresh_luck: bool
    needed: int | None

    @property
    def enough(self) -> str:
        """In words how many runs at each point would do."""
        if self.needed is None:
            return "chance may be all of it, so no number of runs is known to do"
        return f"about {self.needed:,} runs at each point would do"

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
    low, high = np.percentile(_resampled(p, chance, answers.study.seed), (2.5, 97.5))
    runs = float(answers.frame["n"].mean())
    odds = share / (1 - share) if share < 1 else math.inf
    many = runs * odds * (1 - MOST_CHANCE) / MOST_CHANCE
    needed = math.ceil(many) if many < math.inf else None
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
            f"taken off; {chance.enough}"
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


@dataclass(frozen=True)
class Sensitivity:
    """`indices`: a row a factor, columns as the function of the method says;
    `pairs`: second-order indices if they were sampled."""

    answers: Answers
    variance: Variance
    indices: "pd.DataFrame"
    pairs: "pd.DataFrame | None"
    notes: tuple[str, ...]

    @property
    def method(self) -> str:
        """What was computed, in words."""
        return METHODS[self.answers.kind]

    @property
    def main(self) -> str:
        """The index that factors are ranked by."""
        return next(name for name in ("mu_star", "total", "first") if name in self.indices)


def sensitivity(answers: Answers) -> Sensitivity:
    """The indices that the design of a study allows.

    Raises ResultError for a design that allows none, or if nothing varies.
    """
    kind = answers.kind
    if kind not in METHODS:
        raise ResultError(
            f"a {kind} was chosen by hand, so its points stand for no ranges and have no "
            f"sensitivity indices; allowed: {NEEDED}, or grid, latin_hypercube, sobol"
        )
    chance, pairs = variance(answers), None
    if kind == designs.SALTELLI:
        table, pairs = _saltelli(answers, chance)
    elif kind == designs.MORRIS:
        table = _morris(answers)
    elif kind == designs.GRID:
        table = _grid(answers, chance)
    else:
        table = _given_data(answers, chance)
    return Sensitivity(answers, chance, table, pairs, tuple(_notes(answers, chance)))


def _notes(answers: Answers, chance: Variance) -> Iterator[str]:
    """What a reader must know to read the indices."""
    share = f"{100 * chance.share:.1f} %"
    if chance.noisy:
        yield (
            f"warning: chance may be {share} of the variance, more than {100 * MOST_CHANCE:.0f} %: "
            f"{chance.enough}"
        )
    if answers.kind == designs.MORRIS:
        yield "chance: the mu* that independent chance alone would show; no mu* is corrected"
    elif answers.fresh_luck:
        yield f"corrected for chance, {share} of the variance (fresh random numbers at every point)"
    else:
        yield (
            f"not corrected: with common random numbers what moves all points together "
            f"cancels; at most, a total is too high by {chance.share:.3f} and a first too low by "
            f"{share} of itself"
        )
    if answers.kind in (designs.LATIN_HYPERCUBE, designs.SOBOL):
        yield f"what factors do together is in no first-order index: for totals {NEEDED}"


def _saltelli(answers: Answers, chance: Variance) -> tuple["pd.DataFrame", "pd.DataFrame | None"]:
    """First and total indices (Saltelli et al., 2010), and of pairs if sampled (Saltelli, 2002).

    Columns factor, first, first_low, first_high, total, total_low, total_high; of pairs factor,
    other, second, low, high. Normal intervals from bootstrap over the rows of the matrices.
    With fresh numbers V becomes V + s for a variance s of chance: first and second indices are
    divided by 1 - s/(V + s), totals lose s/(V + s) first. Raises ResultError where s is too much.
    """
    need("SALib", "indices")
    import pandas as pd
    from SALib.analyze import sobol

    names, second = answers.axis_names, bool(answers.design["second_order"])
    estimates = sobol.analyze(
        designs.unit_problem(names),
        answers.p,
        calc_second_order=second,
        num_resamples=max(_FEWEST_RESAMPLES, min(RESAMPLES, _MOST_DRAWS // answers.points)),
        **_INTERVALS,
    )
    noise = correction(answers, chance)
    columns: dict[str, Any] = {"factor": names}
    for index, name, lost in (("first", "S1", 0.0), ("total", "ST", noise)):
        value, half = (
            (estimates[name] - lost) / (1 - noise),
            estimates[f"{name}_conf"] / (1 - noise),
        )
        columns |= {index: value, f"{index}_low": value - half, f"{index}_high": value + half}
    table = pd.DataFrame(columns)
    if not second:
        return table, None
    one, other = np.triu_indices(len(names), 1)
    value, half = (estimates[name][one, other] / (1 - noise) for name in ("S2", "S2_conf"))
    pair = {"factor": [names[k] for k in one], "other": [names[k] for k in other]}
    ends = {"second": value, "low": value - half, "high": value + half}
    return table, pd.DataFrame(pair | ends)


def _morris(answers: Answers) -> "pd.DataFrame":
    """Elementary effects: mu_star (Campolongo et al., 2007), mu and sigma (Morris, 1991).

    Columns factor, mu_star, mu_star_low, mu_star_high, mu, sigma, chance: the change of the share
    over the whole range. SALib divides by the step of the grid; where the values of a factor
    make its steps larger or smaller (two choices, whole numbers), by their mean size instead.
    `chance` is the mu_star that independent chance alone would show.
    """
    need("SALib", "indices")
    import pandas as pd
    from SALib.analyze import morris as method

    names, levels = answers.axis_names, int(answers.design["levels"])
    effects = method.analyze(
        designs.unit_problem(names),
        np.column_stack([axis.codes for axis in answers.axes]),
        answers.p,
        num_resamples=RESAMPLES,
        num_levels=levels,
        **_INTERVALS,
    )
    mu_star, half, mu, sigma = (
        np.asarray(effects[key], float) for key in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
    scale, chance = _scale_and_chance(answers, levels)
    columns = {"mu_star": mu_star, "mu_star_low": np.maximum(mu_star - half, 0.0)}
    columns |= {"mu_star_high": mu_star + half, "mu": mu, "sigma": sigma, "chance": chance}
    scaled = {name: values * scale for name, values in columns.items()}
    return pd.DataFrame({"factor": names} | scaled)


def _scale_and_chance(
    answers: Answers, levels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By axis, the grid's step over the mean step taken, and the mean effect of chance alone.

    The step of a trajectory is half the levels, as a part of the range (Morris, 1991); the mean
    size of what chance does is E|N(0, s)| = s sqrt(2/pi).
    """
    each, step = len(answers.axes) + 1, levels / (2 * (levels - 1))
    noise = chance_variance(answers).reshape(-1, each)
    sizes = np.sqrt(2 / np.pi * (noise[:, 1:] + noise[:, :-1])) / step
    scale, chance = np.empty(each - 1), np.zeros(each - 1)
    for k, axis in enumerate(answers.axes):
        low, high = axis.span
        taken = np.abs(np.diff(axis.codes.reshape(-1, each), axis=1))
        moved = taken > 0
        scale[k] = step / (taken[moved].mean() / (high - low) if moved.any() else 1.0)
        if moved.any():
            chance[k] = sizes[moved].mean()
    return scale, chance


def _grid(answers: Answers, chance: Variance) -> "pd.DataFrame":
    """First and total indices of a full grid, each of its points as likely as the others.

    Columns factor, first, total: exact for the points of the grid, so without intervals
    (Sobol, 1993: variance of the means given a factor; mean of the variances given the others).
    """
    import pandas as pd

    table = answers.p.reshape([axis.levels for axis in answers.axes])
    noise = chance.chance if correction(answers, chance) else 0.0
    whole = table.var() - noise * (1 - 1 / table.size)
    first, total = [], []
    for place, count in enumerate(table.shape):
        others = tuple(k for k in range(table.ndim) if k != place)
        lost = noise * (1 - 1 / count)
        first.append((table.mean(axis=others).var() - lost * count / table.size) / whole)
        total.append((table.var(axis=place).mean() - lost) / whole)
    return pd.DataFrame({"factor": answers.axis_names, "first": first, "total": total})


def _given_data(answers: Answers, chance: Variance) -> "pd.DataFrame":
    """First indices from points spread evenly over the ranges: the variance that bins explain.

    Columns factor, first. The variance between the means of bins of a factor, less what chance
    puts there, over the whole (the correlation ratio; Pearson, 1905). Points of a Sobol sequence
    or a Latin hypercube are more even than independent ones, so intervals made for those would
    not cover as often as they say: there are none. Raises ResultError for too few points.
    """
    import pandas as pd

    if answers.points < FEWEST_POINTS:
        raise ResultError(
            f"{answers.points} points are too few to read indices from: at least {FEWEST_POINTS}, "
            f'or design = {{ kind = "saltelli", samples = 64 }}'
        )
    noise = chance.chance if correction(answers, chance) else 0.0
    explained = epsilon_squared if answers.kind == designs.LATIN_HYPERCUBE else correlation_ratio
    values = [explained(answers.p, axis.bins, noise) for axis in answers.axes]
    return pd.DataFrame({"factor": answers.axis_names, "first": values})


def epsilon_squared(p: NDArray[np.float64], bins: NDArray[np.int64], chance: float = 0) -> float:
    """1 - (mean square within bins) / (mean square of all), each less the variance of chance.

    0 on average if bins say nothing and the other factors are spread independently of them
    (Kelley, 1935), as in a Latin hypercube.
    """
    within, free = _within(p, bins)
    return 1 - (within / free - chance) / (float(p.var(ddof=1)) - chance)


def correlation_ratio(p: NDArray[np.float64], bins: NDArray[np.int64], chance: float = 0) -> float:
    """1 - (squares within bins) / (squares of all), each less those of chance.

    0 if bins say nothing and every bin holds the same of all other factors, as in a Sobol
    sequence: no independence of the points is assumed.
    """
    within, free = _within(p, bins)
    squares = float(p.var()) * p.size
    return 1 - (within - free * chance) / (squares - (p.size - 1) * chance)


def _within(p: NDArray[np.float64], bins: NDArray[np.int64]) -> tuple[float, int]:
    """Squares around the means of the bins, and their degrees of freedom."""
    counts = np.bincount(bins)
    means = np.bincount(bins, weights=p) / np.maximum(counts, 1)
    free = max(p.size - int(np.count_nonzero(counts)), 1)
    return float(((p - means[bins]) ** 2).sum()), free
