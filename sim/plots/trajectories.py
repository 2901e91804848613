"""What a typical run looks like by date: rungs, licences, shortages, leverage, and the allies."""

import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.history.path import Stretch, record_path, stretch_of
from sim.history.record import MAGNET_LEVER
from sim.outcomes.definitions import with_levers
from sim.outcomes.sample import Sample, shortage_frame
from sim.plots import record, style
from sim.plots.curves import (
    Label,
    band,
    dated,
    direct_labels,
    edges,
    from_zero,
    key,
    one_line,
    place,
    share_curve,
    stretched,
)
from sim.scenario.calendar import last_day
from sim.world.params import LEVERAGE

if TYPE_CHECKING:
    from sim.outcomes.result import Result

_LEFT, _GAP, _RIGHT, _TOP = 0.75, 0.75, 0.25, 1.05
_PANEL, _BETWEEN = 1.75, 0.75
_LICENCE_COLOURS = (style.GREEN, style.ORANGE, style.PURPLE)
_SUBTITLE = "Line: median of the runs. Dark band: the middle half. Light band: 90 % of the runs."
_MOST_CROSSINGS = 2
#: Of leverage alone: left, right, above, and height; crossings named, and the room of a date.
_LEVERAGE_ROOM = (0.75, 1.75, 1.05, 3.6)
_MOST_NAMED = 3
_ROW = 0.13  # of the width of the panel that the date of a crossing takes
#: Of the allies, inches; a panel that only says why it is empty is low.
_ALLY_TOP, _JOINED, _EMPTY, _ALLY_RIGHT = 1.02, 2.5, 0.8, 1.1
_SMALL, _ALLY_GAP, _BELOW = 1.5, 0.5, 0.95
_ALLY_COLOURS = (  # those that a side has come last
    *(style.GREEN, style.PURPLE, style.ORANGE),
    *(style.SKY, style.BLUE, style.VERMILLION),
)
_A_ROW = 3
_ABBREVIATION = 3

Box = tuple[float, float, float, float]  # left, bottom, width, height, inches
Crossing = tuple[datetime.date, float, str]  # date, height, who is ahead from then on


@style.in_house_style
def trajectories(result: "Result") -> Figure:
    """Medians with 50 % and 90 % bands of both sides' rungs, of flow, shortage and leverage.

    In a dated scenario the record lies over them: events, magnet tonnage, truces.
    """
    stretch = stretch_of(result.compiled)
    notes = _notes(result) + ([record.KEY] if stretch else [])
    strip = record.strip_height(stretch.truces) if stretch else 0.0
    height, below = _TOP + 3 * _PANEL + 2 * _BETWEEN, (0.2 if strip else 0.5) + strip
    figure, foot = style.sheet(result.scenario.title, _SUBTITLE, notes, height, below)
    half = (style.WIDTH - _LEFT - _GAP - _RIGHT) / 2
    right, whole = _LEFT + half + _GAP, 2 * half + _GAP
    rows = [foot + i * (_PANEL + _BETWEEN) for i in (2, 1, 0)]
    boxes = [(left, rows[0], half, _PANEL) for left in (_LEFT, right)]
    _rungs(figure, result, boxes, stretch)
    _flow(figure, result, (_LEFT, rows[1], half, _PANEL), stretch)
    box = (right, rows[1], half, _PANEL)
    axes = style.panel(figure, box, "Felt shortage", "share")
    _both_sides(axes, result, "shortage", outer=False)
    _key_of_sides(axes, result)
    box = (_LEFT, rows[2], whole, _PANEL)
    axes = style.panel(figure, box, "Leverage in stock", "harm in 13 weeks")
    _both_sides(axes, result, "leverage")
    _key_of_sides(axes, result)
    _say_crossings(axes, crossings(result), result.scenario.sides.names)
    if stretch and stretch.truces:
        box = (_LEFT, foot - strip, whole, strip - record.STRIP_TOP)
        axes = style.panel(figure, box, "Truces of the record", "")
        end = last_day(result.compiled.start, result.horizon)
        record.truce_strip(axes, stretch.truces, stretch.start, end)
    return figure


