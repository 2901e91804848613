"""What a typical run looks like: rungs, licences, shortages and leverage, by date."""

from typing import TYPE_CHECKING

from sim.history.path import Stretch, stretch_of
from sim.outcomes.calendar import last_day
from sim.plots import record_overlay, style
from sim.plots.anchors import anchor_note, mark_anchors
from sim.plots.bands import (
    band,
    crossing_text,
    crossings,
    dated,
    edges,
    from_zero,
    key,
    part,
    sides,
    stretched,
)
from sim.plots.dates import place

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _GAP, _RIGHT, _TOP = 0.75, 0.75, 0.25, 1.05
_PANEL, _BETWEEN = 1.75, 0.75
_MAGNETS = "cn.rare_earths"  # the licence lever whose flow the record's tonnage measures
_LICENCE_COLOURS = (style.GREEN, style.ORANGE, style.PURPLE)

Box = tuple[float, float, float, float]  # left, bottom, width, height, inches


@style.in_house_style
def trajectories(result: "Result") -> "Figure":
    """Medians with 50 % and 90 % bands of both sides' rungs, of flow, shortage and leverage.

    In a dated scenario the record lies over them: events, magnet tonnage, truces.
    """
    stretch = stretch_of(result.compiled)
    notes = _notes(result) + ([record_overlay.KEY] if stretch else [])
    strip = record_overlay.strip_height(stretch.truces) if stretch else 0.0
    height, below = _TOP + 3 * _PANEL + 2 * _BETWEEN, (0.2 if strip else 0.5) + strip
    figure, foot = style.sheet(result.scenario.title, _SUBTITLE, notes, height, below)
    half = (style.WIDTH - _LEFT - _GAP - _RIGHT) / 2
    right = _LEFT + half + _GAP
    rows = [foot + i * (_PANEL + _BETWEEN) for i in (2, 1, 0)]
    _rungs(
        figure, result, [(_LEFT, rows[0], half, _PANEL), (right, rows[0], half, _PANEL)], stretch
    )
    _flow(figure, result, (_LEFT, rows[1], half, _PANEL), stretch)
    _shortage(figure, result, (right, rows[1], half, _PANEL))
    _leverage(figure, result, (_LEFT, rows[2], 2 * half + _GAP, _PANEL))
    if stretch and stretch.truces:
        bars = strip - record_overlay.STRIP_TOP
        _truces(figure, result, (_LEFT, foot - strip, 2 * half + _GAP, bars), stretch)
    return figure


_SUBTITLE = "Line: median of the runs. Dark band: the middle half. Light band: 90 % of the runs."


def _notes(result: "Result") -> list[str]:
    return [
        "Rung: severity of all notches above what the truce allows that week; 0 is compliance. "
        "Licence flow: 1 is normal demand. Shortage: weighted by harm, at most 1. "
        "Leverage: harm a side could do in 13 weeks by pulling everything now.",
        *anchor_note(result.compiled),
        f"Bands are of each week by itself: no single run follows one.{style.term_note(result)} "
        + style.origin(result),
    ]


def _rungs(figure: "Figure", result: "Result", boxes: list[Box], stretch: Stretch | None) -> None:
    top = max(float(part(result, "rung", who)["q95"].max()) for who in result.scenario.sides.ids)
    for side, box in zip(result.scenario.sides, boxes, strict=True):
        axes = style.panel(figure, box, f"Rung of {side.name}", "rung")
        band(axes, part(result, "rung", side.id), side.colour)
        axes.set_ylim(*from_zero(max(1.0, top)))
        mark_anchors(axes, result.compiled)
        dated(axes, result)
        if stretch:
            record_overlay.mark_events(axes, stretch.events[side.id])


def _flow(figure: "Figure", result: "Result", box: Box, stretch: Stretch | None) -> None:
    axes = style.panel(figure, box, "Licence flow", "of normal demand")
    flows = result.bands[result.bands["variable"] == "flow"]
    names = list(dict.fromkeys(flows["who"]))
    dated(axes, result)
    if not names:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no licence lever", transform=axes.transAxes, ha="center", color="grey")
        return
    main = _main_licence(result, names)
    others = [name for name in names if name != main]
    for name, colour in zip([main, *others], _LICENCE_COLOURS, strict=False):
        frame = flows[flows["who"] == name]
        if name == main:
            band(axes, frame, colour)
        else:
            _band_line(axes, frame, colour)
    axes.set_ylim(*from_zero(max(1.0, float(flows["q95"].max()))))
    entries = list(zip([main, *others], _LICENCE_COLOURS, strict=False))
    if stretch and main == _MAGNETS:
        record_overlay.mark_flow(axes, stretch.months)
        entries.append(("record", style.BLACK))
    key(axes, entries)


def _truces(figure: "Figure", result: "Result", box: Box, stretch: Stretch) -> None:
    axes = style.panel(figure, box, "Truces of the record", "")
    end = last_day(result.compiled.start, result.horizon)
    record_overlay.truce_strip(axes, stretch.truces, stretch.start, end)


def _main_licence(result: "Result", names: list[str]) -> str:
    """The licence lever with the largest harm weight."""
    weights = dict(
        zip(result.compiled.levers, result.compiled.params.levers["harm_weight"], strict=True)
    )
    return max(names, key=lambda name: float(weights[name]))


def _band_line(axes: "Axes", frame: "pd.DataFrame", colour: str) -> None:
    medians = stretched(frame, "q50")
    axes.step(edges(frame), medians, where="post", color=colour, linewidth=1.4, linestyle="--")


def _shortage(figure: "Figure", result: "Result", box: Box) -> None:
    axes = style.panel(figure, box, "Felt shortage", "share")
    for who, colour in result.scenario.sides.colours.items():
        band(axes, part(result, "shortage", who), colour, outer=False)
    axes.set_ylim(*from_zero(max(0.1, axes.get_ylim()[1])))
    dated(axes, result)
    key(axes, sides(result))


def _leverage(figure: "Figure", result: "Result", box: Box) -> None:
    axes = style.panel(figure, box, "Leverage in stock", "harm in 13 weeks")
    for who, colour in result.scenario.sides.colours.items():
        band(axes, part(result, "leverage", who), colour)
    axes.set_ylim(*from_zero(max(0.1, axes.get_ylim()[1])))
    dated(axes, result)
    key(axes, sides(result))
    _crossings(axes, result)


def _crossings(axes: "Axes", result: "Result") -> None:
    """Marks where the medians cross, and says so beside the panel's title."""
    points = crossings(result)
    for day, height, _ in points:
        axes.plot([place(day)], [height], "o", color=style.BLACK, markersize=5)
    words = [crossing_text(day, who) for day, _, who in points[:_MOST_CROSSINGS]]
    if len(points) > _MOST_CROSSINGS:
        words = [
            f"{len(points)} crossings, the last: {crossing_text(points[-1][0], points[-1][2])}"
        ]
    text = "● " + ", ".join(words) if words else "the medians do not cross"
    style.note(axes, text, (0.0, 1.0), (118, 7), style.OF_AXES)


_MOST_CROSSINGS = 2
