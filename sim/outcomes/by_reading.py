"""The outcomes under each reading of a scenario: those of its own runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.engines.counts import RUNS
from sim.outcomes.estimates import estimate
from sim.outcomes.survival import holding
from sim.world.outcomes import NAMES, outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.outcomes.result import Result


def reading_frame(result: "Result", tallies: Sequence["Tally"]) -> "pd.DataFrame":
    """Every outcome at the end of the term (or the horizon), reading by reading.

    `tallies` are the counts of each reading's runs, in the order of the scenario. Columns: reading,
    weight, outcome, week, n, count, p, low, high (95 % Wilson).
    """
    import pandas as pd

    week = result.headline_week
    rows = []
    for part, tally in zip(result.compiled.parts, tallies, strict=True):
        n = int(tally.counts[RUNS])
        for name in NAMES:
            if result.reason(name) is None:
                count = int(holding(tally, name)[0 if outcome_of(name).once else week - 1])
                share = estimate(count, n)
                shares = (share.p, share.low, share.high)
                rows.append((part.reading, part.slots.share, name, week, n, count, *shares))
    columns = ["reading", "weight", "outcome", "week", "n", "count", "p", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