def _notes(result: "Result") -> list[str]:
    return [
        "Rung: severity of all notches above what the truce allows that week; 0 is compliance. "
        "Licence flow: 1 is normal demand. Shortage: weighted by harm, at most 1; of its bands the "
        "dark ones alone. "
        "Leverage: harm a side could do in 13 weeks by pulling everything now.",
        *record.anchor_note(result.compiled),
        f"Bands are of each week by itself: no single run follows one.{style.term_note(result)} "
        + style.origin(result),
    ]


def _part(result: "Result", variable: str, who: str) -> pd.DataFrame:
    """The weeks of one variable of one side or lever."""
    bands = result.bands
    return bands[(bands["variable"] == variable) & (bands["who"] == who)]


def _rungs(figure: Figure, result: "Result", boxes: list[Box], stretch: Stretch | None) -> None:
    parts = [_part(result, "rung", who) for who in result.scenario.sides.ids]
    recorded = record_path(result.scenario).rungs if stretch else np.zeros((2, 0))
    top = max(*(float(part["q95"].max()) for part in parts), recorded.max(initial=0.0))
    sides = zip(result.scenario.sides, parts, boxes, recorded, strict=True)
    for side, part, box, rungs in sides:
        axes = style.panel(figure, box, f"Rung of {side.name}", "rung")
        band(axes, part, side.colour)
        if stretch:
            record.mark_rungs(axes, edges(part), rungs)
        axes.set_ylim(*from_zero(max(1.0, top)))
        record.mark_anchors(axes, result.compiled)
        dated(axes, result)
        if stretch:
            record.mark_events(axes, stretch.events[side.id])


def _flow(figure: Figure, result: "Result", box: Box, stretch: Stretch | None) -> None:
    """The licence lever with the largest harm weight with its bands, of the others the medians."""
    axes = style.panel(figure, box, "Licence flow", "of normal demand")
    flows = result.bands[result.bands["variable"] == "flow"]
    dated(axes, result)
    if flows.empty:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no licence lever", transform=axes.transAxes, ha="center", color="grey")
        return
    levers = result.compiled.params.levers["harm_weight"]
    weights = dict(zip(result.compiled.levers, levers.tolist(), strict=True))
    names = list(dict.fromkeys(flows["who"]))
    main = max(names, key=lambda name: weights[name])
    names.sort(key=lambda name: name != main)
    entries = list(zip(names, _LICENCE_COLOURS, strict=False))
    for name, colour in entries:
        frame = flows[flows["who"] == name]
        if name == main:
            band(axes, frame, colour)
        else:
            medians = stretched(frame["q50"])
            look: style.Look = {"where": "post", "linewidth": 1.4, "linestyle": "--"}
            axes.step(edges(frame), medians, color=colour, **look)
    axes.set_ylim(*from_zero(max(1.0, float(flows["q95"].max()))))
    if stretch and main == MAGNET_LEVER:
        record.mark_flow(axes, stretch.months)
        entries.append(("record", style.BLACK))
    key(axes, entries)


def _both_sides(axes: Axes, result: "Result", variable: str, outer: bool = True) -> None:
    """The bands of a variable that both sides have, from 0."""
    for who, colour in result.scenario.sides.colours.items():
        band(axes, _part(result, variable, who), colour, outer)
    axes.set_ylim(*from_zero(max(0.1, axes.get_ylim()[1])))
    dated(axes, result)


def _key_of_sides(axes: Axes, result: "Result") -> None:
    key(axes, [(side.plain, side.colour) for side in result.scenario.sides])


