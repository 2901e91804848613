"""What counting on talks does: shares by `anticipation`, of one side alone and of both."""

from typing import TYPE_CHECKING

from sim.plots import style
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _TOP, _PANEL, _ACROSS, _GAP = 0.75, 1.2, 2.7, 2.3, 0.55
_WHO = {
    DEFAULT.first.id: (style.BLUE, "o", f"{DEFAULT.first.name} alone"),
    DEFAULT.second.id: (style.VERMILLION, "s", f"{DEFAULT.second.name} alone"),
    "both": (style.BLACK, "D", "both"),
}


@style.in_house_style
def anticipation(frame: "pd.DataFrame", title: str, notes: list[str]) -> "Figure":
    """A panel for each of the frame's panels; lines by who counts on talks.

    `frame` has a row a point: panel, who (us, cn or both), anticipation, p, low, high.
    """
    foot = style.footer_height(notes) + 0.75
    figure = style.new_figure(_TOP + _PANEL + foot)
    for place, (name, rows) in enumerate(frame.groupby("panel", sort=False)):
        box = (_LEFT + place * (_ACROSS + _GAP), foot, _ACROSS, _PANEL)
        axes = style.panel(figure, box, str(name), "share of runs" if place == 0 else "")
        axes.title.set_fontsize(9.5)
        for who, (colour, marker, _) in _WHO.items():
            _line(axes, rows[rows["who"] == who], colour, marker)
        axes.set_ylim(0, 1.15 * frame["high"].max())
        axes.set_xlim(-0.05, 1.05)
        axes.set_xlabel("anticipation", fontsize=9, color=style.GREY)
    style.headings(figure, title, "What is left of deterrence when talks are counted on")
    _key(figure)
    style.footer(figure, notes)
    return figure


def _line(axes: "Axes", rows: "pd.DataFrame", colour: str, marker: str) -> None:
    off = [rows["p"] - rows["low"], rows["high"] - rows["p"]]
    axes.errorbar(
        rows["anticipation"],
        rows["p"],
        off,
        fmt=f"{marker}-",
        color=colour,
        linewidth=1.4,
        markersize=4,
        capsize=2,
    )


def _key(figure: "Figure") -> None:
    """Who counts on talks, above the panels."""
    width, height = figure.get_size_inches()
    along = style.MARGIN
    for colour, _, text in _WHO.values():
        figure.text(
            along / width, 1 - 0.72 / height, f"— {text}", fontsize=9.5, color=colour, va="top"
        )
        along += 0.45 + 0.07 * len(text)
