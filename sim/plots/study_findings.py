"""What a study finds: which factors matter, by their indices, and in which box the truce fails."""

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.plots import style
from sim.plots.curves import swatches
from sim.plots.study import axis_text, notes, sheet, value_ticks

if TYPE_CHECKING:
    from sim.studies.discovery import Box, Discovery, Limit
    from sim.studies.sensitivity import Sensitivity

_LEFT, _RIGHT, _TOP, _ROW = 2.6, 0.4, 1.15, 0.3
_MOST_ROWS = 20
_NAME = 34  # characters of a factor's name
#: Column, what it is called, colour, mark, and how far from the middle of its row it lies.
_MARKS = {
    "total": ("total: with all it does with others", style.VERMILLION, "s", 0.14),
    "first": ("first: what it does alone", style.BLUE, "o", -0.14),
    "mu_star": ("mu*: mean effect", style.BLUE, "o", 0.0),
    "sigma": ("sigma: spread of the effect", style.ORANGE, "D", 0.0),
    "chance": ("mu* of chance alone", style.GREY, "|", 0.0),
}
#: Of the boxes, inches: left, above, height, width of the peeling, and between the two panels.
_BOX_LEFT, _BOX_TOP, _PANEL, _WIDTH, _GAP = 0.75, 1.35, 3.3, 3.5, 1.05
_FAILS, _HOLDS = style.VERMILLION, style.SKY
_FAINT = 0.18
_JITTER = 0.3  # of choices, so that their points do not lie on each other
_MOST_DOTS = 4_000


@style.in_house_style
def sensitivity(result: "Sensitivity") -> Figure:
    """A row a factor, the largest first: dots with 95 % bars."""
    table = result.indices.sort_values(result.main, ascending=False).head(_MOST_ROWS)
    answers, effects = result.answers, result.main == "mu_star"
    texts = notes(answers, _reading_note(result, effects))
    height, more = _ROW * len(table) + 0.2, ""
    if len(table) < len(result.indices):
        more = f", the first {len(table)} of {len(result.indices)}"
    subtitle = f"What moves {answers.outcome} {answers.when}: {result.method}{more}"
    figure, foot = sheet(answers, subtitle, texts, _TOP + height)
    axes = style.panel(figure, (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, height), "", "")
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    marks = [name for name in _MARKS if name in table]
    _rows(axes, table, marks)
    over = "change of the share over the whole range of the factor"
    axes.set_xlabel(over if effects else "share of the variance over the points")
    swatches(axes, [_MARKS[name][:2] for name in marks])
    return figure


def _reading_note(result: "Sensitivity", effects: bool) -> str:
    chance = result.variance
    most = "" if chance.fresh_luck else "at most "
    sampled = effects or "first_low" in result.indices
    bars = "Bars: 95 %, by resampling." if sampled else "Exact for the points of the grid."
    corrected = "corrected for" if chance.fresh_luck and not effects else "not corrected for"
    return (
        f"{bars} Chance: {most}{100 * chance.share:.1f} % of the variance "
        f"(95 % {100 * chance.low:.1f} to {100 * chance.high:.1f}), "
        f"{corrected}."
    )


def _rows(axes: Axes, table: pd.DataFrame, marks: list[str]) -> None:
    y = np.arange(len(table))[::-1]
    for name in marks:
        _, colour, mark, offset = _MARKS[name]
        x = table[name].to_numpy(float)
        off = None
        if f"{name}_low" in table:
            low, high = (table[f"{name}_{end}"].to_numpy(float) for end in ("low", "high"))
            off = [x - low, high - x]
        size, edge = (9, 2) if mark == "|" else (5.5, 1)
        look: style.Look = {"markersize": size, "markeredgewidth": edge, "color": colour}
        axes.errorbar(x, y + offset, xerr=off, fmt=mark, capsize=2.5, linewidth=1.2, **look)
    names = [textwrap.shorten(str(name), _NAME, placeholder=" ..") for name in table["factor"]]
    axes.set_yticks(y, names)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.axvline(0, color=style.GREY, linewidth=0.8)


@style.in_house_style
def discovery(found: "Discovery") -> Figure:
    """Left the trade of coverage for density of the first box, right the points with it."""
    box, more = found.boxes[0], len(found.boxes) - 1
    others = f" (and {more} more)" if more else ""
    subtitle = (
        f"Where {found.answers.outcome} fails {found.answers.when}: "
        f"in the first box{others} {100 * box.held_out.density.p:.0f} % of settings, held out"
    )
    texts = notes(found.answers, _box_note(found, box))
    figure, foot = sheet(found.answers, subtitle, texts, _BOX_TOP + _PANEL, 0.85)
    density = "density: part of the box that fails"
    left = style.panel(figure, (_BOX_LEFT, foot, _WIDTH, _PANEL), "", density)
    _peeling(left, found, box)
    at = _BOX_LEFT + _WIDTH + _GAP
    right = style.panel(figure, (at, foot, style.WIDTH - at - 0.3, _PANEL), "", "")
    _draw_box(right, found, box)
    return figure


