"""Two scenarios side by side: both survival curves, and below them the difference."""

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day, week_dates
from sim.plots import style
from sim.plots.dates import place, places, span_axis
from sim.plots.labels import direct_labels, mark_day
from sim.report.numbers import hundredths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.changes import Band, Curve
    from sim.studies.pair import Captions
    from sim.studies.pairs import Comparison

_COLOURS = style.BLUE, style.VERMILLION
_LEFT, _RIGHT, _TOP, _UPPER, _LOWER, _GAP = 0.75, 1.55, 1.15, 2.7, 1.6, 0.85
_LONGEST = 88  # characters of what B is
_LABEL = 17  # characters of a line at the end of a curve


@style.in_house_style
def comparison_figure(comparison: "Comparison", title: str, captions: "Captions") -> "Figure":
    """The first outcome in both, with 95 % bands, by date; below, B - A with its band."""
    curve = comparison.curves[0]
    subtitle = f"A: {captions.names[0]}     B: {_short(captions.names[1])}"
    height = _TOP + _UPPER + _GAP + _LOWER
    figure, foot = style.sheet(title, subtitle, _notes(comparison, curve, captions), height)
    width = style.WIDTH - _LEFT - _RIGHT
    upper_at = foot + _LOWER + _GAP
    upper = style.panel(
        figure, (_LEFT, upper_at, width, _UPPER), "", f"{curve.outcome}: share of runs"
    )
    lower = style.panel(figure, (_LEFT, foot, width, _LOWER), "", "difference, B - A")
    for axes in (upper, lower):
        start = comparison.first.start
        span_axis(axes, start, last_day(start, comparison.horizon))
    upper.set_ylim(0, 1.03)
    bands = (curve.first, curve.second)
    for band, colour in zip(bands, _COLOURS, strict=True):
        _draw(upper, comparison, band, 1.0, colour)
    _draw(lower, comparison, curve.difference, 0.0, style.BLACK)
    lower.axhline(0, color=style.GREY, linewidth=0.8)
    last = [band[0][-1] for band in bands]
    direct_labels(
        upper,
        [
            (p, _label(f"{label}  {hundredths(p)}  {name}"), colour, 9.0)
            for p, label, name, colour in zip(last, "AB", captions.labels, _COLOURS, strict=True)
        ],
        0.24,
    )
    _mark(upper, lower, comparison)
    return figure


def _label(text: str) -> str:
    """What a curve is called, in the lines that the margin has room for."""
    return fill(text, _LABEL, break_long_words=True, break_on_hyphens=True)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."


def _draw(axes: "Axes", comparison: "Comparison", band: "Band", before: float, colour: str) -> None:
    """One line with its band, from its value before week 1."""
    start = comparison.first.start
    ends = places(week_dates(start, comparison.horizon)) + 6
    days = np.concatenate([[place(start)], ends])
    value, low, high = (np.concatenate([[before], values]) for values in band)
    axes.fill_between(days, low, high, color=colour, alpha=0.25, linewidth=0)
    axes.plot(days, value, color=colour, linewidth=2)


def _mark(upper: "Axes", lower: "Axes", comparison: "Comparison") -> None:
    """The end of the term above; the first week in which the two part below."""
    start, divergence = comparison.first.start, comparison.divergence
    if comparison.term is not None:
        _line(upper, place(last_day(start, comparison.term)), "end of the term")
    if divergence is not None and divergence.earliest is not None:
        first = place(last_day(start, divergence.earliest)) - 6
        _line(lower, first, f"first part in week {divergence.earliest}")


def _line(axes: "Axes", day: float, text: str) -> None:
    first, last = axes.get_xlim()
    share = (day - first) / (last - first)
    mark_day(axes, day, text, "left" if share < 0.15 else "right" if share > 0.85 else "center")


def _notes(comparison: "Comparison", curve: "Curve", captions: "Captions") -> list[str]:
    from sim.studies.tables import counted

    alone = comparison.independent
    luck = (
        "random numbers of their own (Newcombe)"
        if alone
        else "common random numbers, paired run by run (Tango)"
    )
    return [
        f"{curve.outcome}: {counted(comparison.first, curve.outcome)}.",
        f"Bands: 95 %, chance alone: Wilson above; below, of the difference with {luck}.",
        *(f"Note: {note}." for note in comparison.notes),
        *([f"B: {captions.names[1]}."] if _short(captions.names[1]) != captions.names[1] else []),
        f"Source: detente compare, A {captions.names[0]} (hash {captions.digests[0]}), "
        f"B {captions.labels[1]} (hash {captions.digests[1]}), "
        f"{comparison.n:,} runs of each, seed {comparison.seed}.",
    ]
