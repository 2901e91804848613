"""Scores of frozen forecasts: the model against every rival, and whether it is calibrated."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.forecast.frozen import FIT
from sim.forecast.scored import BINS, Difference, Scored, differences, kinds, places, reliability
from sim.forecast.scoring import MEASURES
from sim.plots import style

_LEFT, _TOP, _ROW, _BETWEEN = 2.55, 1.05, 0.24, 0.35
_SIDE = 2.6
_PER_LINE = 3
_GAP = 0.95


@style.in_house_style
def scores(scored: Scored) -> Figure:
    """Mean score of the model minus that of each rival, by measure, with its standard error.

    Points left of 0: the model is better. A rival without a point was not asked, or scores
    endlessly.
    """
    gaps = differences(scored.scores)
    rivals = list(dict.fromkeys(each.rival for each in gaps))
    measures = [name for name in MEASURES if any(each.measure == name for each in gaps)]
    lines = -(-len(measures) // _PER_LINE)
    up = _ROW * len(rivals) + 0.1
    title, subtitle = "The model against its rivals", "mean score of the model minus rival's"
    height = _TOP + lines * up + (lines - 1) * _GAP
    figure, foot = style.sheet(title, subtitle, _notes(scored), height, 0.45)
    width = (style.WIDTH - _LEFT - style.MARGIN - (_PER_LINE - 1) * _BETWEEN) / _PER_LINE
    for number, measure in enumerate(measures):
        line, place = divmod(number, _PER_LINE)
        at = _LEFT + place * (width + _BETWEEN)
        box = (at, foot + (lines - 1 - line) * (up + _GAP), width, up)
        axes = style.panel(figure, box, measure, "")
        axes.set_ylim(-0.6, len(rivals) - 0.4)
        axes.invert_yaxis()
        axes.set_yticks(range(len(rivals)), [""] * len(rivals) if place else rivals)
        _points(axes, [(rivals.index(gap.rival), gap) for gap in gaps if gap.measure == measure])
    return figure


def _points(axes: Axes, gaps: list[tuple[int, Difference]]) -> None:
    """A dot with its bar for each rival, by row."""
    axes.axvline(0, color=style.GREY, linewidth=0.9)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    axes.grid(visible=False, axis="y")
    for row, gap in gaps:
        if np.isfinite(gap.mean):
            colour = style.VERMILLION if gap.loses else style.BLUE
            error = gap.error if np.isfinite(gap.error) else 0.0
            axes.plot([gap.mean - error, gap.mean + error], [row, row], color=colour, lw=1.6)
            axes.plot(gap.mean, row, "o", color=colour, markersize=5)
    axes.locator_params(axis="x", nbins=4)


def _notes(scored: Scored) -> list[str]:
    fits = kinds(scored.forecasts).get(FIT, 0)
    days = len(scored.forecasts)
    truces = scored.scores["scenario"].nunique()
    seeds = ", ".join(sorted({f"{forecast.seed}" for forecast in scored.forecasts}))
    runs = ", ".join(sorted({f"{forecast.runs:,}" for forecast in scored.forecasts}))
    return [
        "Lower scores are better: blue, left of 0, the model is better; red, right of 0, it loses. "
        f"Bars: one standard error, between {truces} truces. Logarithmic scores that are endless "
        "have no point.",
        f"{days} frozen days, {fits} of them fits (settings have seen what came later), not "
        "forecasts. Model: as shipped (judgement).",
        f"Source: detente score, {runs} runs of each forecaster with governments, seed {seeds}.",
    ]


@style.in_house_style
def calibration(scored: Scored) -> Figure:
    """Reliability of the model's chances and places of recorded rungs and flows, with counts."""
    notes = [
        "Left: chances said, pooled in fifths, against how often what they spoke of came about; "
        "bars: 95 % Wilson as if forecasts were independent, which they are not; numbers: how "
        "many. On the line: calibrated.",
        "Right: where recorded rungs and months of flow lie in the forecasts, in fifths (PIT). "
        "On the line: calibrated.",
        *_notes(scored)[1:],
    ]
    title, subtitle = "Is the model calibrated?", "as shipped (judgement)"
    figure, foot = style.sheet(title, subtitle, notes, _TOP + _SIDE, 0.55)
    left = style.panel(figure, (0.75, foot, 3.3, _SIDE), "Reliability", "came about")
    right = style.panel(figure, (5.1, foot, 3.4, _SIDE), "Places of the record (PIT)", "how many")
    _reliability(left, scored)
    _places(right, scored)
    return figure


def _reliability(axes: Axes, scored: Scored) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.02, 1.12)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.plot([0, 1], [0, 1], color=style.GREY, linewidth=0.9, linestyle=style.DASHED)
    for each in reliability(scored.scores):
        came = each.came
        axes.plot([each.said] * 2, [came.low, came.high], color=style.BLUE, linewidth=1.4)
        axes.plot(each.said, came.p, "o", color=style.BLUE, markersize=6)
        style.note(axes, f"{came.n}", (each.said, came.high), (0, 3), colour=style.INK, ha="center")
    axes.set_xlabel("chance said")


def _places(axes: Axes, scored: Scored) -> None:
    counts, middles = places(scored.scores), np.arange(BINS) + 0.5
    axes.bar(middles, counts, width=0.9, color=style.SKY)
    axes.set_ylim(0, max([*counts, 1]) * 1.2)
    axes.axhline(sum(counts) / BINS, color=style.GREY, linewidth=0.9, linestyle=style.DASHED)
    for middle, count in zip(middles, counts, strict=True):
        style.note(axes, f"{count}", (middle, count), (0, 3), colour=style.INK, ha="center")
    step = 100 // BINS
    axes.set_xticks(middles, [f"{b * step}-{(b + 1) * step} %" for b in range(BINS)])
    axes.set_xlabel("part of the forecast")
