"""What each policy lacks of the best response: dots with bars, the best on top."""

from typing import TYPE_CHECKING

import numpy as np

from sim.games.response import DOTS, heading, notes
from sim.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.games.best_response import Response

_ROW = 0.25  # inches of a policy
_LABELS = 2.5  # inches for their names
_VALUES = 1.0  # inches for their values


@style.in_house_style
def gaps(response: "Response") -> "Figure":
    """The gap of every policy to the best response, with 95 % bars where it is not exact."""
    entries, notes_ = response.entries, [*notes(response), DOTS]
    height = max(1.2, _ROW * len(entries))
    question = response.question
    title = question.scenario.title
    figure, foot = style.sheet(title, heading(response), notes_, 1.0 + height, 0.6)
    box = (style.MARGIN + _LABELS, foot, style.WIDTH - _LABELS - _VALUES - 2 * style.MARGIN, height)
    axes = style.panel(figure, box, "", "")
    colour = question.scenario.sides.of(question.side).colour
    places = range(len(entries))
    widths = np.array([entry.gap for entry in entries])
    bars = [
        widths - [entry.gap_low for entry in entries],
        [entry.gap_high for entry in entries] - widths,
    ]
    axes.errorbar(widths, places, xerr=np.maximum(bars, 0.0), fmt="none", color=colour, capsize=2)
    for place, entry in enumerate(entries):
        face = "white" if entry.kind == "named" else colour
        axes.plot(entry.gap, place, "o", color=colour, markerfacecolor=face, markersize=5)
        style.note(
            axes, f"{entry.value:.4g}", (1.0, place), (8, 0), style.BESIDE, size=8, va="center"
        )
    style.note(axes, question.utility, (1.0, 1.0), (8, 5), style.OF_AXES, size=8)
    axes.axvline(0.0, color=style.LIGHT, linewidth=0.8, zorder=0)
    axes.set_yticks(places, [entry.label for entry in entries], fontsize=8)
    axes.set_ylim(len(entries) - 0.5, -0.5)
    axes.grid(visible=True, axis="x", color=style.LIGHT, linewidth=0.6)
    axes.set_xlabel("gap to the best response", fontsize=9, color=style.GREY)
    return figure
