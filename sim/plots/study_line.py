"""One factor of a study: the share that holds by its value, with the interval of chance."""

from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style
from sim.plots.study_parts import axis_text, notes, share_axis, sheet, value_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.answers import StudyView

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 0.4, 0.95, 3.4
_FEW = 15  # values up to which each is a dot on the line


@style.in_house_style
def line(view: "StudyView") -> "Figure":
    """A line with its 95 % band; of choices dots with bars."""
    answers = view.answers
    (axis,) = answers.axes
    texts = notes(answers, "Band or bars: 95 % Wilson interval of each point, chance alone.")
    subtitle = f"{answers.outcome} {answers.when}, by {axis.name}"
    figure, foot = sheet(answers, subtitle, texts, _TOP + _PANEL)
    width = style.WIDTH - _LEFT - _RIGHT
    axes = style.panel(figure, (_LEFT, foot, width, _PANEL), "", f"share of runs {answers.outcome}")
    order = np.argsort(axis.codes, kind="stable")
    x = axis.codes[order]
    p, low, high = (answers.frame[key].to_numpy(float)[order] for key in ("p", "low", "high"))
    if axis.labels:
        off = [p - low, high - p]
        axes.errorbar(x, p, off, fmt="o", color=style.BLUE, markersize=7, capsize=4, linewidth=1.4)
        axes.set_xlim(-0.5, len(axis.labels) - 0.5)
    else:
        axes.fill_between(x, low, high, color=style.BLUE, alpha=0.25, linewidth=0)
        marker = "o" if len(x) <= _FEW else ""
        axes.plot(x, p, color=style.BLUE, linewidth=2, marker=marker, markersize=5)
        axes.margins(x=0.02)
    share_axis(axes)
    value_ticks(axes, axis)
    axes.set_xlabel(axis_text(axis, width), fontsize=9, color=style.GREY)
    return figure
