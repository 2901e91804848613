"""Third parties: when each ally has joined, and how short of supply it is meanwhile."""

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.sample import shortage_frame
from sim.outcomes.survival import with_levers
from sim.plots import style
from sim.plots.bands import band, dated, from_zero
from sim.plots.dates import place
from sim.plots.labels import Label, direct_labels, one_line, week_ends

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _RIGHT, _GAP, _TOP, _PANEL, _SMALL, _BETWEEN = 0.75, 1.1, 0.5, 1.02, 2.5, 1.5, 0.95
_EMPTY = 0.8  # inches: a panel that only says why it is empty
_COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY)
_A_ROW = 3
_ABBREVIATION = 3


@style.in_house_style
def allies(result: "Result") -> "Figure":
    """Share of runs in which each ally has joined by a week; below, its shortage."""
    names = result.compiled.allies if result.sample is not None else ()
    panel = _PANEL if with_levers(result.compiled) else _EMPTY
    small = -(-len(names) // _A_ROW) * (_SMALL + _BETWEEN)
    subtitle = "When the allies align, and how short of supply they are"
    title, height = result.scenario.title, _TOP + panel + small
    figure, foot = style.sheet(title, subtitle, _notes(result), height, 0.55)
    below = foot + small
    box = (_LEFT, below, style.WIDTH - _LEFT - _RIGHT, panel)
    _joined(style.panel(figure, box, "Has joined by then", "share of runs"), result)
    if names:
        _shortages(figure, result, foot)
    return figure


def _notes(result: "Result") -> list[str]:
    if not result.compiled.allies:
        return [style.origin(result)]
    notes = [
        "Joined: decided to align with one lever of a side; it bites after a lag. Bands: 95 % "
        f"Wilson intervals, chance alone.{style.term_note(result)}"
    ]
    if result.sample is not None:
        notes.append(
            "Shortage: the larger of those that the two sides' levers on third parties cause it, "
            "1 is all it needs. Line: median; dark band: the middle half; light band: 90 % of the "
            f"first {result.sample.runs} runs."
        )
    return [*notes, style.origin(result)]


def _joined(axes: "Axes", result: "Result") -> None:
    """A curve an ally that can join."""
    if not with_levers(result.compiled):
        no_one = "this scenario has no allies"
        one_line(axes, "no ally here can join" if result.compiled.allies else no_one)
        return
    labels: list[Label] = []
    for name, rows in result.joined.groupby("ally", sort=False):
        colour = _colour(result, str(name))
        dates = np.append(place(result.compiled.start), week_ends(rows))
        low, p, high = (np.append(0.0, rows[column]) for column in ("low", "p", "high"))
        axes.fill_between(dates, low, high, color=colour, alpha=0.25, linewidth=0)
        axes.plot(dates, p, color=colour, linewidth=2)
        share = float(rows["p"].iloc[-1])
        labels.append((share, f"{_label(str(name))}  {share:.2f}", colour, 10))
    axes.set_ylim(0, min(1.03, max(0.1, 1.15 * float(result.joined["high"].max()))))
    dated(axes, result)
    direct_labels(axes, labels, 0.08)


def _colour(result: "Result", name: str) -> str:
    return _COLOURS[result.compiled.allies.index(name) % len(_COLOURS)]


def _label(name: str) -> str:
    """An ally's name: short ones are abbreviations of countries."""
    return name.upper() if len(name) <= _ABBREVIATION else name.replace("_", " ")


def _shortages(figure: "Figure", result: "Result", foot: float) -> None:
    """A small panel an ally, all to one scale, three in a row."""
    sample = result.sample
    if sample is None:
        return
    frame = shortage_frame(sample, result.compiled)
    top = max(0.1, float(frame["q95"].max()))
    across = (style.WIDTH - _LEFT - 0.3 - (_A_ROW - 1) * _GAP) / _A_ROW
    rows = -(-len(result.compiled.allies) // _A_ROW)
    for index, name in enumerate(result.compiled.allies):
        left = _LEFT + (index % _A_ROW) * (across + _GAP)
        bottom = foot + (rows - 1 - index // _A_ROW) * (_SMALL + _BETWEEN)
        unit = "share of need" if index % _A_ROW == 0 else ""
        box = (left, bottom, across, _SMALL)
        axes = style.panel(figure, box, f"Shortage: {_label(name)}", unit)
        band(axes, frame[frame["ally"] == name], _colour(result, name))
        axes.set_ylim(*from_zero(top))
        dated(axes, result)
