"""How it ends: what began the dispute, week by week, and what would have kept it standing."""

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.butfor import channel_text
from sim.outcomes.calendar import date_text, last_day
from sim.outcomes.triggers import phrase
from sim.plots import style
from sim.plots.bands import dated
from sim.plots.dates import place
from sim.plots.labels import one_line, spread_between, week_ends
from sim.scenario.sides import Sides

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
_OTHERS = "others"

Stretch = tuple[str, str, str, np.ndarray]  # label, colour, hatch, share by week


@style.in_house_style
def endings(result: "Result") -> "Figure":
    """Cumulative triggers by cause and side, stacked; but-for differences as bars beside them."""
    title = result.scenario.title
    figure, foot = style.sheet(title, _subtitle(result), _notes(result), _TOP + _PANEL, 0.55)
    box = (_LEFT, foot, _WIDE, _PANEL)
    left = style.panel(figure, box, "What began the dispute", "share of runs in dispute")
    if result.reason("standing"):
        one_line(left, f"standing is not defined:\n{result.reason('standing')}")
    else:
        _stack(left, result)
    box = (_BARS_LEFT, foot, _BARS_WIDE, _PANEL)
    _bars(style.panel(figure, box, "What would have kept it", ""), result)
    return figure


def _subtitle(result: "Result") -> str:
    if result.reason("standing"):
        return "How it ends: there is no truce that could break down"
    ended = {}
    for name in ("undisputed", "standing"):
        estimate = result.at(name, result.horizon)
        ended[name] = 1 - estimate.p if estimate else 0.0
    day = last_day(result.compiled.start, result.horizon)
    text = f"By {date_text(day)}, {ended['undisputed']:.2f} of the runs have come to a dispute"
    return f"{text}, {ended['standing']:.2f} no longer stand"


def _notes(result: "Result") -> list[str]:
    reason = result.reason("standing")
    notes = [f"clean: {result.definition('clean')}."]
    if not reason:
        notes = [f"{name}: {result.definition(name)}." for name in ("undisputed", "standing")]
    if not reason:
        notes.append(
            "A trigger is the origin of what began a dispute: of a core lever, "
            "or the earlier one of the violations behind it. "
            f"Hatched: of {result.scenario.sides.second.name}.{style.term_note(result)}"
        )
    frame = result.but_for
    if frame is not None and len(frame):
        notes.append(
            f"Bars: how much more often {result.headline} holds at week {frame['week'].iloc[0]} "
            "with common random numbers and one channel off; lines: 95 % paired intervals "
            f"(n = {frame['n'].iloc[0]:,}). Bars overlap: they do not add up.{_left_out(frame)}"
        )
    return [*notes, style.origin(result)]


def _left_out(frame: "pd.DataFrame") -> str:
    """How much the channels change that have no bar."""
    rest = frame["difference"].iloc[_MOST_CHANNELS:].abs()
    return f" {len(rest)} more change it by at most {rest.max():.3f}." if len(rest) else ""


def _stack(axes: "Axes", result: "Result") -> None:
    """Areas of the commonest causes, the others together, what is undisputed left white."""
    parts = _parts(result.causes_by_week, result.scenario.sides)
    axes.set_ylim(0, 1)
    dated(axes, result)
    dates = np.append(place(result.compiled.start), week_ends(result.survival("clean")))
    below = np.zeros(len(dates))
    heights, labels = [], []
    for text, colour, hatch, share in parts:
        above = below + np.append(0.0, share)
        axes.fill_between(
            dates, below, above, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.5
        )
        if share[-1] >= _LEAST_NAMED:
            heights.append(float(below[-1] + above[-1]) / 2)
            labels.append((f"{share[-1]:.2f}  {text}", colour))
        below = above
    heights.append(float(1 + below[-1]) / 2)
    labels.append((f"{1 - below[-1]:.2f}  no dispute", style.LIGHT))
    _name(axes, heights, labels)


def _parts(frame: "pd.DataFrame", sides: Sides) -> list[Stretch]:
    """The commonest causes by side, then all others."""
    pairs = list(frame[["cause", "who"]].drop_duplicates().itertuples(index=False, name=None))
    parts = []
    for cause, who in pairs[:_MOST_CAUSES]:
        rows = frame[(frame["cause"] == cause) & (frame["who"] == who)]
        hatch = "////" if who == sides.ids[1] else ""
        parts.append((phrase(cause, who, "", sides), _COLOURS[cause], hatch, rows["p"].to_numpy()))
    if len(pairs) > _MOST_CAUSES:
        rest = frame[~frame[["cause", "who"]].apply(tuple, axis=1).isin(pairs[:_MOST_CAUSES])]
        parts.append((_OTHERS, style.LIGHT, "", rest.groupby("week")["p"].sum().to_numpy()))
    return parts


def _name(axes: "Axes", heights: list[float], labels: list[tuple[str, str]]) -> None:
    """Names right of the areas, each with a line to the middle of its own."""
    placed = spread_between(heights, _APART, 0.98)
    for height, at, (text, colour) in zip(heights, placed, labels, strict=True):
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


_LEADER = {"arrowstyle": "-", "linewidth": 1.8, "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 0}


def _bars(axes: "Axes", result: "Result") -> None:
    """A bar a channel, the largest gain first, its name above it."""
    frame = result.but_for
    if frame is None or not len(frame):
        one_line(axes, "no channel is on" if frame is not None else "but-for shares not asked for")
        return
    rows_shown = frame.head(_MOST_CHANNELS)
    rows = np.arange(len(rows_shown))
    change, low, high = (rows_shown[name].to_numpy() for name in ("difference", "low", "high"))
    axes.barh(rows, change, height=0.3, color=style.SKY)
    axes.errorbar(
        change, rows, xerr=[change - low, high - change], fmt="none", ecolor=style.INK, capsize=3
    )
    span = max(0.02, float(high.max()), float(-low.min()))
    axes.set_xlim(min(0.0, 1.2 * float(low.min())), 1.1 * span)
    for row, (channel, value) in enumerate(zip(rows_shown["channel"], change, strict=True)):
        _name_bar(axes, row, str(channel), float(value))
    axes.set_ylim(max(4, len(rows_shown)) - 0.6, -0.75)
    axes.set_yticks([])
    axes.axvline(0, color=style.GREY, linewidth=1)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(f"change in the share with {result.headline}", fontsize=9, color=style.GREY)


def _name_bar(axes: "Axes", row: int, channel: str, value: float) -> None:
    """A channel's name and number above its bar, from the left edge; between them what it is."""
    name, _, meaning = channel_text(channel).partition(" (")
    name = textwrap.shorten(name, _CHANNEL_COLUMNS - 8, placeholder=" ...")
    height = 14 if meaning else 3
    for text, up, size, colour in (
        (f"{name}  {value:+.3f}", height, 9, style.INK),
        (meaning.rstrip(")"), 3, 8, style.GREY),
    ):
        style.note(
            axes,
            text,
            (axes.get_xlim()[0], row - 0.16),
            (2, up),
            colour=colour,
            size=size,
            va="bottom",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3},
        )
