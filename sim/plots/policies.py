"""Policies against each other: every pair as a heat map, the ranking, what each one lacks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.plots import style
from sim.plots.curves import Dot, dots
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import OUTCOMES

if TYPE_CHECKING:
    from sim.games.best_response import Response
    from sim.games.ranking import Rank
    from sim.games.tournament import Played

_LABELS = 1.75  # inches for the names of policies
_SLANTED = 1.3  # inches for the same, slanted, above the columns
_CELL = 0.33  # inches of a row at least
_MOST_NUMBERS = 24  # policies a side, beyond which numbers do not fit in cells
_ROW, _GAP_ROW = 0.24, 0.25  # inches of a policy in the ranking, and among the gaps


@style.in_house_style
def heat(
    played: "Played",
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
    return ({outcome.name: outcome.says for outcome in OUTCOMES} | payoffs | harms)[measure]


def _heat_notes(played: "Played", measure: str, marked: bool, shipped: bool) -> list[str]:
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
