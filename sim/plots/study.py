"""Pictures of a study: the share that holds by one factor, by each of many, or over two as a map
with the contour along which half of the runs hold; and their parts.
"""

import re
import textwrap
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.plots import style
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    from sim.studies.answers import Answers, Axis

_LONGEST_TITLE = 74  # characters of a question that fit above a picture
_INCH_A_LETTER = 0.072  # of a label of an axis, at its size
_MOST_TICKS = 12
_LONGEST_LABEL = 20  # letters of a line of a choice
_LINES = 3  # lines of a choice
#: Of the line, inches; and values up to which each is a dot on it.
_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 0.4, 0.95, 3.4
_FEW = 15
#: Of small panels, inches; panels in a row, points up to which each is drawn, and ticks.
_SMALL_TOP, _SMALL, _GAP, _BELOW = 1.0, 1.55, 0.45, 0.85
_ACROSS, _MOST_DOTS, _FEW_TICKS = 3, 4_000, 6


@style.in_house_style
def line(answers: "Answers") -> Figure:
    """The share that holds by one factor, with its 95 % band; of choices dots with bars."""
    (axis,) = answers.axes
    texts = notes(answers, "Band or bars: 95 % Wilson interval of each point, chance alone.")
    subtitle = f"{answers.outcome} {answers.when}, by {axis.name}"
    figure, foot = sheet(answers, subtitle, texts, _TOP + _PANEL)
    width = style.WIDTH - _LEFT - _RIGHT
    axes = style.panel(figure, (_LEFT, foot, width, _PANEL), "", f"share of runs {answers.outcome}")
    order = np.argsort(axis.codes, kind="stable")
    x = axis.codes[order]
    p, low, high = (answers.frame[key].to_numpy(float)[order] for key in ("p", "low", "high"))
    if axis.labels:
        off = [p - low, high - p]
        axes.errorbar(x, p, off, fmt="o", color=style.BLUE, markersize=7, capsize=4, linewidth=1.4)
        axes.set_xlim(-0.5, len(axis.labels) - 0.5)
    else:
        axes.fill_between(x, low, high, color=style.BLUE, alpha=0.25, linewidth=0)
        marker = "o" if len(x) <= _FEW else ""
        axes.plot(x, p, color=style.BLUE, linewidth=2, marker=marker, markersize=5)
        axes.margins(x=0.02)
    _share_axis(axes)
    value_ticks(axes, axis)
    axes.set_xlabel(axis_text(axis, width))
    return figure


