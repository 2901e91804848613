"""The table of the heat: quantiles of a Gamma law, one of which multiplies the noise of a run.

An outer loop needs one for each of its points: to compute them took a third of a brief run, and to
import scipy.special a tenth. So the tables of a design are kept for the command after it.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario.kept import keep, name_of, special, taken

#: Entries of the table of Gamma quantiles.
GAMMA_SIZE = 4096
#: Tables remembered in a process (32 kB each); a design of more points is not kept.
MOST_TABLES = 256
#: Designs kept on the disk, 6.5 MB each.
MOST_DESIGNS = 6
Tables = NDArray[np.float64]
#: Tables are kept as those of this very code.
_CODE = Path(__file__).read_bytes()


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
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = np.stack(list(pool.map(heat_table, wanted)))
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
