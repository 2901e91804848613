"""What a rung is, by three acts of the record that a reader may remember."""

from typing import TYPE_CHECKING, NamedTuple

from sim.history.record import shipped
from sim.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.scenario.compile import Compiled

#: Acts of the record (its ids), and what they were, in a few words.
ACTS = {
    "2025-09-12-entity23-us": "23 names on the US Entity List",
    "2025-05-28-eda-letters-us": "US licences for chip-design software",
    "2025-10-09-ree-extraterritorial-cn": "China's rare-earth rules for goods made abroad",
}


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


def mark_anchors(axes: "Axes", compiled: "Compiled") -> None:
    """A dotted line at the rung of each act, as far as the axis reaches."""
    _, high = axes.get_ylim()
    for rung in {anchor.rung for anchor in anchors(compiled)}:
        if rung < high:
            axes.axhline(rung, color=style.GREY, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
