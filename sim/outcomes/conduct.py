"""How often each pair of conduct occurred, week by week."""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS
from sim.outcomes.calendar import week_dates

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally


def pairs(ids: tuple[str, str]) -> tuple[str, str, str, str]:
    """What each pair of conduct is called, by 2 * (first bad) + (second bad)."""
    first, second = ids
    return "both good", f"{second} bad", f"{first} bad", "both bad"


def conduct_frame(tally: "Tally", start: datetime.date, ids: tuple[str, str]) -> "pd.DataFrame":
    """One row a week and pair: week, date, pair, n, count."""
    import pandas as pd

    named = pairs(ids)

    weeks = tally.conduct.shape[0] - 1
    return pd.DataFrame(
        {
            "week": np.repeat(np.arange(1, weeks + 1), len(named)),
            "date": np.repeat(week_dates(start, weeks), len(named)),
            "pair": np.tile(np.array(named, dtype=object), weeks),
            "n": int(tally.counts[RUNS]),
            "count": tally.conduct[1:].ravel(),
        }
    )
