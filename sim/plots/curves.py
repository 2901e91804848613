"""What pictures draw and name alike: dates along the x axis, shares and bands by week, names, keys.

Dates are real: a few round ones, the year under the first and where it changes.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from sim.plots import style
from sim.scenario.calendar import last_day

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.result import Result

_MONTH_STEPS = (1, 2, 3, 6, 12)
_SHORT = 70  # days: below this, days of the month rather than months
_INCHES_A_TICK = 0.62
_DAY_0 = datetime.date(1970, 1, 1).toordinal()


def date_axis(axes: Axes, result: "Result") -> None:
    """Dates from the first day of week 1 to the last of the horizon."""
    start = result.compiled.start
    span_axis(axes, start, last_day(start, result.horizon))


def dated(axes: Axes, result: "Result") -> None:
    """Dates along the axis, and a dashed line at the end of the first term."""
    date_axis(axes, result)
    if result.term is not None:
        axes.axvline(term_end(result), color=style.GREY, linewidth=0.9, linestyle=style.DASHED)


def term_end(result: "Result") -> float:
    """Where the last day of the first term lies, of a result that has one."""
    return place(last_day(result.compiled.start, result.term or 0))


def span_axis(axes: Axes, start: datetime.date, end: datetime.date) -> None:
    """Dates from one day to another."""
    figure = axes.get_figure(root=True)
    inches = axes.get_position().width * (figure.get_figwidth() if figure else 1.0)
    days = ticks(start, end, max(2, int(inches / _INCHES_A_TICK)))
    axes.set_xlim(place(start), place(end))
    axes.set_xticks([place(day) for day in days], labels(days, (end - start).days))


def place(day: datetime.date) -> float:
    """Where a day lies on the axis: days since 1970."""
    return float(day.toordinal() - _DAY_0)


def places(frame: "pd.DataFrame") -> np.ndarray:
    """Where the dates of a table lie: the first days of its weeks."""
    return frame["date"].to_numpy().astype("datetime64[D]").astype(float)


def week_ends(frame: "pd.DataFrame") -> np.ndarray:
    """Where the last day of each week lies: a share is read at the end of it."""
    return places(frame) + 6


def mark_day(axes: Axes, day: float, text: str, ha: str = "center") -> None:
    """A dashed line at a day, named above the panel."""
    axes.axvline(day, color=style.GREY, linewidth=1, linestyle=style.DASHED)
    style.note(axes, text, (day, 1.0), (0, 4), style.ABOVE, ha=ha)


def ticks(start: datetime.date, end: datetime.date, most: int) -> list[datetime.date]:
    """At most `most` round dates within start..end: weeks, else first days of months or years."""
    span = (end - start).days
    if span < _SHORT:
        step = 7 * -(-(span // 7 + 1) // most)
        return [start + datetime.timedelta(days=d) for d in range(0, span + 1, step)]
    months = 12 * (end.year - start.year) + end.month - start.month
    step = _month_step(months, most)
    first = 12 * start.year + start.month - 1
    firsts = range(-(-first // step) * step, first + months + 1, step)
    days = [datetime.date(m // 12, m % 12 + 1, 1) for m in firsts]
    return [day for day in days if start <= day <= end]


def _month_step(months: int, most: int) -> int:
    """The smallest round number of months of which at most `most` fit."""
    for step in _MONTH_STEPS:
        if months // step <= most:
            return step
    years, factor = 1, 1
    while months // (12 * years * factor) > most:
        years = {1: 2, 2: 5, 5: 1}[years]
        factor *= 10 if years == 1 else 1
    return 12 * years * factor


def labels(days: list[datetime.date], span: int) -> list[str]:
    """Names of the ticks of an axis `span` days long."""
    if span >= _SHORT and all(day.month == 1 for day in days):
        return [str(day.year) for day in days]
    names = []
    year = 0
    for day in days:
        name = f"{day.day} {day:%b}" if span < _SHORT else f"{day:%b}"
        names.append(name if day.year == year else f"{name}\n{day.year}")
        year = day.year
    return names


Label = tuple[float, str, str, float]  # height, text, colour, font size

_CLOSEST = 0.05  # of the axis: labels nearer than this are moved apart


def share_curve(
    axes: Axes,
    start: datetime.date,
    frame: "pd.DataFrame",
    colour: str,
    width: float = 2,
    before: float = 1.0,
) -> float:
    """A share `p` by week, with its band from `low` to `high` if there is one; returns the last.

    before: what it is at the start.
    """
    dates = np.append(place(start), week_ends(frame))
    if "low" in frame:
        low, high = (np.append(before, frame[column]) for column in ("low", "high"))
        axes.fill_between(dates, low, high, color=colour, alpha=0.25, linewidth=0)
    axes.plot(dates, np.append(before, frame["p"]), color=colour, linewidth=width)
    return float(frame["p"].iloc[-1])


def band(axes: Axes, frame: "pd.DataFrame", colour: str, outer: bool = True) -> None:
    """Median, middle half and (`outer`) 90 % of one variable, as steps of a week."""
    dates = edges(frame)
    for low, high, alpha in (("q05", "q95", 0.16), ("q25", "q75", 0.3))[not outer :]:
        limits = (stretched(frame[low]), stretched(frame[high]))
        axes.fill_between(dates, *limits, step="post", color=colour, alpha=alpha, linewidth=0)
    axes.step(dates, stretched(frame["q50"]), where="post", color=colour, linewidth=1.9)


def edges(frame: "pd.DataFrame") -> np.ndarray:
    """Where the first days of the weeks lie, and the day after the last."""
    days = places(frame)
    return np.append(days, days[-1] + 7)


def stretched(values: "pd.Series | np.ndarray") -> np.ndarray:
    """The values with the last one again, so that the last week has its width."""
    return np.append(values, values[-1:])


def from_zero(top: float) -> tuple[float, float]:
    """Limits that leave room for a line at 0 and one at the top."""
    return -0.025 * top, 1.06 * top


class Dot(NamedTuple):
    """A row of `dots`: its name, its value with both ends, what stands beside it, and how."""

    name: str
    value: float
    low: float
    high: float
    beside: str
    full: bool


def dots(axes: Axes, rows: Sequence[Dot], colour: str, unit: str, off: float) -> None:
    """A dot with its bar a row, the first on top; what stands beside it is `off` points away."""
    heights = range(len(rows))
    values = np.array([row.value for row in rows])
    bars = [values - [row.low for row in rows], [row.high for row in rows] - values]
    axes.errorbar(values, heights, xerr=np.maximum(bars, 0.0), fmt="none", color=colour, capsize=2)
    for height, row in zip(heights, rows, strict=True):
        face = colour if row.full else "white"
        axes.plot(row.value, height, "o", color=colour, markerfacecolor=face, markersize=5)
        style.note(axes, row.beside, (1.0, height), (off, 0), style.BESIDE, size=8, va="center")
    axes.set_yticks(heights, [row.name for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=True, axis="x", color=style.LIGHT, linewidth=0.6)
    axes.set_xlabel(unit)


def direct_labels(axes: Axes, labels: Sequence[Label], closest: float = _CLOSEST) -> None:
    """Names at the right end of the curves, at least `closest` of the axis apart."""
    bottom, top = axes.get_ylim()
    above = spread_apart([label[0] - bottom for label in labels], closest * (top - bottom))
    for height, (_, text, colour, size) in zip(above, labels, strict=True):
        place_named = (1.0, bottom + height)
        style.note(axes, text, place_named, (6, 0), style.BESIDE, colour, size, va="center")


def spread_apart(heights: Sequence[float], closest: float) -> list[float]:
    """The heights, moved as little as needed so that none is nearer to another than `closest`.

    Neighbours that touch form a group, evenly spaced around its mean; none goes below 0.
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    groups: list[list[float]] = []
    for i in order:
        groups.append([heights[i]])
        while len(groups) > 1 and (
            _spaced(groups[-1], closest)[0] - _spaced(groups[-2], closest)[-1] < closest
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = [height for group in groups for height in _spaced(group, closest)]
    return [placed[order.index(i)] for i in range(len(heights))]


def _spaced(group: list[float], closest: float) -> list[float]:
    first = max(0.0, sum(group) / len(group) - closest * (len(group) - 1) / 2)
    return [first + closest * i for i in range(len(group))]


def spread_between(heights: Sequence[float], closest: float, top: float) -> list[float]:
    """`spread_apart` with none above `top` either, as long as there is room."""
    placed = spread_apart(heights, closest)
    if not placed or max(placed) <= top:
        return placed
    return [top - height for height in spread_apart([top - h for h in placed], closest)]


def swatches(axes: Axes, entries: Sequence[tuple[str, str]]) -> None:
    """Coloured squares with their names in a row above the panel: never over the data."""
    at = 0.0
    for name, colour in entries:
        for text, shade, offset in (("\N{BLACK SQUARE}", colour, 0.0), (name, style.INK, 12.0)):
            style.note(axes, text, (0.0, 1.0), (at + offset, 7), style.OF_AXES, shade)
        at += 12 + 4.8 * len(name) + 14


def key(axes: Axes, entries: Sequence[tuple[str, str]], mark: str = "") -> None:
    """Coloured names above the panel, right of its title: never over the data.

    mark: what stands before each name.
    """
    offset = 0.0
    for name, colour in reversed(entries):
        label = mark + name.split(".")[-1].replace("_", " ")
        style.note(axes, label, (1.0, 1.0), (-offset, 7), style.OF_AXES, colour, ha="right")
        offset += 4.6 * len(label) + 10


def one_line(axes: Axes, text: str) -> None:
    """An empty panel that says why it is."""
    axes.set_axis_off()
    axes.set_ylabel("")
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", color=style.GREY, fontsize=10)
