"""Which of the runs kept as rows still hold, run by run."""

import numpy as np
from numpy.typing import NDArray

_ENDED = {"standing": "standing_week", "clean": "clean_week", "core": "core_week"}


def holds_at(rows: np.ndarray, outcome: str, week: int) -> NDArray[np.bool_]:
    """Which runs (dtype ROW) hold at the end of a week; `extended`, at the end of its term."""
    if outcome == "extended":
        return np.asarray(rows["extended"] > 0)
    ended = rows[_ENDED[outcome]]
    return np.asarray((ended == 0) | (ended > week))
