"""What began the disputes: the ends of `undisputed` by cause, side and lever or shock."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.counts import RUNS, item_name
from sim.outcomes.calendar import week_dates
from sim.outcomes.estimates import wilson
from sim.scenario.sides import DEFAULT, Sides
from sim.world.state import CAUSES, LAPSE, TRUCE_ENDED

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled

_COLUMNS = ["week", "cause", "who", "item", "count", "share", "n", "p", "low", "high"]
#: Causes that are nobody's: counted together for both sides.
NOBODYS = (LAPSE, TRUCE_ENDED)
#: The words for a trigger of each cause, with {who} and {item}.
PHRASES = {
    "overdue": "{who} missed what was due: {item}",
    "shock": "shock: {item} ({who})",
    "misread": "{who} saw a violation where there was none: {item}",
    "slow_licences": "slow licences read as defection: {item}",
    "policy": "{who} chose to, by its policy: {item}",
    "slip": "an agency of {who} slipped: {item}",
    "lapse": "the truce lapsed at the end of its term",
    "act": "a dated act ended the truce: {item}",
}


def trigger_frame(tally: "Tally", world: "Compiled", weeks: Sequence[int]) -> "pd.DataFrame":
    """Triggers of the disputes up to the end of each of `weeks`, the commonest first.

    Columns: week, cause, who, item, count; share (of the disputes by then); n, p, low, high
    (share of all runs, Wilson).
    """
    import pandas as pd

    n, ids = int(tally.counts[RUNS]), world.sides.ids
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
            name = item_name(cause, item, world.levers, world.shocks)
            share, limits = count / total, (float(low), float(high))
            rows.append((week, CAUSES[cause], ids[who], name, count, share, n, count / n, *limits))
    return pd.DataFrame(rows, columns=_COLUMNS)


def cause_frame(tally: "Tally", world: "Compiled") -> "pd.DataFrame":
    """Share of all runs in dispute by each week, by cause and side, the commonest first.

    Triggers summed over levers and shocks. Columns: cause, who ("" for a lapse or a dated act),
    week, date, count, p; a row for every week of every pair that occurs.
    """
    import pandas as pd

    n = int(tally.counts[RUNS])
    weeks = tally.trigger.shape[3] - 2
    by_cause = _curves(tally, world.sides.ids)
    curves = {name: counts for name, counts in by_cause.items() if counts[-1]}
    frames = [
        pd.DataFrame(
            {
                "cause": cause,
                "who": who,
                "week": np.arange(1, weeks + 1),
                "date": week_dates(world.start, weeks),
                "count": counts,
                "p": counts / max(n, 1),
            }
        )
        for (cause, who), counts in sorted(curves.items(), key=lambda curve: -int(curve[1][-1]))
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


def phrase(cause: str, who: str, item: str, sides: Sides = DEFAULT) -> str:
    """A trigger in words."""
    name = sides.of(who).short if who in sides.ids else who
    text = PHRASES[cause].format(who=name, item=item)
    return text if item else text.replace(": ", "").rstrip()
