"""What pictures of trajectories share: bands over time, keys beside titles, crossings."""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.dates import date_axis, place, places
from sim.world.params import LEVERAGE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.outcomes.result import Result


def part(result: "Result", variable: str, who: str) -> "pd.DataFrame":
    """The weeks of one variable of one side or lever."""
    bands = result.bands
    return bands[(bands["variable"] == variable) & (bands["who"] == who)]


def band(axes: "Axes", frame: "pd.DataFrame", colour: str, outer: bool = True) -> None:
    """Median, middle half and (`outer`) 90 % of one variable, as steps of a week."""
    dates = edges(frame)
    for low, high, alpha in (("q05", "q95", 0.16), ("q25", "q75", 0.3))[not outer :]:
        limits = (stretched(frame, low), stretched(frame, high))
        axes.fill_between(dates, *limits, step="post", color=colour, alpha=alpha, linewidth=0)
    axes.step(dates, stretched(frame, "q50"), where="post", color=colour, linewidth=1.9)


def edges(frame: "pd.DataFrame") -> np.ndarray:
    """Where the first days of the weeks lie, and the day after the last."""
    days = places(frame["date"].to_numpy())
    return np.append(days, days[-1] + 7)


def stretched(frame: "pd.DataFrame", column: str) -> np.ndarray:
    """The values with the last one again, so that the last week has its width."""
    values = frame[column].to_numpy()
    return np.append(values, values[-1])


def from_zero(top: float) -> tuple[float, float]:
    """Limits that leave room for a line at 0 and one at the top."""
    return -0.025 * top, 1.06 * top


def dated(axes: "Axes", result: "Result") -> None:
    """Dates along the axis, and a dashed line at the end of the first term."""
    date_axis(axes, result)
    if result.term is not None:
        day = place(last_day(result.compiled.start, result.term))
        axes.axvline(day, color=style.GREY, linewidth=0.9, linestyle=style.DASHED)


def key(axes: "Axes", entries: list[tuple[str, str]], mark: str = "") -> None:
    """Coloured names above the panel, right of its title: never over the data.

    mark: what stands before each name.
    """
    offset = 0.0
    for name, colour in reversed(entries):
        label = mark + name.split(".")[-1].replace("_", " ")
        style.note(axes, label, (1.0, 1.0), (-offset, 7), style.OF_AXES, colour=colour, ha="right")
        offset += 4.6 * len(label) + 10


def sides(result: "Result") -> list[tuple[str, str]]:
    """The key of both sides."""
    return [(side.plain, side.colour) for side in result.scenario.sides]


def crossings(result: "Result") -> list[tuple[datetime.date, float, str]]:
    """Weeks from which the other side's median leverage is the larger: (date, height, who).

    Differences within a bin of the histograms are none.
    """
    ids = result.scenario.sides.ids
    us, cn = (part(result, "leverage", who) for who in ids)
    gap = us["q50"].to_numpy() - cn["q50"].to_numpy()
    ahead = np.where(np.abs(gap) > _leverage_bin(result), np.sign(gap), 0.0)
    points = []
    last = 0.0
    for week, sign in enumerate(ahead.tolist()):
        if last and sign and sign != last:
            height = float(max(us["q50"].iloc[week], cn["q50"].iloc[week]))
            points.append((us["date"].iloc[week].date(), height, ids[0] if sign > 0 else ids[1]))
        last = sign or last
    return points


def _leverage_bin(result: "Result") -> float:
    """Width of the wider of the two sides' bins of leverage."""
    bands = result.compiled.params.bands
    return float((1 / bands["scale"][bands["quantity"] == LEVERAGE]).max())


def crossing_text(day: datetime.date, name: str) -> str:
    """Who is ahead from a crossing on."""
    return f"{name} ahead from {day.day} {day:%b %Y}"
