"""Pictures of a tournament: the table of pairs as a heat map, and the ranking as dots with bars."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.games.ranking import Rank
    from sim.games.tournament import Played

_LABELS = 1.75  # inches for the names of policies
_SLANTED = 1.3  # inches for the same, slanted, above the columns
_CELL = 0.33  # inches of a row at least
_MOST_NUMBERS = 24  # policies a side, beyond which numbers do not fit in cells
_ROW = 0.24  # inches of a policy in the ranking


@style.in_house_style
def heat_map(
    played: "Played",
    measure: str,
    order: tuple[Sequence[int], Sequence[int]],
    marked: Sequence[tuple[int, int]],
    shipped: tuple[int, int] | None,
    title: str,
    source: str,
) -> "Figure":
    """The mean of a measure for every pair; rows us, columns cn, in the order given.

    `marked` cells (pure equilibria) are framed, the `shipped` pair is dashed; by index.
    """
    rows, columns = order
    values = played.measures[measure].mean(axis=2)[np.ix_(rows, columns)]
    notes = [*_heat_notes(played, measure, bool(marked), shipped is not None), source]
    height = max(2.0, _CELL * len(rows))
    meaning = _meanings(played.sides)[measure]
    figure, foot = style.sheet(title, meaning, notes, 0.7 + _SLANTED + height, 0.2)
    box = (style.MARGIN + _LABELS, foot, style.WIDTH - _LABELS - 1.55, height)
    axes = style.panel(figure, box, "", "")
    _cells(figure, axes, values, 1 if measure in played.amounts else 2)
    _names(axes, [played.us[i] for i in rows], [played.cn[j] for j in columns])
    places = [(rows.index(i), columns.index(j)) for i, j in marked]
    for place in places:
        _frame(axes, place, "solid")
    if shipped is not None:
        _frame(axes, (rows.index(shipped[0]), columns.index(shipped[1])), "dashed")
    return figure


def _meanings(sides: Sides) -> dict[str, str]:
    """What each measure is."""
    total = "discounted total of a run"
    payoffs = {f"payoff_{side.id}": f"payoff to {side.name}, {total}" for side in sides}
    harms = {f"harm_{side.id}": f"harm suffered by {side.name}, {total}" for side in sides}
    return {measure.name: measure.says for measure in OUTCOMES} | payoffs | harms


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


def _cells(figure: "Figure", axes: "Axes", values: "NDArray[np.float64]", digits: int) -> None:
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


def _names(axes: "Axes", rows: Sequence[str], columns: Sequence[str]) -> None:
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_xticks(range(len(columns)), columns, fontsize=8, rotation=60, ha="left")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for label in axes.get_xticklabels():
        label.set_rotation_mode("anchor")


def _frame(axes: "Axes", place: tuple[int, int], line: str) -> None:
    from matplotlib.patches import Rectangle

    i, j = place
    for colour, width in (("white", 3.2), ("black", 1.6)):
        axes.add_patch(
            Rectangle(
                (j - 0.5, i - 0.5),
                1,
                1,
                fill=False,
                edgecolor=colour,
                linewidth=width,
                linestyle=line,
                clip_on=False,
                zorder=3,
            )
        )


@style.in_house_style
def ranking_dots(
    ranks: "dict[str, list[Rank]]",
    title: str,
    subtitle: str,
    notes: Sequence[str],
    sides: Sides = DEFAULT,
) -> "Figure":
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
        _dots(axes, side_ranks, sides.colours[side])
    return figure


def _dots(axes: "Axes", side_ranks: "list[Rank]", colour: str) -> None:
    heights = range(len(side_ranks))
    scores = np.array([rank.score for rank in side_ranks])
    bars = [scores - [rank.low for rank in side_ranks], [rank.high for rank in side_ranks] - scores]
    axes.errorbar(scores, heights, xerr=np.maximum(bars, 0.0), fmt="none", color=colour, capsize=2)
    for height, rank in zip(heights, side_ranks, strict=True):
        face = colour if rank.settled else "white"
        axes.plot(rank.score, height, "o", color=colour, markerfacecolor=face, markersize=5)
        ranks = rank.open_ranks.replace(" to ", "\N{EN DASH}")
        style.note(axes, ranks, (1.0, height), (6, 0), style.BESIDE, size=8, va="center")
    axes.set_yticks(heights, [rank.policy for rank in side_ranks], fontsize=8)
    axes.set_ylim(len(side_ranks) - 0.5, -0.5)
    axes.grid(visible=True, axis="x", color=style.LIGHT, linewidth=0.6)
    axes.set_xlabel("mean utility", fontsize=9, color=style.GREY)
    style.note(axes, "rank", (1.0, 1.0), (6, 7), style.OF_AXES, size=8)
