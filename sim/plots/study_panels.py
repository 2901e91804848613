"""Many factors of a study: a small panel each, whatever the others are."""

from typing import TYPE_CHECKING

from sim.plots import style
from sim.plots.study_parts import axis_text, notes, share_axis, sheet, value_ticks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.answers import Answers, Axis, StudyView

_LEFT, _TOP, _PANEL, _GAP, _BELOW = 0.75, 1.0, 1.55, 0.45, 0.85
_ACROSS = 3
_MOST_DOTS = 4_000  # points up to which each is drawn
_FEW_TICKS = 6


@style.in_house_style
def panels(view: "StudyView") -> "Figure":
    """Points, their mean by value or bin, and the middle 90 % of them; the widest apart first."""
    answers, order = view.answers, view.ranked()
    across = min(_ACROSS, len(order))
    rows = -(-len(order) // across)
    texts = notes(answers, _dots_note(view, len(order)))
    subtitle, height = _subtitle(answers, len(order)), _TOP + rows * (_PANEL + _BELOW)
    figure, foot = sheet(answers, subtitle, texts, height, 0.0)
    width = (style.WIDTH - _LEFT - 0.3 - (across - 1) * _GAP) / across
    for number, place in enumerate(order):
        row, column = divmod(number, across)
        up = foot + (rows - 1 - row) * (_PANEL + _BELOW) + _BELOW
        box = (_LEFT + column * (width + _GAP), up, width, _PANEL)
        axis = answers.axes[place]
        axes = style.panel(figure, box, "", f"share {answers.outcome}" if column == 0 else "")
        _draw(axes, answers, axis, view.margins[place])
        if column:
            axes.set_yticklabels([])
        axes.set_xlabel(axis_text(axis, width, 2), fontsize=8.5, color=style.GREY)
    return figure


def _subtitle(answers: "Answers", count: int) -> str:
    most = f"the {count} of {len(answers.axes)} factors whose means lie furthest apart"
    which = most if count < len(answers.axes) else "by each factor"
    return f"{answers.outcome} {answers.when}, {which}"


def _dots_note(view: "StudyView", count: int) -> str:
    many_values = any(not view.answers.axes[place].few for place in view.ranked())
    dots = (
        "Dots: points of the study. " if many_values and view.answers.points <= _MOST_DOTS else ""
    )
    order = " Panels: the widest apart first." if count > 1 else ""
    return (
        f"{dots}Line or squares: mean of the points with that value, or in that bin, whatever "
        f"their other values. Band or bars: the middle 90 % of those points.{order}"
    )


def _draw(axes: "Axes", answers: "Answers", axis: "Axis", table: "pd.DataFrame") -> None:
    if answers.points <= _MOST_DOTS and not axis.few:
        axes.plot(axis.codes, answers.p, ".", color=style.LIGHT, markersize=2.5, zorder=1)
    x, mean, low, high = (table[key].to_numpy(float) for key in ("x", "mean", "q05", "q95"))
    if axis.few:
        off = [mean - low, high - mean]
        join = "s" if axis.labels else "s-"
        axes.errorbar(x, mean, off, fmt=join, color=style.BLUE, markersize=5, capsize=3)
        first, last = axis.span
        edge = 0.5 if axis.labels else 0.06 * (last - first) or 0.5
        axes.set_xlim(first - edge, last + edge)
    else:
        axes.fill_between(x, low, high, color=style.BLUE, alpha=0.2, linewidth=0, zorder=2)
        axes.plot(x, mean, color=style.BLUE, linewidth=2, zorder=3)
        axes.set_xlim(*axis.span)
    share_axis(axes)
    value_ticks(axes, axis, most=_FEW_TICKS)
    axes.tick_params(labelsize=8)
