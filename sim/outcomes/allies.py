"""When the allies join: the share of the runs in which each has by a week."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS
from sim.outcomes.survival import survival_frame

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled


def joined_frame(tally: "Tally", compiled: "Compiled") -> "pd.DataFrame":
    """A row a week and ally that has a lever to join in: ally, week, date, n, p, low, high."""
    import pandas as pd

    frames = []
    for index in with_levers(compiled):
        by_week = np.cumsum(tally.joined[index, 1:-1])
        frame = survival_frame(by_week, int(tally.counts[RUNS]), compiled.start)
        frame.insert(0, "ally", compiled.allies[index])
        frames.append(frame)
    columns = ["ally", "week", "date", "n", "p", "low", "high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame([], columns=columns)


def with_levers(compiled: "Compiled") -> Sequence[int]:
    """Indices of the allies that can join: those with a lever."""
    return [m for m, ally in enumerate(compiled.params.allies) if ally["lever"] >= 0]
