"""The exact curves of a textbook game: alone, or as thin black lines over those of a batch."""

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.dates import place, span_axis
from sim.plots.labels import Label, direct_labels, week_ends
from sim.world.outcomes import SOLVED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.engines.exact import ExactResult
    from sim.outcomes.result import Result

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 1.75, 0.95, 3.5
EXACT_NOTE = "Thin black lines: the exact curves, from the Markov chain of the two machines."
_NOTES = (
    "Exact: the two machines as a Markov chain, solved; no runs, no random numbers.",
    "Thick: standing as this scenario defines it. Thin lines: had a breakdown been K = 1 "
    "(lowest) to 6 weeks in a row of violation by both sides. Clean: no violation by anyone.",
)


def overlay(axes: "Axes", result: "Result") -> None:
    """Draws the exact curves of a batch's outcomes, if the scenario has an exact solution."""
    exact = result.exact
    if exact is None:
        return
    for name in SOLVED:
        if not result.reason(name):
            _curve(axes, exact, exact.survival(name), style.BLACK, 0.8)


@style.in_house_style
def exact_survival(result: "ExactResult") -> "Figure":
    """The share of all futures in which it still holds, by week."""
    spec = result.scenario.spec
    name, digest = result.scenario.name, result.scenario.hash[:8]
    notes = [*_NOTES, f"Source: detente, scenario {name} ({digest}), exact engine."]
    subtitle = "Probability that it still holds, exactly"
    figure, foot = style.sheet(spec.title, subtitle, notes, _TOP + _PANEL)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, _PANEL)
    axes = style.panel(figure, box, "", "probability that it holds")
    axes.set_ylim(0, 1.03)
    span_axis(axes, spec.start, last_day(spec.start, spec.weeks))
    direct_labels(axes, _curves(axes, result))
    return figure


def _curves(axes: "Axes", result: "ExactResult") -> list[Label]:
    """Draws `clean` and `standing` by K; returns the labels of those that matter."""
    curves = [("clean", result.survival("clean"), style.ORANGE, 1.8)]
    if result.scenario.spec.truce is not None:
        for k in result.broken_after:
            here = k == result.game.breakdown_after
            name = f"standing (K = {k})" if here else f"K = {k}"
            look = (style.BLUE, 2.6) if here else (style.SKY, 0.8)
            curves.append((name, result.survival("standing", breakdown_after=k), *look))
    labels: list[Label] = []
    for name, frame, colour, width in curves:
        _curve(axes, result, frame, colour, width)
        last = float(frame["p"].iloc[-1])
        if width > 1:
            labels.append((last, f"{name}  {last:.3f}", colour, 10.0))
        elif frame is curves[-1][1]:
            labels.append((last, name, style.GREY, 8.5))
    return labels


def _curve(
    axes: "Axes", result: "ExactResult", frame: "pd.DataFrame", colour: str, width: float
) -> None:
    dates = np.concatenate([[place(result.scenario.spec.start)], week_ends(frame)])
    heights = np.concatenate([[1.0], frame["p"].to_numpy()])
    axes.plot(dates, heights, color=colour, linewidth=width)
