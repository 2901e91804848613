"""Where the truce fails: how the first box was peeled, and what lies in it."""

from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.plots.labels import swatches
from sim.plots.study_parts import axis_text, notes, sheet, value_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.discovery import Box, Discovery, Limit

_LEFT, _TOP, _PANEL, _WIDTH, _GAP = 0.75, 1.35, 3.3, 3.5, 1.05
_FAILS, _HOLDS = style.VERMILLION, style.SKY
_FAINT = 0.18
_JITTER = 0.3  # of choices, so that their points do not lie on each other
_MOST_DOTS = 4_000


@style.in_house_style
def draw_discovery(discovery: "Discovery") -> "Figure":
    """Left the trade of coverage for density, right the points with the box."""
    box = discovery.boxes[0]
    texts = notes(discovery.answers, *_box_notes(discovery))
    figure, foot = sheet(discovery.answers, _subtitle(discovery), texts, _TOP + _PANEL, 0.85)
    left = (_LEFT, foot, _WIDTH, _PANEL)
    _peeling(style.panel(figure, left, "", "density: part of the box that fails"), discovery, box)
    _draw_box(_right(figure, foot), discovery, box)
    return figure


def _right(figure: "Figure", foot: float) -> "Axes":
    across = style.WIDTH - _LEFT - _WIDTH - _GAP - 0.3
    return style.panel(figure, (_LEFT + _WIDTH + _GAP, foot, across, _PANEL), "", "")


def _subtitle(discovery: "Discovery") -> str:
    box, more = discovery.boxes[0], len(discovery.boxes) - 1
    others = f" (and {more} more)" if more else ""
    return (
        f"Where {discovery.answers.outcome} fails {discovery.answers.when}: "
        f"in the first box{others} {100 * box.held_out.density.p:.0f} % of settings, held out"
    )


def _box_notes(discovery: "Discovery") -> "Sequence[str]":
    base = discovery.base
    more = len(discovery.boxes[0].limits) > 2  # beyond the two that are drawn
    faint = " Right: points outside its other limits are faint." if more else ""
    return (
        f"A point fails if fewer than {100 * discovery.threshold:g} % of its runs hold: "
        f"{100 * base.p:.0f} % of {base.n:,} (95 % {100 * base.low:.0f} to {100 * base.high:.0f}). "
        "Coverage: part of all failures that is in the box. PRIM, fitted to one half of the "
        f"points, checked on the other.{faint}",
    )


def _peeling(axes: "Axes", discovery: "Discovery", box: "Box") -> None:
    """Coverage against density, step by step, on both halves; a ring at the step taken."""
    path = box.path
    for head, colour in (("", style.BLUE), ("held_", style.ORANGE)):
        x, y = path[f"{head}coverage"], path[f"{head}density"]
        axes.plot(x, y, ".-", color=colour, linewidth=1.2, markersize=4)
        axes.plot(
            x.iloc[box.chosen],
            y.iloc[box.chosen],
            "o",
            markersize=11,
            markerfacecolor="none",
            color=colour,
            markeredgewidth=1.8,
        )
    axes.axhline(discovery.density, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("coverage: part of all failures in the box", fontsize=9, color=style.GREY)
    swatches(axes, [("fitted half", style.BLUE), ("held out", style.ORANGE)])


def _draw_box(axes: "Axes", discovery: "Discovery", box: "Box") -> None:
    """Points over the two axes that the box limits first, or over one axis and the share."""
    axes.grid(visible=False)
    first, *others = box.limits
    second = others[0] if others else None
    x = _spread(first, discovery)
    y = discovery.answers.p if second is None else _spread(second, discovery)
    inside = np.ones(discovery.answers.points, dtype=bool)
    for limit in others[1:]:
        inside &= limit.holds()
    _points(axes, discovery, x, y, inside)
    axes.set_xlim(*_edges(first))
    axes.set_ylim(*((0, 1) if second is None else _edges(second)))
    _frame(axes, first, second)
    if second is None:
        axes.axhline(discovery.threshold, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)
    value_ticks(axes, first.axis, most=8)
    axes.set_xlabel(axis_text(first.axis, 3.4, 2), fontsize=9, color=style.GREY)
    if second is None:
        axes.set_ylabel(f"share of runs {discovery.answers.outcome}", fontsize=9, color=style.GREY)
    else:
        value_ticks(axes, second.axis, across=False, most=8)
        axes.set_ylabel(axis_text(second.axis, _PANEL, 2), fontsize=9, color=style.GREY)
    swatches(axes, [("fails", _FAILS), ("holds", _HOLDS), ("box", style.BLACK)])


def _spread(limit: "Limit", discovery: "Discovery") -> np.ndarray:
    """Where points lie on an axis; of few values a little apart, by their number."""
    codes = limit.axis.codes
    if not limit.axis.few:
        return codes
    step = 1.0 if limit.axis.labels else float(np.diff(np.unique(codes)).min())
    golden = (np.arange(len(codes)) * 0.6180339887498949) % 1 - 0.5
    return codes + _JITTER * step * golden


def _points(
    axes: "Axes", discovery: "Discovery", x: np.ndarray, y: np.ndarray, inside: np.ndarray
) -> None:
    rows = discovery.rows[:_MOST_DOTS]
    for fails, colour in ((False, _HOLDS), (True, _FAILS)):
        for strong in (False, True):
            chosen = rows[(discovery.fails[rows] == fails) & (inside[rows] == strong)]
            alpha = 0.85 if strong else _FAINT
            axes.plot(x[chosen], y[chosen], ".", color=colour, alpha=alpha, markersize=4.5, mew=0)


def _edges(limit: "Limit") -> tuple[float, float]:
    low, high = limit.axis.span
    edge = 0.6 if limit.axis.labels else 0.05 * (high - low)
    return low - edge, high + edge


def _reach(limit: "Limit") -> tuple[float, float]:
    """From where to where the box reaches on an axis."""
    low, high = limit.axis.span
    edge = 0.025 * (high - low)
    low, high = low - edge, high + edge
    if limit.labels:
        places = [limit.axis.labels.index(label) for label in limit.labels]
        return min(places) - 0.45, max(places) + 0.45
    return (low if limit.low is None else limit.low, high if limit.high is None else limit.high)


def _frame(axes: "Axes", first: "Limit", second: "Limit | None") -> None:
    from matplotlib.patches import Rectangle

    left, right = _reach(first)
    below, above = (0.01, 0.99) if second is None else _reach(second)
    axes.add_patch(
        Rectangle(
            (left, below), right - left, above - below, fill=False, edgecolor=style.BLACK, lw=2.2
        )
    )