def crossings(result: "Result") -> list[Crossing]:
    """Weeks from which the other side's median leverage is the larger: (date, height, who).

    Differences within a bin of the histograms, the wider of the two sides', are none.
    """
    ids = result.scenario.sides.ids
    us, cn = (_part(result, "leverage", who) for who in ids)
    points = []
    last = 0.0
    for week, sign in enumerate(_ahead(result)):
        if last and sign and sign != last:
            height = float(max(us["q50"].iloc[week], cn["q50"].iloc[week]))
            points.append((us["date"].iloc[week].date(), height, ids[0] if sign > 0 else ids[1]))
        last = sign or last
    return points


def _crossing_text(day: datetime.date, name: str) -> str:
    return f"{name} ahead from {day.day} {day:%b %Y}"


def _say_crossings(axes: Axes, points: list[Crossing], names: dict[str, str]) -> None:
    """Marks where the medians cross, and says so beside the panel's title."""
    for day, height, _ in points:
        axes.plot([place(day)], [height], "o", color=style.BLACK, markersize=5)
    words = [_crossing_text(day, names[who]) for day, _, who in points]
    text = "● " + ", ".join(words) if words else "the medians do not cross"
    if len(words) > _MOST_CROSSINGS:
        text = f"● {len(words)} crossings, the last: {words[-1]}"
    style.note(axes, text, (0.0, 1.0), (118, 7), style.OF_AXES)


def _ahead(result: "Result") -> list[float]:
    """By week 1 where the first side's median leverage is the larger, -1 the second's, else 0."""
    bands = result.compiled.params.bands
    us, cn = (_part(result, "leverage", who)["q50"] for who in result.scenario.sides.ids)
    gap = us.to_numpy() - cn.to_numpy()
    width = float((1 / bands["scale"][bands["quantity"] == LEVERAGE]).max())
    return [float(sign) for sign in np.where(np.abs(gap) > width, np.sign(gap), 0.0)]


def _who_holds_more(result: "Result", points: list[Crossing]) -> str:
    """Who holds more leverage, and from when, for the subtitle."""
    names = result.scenario.sides.names
    if not points:
        ahead = sum(_ahead(result))
        ids = result.scenario.sides.ids
        who = names[ids[0] if ahead > 0 else ids[1]] if ahead else "neither"
        return f"{who}, the medians do not cross"
    words = [_crossing_text(day, names[who]) for day, _, who in points[-_MOST_NAMED:]]
    more = f"{len(points)} crossings of the medians, the last: "
    return (more if len(points) > _MOST_NAMED else "") + ", ".join(words)


@style.in_house_style
def leverage(result: "Result") -> Figure:
    """Medians with 50 % and 90 % bands, and the dates from which the other side's is larger."""
    points, sides = crossings(result), result.scenario.sides
    dots = " Dots: crossings of the medians." if points else ""
    notes = [
        "Leverage: harm that a side could do in 13 weeks by pulling everything it holds now, net "
        "of the stocks the other has laid in. Line: median of the runs. "
        "Dark band: the middle half. "
        f"Light band: 90 % of the runs.{dots}{style.term_note(result)}",
        style.origin(result),
    ]
    title = result.scenario.title
    subtitle = f"Who holds more leverage: {_who_holds_more(result, points)}"
    unit = "leverage: harm in 13 weeks"
    figure, axes = style.chart(title, subtitle, notes, _LEVERAGE_ROOM, unit)
    _both_sides(axes, result, "leverage")
    labels: list[Label] = []
    for side in sides:
        median = float(_part(result, "leverage", side.id)["q50"].iloc[-1])
        labels.append((median, f"{side.plain}  {median:.2f}", side.colour, 10.5))
    direct_labels(axes, labels)
    low, high = axes.get_xlim()
    named = low - high
    for day, height, who in points:
        at = place(day)
        axes.axvline(at, color=style.BLACK, linewidth=0.8, linestyle=(0, (1, 2)))
        axes.plot([at], [height], "o", color=style.BLACK, markersize=5)
        if at - named >= _ROW * (high - low):  # there is room for its date above the panel
            named = at
            place_named = min(max(at, low + 0.05 * (high - low)), high), 1.0
            text, colour = f"{day.day} {day:%b %Y}", sides.colours[who]
            style.note(axes, text, place_named, (0, 4), style.ABOVE, colour, ha="center")
    return figure


