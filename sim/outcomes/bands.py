"""What runs go through, from their tally: trajectories, conduct, talks, payoffs, triggers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import FIXED_POINT, RENEWALS, RUNS, TALKS, WATCHED, item_name
from sim.outcomes.estimates import Estimate, estimate, wilson
from sim.scenario.calendar import week_dates
from sim.scenario.sides import DEFAULT, Sides
from sim.world.params import FLOW, QUANTITIES, STOCK
from sim.world.state import CAUSES, LAPSE, TRUCE_ENDED

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled

PERCENTILES = (5, 25, 50, 75, 95)


def band_names(world: "Compiled") -> list[tuple[str, str]]:
    """(variable, who) of each band: who is a side, or for flow and stock a lever."""
    names = []
    for quantity, index, _ in world.params.bands.tolist():
        who = world.levers[index] if quantity in (FLOW, STOCK) else world.sides.ids[index]
        names.append((QUANTITIES[quantity], who))
    return names


def quantiles(hist: NDArray[np.int64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles at PERCENTILES of histograms (V, T, 256), shape (len(PERCENTILES), V, T).

    The smallest value at or below which that share of the runs lies (no interpolation), as the
    lower edge of its bin: exact for 0 and, where the scale is a whole number, for whole values.
    """
    cumulative = np.cumsum(hist, axis=2)
    total = cumulative[..., -1]
    edges = np.maximum(np.arange(hist.shape[2]) - 1, 0)
    edges_by_percentile = []
    for percent in PERCENTILES:
        # the bin is the number of bins whose cumulated count is still too small
        short = 100 * cumulative < percent * np.maximum(total, 1)[..., None]
        edges_by_percentile.append(
            edges[np.minimum(short.sum(axis=2), edges.size - 1)] / scale[:, None]
        )
    return np.stack(edges_by_percentile)


def band_frame(tally: "Tally", world: "Compiled") -> "pd.DataFrame":
    """Columns week, date, variable, who, mean, q05, q25, q50, q75, q95; a row a week and band."""
    import pandas as pd

    weeks = tally.bands_sum.shape[1] - 1
    names = band_names(world)
    values = quantiles(tally.hist[:, 1:], world.params.bands["scale"].astype(float))
    mean = tally.bands_sum[:, 1:] / FIXED_POINT / max(int(tally.counts[WATCHED]), 1)
    columns = {
        "week": np.tile(np.arange(1, weeks + 1), len(names)),
        "date": np.tile(week_dates(world.start, weeks), len(names)),
        "variable": np.repeat([variable for variable, _ in names], weeks),
        "who": np.repeat([who for _, who in names], weeks),
        "mean": mean.ravel(),
    }
    return pd.DataFrame(columns | by_percentile(values))


def by_percentile(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Quantiles at PERCENTILES, their first axis, as columns q05, q25, q50, q75, q95."""
    return {f"q{p:02d}": table.ravel() for p, table in zip(PERCENTILES, values, strict=True)}


def pairs(ids: tuple[str, str]) -> tuple[str, str, str, str]:
    """What each pair of conduct is called, by 2 * (first bad) + (second bad)."""
    first, second = ids
    return "both good", f"{second} bad", f"{first} bad", "both bad"


def conduct_frame(tally: "Tally", world: "Compiled") -> "pd.DataFrame":
    """How often each pair of conduct occurred by week: week, date, pair, n, count."""
    import pandas as pd

    named = pairs(world.sides.ids)
    weeks = tally.conduct.shape[0] - 1
    return pd.DataFrame(
        {
            "week": np.repeat(np.arange(1, weeks + 1), len(named)),
            "date": np.repeat(week_dates(world.start, weeks), len(named)),
            "pair": np.tile(np.array(named, dtype=object), weeks),
            "n": int(tally.counts[RUNS]),
            "count": tally.conduct[1:].ravel(),
        }
    )


@dataclass(frozen=True)
class TalksSummary:
    """How often the two sides talked over the whole horizon, and when first."""

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


def payoff_frame(tally: "Tally", ids: tuple[str, str]) -> "pd.DataFrame":
    """Discounted payoff and harm of whole runs: who, measure, n, mean, sd, se (of the mean)."""
    import pandas as pd

    n = int(tally.counts[RUNS])
    rows = []
    for side, who in enumerate(ids):
        for index, measure in enumerate(("payoff", "harm")):
            total, high, low = (int(x) for x in tally.payoffs[side, index])
            mean, sd = moments(total, (high << 32) + low, n)
            rows.append((who, measure, n, mean, sd, sd / math.sqrt(n) if n else math.nan))
    return pd.DataFrame(rows, columns=["who", "measure", "n", "mean", "sd", "se"])


def moments(total: int, squares: int, n: int) -> tuple[float, float]:
    """Mean and standard deviation from fixed-point sums of x and of x squared.

    The subtraction is of whole numbers, so nothing is lost to rounding but the fixed point.
    """
    if n == 0:
        return math.nan, math.nan
    unit = int(FIXED_POINT)
    mean = total / unit / n
    if n == 1:
        return mean, math.nan
    variance = (squares * unit * n - total * total) / (unit * unit * n * (n - 1))
    return mean, math.sqrt(max(variance, 0.0))


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
