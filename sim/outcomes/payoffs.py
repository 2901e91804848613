"""Discounted payoffs and harms of whole runs: mean, spread and standard error per side."""

import math
from typing import TYPE_CHECKING

from sim.engines.counts import RUNS
from sim.outcomes.bands import FIXED_POINT
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally

MEASURES = ("payoff", "harm")


def payoff_frame(tally: "Tally", ids: tuple[str, str] = DEFAULT.ids) -> "pd.DataFrame":
    """One row a side and measure: who, measure, n, mean, sd, se (of the mean)."""
    import pandas as pd

    n = int(tally.counts[RUNS])
    rows = []
    for side, who in enumerate(ids):
        for index, measure in enumerate(MEASURES):
            total, high, low = (int(x) for x in tally.payoffs[side, index])
            mean, sd = moments(total, (high << 32) + low, n)
            rows.append((who, measure, n, mean, sd, sd / math.sqrt(n) if n else math.nan))
    return pd.DataFrame(rows, columns=["who", "measure", "n", "mean", "sd", "se"])


def moments(total: int, squares: int, n: int) -> tuple[float, float]:
    """Mean and standard deviation from fixed-point sums of x and of x squared.

    The subtraction is of whole numbers, so nothing is lost to rounding but the fixed point.
    """
    if n == 0:
        return math.nan, math.nan
    unit = int(FIXED_POINT)
    mean = total / unit / n
    if n == 1:
        return mean, math.nan
    variance = (squares * unit * n - total * total) / (unit * unit * n * (n - 1))
    return mean, math.sqrt(max(variance, 0.0))
