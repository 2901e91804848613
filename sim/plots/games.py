"""Which game it is while the truce holds; replicator dynamics, on a simplex or over time; policies
against each other: every pair as a heat map, the ranking, what each one lacks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.outcomes.definitions import date_text
from sim.plots import style
from sim.plots.curves import Dot, direct_labels, dots
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import OUTCOMES, own_outcomes

if TYPE_CHECKING:
    from sim.games.best_response import Response
    from sim.games.classify import Classification
    from sim.games.ranking import Rank
    from sim.games.replicator import SharePath
    from sim.games.stage_game import Side
    from sim.games.tournament import PairRuns

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
    paths: "Sequence[SharePath]",
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
    path: "SharePath",
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


_LABELS = 1.75  # inches for the names of policies
_SLANTED = 1.3  # inches for the same, slanted, above the columns
_CELL = 0.33  # inches of a row at least
_MOST_NUMBERS = 24  # policies a side, beyond which numbers do not fit in cells
_ROW, _GAP_ROW = 0.24, 0.25  # inches of a policy in the ranking, and among the gaps


@style.in_house_style
def heat(
    played: "PairRuns",
    measure: str,
    order: tuple[Sequence[int], Sequence[int]],
    marked: Sequence[tuple[int, int]],
    shipped: tuple[int, int] | None,
    title: str,
    source: str,
) -> Figure:
    """The mean of a measure for every pair; rows us, columns cn, in the order given.

    `marked` cells (pure equilibria) are framed, the `shipped` pair is dashed; by index.
    """
    rows, columns = order
    values = played.measures[measure].mean(axis=2)[np.ix_(rows, columns)]
    notes = [*_heat_notes(played, measure, bool(marked), shipped is not None), source]
    height = max(2.0, _CELL * len(rows))
    room = (style.MARGIN + _LABELS, 1.55 - style.MARGIN, 0.7 + _SLANTED, height)
    figure, axes = style.chart(title, _meaning(played.sides, measure), notes, room, below=0.2)
    _cells(figure, axes, values, 1 if measure in played.amounts else 2)
    axes.set_yticks(range(len(rows)), [played.us[i] for i in rows], fontsize=8)
    names = [played.cn[j] for j in columns]
    axes.set_xticks(range(len(columns)), names, fontsize=8, rotation=60, ha="left")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for label in axes.get_xticklabels():
        label.set_rotation_mode("anchor")
    for i, j in marked:
        _frame(axes, rows.index(i), columns.index(j), "solid")
    if shipped is not None:
        _frame(axes, rows.index(shipped[0]), columns.index(shipped[1]), "dashed")
    return figure


def _meaning(sides: Sides, measure: str) -> str:
    total = "discounted total of a run"
    payoffs = {f"payoff_{side.id}": f"payoff to {side.name}, {total}" for side in sides}
    harms = {f"harm_{side.id}": f"harm suffered by {side.name}, {total}" for side in sides}
    outcomes = (*OUTCOMES, *own_outcomes())
    return ({outcome.name: outcome.says for outcome in outcomes} | payoffs | harms)[measure]


def _heat_notes(played: "PairRuns", measure: str, marked: bool, shipped: bool) -> list[str]:
    from sim.games.tournament import widest

    when = "" if measure in played.amounts else f" at the end of week {played.week}"
    half = widest(played, measure)
    rows, columns = (side.plain for side in played.sides)
    note = (
        f"Rows: {rows}; columns: {columns}; best first. {measure}{when}, mean of {played.n:,} "
        f"runs, common random numbers in every cell; 95 % interval at most ±{half:.2g}."
    )
    frames = ["Framed: pure equilibria of the empirical game."] if marked else []
    frames += ["Dashed: the scenario as shipped."] if shipped else []
    return [note, " ".join(frames)] if frames else [note]


def _cells(figure: Figure, axes: Axes, values: NDArray[np.float64], digits: int) -> None:
    """Colours, their scale, and the numbers where they fit."""
    image = axes.imshow(values, cmap="cividis", aspect="auto")
    axes.grid(visible=False)
    if max(values.shape) <= _MOST_NUMBERS:
        middle = (values.min() + values.max()) / 2
        size = 6.5 if max(values.shape) > 12 else 8
        for (i, j), value in np.ndenumerate(values):
            colour = "white" if value < middle else "black"
            text = f"{value:.{digits}f}"
            axes.text(j, i, text, ha="center", va="center", color=colour, fontsize=size)
    width, height = figure.get_size_inches()
    place = axes.get_position()
    bar = figure.add_axes((1 - 0.85 / width, place.y0, 0.16 / width, min(place.height, 3 / height)))
    figure.colorbar(image, cax=bar)
    bar.tick_params(labelsize=8, color=style.LIGHT)
    bar.spines[:].set_visible(False)


def _frame(axes: Axes, row: int, column: int, line: str) -> None:
    at = (column - 0.5, row - 0.5)
    look: style.Look = {"fill": False, "clip_on": False, "zorder": 3}
    for colour, width in (("white", 3.2), ("black", 1.6)):
        axes.add_patch(
            Rectangle(at, 1, 1, edgecolor=colour, linewidth=width, linestyle=line, **look)
        )


@style.in_house_style
def ranking(
    ranks: "dict[str, list[Rank]]",
    title: str,
    subtitle: str,
    notes: Sequence[str],
    sides: Sides = DEFAULT,
) -> Figure:
    """Both sides' policies by score, best on top, with 95 % bars and the ranks they may have."""
    most = max(len(side_ranks) for side_ranks in ranks.values())
    height = max(1.2, _ROW * most)
    figure, foot = style.sheet(title, subtitle, notes, 1.0 + height, 0.55)
    half = style.WIDTH / 2
    for number, (side, side_ranks) in enumerate(ranks.items()):
        tall = height * len(side_ranks) / most
        left = number * half + style.MARGIN + 1.45
        box = (left, foot + height - tall, half - 1.45 - 0.8, tall)
        axes = style.panel(figure, box, sides.names[side], "")
        rows = [_ranked(rank) for rank in side_ranks]
        dots(axes, rows, sides.colours[side], "mean utility", 6)
        style.note(axes, "rank", (1.0, 1.0), (6, 7), style.OF_AXES, size=8)
    return figure


def _ranked(rank: "Rank") -> Dot:
    ranks = rank.open_ranks.replace(" to ", "\N{EN DASH}")
    return Dot(rank.policy, rank.score, rank.low, rank.high, ranks, rank.settled)


@style.in_house_style
def gaps(response: "Response") -> Figure:
    """The gap of every policy to the best response, with 95 % bars where it is not exact."""
    from sim.games.best_response import NAMED
    from sim.games.response import DOTS, heading, notes

    question = response.question
    height = max(1.2, _GAP_ROW * len(response.entries))
    room = (style.MARGIN + 2.5, style.MARGIN + 1.0, 1.0, height)
    title, texts = question.scenario.title, [*notes(response), DOTS]
    figure, axes = style.chart(title, heading(response), texts, room, below=0.6)
    rows = [
        Dot(e.label, e.gap, e.gap_low, e.gap_high, f"{e.value:.4g}", e.kind != NAMED)
        for e in response.entries
    ]
    colour = question.scenario.sides.of(question.side).colour
    dots(axes, rows, colour, "gap to the best response", 8)
    style.note(axes, question.utility, (1.0, 1.0), (8, 5), style.OF_AXES, size=8)
    axes.axvline(0.0, color=style.LIGHT, linewidth=0.8, zorder=0)
    return figure
