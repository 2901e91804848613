"""What a typical run looks like: rungs, licences, shortages and leverage, by date."""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.dates import date_axis, place, places
from sim.world.params import LEVERAGE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _GAP, _RIGHT, _TOP = 0.75, 0.75, 0.25, 1.05
_PANEL, _BETWEEN = 1.75, 0.75
_LICENCE_COLOURS = (style.GREEN, style.ORANGE, style.PURPLE)


def trajectories(result: "Result") -> "Figure":
    """Medians with 50 % and 90 % bands of both sides' rungs, of flow, shortage and leverage."""
    notes = _notes(result)
    foot = style.footer_height(notes) + 0.5
    figure = style.new_figure(_TOP + 3 * _PANEL + 2 * _BETWEEN + foot)
    half = (style.WIDTH - _LEFT - _GAP - _RIGHT) / 2
    right = _LEFT + half + _GAP
    rows = [foot + i * (_PANEL + _BETWEEN) for i in (2, 1, 0)]
    _rungs(figure, result, [(_LEFT, rows[0], half, _PANEL), (right, rows[0], half, _PANEL)])
    _flow(figure, result, (_LEFT, rows[1], half, _PANEL))
    _shortage(figure, result, (right, rows[1], half, _PANEL))
    _leverage(figure, result, (_LEFT, rows[2], 2 * half + _GAP, _PANEL))
    style.headings(figure, result.scenario.spec.title, _SUBTITLE)
    style.footer(figure, notes)
    return figure


_SUBTITLE = "Line: median of the runs. Dark band: the middle half. Light band: 90 % of the runs."
_DASHED = " Dashed line: the end of the first term."


def _notes(result: "Result") -> list[str]:
    dashed = _DASHED if result.term else ""
    return [
        "Rung: severity of all notches above what the truce allows that week; 0 is compliance. "
        "Licence flow: 1 is normal demand. Shortage: weighted by harm, at most 1. "
        "Leverage: harm a side could do in 13 weeks by pulling everything now.",
        f"Bands are of each week by itself: no single run follows one.{dashed} "
        + style.origin(result),
    ]


def _part(result: "Result", variable: str, who: str) -> "pd.DataFrame":
    bands = result.bands
    return bands[(bands["variable"] == variable) & (bands["who"] == who)]


def _band(axes: "Axes", frame: "pd.DataFrame", colour: str, outer: bool = True) -> None:
    """Median, middle half and (`outer`) 90 % of one variable, as steps of a week."""
    dates = _edges(frame)
    for low, high, alpha in (("q05", "q95", 0.16), ("q25", "q75", 0.3))[not outer :]:
        limits = (_stretched(frame, low), _stretched(frame, high))
        axes.fill_between(dates, *limits, step="post", color=colour, alpha=alpha, linewidth=0)
    axes.step(dates, _stretched(frame, "q50"), where="post", color=colour, linewidth=1.9)


def _edges(frame: "pd.DataFrame") -> np.ndarray:
    """Where the first days of the weeks lie, and the day after the last."""
    days = places(frame["date"].to_numpy())
    return np.append(days, days[-1] + 7)


def _stretched(frame: "pd.DataFrame", column: str) -> np.ndarray:
    """The values with the last one again, so that the last week has its width."""
    values = frame[column].to_numpy()
    return np.append(values, values[-1])


def _rungs(
    figure: "Figure", result: "Result", boxes: list[tuple[float, float, float, float]]
) -> None:
    top = max(float(_part(result, "rung", who)["q95"].max()) for who in style.SIDE_NAMES)
    for (who, name), box in zip(style.SIDE_NAMES.items(), boxes, strict=True):
        axes = style.panel(figure, box, f"Rung of {_the(name)}", "rung")
        _band(axes, _part(result, "rung", who), style.SIDE_COLOURS[who])
        axes.set_ylim(*_from_zero(max(1.0, top)))
        _dated(axes, result)


def _from_zero(top: float) -> tuple[float, float]:
    """Limits that leave room for a line at 0 and one at the top."""
    return -0.025 * top, 1.06 * top


def _the(name: str) -> str:
    return f"the {name}" if name.startswith("United") else name


def _dated(axes: "Axes", result: "Result") -> None:
    date_axis(axes, result)
    if result.term is not None:
        day = place(last_day(result.compiled.start, result.term))
        axes.axvline(day, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 3)))


