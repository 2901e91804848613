"""How the implied game moves while the truce holds: three differences by year, and its name."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.calendar import date_text
from sim.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.games.classify import Classification
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
_NOTE = (
    "Exact: each cell of the game is the mean payoff a week, discounted, of 52 weeks of good or "
    "bad conduct by each side, after the years given of good conduct by both. Shaded by name: "
    "R - P > 0 and T - R > 0 with P - S > 0 is a prisoner's dilemma, R - P < 0 then a deadlock; "
    "T - R < 0 and P - S < 0 is harmony; of opposite signs, chicken (T - R > 0) or stag hunt."
)


@style.in_house_style
def stage_game(classified: "Classification") -> "Figure":
    """A panel for each side: T - R, P - S and R - P by year, the name of the game behind them."""
    spec, scenario = classified.scenario.spec, classified.scenario
    source = f"Source: detente, scenario {scenario.name} ({scenario.hash[:8]}), no runs."
    notes = [_NOTE, *([] if not classified.additive else [_ADDITIVE]), source]
    subtitle = f"What game it is now: {classified.game.name}"
    figure, foot = style.sheet(spec.title, subtitle, notes, _TOP + 2 * _PANEL + _GAP, 0.6)
    for row, side in enumerate(scenario.sides):
        low = foot + (1 - row) * (_PANEL + _GAP)
        box = (_LEFT, low, style.WIDTH - _LEFT - _RIGHT, _PANEL)
        views = [(game.us, game.cn)[row] for game in classified.by_year]
        axes = style.panel(figure, box, side.plain, "payoff a week")
        axes.title.set_color(side.colour)
        _panel(axes, views, classified.additive)
        if row:
            start = f"0: from {date_text(spec.start)}"
            text = f"years of good conduct by both before the year played ({start})"
            axes.set_xlabel(text, fontsize=9, color=style.GREY)
    return figure


_ADDITIVE = "Payoffs are additive, so T - R and P - S are one line."


def _panel(axes: "Axes", views: "list[Side]", additive: bool) -> None:
    years = np.arange(len(views))
    lines = [line for line in _LINES if not (additive and line[0] == "protects")]
    values = [[getattr(view, name) for view in views] for name, *_ in lines]
    low, high = min(map(min, values)), max(map(max, values))
    room = 0.12 * (max(high, 0.0) - min(low, 0.0) or 1.0)
    axes.set_ylim(min(low, 0.0) - room, max(high, 0.0) + 2.2 * room)
    axes.set_xlim(-0.5, len(views) - 0.5)
    axes.set_xticks(years)
    _shade(axes, [view.name for view in views])
    axes.axhline(0.0, color=style.BLACK, linewidth=0.8)
    for (_, colour, dashes, _label), heights in zip(lines, values, strict=True):
        axes.plot(years, heights, "o", linestyle=dashes, color=colour, markersize=4, linewidth=1.8)
    _key(axes, lines)


def _shade(axes: "Axes", names: list[str]) -> None:
    """A band of one shade for each unbroken stretch of years with one name, its name on top."""
    begin = 0
    for year in range(1, len(names) + 1):
        if year < len(names) and names[year] == names[begin]:
            continue
        shade = _SHADES.get(names[begin], style.LIGHT)
        axes.axvspan(begin - 0.5, year - 0.5, color=shade, linewidth=0, zorder=0)
        middle = (begin + year - 1) / 2
        style.note(
            axes,
            names[begin],
            (middle, 1.0),
            (0, -11),
            style.ABOVE,
            colour=style.BLACK,
            size=9 if year - begin > 1 else 7.5,
            ha="center",
            va="center",
        )
        begin = year


def _key(axes: "Axes", lines: "list[_Line]") -> None:
    """What each line is, right of the panel."""
    both = len(lines) < len(_LINES)  # two of them are one
    for place, (name, colour, _, text) in enumerate(lines):
        joined = both and name == "tempts"
        words = "T - R = P - S: what being\nbad adds to a week" if joined else text
        style.note(
            axes,
            words,
            (1.0, 0.86 - 0.3 * place),
            (12, 0),
            style.OF_AXES,
            colour=colour,
            va="center",
        )
