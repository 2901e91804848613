"""How it ends: what began the dispute, what would have kept it, and what counts as broken."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.bands import phrase
from sim.outcomes.butfor import channel_text
from sim.outcomes.definitions import K_VALUES, date_text
from sim.outcomes.page import rung_words
from sim.plots import style
from sim.plots.curves import dated, one_line, place, spread_between, week_ends
from sim.scenario.calendar import last_day
from sim.scenario.sides import Sides

if TYPE_CHECKING:
    from sim.outcomes.result import Result

_LEFT, _WIDE, _TOP, _PANEL = 0.65, 3.15, 1.02, 3.6
_BARS_LEFT, _BARS_WIDE = 6.25, 2.4
_MOST_CAUSES, _MOST_CHANNELS = 6, 6
_LABEL_COLUMNS, _CHANNEL_COLUMNS = 34, 42
_LEAST_NAMED = 0.005  # of the runs
_APART = 0.092  # of the axis: two lines of a label
_COLOURS = {
    "overdue": style.ORANGE,
    "slow_licences": style.GREEN,
    "slip": style.BLUE,
    "misread": style.PURPLE,
    "shock": style.VERMILLION,
    "policy": style.SKY,
    "lapse": "#F0E442",
    "act": style.BLACK,
}
_LEADER = {"arrowstyle": "-", "linewidth": 1.8, "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 0}
#: Of the definition: left, right, above, and height; that of a panel that says why it is empty.
_ROOM, _EMPTY = (0.75, 2.0, 0.95, 2.7), 0.8
_MARKS = "osD^vP*X"
_ASIDE = 0.27  # of a week: lines stand side by side, so that none covers another
#: The axis is cut where the lowest share, with some room, lies above this (judgement).
_CUT_FROM = 0.3
_LEAST_SPAN = 0.05
_CLOSE = 0.055  # of the axis: the names of two lines


class _End(NamedTuple):
    """Where a line of the definition ends, what it is called, and how it is drawn."""

    x: float
    p: float
    words: str
    colour: str
    mark: str


@style.in_house_style
def endings(result: "Result") -> Figure:
    """Cumulative triggers by cause and side, stacked; but-for differences as bars beside them."""
    title, reason = result.scenario.title, result.reason("standing")
    figure, foot = style.sheet(title, _subtitle(result), _notes(result), _TOP + _PANEL, 0.55)
    box = (_LEFT, foot, _WIDE, _PANEL)
    left = style.panel(figure, box, "What began the dispute", "share of runs in dispute")
    if reason:
        one_line(left, f"standing is not defined:\n{reason}")
    else:
        _stack(left, result)
    box = (_BARS_LEFT, foot, _BARS_WIDE, _PANEL)
    _bars(style.panel(figure, box, "What would have kept it", ""), result)
    return figure


def _subtitle(result: "Result") -> str:
    if result.reason("standing"):
        return "How it ends: there is no truce that could break down"
    estimates = [result.at(name, result.horizon) for name in ("undisputed", "standing")]
    dispute, over = (1 - estimate.p if estimate else 0.0 for estimate in estimates)
    day = date_text(last_day(result.compiled.start, result.horizon))
    return f"By {day}, {dispute:.2f} of the runs have come to a dispute, {over:.2f} no longer stand"


def _notes(result: "Result") -> list[str]:
    notes = [f"clean: {result.definition('clean')}."]
    if not result.reason("standing"):
        notes = [
            *(f"{name}: {result.definition(name)}." for name in ("undisputed", "standing")),
            "A trigger is the origin of what began a dispute: of a core lever, "
            "or the earlier one of the violations behind it. "
            f"Hatched: of {result.scenario.sides.second.name}.{style.term_note(result)}",
        ]
    frame = result.but_for
    if frame is not None and len(frame):
        rest = frame["difference"].iloc[_MOST_CHANNELS:].abs()
        more = f" {len(rest)} more change it by at most {rest.max():.3f}." if len(rest) else ""
        notes.append(
            f"Bars: how much more often {result.headline} holds at week {frame['week'].iloc[0]} "
            "with common random numbers and one channel off; lines: 95 % paired intervals "
            f"(n = {frame['n'].iloc[0]:,}). Bars overlap: they do not add up.{more}"
        )
    return [*notes, style.origin(result)]


def _stack(axes: Axes, result: "Result") -> None:
    """Areas of the commonest causes, the others together, what is undisputed left white.

    Names stand right of the areas, each with a line to the middle of its own.
    """
    axes.set_ylim(0, 1)
    dated(axes, result)
    dates = np.append(place(result.compiled.start), week_ends(result.survival("clean")))
    below = np.zeros(len(dates))
    names = []
    for text, colour, hatch, share in _parts(result.causes_by_week, result.scenario.sides):
        above = below + np.append(0.0, share)
        look: style.Look = {"facecolor": colour, "hatch": hatch, "edgecolor": "white"}
        axes.fill_between(dates, below, above, linewidth=0.5, **look)
        if share[-1] >= _LEAST_NAMED:
            middle = float(below[-1] + above[-1]) / 2
            names.append((middle, f"{share[-1]:.2f}  {text}", colour))
        below = above
    names.append((float(1 + below[-1]) / 2, f"{1 - below[-1]:.2f}  no dispute", style.LIGHT))
    placed = spread_between([height for height, *_ in names], _APART, 0.98)
    for (height, text, colour), at in zip(names, placed, strict=True):
        axes.annotate(
            textwrap.fill(text, _LABEL_COLUMNS, subsequent_indent=" " * 8),
            (1.0, height),
            xytext=(1.07, at),
            xycoords="axes fraction",
            textcoords="axes fraction",
            arrowprops=_LEADER | {"color": colour},
            va="center",
            fontsize=8.5,
            color=style.INK,
        )


def _parts(frame: pd.DataFrame, sides: Sides) -> list[tuple[str, str, str, np.ndarray]]:
    """Name, colour, hatch and share by week of the commonest causes by side, then all others."""
    pairs = list(frame[["cause", "who"]].drop_duplicates().itertuples(index=False, name=None))
    parts = []
    for cause, who in pairs[:_MOST_CAUSES]:
        rows = frame[(frame["cause"] == cause) & (frame["who"] == who)]
        hatch = "////" if who == sides.ids[1] else ""
        parts.append((phrase(cause, who, "", sides), _COLOURS[cause], hatch, rows["p"].to_numpy()))
    if len(pairs) > _MOST_CAUSES:
        rest = frame[~frame[["cause", "who"]].apply(tuple, axis=1).isin(pairs[:_MOST_CAUSES])]
        parts.append(("others", style.LIGHT, "", rest.groupby("week")["p"].sum().to_numpy()))
    return parts


def _bars(axes: Axes, result: "Result") -> None:
    """A bar a channel, the largest gain first, its name above it."""
    frame = result.but_for
    if frame is None or not len(frame):
        one_line(axes, "no channel is on" if frame is not None else "but-for shares not asked for")
        return
    shown = frame.head(_MOST_CHANNELS)
    rows = np.arange(len(shown))
    change, low, high = (shown[name].to_numpy() for name in ("difference", "low", "high"))
    axes.barh(rows, change, height=0.3, color=style.SKY)
    off = [change - low, high - change]
    axes.errorbar(change, rows, xerr=off, fmt="none", ecolor=style.INK, capsize=3)
    span = max(0.02, float(high.max()), float(-low.min()))
    axes.set_xlim(min(0.0, 1.2 * float(low.min())), 1.1 * span)
    for row, (channel, value) in enumerate(zip(shown["channel"], change, strict=True)):
        _name_bar(axes, row, str(channel), float(value))
    axes.set_ylim(max(4, len(shown)) - 0.6, -0.75)
    axes.set_yticks([])
    axes.axvline(0, color=style.GREY, linewidth=1)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(f"change in the share with {result.headline}")


def _name_bar(axes: Axes, row: int, channel: str, value: float) -> None:
    """A channel's name and number above its bar, from the left edge; between them what it is."""
    name, _, meaning = channel_text(channel).partition(" (")
    name = textwrap.shorten(name, _CHANNEL_COLUMNS - 8, placeholder=" ...")
    at, box = (axes.get_xlim()[0], row - 0.16), {"facecolor": "white", "edgecolor": "none"}
    for text, up, size, colour in (
        (f"{name}  {value:+.3f}", 14 if meaning else 3, 9, style.INK),
        (meaning.rstrip(")"), 3, 8, style.GREY),
    ):
        look: style.Look = {"va": "bottom", "bbox": box | {"pad": 0.3}}
        style.note(axes, text, at, (2, up), colour=colour, size=size, **look)