def _flow(figure: "Figure", result: "Result", box: tuple[float, float, float, float]) -> None:
    axes = style.panel(figure, box, "Licence flow", "of normal demand")
    flows = result.bands[result.bands["variable"] == "flow"]
    names = list(dict.fromkeys(flows["who"]))
    _dated(axes, result)
    if not names:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no licence lever", transform=axes.transAxes, ha="center", color="grey")
        return
    main = _main_licence(result, names)
    others = [name for name in names if name != main]
    for name, colour in zip([main, *others], _LICENCE_COLOURS, strict=False):
        frame = flows[flows["who"] == name]
        if name == main:
            _band(axes, frame, colour)
        else:
            _band_line(axes, frame, colour)
    axes.set_ylim(*_from_zero(max(1.0, float(flows["q95"].max()))))
    _key(axes, list(zip([main, *others], _LICENCE_COLOURS, strict=False)))


def _main_licence(result: "Result", names: list[str]) -> str:
    """The licence lever with the largest harm weight."""
    weights = dict(
        zip(result.compiled.levers, result.compiled.params.levers["harm_weight"], strict=True)
    )
    return max(names, key=lambda name: float(weights[name]))


def _band_line(axes: "Axes", frame: "pd.DataFrame", colour: str) -> None:
    medians = _stretched(frame, "q50")
    axes.step(_edges(frame), medians, where="post", color=colour, linewidth=1.4, linestyle="--")


def _key(axes: "Axes", entries: list[tuple[str, str]]) -> None:
    """Coloured names above the panel, right of its title: never over the data."""
    offset = 0.0
    for name, colour in reversed(entries):
        label = name.split(".")[-1].replace("_", " ")
        axes.annotate(
            label,
            (1.0, 1.0),
            (-offset, 7),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            color=colour,
            fontsize=9,
        )
        offset += 4.6 * len(label) + 10


def _shortage(figure: "Figure", result: "Result", box: tuple[float, float, float, float]) -> None:
    axes = style.panel(figure, box, "Felt shortage", "share")
    for who, colour in style.SIDE_COLOURS.items():
        _band(axes, _part(result, "shortage", who), colour, outer=False)
    axes.set_ylim(*_from_zero(max(0.1, axes.get_ylim()[1])))
    _dated(axes, result)
    _key(axes, _sides())


def _sides() -> list[tuple[str, str]]:
    return [(name, style.SIDE_COLOURS[who]) for who, name in style.SIDE_NAMES.items()]


def _leverage(figure: "Figure", result: "Result", box: tuple[float, float, float, float]) -> None:
    axes = style.panel(figure, box, "Leverage in stock", "harm in 13 weeks")
    for who, colour in style.SIDE_COLOURS.items():
        _band(axes, _part(result, "leverage", who), colour)
    axes.set_ylim(*_from_zero(max(0.1, axes.get_ylim()[1])))
    _dated(axes, result)
    _key(axes, _sides())
    _crossings(axes, result)


def crossings(result: "Result") -> list[tuple[datetime.date, float, str]]:
    """Weeks from which the other side's median leverage is the larger: (date, height, who).

    Differences within a bin of the histograms are none.
    """
    us, cn = (_part(result, "leverage", who) for who in ("us", "cn"))
    gap = us["q50"].to_numpy() - cn["q50"].to_numpy()
    ahead = np.where(np.abs(gap) > _leverage_bin(result), np.sign(gap), 0.0)
    found = []
    last = 0.0
    for week, sign in enumerate(ahead.tolist()):
        if last and sign and sign != last:
            height = float(max(us["q50"].iloc[week], cn["q50"].iloc[week]))
            found.append((us["date"].iloc[week].date(), height, "us" if sign > 0 else "cn"))
        last = sign or last
    return found


def _leverage_bin(result: "Result") -> float:
    """Width of the wider of the two sides' bins of leverage."""
    bands = result.compiled.params.bands
    return float((1 / bands["scale"][bands["quantity"] == LEVERAGE]).max())


def _crossings(axes: "Axes", result: "Result") -> None:
    """Marks where the medians cross, and says so beside the panel's title."""
    found = crossings(result)
    for day, height, _ in found:
        axes.plot([place(day)], [height], "o", color=style.BLACK, markersize=5)
    words = [_crossing_text(day, who) for day, _, who in found[:_MOST_CROSSINGS]]
    if len(found) > _MOST_CROSSINGS:
        words = [f"{len(found)} crossings, the last: {_crossing_text(found[-1][0], found[-1][2])}"]
    text = "● " + ", ".join(words) if words else "the medians do not cross"
    axes.annotate(
        text,
        (0.0, 1.0),
        (118, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        color=style.GREY,
        fontsize=9,
    )


_MOST_CROSSINGS = 2


def _crossing_text(day: datetime.date, who: str) -> str:
    return f"{style.SIDE_NAMES[who]} ahead from {day.day} {day:%b %Y}"
