"""Which game it is while the truce holds, and replicator dynamics: on a simplex, or over time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.outcomes.definitions import date_text
from sim.plots import style
from sim.plots.curves import direct_labels
from sim.scenario.sides import DEFAULT, Sides

if TYPE_CHECKING:
    from sim.games.classify import Classification
    from sim.games.replicator import Path
    from sim.games.stage_game import Side

_LEFT, _RIGHT, _TOP, _PANEL, _GAP = 0.8, 2.35, 1.15, 2.35, 0.75
#: Each name of a game has a shade of its own, the same in both panels.
_SHADES = {
    "prisoner's dilemma": "#dbe9f6",
    "deadlock": "#f6dcd0",
    "harmony": "#d9f0e5",
    "chicken": "#f7ecd0",
    "stag hunt": "#efe0ee",
}
_Line = tuple[str, str, Any, str]  # difference, colour, dashes, what it is
_LINES: tuple[_Line, ...] = (
    ("tempts", style.VERMILLION, "-", "T - R: what being bad\nadds against a good side"),
    ("protects", style.GREEN, (0, (4, 2)), "P - S: what being bad\nadds against a bad side"),
    ("binds", style.BLUE, "-", "R - P: both good\nover both bad"),
)
#: The same where payoffs are additive.
_JOINED: tuple[_Line, ...] = (
    ("tempts", style.VERMILLION, "-", "T - R = P - S: what being\nbad adds to a week"),
    _LINES[-1],
)
_NOTE = (
    "Exact: each cell of the game is the mean payoff a week, discounted, of 52 weeks of good or "
    "bad conduct by each side, after the years given of good conduct by both. Shaded by name: "
    "R - P > 0 and T - R > 0 with P - S > 0 is a prisoner's dilemma, R - P < 0 then a deadlock; "
    "T - R < 0 and P - S < 0 is harmony; of opposite signs, chicken (T - R > 0) or stag hunt."
)
_COLOURS = (
    *(style.BLUE, style.VERMILLION, style.GREEN),
    *(style.PURPLE, style.ORANGE, style.SKY),
)
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


@style.in_house_style
def game(classified: "Classification") -> Figure:
    """A panel for each side: T - R, P - S and R - P by year, the name of the game behind them."""
    scenario, lines, notes = classified.scenario, _LINES, [_NOTE]
    if classified.additive:
        lines = _JOINED
        notes.append("Payoffs are additive, so T - R and P - S are one line.")
    notes.append(style.source(scenario, "no runs"))
    title, subtitle = scenario.spec.title, f"What game it is now: {classified.game.name}"
    figure, foot = style.sheet(title, subtitle, notes, _TOP + 2 * _PANEL + _GAP, 0.6)
    for row, side in enumerate(scenario.sides):
        low = foot + (1 - row) * (_PANEL + _GAP)
        box = (_LEFT, low, style.WIDTH - _LEFT - _RIGHT, _PANEL)
        axes = style.panel(figure, box, side.plain, "payoff a week")
        axes.title.set_color(side.colour)
        _differences(axes, [(each.us, each.cn)[row] for each in classified.by_year], lines)
    start = f"0: from {date_text(scenario.spec.start)}"
    axes.set_xlabel(f"years of good conduct by both before the year played ({start})")
    return figure


def _differences(axes: Axes, views: "list[Side]", lines: Sequence[_Line]) -> None:
    years = np.arange(len(views))
    values = [[getattr(view, name) for view in views] for name, *_ in lines]
    low, high = min(map(min, values)), max(map(max, values))
    room = 0.12 * (max(high, 0.0) - min(low, 0.0) or 1.0)
    axes.set_ylim(min(low, 0.0) - room, max(high, 0.0) + 2.2 * room)
    axes.set_xlim(-0.5, len(views) - 0.5)
    axes.set_xticks(years)
    _shade(axes, [view.name for view in views])
    axes.axhline(0.0, color=style.BLACK, linewidth=0.8)
    for number, ((_, colour, dashes, text), heights) in enumerate(zip(lines, values, strict=True)):
        axes.plot(years, heights, "o", linestyle=dashes, color=colour, markersize=4, linewidth=1.8)
        at = (1.0, 0.86 - 0.3 * number)
        style.note(axes, text, at, (12, 0), style.OF_AXES, colour, va="center")


def _shade(axes: Axes, names: list[str]) -> None:
    """A band of one shade for each unbroken stretch of years with one name, its name on top."""
    begin = 0
    for year in range(1, len(names) + 1):
        if year < len(names) and names[year] == names[begin]:
            continue
        name, look = names[begin], {"ha": "center", "va": "center"}
        shade = _SHADES.get(name, style.LIGHT)
        axes.axvspan(begin - 0.5, year - 0.5, color=shade, linewidth=0, zorder=0)
        at, size = ((begin + year - 1) / 2, 1.0), 9 if year - begin > 1 else 7.5
        style.note(axes, name, at, (0, -11), style.ABOVE, style.BLACK, size, **look)
        begin = year


@style.in_house_style
def simplex(
    names: Sequence[str],
    paths: "Sequence[Path]",
    rests: "Sequence[tuple[NDArray[np.float64], bool]]",
    title: str,
    notes: Sequence[str],
) -> Figure:
    """Paths of one population of three policies; full dots: stable rest points, open: others."""
    subtitle = "Replicator dynamics of one population: a teaching device"
    figure, foot = style.sheet(title, subtitle, notes, 0.9 + 4.4)
    axes = style.panel(figure, (1.9, foot, 5.2, 4.4), "", "")
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.plot(*_CORNERS[[0, 1, 2, 0]].T, color=style.GREY, linewidth=1)
    for path in paths:
        at = path.us @ _CORNERS
        axes.plot(*at.T, color=style.BLUE, linewidth=1, alpha=0.8)
        _arrow(axes, at)
    for mix, stable in rests:
        face = style.BLACK if stable else "white"
        axes.plot(*(mix @ _CORNERS), "o", color=style.BLACK, markerfacecolor=face, zorder=4)
    places = (("right", (-8, -12)), ("left", (8, -12)), ("center", (0, 10)))
    for name, corner, (align, off) in zip(names, _CORNERS, places, strict=True):
        style.note(axes, name, corner, off, colour=style.BLACK, size=10, ha=align, va="center")
    return figure


def _arrow(axes: Axes, at: NDArray[np.float64]) -> None:
    """An arrow head a third of the way along a path."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    if steps[-1] < 0.02:
        return
    k = int(np.clip(np.searchsorted(steps, steps[-1] / 3), 1, len(at) - 1))
    look = {"arrowstyle": "-|>", "color": style.BLUE, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", tuple(at[k]), tuple(at[k - 1]), arrowprops=look)


@style.in_house_style
def shares(
    names: tuple[Sequence[str], Sequence[str]],
    path: "Path",
    title: str,
    notes: Sequence[str],
    sides: Sides = DEFAULT,
) -> Figure:
    """Shares of the policies of two populations over time, a panel a side."""
    subtitle = "Replicator dynamics of two populations: a teaching device"
    figure, foot = style.sheet(title, subtitle, notes, 1.05 + 3.0, 0.6)
    half = style.WIDTH / 2
    for number, side in enumerate(sides):
        box = (number * half + 0.75, foot, half - 2.75, 3.0)
        axes = style.panel(figure, box, side.plain, "share")
        axes.set_ylim(0, 1.03)
        axes.set_xlim(0, float(path.times[-1]))
        axes.set_xlabel("time")
        labels = []
        curves = (path.us, path.cn)[number].T
        for k, (name, curve) in enumerate(zip(names[number], curves, strict=True)):
            colour, end = _COLOURS[k % len(_COLOURS)], float(curve[-1])
            axes.plot(path.times, curve, color=colour, linewidth=1.8)
            labels.append((end, f"{name} {end:.2f}", colour, 8.5))
        direct_labels(axes, labels)
    return figure
