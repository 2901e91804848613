"""What began the disputes: the ends of `undisputed` by cause, side and lever or shock."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS
from sim.engines.rows import item_name
from sim.outcomes.estimates import wilson
from sim.scenario.sides import DEFAULT, Sides
from sim.world.state import CAUSES

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally

COLUMNS = ("week", "cause", "who", "item", "count", "share", "n", "p", "low", "high")

_PHRASES = {
    "overdue": "{who} missed what was due: {item}",
    "shock": "shock: {item} ({who})",
    "misread": "{who} saw a violation where there was none: {item}",
    "slow_licences": "slow licences read as defection: {item}",
    "policy": "{who} chose to, by its policy: {item}",
    "slip": "an agency of {who} slipped: {item}",
    "lapse": "the truce lapsed at the end of its term",
    "act": "a dated act ended the truce: {item}",
}


def trigger_frame(
    tally: "Tally",
    levers: Sequence[str],
    shocks: Sequence[str],
    weeks: Sequence[int],
    ids: tuple[str, str],
) -> "pd.DataFrame":
    """Triggers of the disputes up to the end of each of `weeks`, the commonest first.

    Columns: week, cause, who, item, count; share (of the disputes by then); n, p, low, high
    (share of all runs, Wilson).
    """
    import pandas as pd

    n = int(tally.counts[RUNS])
    cumulative = np.cumsum(tally.trigger, axis=3)
    rows: list[tuple[object, ...]] = []
    for week in weeks:
        counts = cumulative[..., week]
        total = int(counts.sum())
        causes = np.argwhere(counts > 0)
        order = np.argsort(-counts[tuple(causes.T)], kind="stable")
        for cause, who, item in causes[order].tolist():
            count = int(counts[cause, who, item])
            low, high = wilson(count, n)
            name = item_name(cause, item, levers, shocks)
            share, limits = count / total, (float(low), float(high))
            rows.append((week, CAUSES[cause], ids[who], name, count, share, n, count / n, *limits))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def phrases() -> dict[str, str]:
    """The words for a trigger of each cause, with {who} and {item}."""
    return dict(_PHRASES)


def phrase(cause: str, who: str, item: str, sides: Sides = DEFAULT) -> str:
    """A trigger in words."""
    name = sides.of(who).short if who in sides.ids else who
    text = _PHRASES[cause].format(who=name, item=item)
    return text if item else text.replace(": ", "").rstrip()
