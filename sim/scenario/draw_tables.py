"""Tables that stand in for laws of chance in a week: Gumbel, Poisson, and the Gamma of the heat.

Of the heat's an outer loop needs one for each of its points: to compute them took a third of a
brief run, and to import scipy.special a tenth. So those of a design are kept for the command after.
"""

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario.kept import keep, name_of, special, taken
from sim.threads import by_threads

#: Entries of the tables of Gumbel and of Gamma quantiles.
GUMBEL_SIZE = GAMMA_SIZE = 4096
#: Tables remembered in a process (32 kB each); a design of more points is not kept.
MOST_TABLES = 256
#: Designs kept on the disk, 6.5 MB each.
MOST_DESIGNS = 6
Tables = NDArray[np.float64]
#: Tables are kept as those of this very code.
_CODE = Path(__file__).read_bytes()


@cache
def gumbel_table() -> NDArray[np.float64]:
    """Gumbel quantiles -ln(-ln((j + .5)/4096)), read-only: softmax draws without exponentials."""
    table = np.array(
        [-math.log(-math.log((j + 0.5) / GUMBEL_SIZE)) for j in range(GUMBEL_SIZE)], np.float64
    )
    table.flags.writeable = False
    return table


def poisson_table(means: list[float]) -> NDArray[np.float64]:
    """P(count <= n) for Poisson counts, (means, width): every row ends in 1 exactly.

    The draw is the first n with u < P(count <= n). The width leaves out less than 1e-15.
    """
    width = max((_poisson_width(mean) for mean in means), default=1)
    table = np.ones((len(means), width))
    for row, mean in enumerate(means):
        table[row, : _poisson_width(mean)] = _poisson_cumulative(mean)
    return table


def _poisson_width(mean: float) -> int:
    """Counts to tabulate: 12 standard deviations and 40 above the mean."""
    return math.ceil(mean + 12.0 * math.sqrt(mean)) + 40


def _poisson_cumulative(mean: float) -> NDArray[np.float64]:
    """Built outward from the mode, P(n) = P(n-1) mean/n, so that nothing over- or underflows."""
    width, mode = _poisson_width(mean), int(mean)
    weights = np.ones(width)
    for n in range(mode + 1, width):
        weights[n] = weights[n - 1] * mean / n
    for n in range(mode, 0, -1):
        weights[n - 1] = weights[n] * n / mean
    cumulative = np.minimum(1.0, np.cumsum(weights / math.fsum(weights)))
    cumulative[-1] = 1.0
    return cumulative


@lru_cache(maxsize=MOST_TABLES)
def heat_table(variance: float) -> Tables:
    """Quantiles at (j + .5)/4096 of Gamma with mean 1 and a variance, read-only; empty for 0.

    Scaled so that the mean over the table is 1, and kept to 2^-30, which hides how platforms
    round the last bits of a quantile.
    """
    table = np.zeros(0) if variance == 0.0 else _at_hand().get(variance)
    if table is None:
        inputs = (_CODE, np.array([variance]).tobytes())
        table = special("heat-alone", inputs, lambda: _computed(variance))
    table.flags.writeable = False
    return table


def prepare(variances: Sequence[float]) -> None:
    """Has the tables of these variances at hand: as an earlier command kept them, else made.

    What is made is made on all cores, and kept.
    """
    wanted = sorted({float(each) for each in variances if each > 0})
    if not 0 < len(wanted) <= MOST_TABLES:
        return
    name = name_of(_CODE, np.array(wanted).tobytes())
    raw = taken("heat", name)
    if raw is None:
        made = np.stack(by_threads(heat_table, wanted))
        keep("heat", name, made.tobytes(), MOST_DESIGNS)
        return
    tables = np.frombuffer(raw).reshape(len(wanted), GAMMA_SIZE)
    _at_hand().update(zip(wanted, tables, strict=True))
    for each in wanted:
        heat_table(each)
    _at_hand().clear()


@cache
def _at_hand() -> dict[float, Tables]:
    """Tables read from the disk, by variance."""
    return {}


def _computed(variance: float) -> Tables:
    from scipy.special import gammaincinv

    steps = (np.arange(GAMMA_SIZE) + 0.5) / GAMMA_SIZE
    quantiles = gammaincinv(1.0 / variance, steps)
    return np.asarray(np.round(quantiles / quantiles.mean() * 2.0**30) / 2.0**30)
