"""How many runs still hold at the end of each week, and what follows from that.

Every run is followed to the horizon, so nothing is censored before it and the survival curve
is a plain share each week (the Kaplan-Meier estimate without losses).
"""

import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.calendar import week_dates
from sim.outcomes.estimates import LEVEL, wilson

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.tally import Tally

#: Rows of Tally.ended.
ENDED_ROWS = {"clean": 0, "standing": 1, "core": 2}
#: Row of Tally.ended for standing with breakdown_after = 1; K is FIRST_K_ROW + K - 1.
FIRST_K_ROW = 3
K_VALUES = range(1, 7)


def holding(tally: "Tally", row: int) -> NDArray[np.int64]:
    """Runs in which the outcome of that row still holds at the end of week 1..H, shape (H,)."""
    ended = tally.ended[row]
    return int(tally.counts[0]) - np.cumsum(ended[1:-1])


def survival_frame(
    holds: NDArray[np.int64], n: int, start: datetime.date, level: float = LEVEL
) -> "pd.DataFrame":
    """One row a week from 1: week, date (its first day), n, p, low, high."""
    import pandas as pd

    low, high = wilson(holds, n, level)
    return pd.DataFrame(
        {
            "week": np.arange(1, len(holds) + 1),
            "date": week_dates(start, len(holds)),
            "n": n,
            "p": holds / max(n, 1),
            "low": low,
            "high": high,
        }
    )


def median_week(frame: "pd.DataFrame") -> float:
    """The first week at whose end at most half of the runs hold; nan if more do to the last."""
    failed = frame.loc[frame["p"] <= 0.5, "week"]
    return float(failed.iloc[0]) if len(failed) else float("nan")


def restricted_mean(frame: "pd.DataFrame") -> float:
    """Mean number of weeks an outcome holds, counted up to the last week of the frame."""
    return float(frame["p"].sum())
