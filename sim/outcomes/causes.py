"""How runs have come to a dispute by each week: triggers summed over levers and shocks."""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS
from sim.outcomes.calendar import week_dates
from sim.world.state import CAUSES, LAPSE, TRUCE_ENDED

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally

#: Causes that are nobody's: counted together for both sides.
NOBODYS = (LAPSE, TRUCE_ENDED)


def cause_frame(tally: "Tally", start: datetime.date, ids: tuple[str, str]) -> "pd.DataFrame":
    """Share of all runs in dispute by each week, by cause and side, the commonest first.

    Columns: cause, who ("" for a lapse or a dated act), week, date, count, p; a row for every
    week of every pair that occurs.
    """
    import pandas as pd

    n = int(tally.counts[RUNS])
    weeks = tally.trigger.shape[3] - 2
    curves = {name: counts for name, counts in _curves(tally, ids).items() if counts[-1]}
    order = sorted(curves, key=lambda name: -int(curves[name][-1]))
    frames = [
        pd.DataFrame(
            {
                "cause": cause,
                "who": who,
                "week": np.arange(1, weeks + 1),
                "date": week_dates(start, weeks),
                "count": curves[cause, who],
                "p": curves[cause, who] / max(n, 1),
            }
        )
        for cause, who in order
    ]
    columns = ["cause", "who", "week", "date", "count", "p"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame([], columns=columns)


def _curves(tally: "Tally", ids: tuple[str, str]) -> dict[tuple[str, str], np.ndarray]:
    """Disputes up to each week 1..H by (cause, who)."""
    counts = np.cumsum(tally.trigger.sum(axis=2)[..., 1:-1], axis=2)
    curves = {}
    for index, cause in enumerate(CAUSES):
        if index in NOBODYS:
            curves[cause, ""] = counts[index].sum(axis=0)
        else:
            curves |= {(cause, who): counts[index, i] for i, who in enumerate(ids)}
    return curves