@style.in_house_style
def allies(result: "Result") -> Figure:
    """Share of runs in which each ally has joined by a week; below, its shortage."""
    sample = result.sample
    names = result.compiled.allies if sample is not None else ()
    panel = _JOINED if with_levers(result.compiled) else _EMPTY
    small = -(-len(names) // _A_ROW) * (_SMALL + _BELOW)
    subtitle = "When the allies align, and how short of supply they are"
    title, height = result.scenario.title, _ALLY_TOP + panel + small
    figure, foot = style.sheet(title, subtitle, _ally_notes(result), height, 0.55)
    box = (_LEFT, foot + small, style.WIDTH - _LEFT - _ALLY_RIGHT, panel)
    _joined(style.panel(figure, box, "Has joined by then", "share of runs"), result)
    if sample is not None and names:
        _shortages(figure, result, sample, foot)
    return figure


def _ally_notes(result: "Result") -> list[str]:
    notes, names = [], result.compiled.allies
    can = with_levers(result.compiled)
    if can and (others := [_ally_name(name) for m, name in enumerate(names) if m not in can]):
        notes.append(f"{', '.join(others)}: no lever of a side to align with, shortage alone.")
    if names:
        notes.append(
            "Joined: decided to align with one lever of a side; it bites after a lag. Bands: 95 % "
            f"Wilson intervals, chance alone.{style.term_note(result)}"
        )
        if result.sample is not None:
            notes.append(
                "Shortage: the larger of those that the two sides' levers on third parties cause "
                "it, 1 is all it needs. Line: median; dark band: the middle half; light band: 90 % "
                f"of the first {result.sample.runs} runs."
            )
    return [*notes, style.origin(result)]


def _joined(axes: Axes, result: "Result") -> None:
    """A curve an ally that can join."""
    if not with_levers(result.compiled):
        no_one = "this scenario has no allies"
        one_line(axes, "no ally here can join" if result.compiled.allies else no_one)
        return
    labels: list[Label] = []
    for name, rows in result.joined.groupby("ally", sort=False):
        colour = _ally_colour(result, str(name))
        share = share_curve(axes, result.compiled.start, rows, colour, before=0.0)
        labels.append((share, f"{_ally_name(str(name))}  {share:.2f}", colour, 10))
    axes.set_ylim(0, min(1.03, max(0.1, 1.15 * float(result.joined["high"].max()))))
    dated(axes, result)
    direct_labels(axes, labels, 0.08)


def _ally_colour(result: "Result", name: str) -> str:
    of_sides = result.scenario.sides.colours.values()
    free = [colour for colour in _ALLY_COLOURS if colour not in of_sides]
    return free[result.compiled.allies.index(name) % len(free)]


def _ally_name(name: str) -> str:
    """Short names are abbreviations of countries."""
    return name.upper() if len(name) <= _ABBREVIATION else name.replace("_", " ")


def _shortages(figure: Figure, result: "Result", sample: Sample, foot: float) -> None:
    """A small panel an ally, all to one scale, three in a row."""
    frame = shortage_frame(sample, result.compiled)
    top = max(0.1, float(frame["q95"].max()))
    across = (style.WIDTH - _LEFT - 0.3 - (_A_ROW - 1) * _ALLY_GAP) / _A_ROW
    rows = -(-len(result.compiled.allies) // _A_ROW)
    for index, name in enumerate(result.compiled.allies):
        row, column = divmod(index, _A_ROW)
        left = _LEFT + column * (across + _ALLY_GAP)
        box = (left, foot + (rows - 1 - row) * (_SMALL + _BELOW), across, _SMALL)
        unit = "" if column else "share of need"
        axes = style.panel(figure, box, f"Shortage: {_ally_name(name)}", unit)
        band(axes, frame[frame["ally"] == name], _ally_colour(result, name))
        axes.set_ylim(*from_zero(top))
        dated(axes, result)
