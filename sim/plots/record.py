"""The record on the model's pictures: events on the rungs, magnets on the flow, truces as spans.

And what a rung is, by three acts that a reader may remember. Takes axes that are drawn already and
rows of the record; computes nothing.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.history.record import Event, Month, Truce, shipped
from sim.plots import style
from sim.plots.curves import place

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

KEY = (
    "Record, black line: the rung that its moves of levers come to. Along the upper edge: ▲ an "
    "escalation and ○ a concession of that side, larger for a greater magnitude in the data (1 to "
    "5), which is no rung; black bars: magnets exported to the United States that month over 620 t "
    "(a month of 2024)."
)
_ROW = 0.16  # inches a truce takes
#: Inches over the bars of the truces, for the dates of the panel above and the strip's own title.
STRIP_TOP = 0.72
_MARK, _SMALL_MARK = 1.1, 0.7  # points for each grade of magnitude
_ROOM = 1.18  # of the height of a panel, with the row of marks
_EDGE = 0.95  # of the axis: where the marks of events stand
_LONG = 500  # days: beyond it the marks of 2025 stand close, and are small
_LETTER = 0.0074  # of the axis: a letter of a truce's name
_COMMON = ("non/tariff", "tariff", "framework", "extension", "hold", "outline")
#: Acts of the record (its ids), and what they were, in a few words.
ACTS = {
    "2025-09-12-entity23-us": "23 names on the US Entity List",
    "2025-05-28-eda-letters-us": "US licences for chip-design software",
    "2025-10-09-ree-extraterritorial-cn": "China's rare-earth rules for goods made abroad",
}


def mark_events(axes: Axes, events: Sequence[Event]) -> None:
    """A side's acts above its rungs, off their scale: filled triangles up, hollow rings down."""
    first, last = axes.get_xlim()
    each = _SMALL_MARK if last - first > _LONG else _MARK
    look: style.Look = {"linestyle": "none", "markeredgecolor": style.BLACK, "alpha": 0.85}
    look |= {"markeredgewidth": 0.8, "zorder": 5, "clip_on": False}
    look["transform"] = axes.get_xaxis_transform()
    for direction, marker, face in (("escalate", "^", style.BLACK), ("concede", "o", "white")):
        for event in events:
            if event.direction == direction:
                look |= {"marker": marker, "markersize": 1.0 + each * event.magnitude}
                axes.plot([place(event.day)], [_EDGE], markerfacecolor=face, **look)
    if events:
        low, high = axes.get_ylim()
        axes.set_yticks([tick for tick in axes.get_yticks() if low <= tick <= high])
        axes.set_ylim(low, low + _ROOM * (high - low))


def mark_rungs(axes: Axes, days: NDArray[np.float64], rungs: NDArray[np.float64]) -> None:
    """The rung of a side by the record's moves, for the weeks on record; `days`: edges of weeks."""
    if len(rungs):
        values = np.append(rungs, rungs[-1])
        look: style.Look = {"color": style.BLACK, "linewidth": 1.3, "where": "post", "zorder": 3}
        axes.step(days[: len(values)], values, **look)


def mark_flow(axes: Axes, months: Sequence[Month]) -> None:
    """Monthly tonnage over its normal level: a bar from the first to the last day of a month."""
    limits = axes.get_xlim()
    for month in months:
        ends = [place(month.first), place(month.last) + 1]
        axes.plot(ends, [month.share] * 2, color=style.BLACK, linewidth=1.7, solid_capstyle="butt")
    axes.set_xlim(limits)


def strip_height(truces: Sequence[Truce]) -> float:
    """Inches that the strip of these truces takes, with STRIP_TOP; 0 without any."""
    return STRIP_TOP + _ROW * len(truces) if truces else 0.0


def truce_strip(
    axes: Axes, truces: Sequence[Truce], start: datetime.date, end: datetime.date
) -> None:
    """A thin bar per truce, named inside the picture beside it; cut at the picture's ends."""
    axes.set_yticks([])
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(visible=False)
    first, last = place(start), place(end) + 1
    axes.set_xlim(first, last)
    axes.set_ylim(len(truces) - 0.4, -0.6)
    for row, truce in enumerate(truces):
        left, right = max(place(truce.start), first), min(place(truce.end) + 1, last)
        broken = truce.outcome == "broken"
        colour = style.VERMILLION if broken else style.GREEN
        axes.plot([left, right], [row, row], color=colour, linewidth=3, solid_capstyle="butt")
        if broken:
            axes.plot([right], [row], "x", color=colour, markersize=5, markeredgewidth=1.6)
        _name(axes, f"{truce_name(truce)}, {truce.outcome}", row, left, right)


def truce_name(truce: Truce) -> str:
    """The truce's id in words: `geneva-nontariff` is Geneva non-tariff."""
    words = truce.name.replace("nontariff", "non/tariff").split("-")
    return " ".join(word if word in _COMMON else word.title() for word in words).replace("/", "-")


def _name(axes: Axes, text: str, row: int, left: float, right: float) -> None:
    """Right of its bar where there is room for it, else left, else on a line over the bar."""
    first, last = axes.get_xlim()
    room = (_LETTER * len(text) + 0.01) * (last - first)
    look: style.Look = {"va": "center", "bbox": None}
    if last - right > room:
        at, off, look["ha"] = right, 7, "left"
    elif left - first > room:
        at, off, look["ha"] = left, -5, "right"
    else:
        at, off, look["ha"] = first, 4, "left"
        look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    style.note(axes, text, (at, row), (off, 0), colour=style.INK, size=7.5, **look)


class Anchor(NamedTuple):
    """An act of the record and the rungs that it alone is worth in a scenario."""

    rung: float
    text: str


def anchors(compiled: "Compiled") -> tuple[Anchor, ...]:
    """The acts whose levers a scenario has: notches moved times severity, lowest first."""
    severity = dict(zip(compiled.levers, compiled.params.levers["severity"], strict=True))
    marks = [
        Anchor(
            abs(move.change) * float(severity[move.lever]),
            f"{ACTS[move.event.name]} ({move.event.day.day} {move.event.day:%b %Y})",
        )
        for move in shipped().moves_of()
        if move.event.name in ACTS and move.lever in severity
    ]
    return tuple(sorted(marks))


def anchor_note(compiled: "Compiled") -> list[str]:
    """A line for a footer; none where the scenario has no such lever."""
    text = "; ".join(f"{anchor.rung:g} = {anchor.text}" for anchor in anchors(compiled))
    return [f"What a rung is (dotted), by single acts of the record: {text}."] if text else []


def mark_anchors(axes: Axes, compiled: "Compiled") -> None:
    """A dotted line at the rung of each act, as far as the axis reaches."""
    _, high = axes.get_ylim()
    for rung in {anchor.rung for anchor in anchors(compiled)}:
        if rung < high:
            axes.axhline(rung, color=style.GREY, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