@style.in_house_style
def definition(result: "Result") -> Figure:
    """Share of runs in which the truce stands to the term's end, by rung of rupture and K."""
    reason = result.reason("standing")
    title, subtitle = result.scenario.title, "How much the definition of a breakdown matters"
    room, unit = (*_ROOM[:3], _EMPTY if reason else _ROOM[3]), "share of runs standing"
    notes = [] if reason else _definition_notes(result)
    notes.append(style.origin(result))
    figure, axes = style.chart(title, subtitle, notes, room, unit, 0.7)
    if reason:
        one_line(axes, f"standing is not defined: {reason}")
    else:
        _by_definition(axes, result)
    return figure


def _definition_notes(result: "Result") -> list[str]:
    day = last_day(result.compiled.start, result.headline_week)
    return [
        f"standing, as defined here: {result.definition('standing')}.",
        f"To the end of week {result.headline_week}, {date_text(day)}. A line for each rung "
        "that both sides must reach; K: for how many weeks in a row. Any violation: as for "
        "undisputed, which also ends when one side violates for very long. The other ends of the "
        "truce stay as they are. Numbers above: of the rung as defined. Bars: 95 % Wilson "
        "intervals, chance alone.",
    ]


def _by_definition(axes: Axes, result: "Result") -> None:
    """A line over K for each rung of rupture; the scenario's own is thick.

    Its shares stand in a row above the panel, where no line runs.
    """
    own = int(result.rules["breakdown_after"])
    axes.axvspan(own - 0.4, own + 0.4, color=style.LIGHT, alpha=0.5, linewidth=0)
    table = result.k_table[result.k_table["week"] == result.headline_week]
    ends: list[_End] = []
    steps = np.linspace(-_ASIDE, _ASIDE, len(result.thresholds)).tolist()
    for number, rung in enumerate(result.thresholds):
        rows = table[table["rupture_rung"] == rung]
        here = rung == result.rules["rupture_rung"]
        colour = style.BLUE if here else style.GREY
        x, p = rows["breakdown_after"], rows["p"]
        off = [p - rows["low"], rows["high"] - p]
        look: style.Look = {"color": colour, "markersize": 5, "capsize": 2}
        mark, width = f"{_MARKS[number % len(_MARKS)]}-", 2.4 if here else 0.9
        axes.errorbar(x + steps[number], p, off, fmt=mark, linewidth=width, **look)
        for k, share in zip(x, p, strict=True) if here else ():
            text, at = f"{share:.2f}", (k, 1.0)
            style.note(axes, text, at, (0, 5), style.ABOVE, colour, 8.5, ha="center")
        words = rung_words(rung).replace(" or above", "")
        words += ", as defined" if here else ""
        last = float(x.iloc[-1]) + steps[number], float(p.iloc[-1])
        ends.append(_End(*last, words, colour, mark[0]))
    low, high = limits(float(table["low"].min()), float(table["high"].max()))
    axes.set_ylim(low, high)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= min(1.0, high)])
    if low > 0:
        axes.set_ylabel("share of runs standing (axis cut)")
    axes.set_xlim(0.5, 6.5)
    axes.set_xticks(list(K_VALUES), [f"{k}\nas defined" if k == own else str(k) for k in K_VALUES])
    axes.set_xlabel("K, weeks in a row of both sides")
    _name_lines(axes, ends)


