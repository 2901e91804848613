"""Two factors of a study as a map, with the contour along which half of the runs hold."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.plots import style
from sim.plots.study import axis_text, broken, notes, sheet
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    from sim.studies.answers import Answers, Axis

_LEFT, _RIGHT, _TOP, _PANEL = 1.35, 1.15, 1.0, 4.2
_COLOURS = "cividis"  # even in lightness, and for any colour vision (Nunez et al., 2018)
_HALF = 0.5
_MOST_NUMBERS = 80  # cells up to which each has its number
_DARK = 0.55  # of the scale: cells up to here are dark, with white numbers
_MOST_TICKS = 12
_LONGEST = 14  # letters of a choice
#: Sides of a cell: how near the contour may come to a number, and how far the number gives way.
_CLEAR, _FARTHEST = 0.36, 0.27


@style.in_house_style
def heat_map(answers: "Answers") -> Figure:
    """A cell a point, coloured by the share that holds; the contour of one half.

    Every cell is as large as the others, wherever its values lie.
    """
    across, down, table = answers.crossed()
    choices = bool(across.labels or down.labels)
    texts = notes(answers, _contour_note(choices, table))
    by = f"by {across.name} (across) and {down.name} (up)"
    subtitle = f"{answers.outcome} {answers.when}, {by}"
    figure, foot = sheet(answers, subtitle, texts, _TOP + _PANEL)
    width = style.WIDTH - _LEFT - _RIGHT
    axes = style.panel(figure, (_LEFT, foot, width, _PANEL), "", "")
    axes.grid(visible=False)
    low, high = _scale(table)
    x, y = (np.arange(axis.levels + 1) - 0.5 for axis in (across, down))
    cells = axes.pcolormesh(x, y, table, cmap=_COLOURS, vmin=low, vmax=high)
    aside = np.zeros((2, *table.shape))
    if not choices and min(table.shape) > 1 and table.min() < _HALF < table.max():
        lines = axes.contour(table, levels=[_HALF], colors="white", linewidths=2.2)
        lines.set_path_effects([withStroke(linewidth=4.2, foreground=style.BLACK)])
        aside = _aside(table)
    if table.size <= _MOST_NUMBERS:
        _numbers(axes, table, aside)
    _ticks(axes, across, True)
    _ticks(axes, down, False)
    axes.set_xlabel(axis_text(across, width))
    axes.set_ylabel(axis_text(down, _PANEL))
    _bar(figure, cells, foot, f"share of runs {answers.outcome}")
    return figure


def _contour_note(choices: bool, table: np.ndarray) -> str:
    """What of the contour is drawn."""
    if choices:
        return "Each cell is a point of the grid; choices have no order, so there is no contour."
    if table.min() >= _HALF or table.max() <= _HALF:
        side = "above" if table.min() >= _HALF else "below"
        return f"Each cell is a point of the grid; all of them lie {side} 0.5."
    return "Each cell is a point of the grid. White line: 0.5, linear from cell to cell."


def _scale(table: np.ndarray) -> tuple[float, float]:
    """From where to where the colours go: whole tenths around all shares, two at least."""
    low, high = np.floor(10 * table.min()) / 10, np.ceil(10 * table.max()) / 10
    return (float(low), float(high)) if high - low > 0.15 else (max(0.0, low - 0.1), low + 0.1)


def _aside(table: np.ndarray) -> np.ndarray:
    """How far each number stands up and right of its cell's middle, in cells: (2, rows, columns).

    A number that the contour would cross gives way to it, straight away from the line.
    """
    slope = np.array(np.gradient(table))
    steep = np.maximum(np.hypot(*slope), 1e-9)
    ahead = (_HALF - table) / steep  # cells from the middle to the line
    way = np.clip(_CLEAR - np.abs(ahead), 0.0, _FARTHEST) * np.where(ahead < 0, 1.0, -1.0)
    return way * slope / steep


def _numbers(axes: Axes, table: np.ndarray, aside: np.ndarray) -> None:
    """The share in each cell, so far `aside` (2, rows, columns) of its middle."""
    low, high = _scale(table)
    look: style.Look = {"ha": "center", "va": "center", "fontsize": 8.5, "zorder": 4}
    for (row, column), share in np.ndenumerate(table):
        up, right = aside[:, row, column]
        colour = "white" if (share - low) / (high - low) < _DARK else style.BLACK
        x, y = float(column + right), float(row + up)
        axes.text(x, y, hundredths(float(share)), color=colour, **look)


def _ticks(axes: Axes, axis: "Axis", across: bool) -> None:
    """The values at their cells; of many, every n-th."""
    values = axis.labels or [f"{value:.3g}" for value in dict.fromkeys(axis.codes.tolist())]
    if len(values) >= axis.levels:
        step = -(-axis.levels // _MOST_TICKS)
        ticks = [broken(str(value), _LONGEST) for value in values][::step]
        set_ticks = axes.set_xticks if across else axes.set_yticks
        set_ticks(np.arange(axis.levels, dtype=float)[::step], ticks)


def _bar(figure: Figure, cells: QuadMesh, foot: float, unit: str) -> None:
    """The scale of colours, right of the map."""
    width, height = figure.get_size_inches()
    box = ((width - 0.9) / width, foot / height, 0.18 / width, _PANEL / height)
    bar = figure.colorbar(cells, cax=figure.add_axes(box))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=9, color=style.LIGHT, labelcolor=style.INK)
    bar.set_label(unit, fontsize=9, color=style.GREY)
