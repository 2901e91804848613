"""Real dates along the x axis: a few round ones, the year under the first and where it changes."""

import datetime
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from sim.outcomes.definitions import last_day
from sim.plots import style

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
