"""Which of the runs kept as rows still hold, run by run."""

import numpy as np
from numpy.typing import NDArray

from sim.world.outcomes import outcome_of


def holds_at(rows: np.ndarray, outcome: str, week: int) -> NDArray[np.bool_]:
    """Which runs (dtype ROW) hold at the end of a week; of what is decided once, came about."""
    row = outcome_of(outcome)
    if row.once:
        return np.asarray(rows[row.field] > 0)
    ended = rows[row.field]
    return np.asarray((ended == 0) | (ended > week))