@style.in_house_style
def panels(answers: "Answers") -> Figure:
    """A small panel for each of many factors, the widest apart first.

    Points, their mean by value or bin whatever the others are, and the middle 90 % of them.
    """
    order = answers.ranked()
    across, count = min(_ACROSS, len(order)), len(order)
    rows = -(-count // across)
    which = "by each factor"
    if count < len(answers.axes):
        which = f"the {count} of {len(answers.axes)} factors whose means lie furthest apart"
    subtitle = f"{answers.outcome} {answers.when}, {which}"
    texts, height = (
        notes(answers, _dots_note(answers, order)),
        _SMALL_TOP + rows * (_SMALL + _BELOW),
    )
    figure, foot = sheet(answers, subtitle, texts, height, 0.0)
    width = (style.WIDTH - _LEFT - 0.3 - (across - 1) * _GAP) / across
    for number, place in enumerate(order):
        row, column = divmod(number, across)
        up = foot + (rows - 1 - row) * (_SMALL + _BELOW) + _BELOW
        box = (_LEFT + column * (width + _GAP), up, width, _SMALL)
        axis = answers.axes[place]
        axes = style.panel(figure, box, "", "" if column else f"share {answers.outcome}")
        _draw(axes, answers, axis, answers.margins[place])
        if column:
            axes.set_yticklabels([])
        axes.set_xlabel(axis_text(axis, width, 2), fontsize=8.5)
    return figure


def _dots_note(answers: "Answers", order: Sequence[int]) -> str:
    many_values = any(not answers.axes[place].few for place in order)
    drawn = many_values and answers.points <= _MOST_DOTS
    dots = "Dots: points of the study. " if drawn else ""
    more = " Panels: the widest apart first." if len(order) > 1 else ""
    return (
        f"{dots}Line or squares: mean of the points with that value, or in that bin, whatever "
        f"their other values. Band or bars: the middle 90 % of those points.{more}"
    )


def _draw(axes: Axes, answers: "Answers", axis: "Axis", table: pd.DataFrame) -> None:
    if answers.points <= _MOST_DOTS and not axis.few:
        axes.plot(axis.codes, answers.p, ".", color=style.LIGHT, markersize=2.5, zorder=1)
    x, mean, low, high = (table[key].to_numpy(float) for key in ("x", "mean", "q05", "q95"))
    if axis.few:
        off, join = [mean - low, high - mean], "s" if axis.labels else "s-"
        axes.errorbar(x, mean, off, fmt=join, color=style.BLUE, markersize=5, capsize=3)
        first, last = axis.span
        edge = 0.5 if axis.labels else 0.06 * (last - first) or 0.5
        axes.set_xlim(first - edge, last + edge)
    else:
        axes.fill_between(x, low, high, color=style.BLUE, alpha=0.2, linewidth=0, zorder=2)
        axes.plot(x, mean, color=style.BLUE, linewidth=2, zorder=3)
        axes.set_xlim(*axis.span)
    _share_axis(axes)
    value_ticks(axes, axis, most=_FEW_TICKS)
    axes.tick_params(labelsize=8)


def _share_axis(axes: Axes) -> None:
    """A share from 0 to 1, with a line at one half."""
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.axhline(0.5, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)


def sheet(
    answers: "Answers", subtitle: str, texts: Sequence[str], height: float, below: float = 0.75
) -> tuple[Figure, float]:
    """`style.sheet` under the question, or where it is too long the name of the study."""
    study = answers.study
    short = study.question and len(study.question) <= _LONGEST_TITLE
    return style.sheet(study.question if short else study.name, subtitle, texts, height, below)


def notes(answers: "Answers", *more: str) -> list[str]:
    """The footer: what is counted, what is drawn, the question, and where it comes from."""
    study = answers.study
    luck = "its own random numbers" if answers.fresh_luck else "common random numbers"
    lines = [f"{answers.outcome}: share of runs with {answers.definition}.", *more]
    for axis in answers.axes:
        if len(axis.columns) > 1 and axis.name == axis.columns[0]:
            others = ", ".join(axis.columns[1:])
            lines.append(f"With {axis.name} moves {others}, to the same values.")
    if study.question and len(study.question) > _LONGEST_TITLE:
        lines.append(f"Question: {study.question}")
    scenario = PurePosixPath(study.plan["scenario"]).name.removesuffix(".toml")
    return [
        *lines,
        f"Source: detente, study {study.name} of scenario {scenario}, {answers.points:,} "
        f"points ({answers.kind}) x {answers.runs} runs, {luck} at each, seed {study.seed}.",
    ]


def axis_text(axis: "Axis", inches: float, lines: int = 1) -> str:
    """What stands along the axis of a factor: its name, and its meaning if there is room for it."""
    meaning = "" if axis.path.endswith(".policy") else axis.meaning.text  # of numbers, not of rules
    columns = max(14, int(inches / _INCH_A_LETTER))
    wrapped = textwrap.wrap(f"{axis.name}: {meaning}", columns) if meaning else []
    if 0 < len(wrapped) <= lines:
        return "\n".join(wrapped)
    return "\n".join(textwrap.wrap(axis.name, columns, max_lines=lines, placeholder=" ..."))


def value_ticks(axes: Axes, axis: "Axis", across: bool = True, most: int = _MOST_TICKS) -> None:
    """Ticks at the values of a factor: each label of choices, each of a few numbers.

    Of many numbers round ones, about half of `most`.
    """
    values = np.unique(axis.codes)
    if axis.labels:
        inches = axes.get_position().width * style.WIDTH
        room = int(inches / _INCH_A_LETTER) // len(axis.labels) if across else _LONGEST_LABEL
        texts = [broken(label, min(room, _LONGEST_LABEL)) for label in axis.labels]
        values = np.arange(len(axis.labels), dtype=float)
    elif len(values) <= most and _well_spaced(values) and (axis.levels or axis.whole):
        texts = [f"{value:g}" for value in values]
    else:
        along, bins = "x" if across else "y", max(4, most // 2)
        axes.locator_params(axis=along, nbins=bins, integer=axis.whole)  # type: ignore[arg-type]
        return
    (axes.set_xticks if across else axes.set_yticks)(values, texts)


def broken(text: str, most: int) -> str:
    """A label in lines of at most so many letters, at most three; a longer one is cut.

    Names in the manner of files are broken after their underscores and dots.

    >>> print(broken("contrite_tit_for_tat", 14))
    contrite_tit_
    for_tat
    """
    room, lines = max(4, most), [""]
    for piece in re.split(r"(?<=[_.])(?=\w)|(?<=\s)", text):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    wrapped = [part for line in lines for part in textwrap.wrap(line, room)]
    if len(wrapped) > _LINES:
        wrapped[_LINES - 1 :] = [f"{wrapped[_LINES - 1][: room - 2]}.."]
    return "\n".join(wrapped)


def _well_spaced(values: np.ndarray) -> bool:
    """Whether no two neighbours are so near that their labels would touch."""
    return len(values) < 2 or bool(np.diff(values).min() >= 0.06 * np.ptp(values))


_MAP_LEFT, _MAP_RIGHT, _MAP_TOP, _MAP = 1.35, 1.15, 1.0, 4.2
_MAP_COLOURS = "cividis"  # even in lightness, and for any colour vision (Nunez et al., 2018)
_HALF = 0.5
_MOST_NUMBERS = 80  # cells up to which each has its number
_DARK = 0.55  # of the scale: cells up to here are dark, with white numbers
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
    figure, foot = sheet(answers, subtitle, texts, _MAP_TOP + _MAP)
    width = style.WIDTH - _MAP_LEFT - _MAP_RIGHT
    axes = style.panel(figure, (_MAP_LEFT, foot, width, _MAP), "", "")
    axes.grid(visible=False)
    low, high = _scale(table)
    x, y = (np.arange(axis.levels + 1) - 0.5 for axis in (across, down))
    cells = axes.pcolormesh(x, y, table, cmap=_MAP_COLOURS, vmin=low, vmax=high)
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
    axes.set_ylabel(axis_text(down, _MAP))
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
    box = ((width - 0.9) / width, foot / height, 0.18 / width, _MAP / height)
    bar = figure.colorbar(cells, cax=figure.add_axes(box))
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=9, color=style.LIGHT, labelcolor=style.INK)
    bar.set_label(unit, fontsize=9, color=style.GREY)
