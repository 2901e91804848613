"""Two factors of a study as a map, with the contour along which half of the runs hold."""

from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.plots.study_parts import axis_text, broken, notes, sheet
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.colorbar import Colorbar
    from matplotlib.figure import Figure

    from sim.studies.answers import Axis, StudyView

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
def heat_map(view: "StudyView") -> "Figure":
    """A cell a point, coloured by the share that holds; the contour of one half."""
    answers = view.answers
    across, down, table = view.crossed()
    texts = notes(answers, _contour_note(across, down, table))
    by = f"by {across.name} (across) and {down.name} (up)"
    subtitle = f"{answers.outcome} {answers.when}, {by}"
    figure, foot = sheet(answers, subtitle, texts, _TOP + _PANEL)
    width = style.WIDTH - _LEFT - _RIGHT
    axes = style.panel(figure, (_LEFT, foot, width, _PANEL), "", "")
    axes.grid(visible=False)
    x, y = _places(across), _places(down)
    cells = axes.pcolormesh(
        _edges(x), _edges(y), table, cmap=_COLOURS, vmin=_scale(table)[0], vmax=_scale(table)[1]
    )
    drawn = _contour(axes, across, down, x, y, table)
    if table.size <= _MOST_NUMBERS:
        _numbers(axes, x, y, table, _aside(table) if drawn else np.zeros((2, *table.shape)))
    _ticks(axes, across, x, True)
    _ticks(axes, down, y, False)
    axes.set_xlabel(axis_text(across, width), fontsize=9, color=style.GREY)
    axes.set_ylabel(axis_text(down, _PANEL), fontsize=9, color=style.GREY)
    bar = _bar(figure, cells, foot)
    bar.set_label(f"share of runs {answers.outcome}", fontsize=9, color=style.GREY)
    return figure


def _contour_note(across: "Axis", down: "Axis", table: np.ndarray) -> str:
    """What of the contour is drawn."""
    if across.labels or down.labels:
        return "Each cell is a point of the grid; choices have no order, so there is no contour."
    if table.min() >= _HALF or table.max() <= _HALF:
        side = "above" if table.min() >= _HALF else "below"
        return f"Each cell is a point of the grid; all of them lie {side} 0.5."
    return "Each cell is a point of the grid. White line: 0.5, linear from cell to cell."


def _places(axis: "Axis") -> np.ndarray:
    """Where the values of an axis lie: evenly, so that every cell is as large as the others."""
    return np.arange(axis.levels, dtype=float)


def _edges(places: np.ndarray) -> np.ndarray:
    """Where cells around the places end: half way to the next."""
    if len(places) == 1:
        return np.array([places[0] - 0.5, places[0] + 0.5])
    middle = (places[1:] + places[:-1]) / 2
    first, last = 2 * places[0] - middle[0], 2 * places[-1] - middle[-1]
    return np.concatenate([[first], middle, [last]])


def _scale(table: np.ndarray) -> tuple[float, float]:
    """From where to where the colours go: whole tenths around all shares, two at least."""
    low, high = np.floor(10 * table.min()) / 10, np.ceil(10 * table.max()) / 10
    return (float(low), float(high)) if high - low > 0.15 else (max(0.0, low - 0.1), low + 0.1)


def _contour(
    axes: "Axes", across: "Axis", down: "Axis", x: np.ndarray, y: np.ndarray, table: np.ndarray
) -> bool:
    """The line of one half, between numbers only; the footer says what it is. Whether there is."""
    from matplotlib.patheffects import withStroke

    numbers = not (across.labels or down.labels) and min(table.shape) > 1
    if not numbers or table.min() >= _HALF or table.max() <= _HALF:
        return False
    lines = axes.contour(x, y, table, levels=[_HALF], colors="white", linewidths=2.2)
    lines.set_path_effects([withStroke(linewidth=4.2, foreground=style.BLACK)])
    return True


def _aside(table: np.ndarray) -> np.ndarray:
    """How far each number stands up and right of its cell's middle, in cells: (2, rows, columns).

    A number that the contour would cross gives way to it, straight away from the line.
    """
    slope = np.array(np.gradient(table))
    steep = np.maximum(np.hypot(*slope), 1e-9)
    ahead = (_HALF - table) / steep  # cells from the middle to the line
    way = np.clip(_CLEAR - np.abs(ahead), 0.0, _FARTHEST) * np.where(ahead < 0, 1.0, -1.0)
    return way * slope / steep


def _numbers(
    axes: "Axes", x: np.ndarray, y: np.ndarray, table: np.ndarray, aside: np.ndarray
) -> None:
    """The share in each cell, so far `aside` (2, rows, columns) of its middle."""
    low, high = _scale(table)
    for (row, column), share in np.ndenumerate(table):
        up, right = aside[:, row, column]
        axes.text(
            float(x[column] + right),
            float(y[row] + up),
            hundredths(float(share)),
            color="white" if (share - low) / (high - low) < _DARK else style.BLACK,
            ha="center",
            va="center",
            fontsize=8.5,
            zorder=4,
        )


def _ticks(axes: "Axes", axis: "Axis", places: np.ndarray, across: bool) -> None:
    """The values at their cells; of many, every n-th."""
    values = axis.labels or [f"{value:.3g}" for value in dict.fromkeys(axis.codes.tolist())]
    if len(values) < len(places):
        return
    step = -(-len(places) // _MOST_TICKS)
    ticks = [broken(str(value), _LONGEST) for value in values][::step]
    set_ticks = axes.set_xticks if across else axes.set_yticks
    set_ticks(places[::step], ticks)


def _bar(figure: "Figure", cells: "QuadMesh", foot: float) -> "Colorbar":
    """The scale of colours, right of the map."""
    width, height = figure.get_size_inches()
    box = ((width - 0.9) / width, foot / height, 0.18 / width, _PANEL / height)
    axes = figure.add_axes(box)
    bar = figure.colorbar(cells, cax=axes)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=9, color=style.LIGHT, labelcolor=style.INK)
    return bar
