"""Which factors matter: indices of a design's own method, as tables with intervals.

Each function takes one outcome of a study and returns a table with a row an axis. Where the
numbers are fresh at every point chance is independent noise of known size, and the indices are
corrected for it; where it is the same they are those of these very runs and are left as they
are.
"""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultError
from sim.extras import need
from sim.studies import design as designs
from sim.studies.answers import Answers, Axis
from sim.studies.variance import RESAMPLES, Variance, chance_variance, correction

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95
_SEED = 2025  # of SALib's resampling
_MOST_DRAWS = 10_000_000  # points x resamples of one bootstrap: a few seconds
_FEWEST_RESAMPLES = 200  # an interval's width is then known to 5 %
FEWEST_POINTS = 40
_MOST_BINS = 20
_POINTS_A_BIN = 15


def saltelli(answers: Answers, chance: Variance) -> tuple["pd.DataFrame", "pd.DataFrame | None"]:
    """First and total indices (Saltelli et al., 2010), and of pairs if sampled (Saltelli, 2002).

    Columns factor, first, first_low, first_high, total, total_low, total_high; of pairs factor,
    other, second, low, high. Normal intervals from bootstrap over the rows of the matrices.
    With fresh numbers V becomes V + s for a variance s of chance: first and second indices are
    divided by 1 - s/(V + s), totals lose s/(V + s) first. Raises ResultError where s is too much.
    """
    need("SALib", "indices")
    import pandas as pd
    from SALib.analyze import sobol

    names = [axis.name for axis in answers.axes]
    second = bool(answers.design["second_order"])
    estimates = sobol.analyze(
        designs.unit_problem(names),
        answers.p,
        calc_second_order=second,
        num_resamples=_resamples(answers.points),
        conf_level=LEVEL,
        seed=_SEED,
    )
    noise = correction(answers, chance)
    table = _with_intervals(
        names, "first", estimates["S1"] / (1 - noise), estimates["S1_conf"] / (1 - noise)
    )
    totals = (estimates["ST"] - noise) / (1 - noise)
    table = table.merge(
        _with_intervals(names, "total", totals, estimates["ST_conf"] / (1 - noise)), on="factor"
    )
    if not second:
        return table, None
    rows = [
        (
            names[j],
            names[k],
            estimates["S2"][j, k] / (1 - noise),
            estimates["S2_conf"][j, k] / (1 - noise),
        )
        for j, k in combinations(range(len(names)), 2)
    ]
    pairs = pd.DataFrame(rows, columns=["factor", "other", "second", "half"])
    pairs["low"], pairs["high"] = pairs["second"] - pairs["half"], pairs["second"] + pairs["half"]
    return table, pairs.drop(columns="half")


