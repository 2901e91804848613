"""How often each pair of conduct occurred, week by week."""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS
from sim.outcomes.calendar import week_dates

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally

#: By 2*(us bad) + (cn bad).
PAIRS = ("both good", "cn bad", "us bad", "both bad")


def conduct_frame(tally: "Tally", start: datetime.date) -> "pd.DataFrame":
    """One row a week and pair: week, date, pair, n, count."""
    import pandas as pd

    weeks = tally.conduct.shape[0] - 1
    return pd.DataFrame(
        {
            "week": np.repeat(np.arange(1, weeks + 1), len(PAIRS)),
            "date": np.repeat(week_dates(start, weeks), len(PAIRS)),
            "pair": np.tile(np.array(PAIRS, dtype=object), weeks),
            "n": int(tally.counts[RUNS]),
            "count": tally.conduct[1:].ravel(),
        }
    )
