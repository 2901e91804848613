"""How often the two sides talked, and when first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RENEWALS, RUNS, TALKS
from sim.outcomes.estimates import Estimate, estimate

if TYPE_CHECKING:
    from sim.engines.counts import Tally


@dataclass(frozen=True)
class TalksSummary:
    """Talks over the whole horizon."""

    share: Estimate  # runs with talks
    mean_first_week: float  # of the runs with talks; nan if none
    mean_number: float  # over all runs
    mean_renewals: float  # truces renewed after the first had ended, over all runs


def talks_summary(tally: "Tally") -> TalksSummary:
    """The summary of a tally."""
    n = int(tally.counts[RUNS])
    by_week = tally.first_talks[1:-1]
    talked = int(by_week.sum())
    total = float((by_week * np.arange(1, by_week.size + 1)).sum())
    return TalksSummary(
        share=estimate(talked, n, "talks were held at least once"),
        mean_first_week=total / talked if talked else float("nan"),
        mean_number=float(tally.counts[TALKS]) / max(n, 1),
        mean_renewals=float(tally.counts[RENEWALS]) / max(n, 1),
    )