def _resamples(points: int) -> int:
    return max(_FEWEST_RESAMPLES, min(RESAMPLES, _MOST_DRAWS // points))


def _with_intervals(
    names: list[str], index: str, values: NDArray[np.float64], half: NDArray[np.float64]
) -> "pd.DataFrame":
    import pandas as pd

    columns = {index: values, f"{index}_low": values - half, f"{index}_high": values + half}
    return pd.DataFrame({"factor": names, **columns})


def morris(answers: Answers) -> "pd.DataFrame":
    """Elementary effects: mu_star (Campolongo et al., 2007), mu and sigma (Morris, 1991).

    Columns factor, mu_star, mu_star_low, mu_star_high, mu, sigma, chance: the change of the share
    over the whole range. SALib divides by the step of the grid; where the values of a factor
    make its steps larger or smaller (two choices, whole numbers), by their mean size instead.
    `chance` is the mu_star that independent chance alone would show.
    """
    need("SALib", "indices")
    import pandas as pd
    from SALib.analyze import morris as method

    axes, levels = answers.axes, int(answers.design["levels"])
    names = [axis.name for axis in axes]
    steps = np.column_stack([axis.codes for axis in axes])
    effects = method.analyze(
        designs.unit_problem(names),
        steps,
        answers.p,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        num_levels=levels,
        seed=_SEED,
    )
    mu_star, half, mu, sigma = (
        np.asarray(effects[key], float) for key in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
    scale = _scale(answers, levels)
    return pd.DataFrame(
        {
            "factor": names,
            "mu_star": mu_star * scale,
            "mu_star_low": np.maximum(mu_star - half, 0.0) * scale,
            "mu_star_high": (mu_star + half) * scale,
            "mu": mu * scale,
            "sigma": sigma * scale,
            "chance": _chance_effects(answers, levels) * scale,
        }
    )


def _walks(answers: Answers) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Steps of the codes, shape (trajectories, steps, axes), and which axis each moves."""
    each = len(answers.axes) + 1
    codes = np.column_stack([axis.codes for axis in answers.axes])
    steps = np.abs(np.diff(codes.reshape(-1, each, each - 1), axis=1))
    return steps, steps > 0


def _scale(answers: Answers, levels: int) -> NDArray[np.float64]:
    """The grid's step over the mean step taken, as a part of the range, by axis."""
    steps, moved = _walks(answers)
    spans = [high - low for low, high in (axis.span for axis in answers.axes)]
    mean_steps = [
        steps[:, :, k][moved[:, :, k]].mean() / spans[k] if moved[:, :, k].any() else 1.0
        for k in range(len(spans))
    ]
    return _grid_step(levels) / np.array(mean_steps)


def _grid_step(levels: int) -> float:
    """The step of a trajectory as a part of the range: half the levels (Morris, 1991)."""
    return levels / (2 * (levels - 1))


def _chance_effects(answers: Answers, levels: int) -> NDArray[np.float64]:
    """The mean size of an effect of chance alone, by axis: E|N(0, s)| = s sqrt(2/pi)."""
    _, moved = _walks(answers)
    noise = chance_variance(answers).reshape(len(moved), -1)
    sizes = np.sqrt(2 / np.pi * (noise[:, 1:] + noise[:, :-1])) / _grid_step(levels)
    moved_sizes = [sizes[moved[:, :, k]] for k in range(moved.shape[2])]
    return np.array(
        [sizes_of_axis.mean() if sizes_of_axis.size else 0.0 for sizes_of_axis in moved_sizes]
    )


def grid(answers: Answers, chance: Variance) -> "pd.DataFrame":
    """First and total indices of a full grid, each of its points as likely as the others.

    Columns factor, first, total: exact for the points of the grid, so without intervals
    (Sobol, 1993: variance of the means given a factor; mean of the variances given the others).
    """
    import pandas as pd

    axes = answers.axes
    table = answers.p.reshape([axis.levels for axis in axes])
    noise = chance.chance if correction(answers, chance) else 0.0
    whole = table.var() - noise * (1 - 1 / table.size)
    first, total = [], []
    for place, count in enumerate(table.shape):
        others = tuple(k for k in range(table.ndim) if k != place)
        lost = noise * (1 - 1 / count)
        first.append((table.mean(axis=others).var() - lost * count / table.size) / whole)
        total.append((table.var(axis=place).mean() - lost) / whole)
    return pd.DataFrame({"factor": [axis.name for axis in axes], "first": first, "total": total})


def given_data(answers: Answers, chance: Variance) -> "pd.DataFrame":
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
    values = [explained(answers.p, binned(axis), noise) for axis in answers.axes]
    return pd.DataFrame({"factor": [axis.name for axis in answers.axes], "first": values})


def binned(axis: Axis) -> NDArray[np.int64]:
    """The bin of each point: one for each of a few values, else of equal numbers of points."""
    if axis.few:
        return np.unique(axis.codes, return_inverse=True)[1].astype(np.int64)
    count = min(_MOST_BINS, max(2, len(axis.codes) // _POINTS_A_BIN))
    edges = np.quantile(axis.codes, np.arange(1, count) / count)
    return np.searchsorted(edges, axis.codes, side="right").astype(np.int64)


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