def _box_note(found: "Discovery", box: "Box") -> str:
    base = found.base
    more = len(box.limits) > 2  # beyond the two that are drawn
    faint = " Right: points outside its other limits are faint." if more else ""
    return (
        f"A point fails if fewer than {100 * found.threshold:g} % of its runs hold: "
        f"{100 * base.p:.0f} % of {base.n:,} (95 % {100 * base.low:.0f} to {100 * base.high:.0f}). "
        "Coverage: part of all failures that is in the box. PRIM, fitted to one half of the "
        f"points, checked on the other.{faint}"
    )


def _peeling(axes: Axes, found: "Discovery", box: "Box") -> None:
    """Coverage against density, step by step, on both halves; a ring at the step taken."""
    ring: style.Look = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.8}
    for head, colour in (("", style.BLUE), ("held_", style.ORANGE)):
        x, y = (box.path[f"{head}{name}"] for name in ("coverage", "density"))
        axes.plot(x, y, ".-", color=colour, linewidth=1.2, markersize=4)
        axes.plot(x.iloc[box.chosen], y.iloc[box.chosen], "o", color=colour, **ring)
    axes.axhline(found.density, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("coverage: part of all failures in the box")
    swatches(axes, [("fitted half", style.BLUE), ("held out", style.ORANGE)])


def _draw_box(axes: Axes, found: "Discovery", box: "Box") -> None:
    """Points over the two axes that the box limits first, or over one axis and the share."""
    axes.grid(visible=False)
    first, *others = box.limits
    second = others[0] if others else None
    x = _spread(first)
    y = found.answers.p if second is None else _spread(second)
    inside = np.ones(found.answers.points, dtype=bool)
    for limit in others[1:]:
        inside &= limit.holds()
    _points(axes, found, x, y, inside)
    axes.set_xlim(*_edges(first))
    axes.set_ylim(*((0, 1) if second is None else _edges(second)))
    left, right = _reach(first)
    below, above = (0.01, 0.99) if second is None else _reach(second)
    look: style.Look = {"fill": False, "edgecolor": style.BLACK, "lw": 2.2}
    axes.add_patch(Rectangle((left, below), right - left, above - below, **look))
    if second is None:
        axes.axhline(found.threshold, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)
    value_ticks(axes, first.axis, most=8)
    axes.set_xlabel(axis_text(first.axis, 3.4, 2))
    if second is None:
        axes.set_ylabel(f"share of runs {found.answers.outcome}")
    else:
        value_ticks(axes, second.axis, across=False, most=8)
        axes.set_ylabel(axis_text(second.axis, _PANEL, 2))
    swatches(axes, [("fails", _FAILS), ("holds", _HOLDS), ("box", style.BLACK)])


def _spread(limit: "Limit") -> np.ndarray:
    """Where points lie on an axis; of few values a little apart, by their number."""
    codes = limit.axis.codes
    if not limit.axis.few:
        return codes
    step = 1.0 if limit.axis.labels else float(np.diff(np.unique(codes)).min())
    golden = (np.arange(len(codes)) * 0.6180339887498949) % 1 - 0.5
    return codes + _JITTER * step * golden


def _points(
    axes: Axes, found: "Discovery", x: np.ndarray, y: np.ndarray, inside: np.ndarray
) -> None:
    rows = found.rows[:_MOST_DOTS]
    for fails, colour in ((False, _HOLDS), (True, _FAILS)):
        for strong in (False, True):
            chosen = rows[(found.fails[rows] == fails) & (inside[rows] == strong)]
            alpha = 0.85 if strong else _FAINT
            axes.plot(x[chosen], y[chosen], ".", color=colour, alpha=alpha, markersize=4.5, mew=0)


def _edges(limit: "Limit") -> tuple[float, float]:
    low, high = limit.axis.span
    edge = 0.6 if limit.axis.labels else 0.05 * (high - low)
    return low - edge, high + edge


def _reach(limit: "Limit") -> tuple[float, float]:
    """From where to where the box reaches on an axis."""
    if limit.labels:
        places = [limit.axis.labels.index(label) for label in limit.labels]
        return min(places) - 0.45, max(places) + 0.45
    low, high = limit.axis.span
    edge = 0.025 * (high - low)
    low, high = low - edge, high + edge
    return (low if limit.low is None else limit.low, high if limit.high is None else limit.high)
