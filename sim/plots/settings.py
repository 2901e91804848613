"""What is not known of the settings: the headline over plausible ones, and what pulls it."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.errors import ResultError
from sim.outcomes.decomposition import COMMON, Pull
from sim.outcomes.definitions import date_text
from sim.outcomes.lead import range_words
from sim.plots import style
from sim.report.content import plain_text
from sim.report.numbers import hundredths, shift_text
from sim.scenario.calendar import last_day
from sim.scenario.registry import entry_in
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.outcomes.spread import Spread

_LEFT, _WIDE, _TOP, _PANEL = 0.75, 4.6, 1.15, 3.7
_ALONE = 7.6  # inches of the histogram where no range pulls
_DOTS_LEFT, _DOTS_WIDE, _DOTS_TALL = 6.2, 2.35, 0.78
_LONGEST, _LONGEST_MEANING = 44, 48  # characters of a path and what it means, which may begin left
#: A share at an edge belongs above it, however it was rounded.
_BINS = [*(step / 20 - 1e-9 for step in range(20)), 1.0]
_ROOM = 1.28  # of the tallest bar: the bracket and its words stand above


class _Row(NamedTuple):
    """What the picture reads of a result that has it."""

    name: str
    spread: "Spread"
    shares: Sequence[float]
    over: Mapping[str, float]
    here: float
    day: str  # to which it holds


@style.in_house_style
def settings(result: "Result") -> Figure:
    """How many plausible settings give which share; and the share by what pulls it most.

    Raises ResultError where the result lacks them.
    """
    row = _read(result)
    subtitle = (
        "What is not known of the settings: nine in ten plausible ones give "
        f"{range_words(row.over)}"
    )
    title, notes = result.scenario.title, _notes(result, row)
    figure, foot = style.sheet(title, subtitle, notes, _TOP + _PANEL, 0.6)
    pulled = row.spread.pulls.get(row.name, ())
    box = (_LEFT, foot, _WIDE if pulled else _ALONE, _PANEL)
    _histogram(
        style.panel(figure, box, "How many plausible settings give which share", "settings"), row
    )
    for place, pull in enumerate(pulled):
        up = foot + _PANEL - _DOTS_TALL - place * (_PANEL - _DOTS_TALL) / 2
        box = (_DOTS_LEFT, up, _DOTS_WIDE, _DOTS_TALL)
        axes = style.panel(figure, box, "", "")
        _dots(axes, row, pull)
        meaning = _meaning(result, pull.path)
        axes.set_xlabel(meaning, loc="right", fontsize=7.5, labelpad=2)
    return figure


def _meaning(result: "Result", path: str) -> str:
    """What a setting is, without what stands in brackets or behind a semicolon; "" if unknown."""
    entry = entry_in(result.scenario.spec, path)
    text = "" if entry is None else re.split(r" \(|;", plain_text(entry.meaning))[0]
    return textwrap.shorten(text, _LONGEST_MEANING, placeholder=" ...")


def _read(result: "Result") -> _Row:
    name, spread = result.headline, result.spread
    here, over = result.at(name), None if spread is None else spread.of(name)
    if spread is None or here is None or over is None or not spread.shares:
        raise ResultError("the result does not hold its plausible settings")
    day = date_text(last_day(result.compiled.start, result.headline_week))
    return _Row(name, spread, spread.shares[name], over, here.p, day)


def _notes(result: "Result", row: _Row) -> list[str]:
    over = row.spread
    luck = "common random numbers" if over.luck == COMMON else "random numbers of their own"
    judged = f", {over.judged} of them general ones of the program, by judgement" * (
        over.judged > 0
    )
    notes = [
        f"{row.name}: {result.definition(row.name)}.",
        f"Plausible settings: {over.points} draws of {over.ranges} ranges together{judged} (Latin "
        f"hypercube, seed {result.seed}); {over.runs} runs of each, {luck}: chance moves the share "
        f"of one by {shift_text(over.chance)} at most. Bracket: 5th to 95th percentile and median.",
    ]
    if over.pulls.get(row.name):
        notes.append(
            "Right: that share by the value of what pulls it farthest off these settings, a dot a "
            "draw, all ranges at once. Dashed: these settings."
        )
    return [*notes, style.origin(result)]


def _histogram(axes: Axes, row: _Row) -> None:
    colour = style.PALETTE[outcome_of(row.name).colour]
    counts, _, _ = axes.hist(row.shares, _BINS, color=colour, edgecolor="white", linewidth=0.8)
    top = float(np.max(counts))
    axes.set_ylim(0, _ROOM * top)
    axes.set_xlim(0, 1)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel(f"share of runs in which {outcome_of(row.name).says} (to {row.day})")
    low, median, high = (row.over[name] for name in ("q05", "q50", "q95"))
    height = 1.07 * top
    axes.plot([low, high], [height] * 2, color=style.INK, linewidth=1.4)
    axes.plot([low, median, high], [height] * 3, "|", color=style.INK, markersize=9)
    at: style.Look = {"colour": style.INK, "ha": "center", "va": "bottom"}
    for value in dict.fromkeys((low, median, high)):
        style.note(axes, hundredths(value), (value, height), (0, 6), **at)
    axes.axvline(row.here, color=style.BLACK, linestyle=style.DASHED, linewidth=1.1)
    right = row.here < 0.5
    words = f"these settings: {hundredths(row.here)}"
    at |= {"ha": "left" if right else "right", "va": "top", "of": style.ABOVE}
    style.note(axes, words, (row.here, 1.0), (5 if right else -5, 1), **at)


def _dots(axes: Axes, row: _Row, pull: Pull) -> None:
    colour = style.PALETTE[outcome_of(row.name).colour]
    name = pull.path if len(pull.path) <= _LONGEST else f"... {pull.path[4 - _LONGEST :]}"
    axes.set_title(name, loc="right", fontsize=8.5, fontweight="bold", pad=4, y=1.0)
    axes.plot(row.spread.drawn[pull.path], row.shares, ".", color=colour, markersize=3, alpha=0.7)
    axes.axvline(pull.value, color=style.BLACK, linestyle=style.DASHED, linewidth=1.0)
    axes.set_ylim(-0.04, 1.04)
    axes.set_yticks([0, 0.5, 1])
    axes.tick_params(labelsize=8)
