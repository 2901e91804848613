"""Which factors matter: their indices with intervals, the largest first."""

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.plots.labels import swatches
from sim.plots.study_parts import notes, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


@style.in_house_style
def draw_sensitivity(result: "Sensitivity") -> "Figure":
    """A row a factor: dots with 95 % bars."""
    table = result.indices.sort_values(result.main, ascending=False).head(_MOST_ROWS)
    texts = notes(result.answers, *_reading_notes(result))
    height = _ROW * len(table) + 0.2
    figure, foot = sheet(result.answers, _subtitle(result, len(table)), texts, _TOP + height)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, height)
    axes = style.panel(figure, box, "", "")
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    marks = [name for name in _MARKS if name in table]
    _rows(axes, table, marks)
    axes.set_xlabel(_unit(result), fontsize=9, color=style.GREY)
    swatches(axes, [_MARKS[name][:2] for name in marks])
    return figure


def _subtitle(result: "Sensitivity", rows: int) -> str:
    answers = result.answers
    most = f", the first {rows} of {len(result.indices)}" if rows < len(result.indices) else ""
    return f"What moves {answers.outcome} {answers.when}: {result.method}{most}"


def _unit(result: "Sensitivity") -> str:
    if result.main == "mu_star":
        return "change of the share over the whole range of the factor"
    return "share of the variance over the points"


def _reading_notes(result: "Sensitivity") -> "Sequence[str]":
    chance = result.variance
    most = "" if chance.fresh_luck else "at most "
    effects = result.main == "mu_star"
    sampled = effects or "first_low" in result.indices
    bars = "Bars: 95 %, by resampling." if sampled else "Exact for the points of the grid."
    corrected = "corrected for" if chance.fresh_luck and not effects else "not corrected for"
    return (
        f"{bars} Chance: {most}{100 * chance.share:.1f} % of the variance "
        f"(95 % {100 * chance.low:.1f} to {100 * chance.high:.1f}), "
        f"{corrected}.",
    )


def _rows(axes: "Axes", table: "pd.DataFrame", marks: "Sequence[str]") -> None:
    y = np.arange(len(table))[::-1]
    for name in marks:
        _, colour, mark, offset = _MARKS[name]
        x = table[name].to_numpy(float)
        off = None
        if f"{name}_low" in table:
            off = [
                x - table[f"{name}_low"].to_numpy(float),
                table[f"{name}_high"].to_numpy(float) - x,
            ]
        axes.errorbar(
            x,
            y + offset,
            xerr=off,
            fmt=mark,
            color=colour,
            markersize=9 if mark == "|" else 5.5,
            markeredgewidth=2 if mark == "|" else 1,
            capsize=2.5,
            linewidth=1.2,
        )
    names = [textwrap.shorten(str(name), _NAME, placeholder=" ..") for name in table["factor"]]
    axes.set_yticks(y, names)
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.axvline(0, color=style.GREY, linewidth=0.8)
