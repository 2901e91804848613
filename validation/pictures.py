"""The two pictures of docs/validation.md, all from exact values."""

from typing import TYPE_CHECKING

import numpy as np

from sim.engines.exact import solve
from sim.plots import style
from sim.plots.curves import direct_labels
from validation.games import misreads
from validation.row import Game
from validation.rows import CTFT, FBF, GRIM, GTFT, TF2T, TFT, TWO_NOISES, WSLS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMES = {
    TF2T: "tit for two tats",
    CTFT: "contrite tit for tat",
    GTFT: "generous tit for tat (1/3)",
    WSLS: "win-stay lose-shift",
    FBF: "firm but fair",
    TFT: "tit for tat",
    GRIM: "grim",
}
_SLIPS, _SIGHTS = style.BLUE, style.VERMILLION
MISS = 0.02
ALARMS = np.concatenate([[0.001], np.arange(0.005, 0.3001, 0.005)])
_CURVES = {
    "generous (.5)": ("generosity .5", style.GREEN, 1.6),
    TF2T: ("tit for two tats", style.PURPLE, 1.6),
    GTFT: ("generosity 1/3", style.GREEN, 2.4),
    "generous (.1)": ("generosity .1", style.GREEN, 1.2),
    WSLS: ("win-stay lose-shift", style.ORANGE, 1.6),
    TFT: ("tit for tat, contrite or not", style.BLUE, 2.8),
}


@style.in_house_style
def two_noises() -> "Figure":
    """V10: cooperation under slips and under misreading of the same size, policy by policy."""
    notes = [
        "Both sides play the policy. Slips: an act comes out as its opposite with probability .05 "
        "a week and side. Misreading: acts are as meant, but the other side sees the opposite with "
        "probability .05.",
        "Source: detente, exact engine; V10 of docs/validation.md.",
    ]
    foot = style.footer_height(notes) + 0.45
    figure = style.new_figure(1.0 + 3.9 + foot)
    axes = style.panel(figure, (2.2, foot, 6.1, 3.9), "", "")
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    axes.set_xlim(0, 1.0)
    axes.set_ylim(-0.6, len(_NAMES) - 0.4)
    axes.set_yticks(range(len(_NAMES)), [_NAMES[name] for name in reversed(_NAMES)])
    axes.set_xlabel("share of good weeks in the long run", fontsize=9, color=style.GREY)
    for height, name in enumerate(reversed(_NAMES)):
        _dumbbell(axes, height, *TWO_NOISES[name])
    _legend(axes)
    style.headings(
        figure,
        "Slips and misreading are different diseases",
        "Long-run cooperation of seven policies under 5 % of either error",
    )
    style.footer(figure, notes)
    return figure


def _dumbbell(axes: "Axes", height: int, slip: float, sight: float) -> None:
    """One policy: a dot for either noise, joined, each with its value on the outer side."""
    axes.plot([slip, sight], [height, height], color=style.LIGHT, linewidth=3, zorder=1)
    same = abs(slip - sight) < 1e-9
    axes.scatter([slip], [height], s=95 if same else 60, color=_SLIPS, zorder=2)
    axes.scatter([sight], [height], s=28 if same else 60, color=_SIGHTS, zorder=3, clip_on=False)
    low, high = sorted([(slip, _SLIPS), (sight, _SIGHTS)])
    for (value, colour), shift in ((low, -8), (high, 8)):
        if same and shift > 0:
            continue
        inside = value < 0.06 and shift < 0
        axes.annotate(
            _share(value),
            (value, height),
            (0 if inside else shift, -13 if inside else 0),
            textcoords="offset points",
            ha="left" if inside or shift > 0 else "right",
            va="center",
            fontsize=9,
            color="#333333" if same else colour,
        )


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _legend(axes: "Axes") -> None:
    for at, text, colour in ((0.0, "slips", _SLIPS), (0.16, "misreading", _SIGHTS)):
        axes.annotate(
            f"\N{BLACK CIRCLE} {text}",
            (at, 1.0),
            (0, 6),
            xycoords="axes fraction",
            textcoords="offset points",
            color=colour,
            fontsize=10,
        )


@style.in_house_style
def slow_office() -> "Figure":
    """V11: cooperation by how often good conduct is seen as bad, for policies that differ."""
    notes = [
        "Both sides play the policy and mean well; bad conduct is seen as good with probability "
        f"{_short(MISS)}. A licence office that serves a share y less than the other side expects "
        "adds about y to the chance that its good week is seen as bad.",
        "Source: detente, exact engine; dots at .2: V11 of docs/validation.md.",
    ]
    foot = style.footer_height(notes) + 0.6
    figure = style.new_figure(0.9 + 4.0 + foot)
    axes = style.panel(figure, (0.75, foot, 5.9, 4.0), "", "share of good weeks in the long run")
    axes.set_xlim(0, 0.3)
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("chance that a good week is seen as bad", fontsize=9, color=style.GREY)
    labels = []
    for policy, (name, colour, width) in _CURVES.items():
        shares = [_cooperation(misreads(policy, float(alarm), MISS)) for alarm in ALARMS]
        axes.plot(ALARMS, shares, color=colour, linewidth=width)
        axes.plot([0.2], [_cooperation(misreads(policy, 0.2, MISS))], "o", color=colour, ms=5)
        labels.append((shares[-1], f"{name}  {_share(shares[-1])}", colour, 9.5))
    direct_labels(axes, labels)
    style.headings(
        figure,
        "How a slow office kills a truce between two honest sides",
        "Nobody means harm; good conduct that looks bad is answered, and the answer is bad",
    )
    style.footer(figure, notes)
    return figure


def _cooperation(game: Game) -> float:
    return solve(game.scenario()).cooperation["us"]


def _short(value: float) -> str:
    return f"{value:g}".removeprefix("0")


PICTURES = {"two-noises": two_noises, "slow-office": slow_office}
