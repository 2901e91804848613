"""Bands of trajectories: quantiles and means of what the engine followed week by week."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import WATCHED
from sim.outcomes.calendar import week_dates
from sim.scenario.sides import DEFAULT
from sim.world.params import FLOW, QUANTITIES, STOCK

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally

PERCENTILES = (5, 25, 50, 75, 95)
#: One unit of the fixed-point sums that engines keep.
FIXED_POINT = float(2**24)


def band_names(
    bands: np.ndarray, levers: Sequence[str], ids: tuple[str, str] = DEFAULT.ids
) -> list[tuple[str, str]]:
    """(variable, who) of each band: who is a side, or for flow and stock a lever."""
    names = []
    for quantity, index in zip(bands["quantity"].tolist(), bands["index"].tolist(), strict=True):
        who = levers[index] if quantity in (FLOW, STOCK) else ids[index]
        names.append((QUANTITIES[quantity], who))
    return names


def quantiles(hist: NDArray[np.int64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles at PERCENTILES of histograms (V, T, 256), shape (len(PERCENTILES), V, T).

    The smallest value at or below which that share of the runs lies (no interpolation), as the
    lower edge of its bin: exact for 0 and, where the scale is a whole number, for whole values.
    """
    cumulative = np.cumsum(hist, axis=2)
    total = cumulative[..., -1]
    edges = np.maximum(np.arange(hist.shape[2]) - 1, 0)
    edges_by_good = []
    for percent in PERCENTILES:
        # the bin is the number of bins whose cumulated count is still too small
        short = 100 * cumulative < percent * np.maximum(total, 1)[..., None]
        edges_by_good.append(edges[np.minimum(short.sum(axis=2), edges.size - 1)] / scale[:, None])
    return np.stack(edges_by_good)


def band_frame(
    tally: "Tally",
    bands: np.ndarray,
    levers: Sequence[str],
    start: datetime.date,
    ids: tuple[str, str] = DEFAULT.ids,
) -> "pd.DataFrame":
    """Columns week, date, variable, who, mean, q05, q25, q50, q75, q95; a row a week and band."""
    import pandas as pd

    weeks = tally.bands_sum.shape[1] - 1
    names = band_names(bands, levers, ids)
    values = quantiles(tally.hist[:, 1:], bands["scale"].astype(float))
    mean = tally.bands_sum[:, 1:] / FIXED_POINT / max(int(tally.counts[WATCHED]), 1)
    columns = {
        "week": np.tile(np.arange(1, weeks + 1), len(names)),
        "date": np.tile(week_dates(start, weeks), len(names)),
        "variable": np.repeat([variable for variable, _ in names], weeks),
        "who": np.repeat([who for _, who in names], weeks),
        "mean": mean.ravel(),
    }
    for percent, table in zip(PERCENTILES, values, strict=True):
        columns[f"q{percent:02d}"] = table.ravel()
    return pd.DataFrame(columns)
