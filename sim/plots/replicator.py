"""Pictures of replicator dynamics: a simplex of three policies, or shares over time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.scenario.sides import DEFAULT, Sides

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.games.replicator import Path

_COLOURS = (
    *(style.BLUE, style.VERMILLION, style.GREEN),
    *(style.PURPLE, style.ORANGE, style.SKY),
)
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


@style.in_house_style
def simplex(
    names: Sequence[str],
    paths: "Sequence[Path]",
    rests: "Sequence[tuple[NDArray[np.float64], bool]]",
    title: str,
    notes: Sequence[str],
) -> "Figure":
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
    for name, corner, align, shift in zip(
        names, _CORNERS, ("right", "left", "center"), ((-8, -12), (8, -12), (0, 10)), strict=True
    ):
        style.note(axes, name, corner, shift, colour=style.BLACK, size=10, ha=align, va="center")
    return figure


def _arrow(axes: "Axes", at: "NDArray[np.float64]") -> None:
    """An arrow head a third of the way along a path."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    if steps[-1] < 0.02:
        return
    k = int(np.clip(np.searchsorted(steps, steps[-1] / 3), 1, len(at) - 1))
    axes.annotate(
        "",
        tuple(at[k]),
        tuple(at[k - 1]),
        arrowprops={"arrowstyle": "-|>", "color": style.BLUE, "shrinkA": 0, "shrinkB": 0},
    )


@style.in_house_style
def shares(
    names: tuple[Sequence[str], Sequence[str]],
    path: "Path",
    title: str,
    notes: Sequence[str],
    sides: Sides = DEFAULT,
) -> "Figure":
    """Shares of the policies of two populations over time, a panel a side."""
    subtitle = "Replicator dynamics of two populations: a teaching device"
    figure, foot = style.sheet(title, subtitle, notes, 1.05 + 3.0, 0.6)
    half = style.WIDTH / 2
    for number, (side, labels, values) in enumerate(
        zip(sides, names, (path.us, path.cn), strict=True)
    ):
        box = (number * half + 0.75, foot, half - 2.75, 3.0)
        axes = style.panel(figure, box, side.plain, "share")
        axes.set_ylim(0, 1.03)
        axes.set_xlim(0, float(path.times[-1]))
        axes.set_xlabel("time", fontsize=9, color=style.GREY)
        for k, curve in enumerate(values.T):
            axes.plot(path.times, curve, color=_COLOURS[k % len(_COLOURS)], linewidth=1.8)
        _labelled(axes, labels, values[-1])
    return figure


def _labelled(axes: "Axes", labels: Sequence[str], ends: "NDArray[np.float64]") -> None:
    from sim.plots.labels import direct_labels

    entries = [
        (float(end), f"{name} {end:.2f}", _COLOURS[k % len(_COLOURS)], 8.5)
        for k, (name, end) in enumerate(zip(labels, ends, strict=True))
    ]
    direct_labels(axes, entries)
