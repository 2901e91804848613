"""Words in a picture: names at the ends of curves, kept apart, and the marked end of a term."""

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.dates import place, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sim.outcomes.result import Result

Label = tuple[float, str, str, float]  # height, text, colour, font size

_CLOSEST = 0.05  # of the axis: labels nearer than this are moved apart


def week_ends(frame: "pd.DataFrame") -> np.ndarray:
    """Where the last day of each week lies: a share is read at the end of it."""
    return places(frame["date"].to_numpy()) + 6


def direct_labels(axes: "Axes", labels: "Sequence[Label]", closest: float = _CLOSEST) -> None:
    """Names at the right end of the curves, at least `closest` of the axis apart."""
    bottom, top = axes.get_ylim()
    above = spread_apart([label[0] - bottom for label in labels], closest * (top - bottom))
    heights = [bottom + height for height in above]
    for height, (_, text, colour, size) in zip(heights, labels, strict=True):
        style.note(
            axes, text, (1.0, height), (6, 0), style.BESIDE, colour=colour, size=size, va="center"
        )


def spread_apart(heights: "Sequence[float]", closest: float) -> list[float]:
    """The heights, moved as little as needed so that none is nearer to another than `closest`.

    Neighbours that touch form a group, evenly spaced around its mean; none goes below 0.
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    groups: list[list[float]] = []
    for i in order:
        groups.append([heights[i]])
        while len(groups) > 1 and _gap(groups[-2], groups[-1], closest) < closest:
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = [height for group in groups for height in _places(group, closest)]
    return [placed[order.index(i)] for i in range(len(heights))]


def _places(group: list[float], closest: float) -> list[float]:
    first = max(0.0, sum(group) / len(group) - closest * (len(group) - 1) / 2)
    return [first + closest * i for i in range(len(group))]


def _gap(below: list[float], above: list[float], closest: float) -> float:
    return _places(above, closest)[0] - _places(below, closest)[-1]


def spread_between(heights: "Sequence[float]", closest: float, top: float) -> list[float]:
    """`spread_apart` with none above `top` either, as long as there is room."""
    placed = spread_apart(heights, closest)
    if not placed or max(placed) <= top:
        return placed
    return [top - height for height in spread_apart([top - h for h in placed], closest)]


def swatches(axes: "Axes", entries: "Sequence[tuple[str, str]]") -> None:
    """Coloured squares with their names in a row above the panel: never over the data."""
    at = 0.0
    for name, colour in entries:
        for text, shade, offset in (("\N{BLACK SQUARE}", colour, 0.0), (name, style.INK, 12.0)):
            style.note(axes, text, (0.0, 1.0), (at + offset, 7), style.OF_AXES, colour=shade)
        at += 12 + 4.8 * len(name) + 14


def one_line(axes: "Axes", text: str) -> None:
    """An empty panel that says why it is."""
    axes.set_axis_off()
    axes.set_ylabel("")
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", color=style.GREY, fontsize=10)


def mark_day(axes: "Axes", day: float, text: str, ha: str = "center") -> None:
    """A dashed line at a day, named above the panel."""
    axes.axvline(day, color=style.GREY, linewidth=1, linestyle=style.DASHED)
    style.note(axes, text, (day, 1.0), (0, 4), style.ABOVE, ha=ha)


def mark_term(axes: "Axes", result: "Result") -> None:
    """Marks the end of the first term."""
    if result.term is not None:
        mark_day(axes, place(last_day(result.compiled.start, result.term)), "end of the term")