def _name_lines(axes: Axes, ends: Sequence[_End]) -> None:
    """At the right each line's mark and name, and a thin line to where it ends."""
    bottom, top = axes.get_ylim()
    heights = spread_between(
        [end.p - bottom for end in ends], _CLOSE * (top - bottom), top - bottom
    )
    beside = axes.get_yaxis_transform()
    for height, (x, p, words, colour, mark) in zip(heights, ends, strict=True):
        at = (1.03, bottom + height)
        line: style.Look = {"arrowstyle": "-", "color": colour, "linewidth": 0.5, "shrinkB": 4}
        axes.annotate("", (x, p), at, textcoords=beside, arrowprops=line)
        look: style.Look = {"color": colour, "markersize": 5, "clip_on": False}
        axes.plot(*at, mark, transform=beside, **look)
        style.note(axes, words, at, (8, 0), style.BESIDE, colour, 9.0, va="center")


def limits(low: float, high: float) -> tuple[float, float]:
    """Ends of an axis for shares between `low` and `high`.

    It begins at 0, unless most of it would then be empty.
    """
    span = max(high - low, _LEAST_SPAN)
    bottom = low - 0.2 * span
    if bottom < _CUT_FROM:
        return -0.14, 1.12
    return bottom, high + 0.15 * span
