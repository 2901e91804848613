"""Real dates along the x axis: a few round ones, the year under the first and where it changes."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.outcomes.result import Result

_MONTH_STEPS = (1, 2, 3, 6, 12)
_SHORT = 70  # days: below this, days of the month rather than months
_INCHES_A_TICK = 0.62


def date_axis(axes: "Axes", result: "Result") -> None:
    """Dates from the first day of week 1 to the last of the horizon."""
    start = result.compiled.start
    span_axis(axes, start, last_day(start, result.horizon))


def span_axis(axes: "Axes", start: datetime.date, end: datetime.date) -> None:
    """Dates from one day to another."""
    figure = axes.get_figure(root=True)
    inches = axes.get_position().width * (figure.get_figwidth() if figure else 1.0)
    days = ticks(start, end, max(2, int(inches / _INCHES_A_TICK)))
    axes.set_xlim(place(start), place(end))
    axes.set_xticks([place(day) for day in days], labels(days, (end - start).days))


def places(dates: np.ndarray) -> np.ndarray:
    """Where datetime64 dates lie on the axis: days since 1970."""
    return dates.astype("datetime64[D]").astype(float)


def days_at(texts: Iterable[str]) -> list[float]:
    """Where days lie that are written in ISO form."""
    return [place(datetime.date.fromisoformat(text)) for text in texts]


def place(day: datetime.date) -> float:
    """Where a day lies on the axis."""
    return float(places(np.array([day], dtype="datetime64[D]"))[0])


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
    names = []
    year = 0
    for day in days:
        if span >= _SHORT and all(d.month == 1 for d in days):
            names.append(str(day.year))
            continue
        name = f"{day.day} {day:%b}" if span < _SHORT else f"{day:%b}"
        names.append(name if day.year == year else f"{name}\n{day.year}")
        year = day.year
    return names
