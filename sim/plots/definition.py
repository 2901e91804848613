"""How much the definition of a breakdown matters: `standing` by rung and K."""

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import date_text, last_day
from sim.outcomes.page import rung_words
from sim.outcomes.survival import K_VALUES
from sim.plots import style
from sim.plots.labels import Label, direct_labels, one_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 2.0, 0.95, 2.7
_EMPTY = 0.8  # inches: a panel that only says why it is empty
_MARKS = "osD^vP*X"
_ASIDE = 0.27  # of a week: lines stand side by side, so that none covers another
#: The axis is cut where the lowest share, with some room, lies above this (judgement).
_CUT_FROM = 0.3
_LEAST_SPAN = 0.05


@style.in_house_style
def definition(result: "Result") -> "Figure":
    """Share of runs in which the truce stands to the term's end, by rung of rupture and K."""
    panel = _EMPTY if result.reason("standing") else _PANEL
    title, subtitle = result.scenario.title, "How much the definition of a breakdown matters"
    figure, foot = style.sheet(title, subtitle, _notes(result), _TOP + panel, 0.7)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, panel)
    axes = style.panel(figure, box, "", "share of runs standing")
    if result.reason("standing"):
        one_line(axes, f"standing is not defined: {result.reason('standing')}")
    else:
        _chart(axes, result)
    return figure


def _notes(result: "Result") -> list[str]:
    reason = result.reason("standing")
    if reason:
        return [style.origin(result)]
    day = last_day(result.compiled.start, result.headline_week)
    return [
        f"standing, as defined here: {result.definition('standing')}.",
        f"To the end of week {result.headline_week}, {date_text(day)}. A line for each rung "
        "that both sides must reach; K: for how many weeks in a row. Any violation: as for "
        "undisputed, which also ends when one side violates for very long. The other ends of the "
        "truce stay as they are. Numbers above: of the rung as defined. Bars: 95 % Wilson "
        "intervals, chance alone.",
        style.origin(result),
    ]


def _chart(axes: "Axes", result: "Result") -> None:
    """A line over K for each rung of rupture; the scenario's own is thick."""
    own = int(result.rules["breakdown_after"])
    axes.axvspan(own - 0.4, own + 0.4, color=style.LIGHT, alpha=0.5, linewidth=0)
    table = result.k_table[result.k_table["week"] == result.headline_week]
    labels: list[Label] = []
    steps = np.linspace(-_ASIDE, _ASIDE, len(result.thresholds))
    for place, rung in enumerate(result.thresholds):
        rows = table[table["rupture_rung"] == rung]
        here = rung == result.rules["rupture_rung"]
        colour = style.BLUE if here else style.GREY
        aside = float(steps[place])
        _line(axes, rows, colour, _MARKS[place % len(_MARKS)], 2.4 if here else 0.9, aside)
        if here:
            _numbers(axes, rows)
        words = rung_words(rung).replace(" or above", "")
        text = f"{words}{', as defined' if here else ''}"
        labels.append((float(rows["p"].iloc[-1]), text, colour, 9.0))
    low, high = limits(float(table["low"].min()), float(table["high"].max()))
    axes.set_ylim(low, high)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= min(1.0, high)])
    if low > 0:
        axes.set_ylabel("share of runs standing (axis cut)", fontsize=9, color=style.GREY)
    axes.set_xlim(0.5, 6.5)
    names = [f"{k}\nas defined" if k == own else str(k) for k in K_VALUES]
    axes.set_xticks(list(K_VALUES), names)
    axes.set_xlabel("K, weeks in a row of both sides", fontsize=9, color=style.GREY)
    direct_labels(axes, labels)


def limits(low: float, high: float) -> tuple[float, float]:
    """Ends of an axis for shares between `low` and `high`.

    It begins at 0, unless most of it would then be empty.
    """
    span = max(high - low, _LEAST_SPAN)
    bottom = low - 0.2 * span
    if bottom < _CUT_FROM:
        return -0.14, 1.12
    return bottom, high + 0.15 * span


def _line(
    axes: "Axes", rows: "pd.DataFrame", colour: str, mark: str, width: float, aside: float
) -> None:
    off = [rows["p"] - rows["low"], rows["high"] - rows["p"]]
    axes.errorbar(
        rows["breakdown_after"] + aside,
        rows["p"],
        off,
        fmt=f"{mark}-",
        color=colour,
        linewidth=width,
        markersize=5,
        capsize=2,
    )


def _numbers(axes: "Axes", rows: "pd.DataFrame") -> None:
    """The shares of the scenario's own rung in a row above the panel, where no line runs."""
    for x, y in zip(rows["breakdown_after"], rows["p"], strict=True):
        style.note(axes, f"{y:.2f}", (x, 1.0), (0, 5), style.ABOVE, style.BLUE, 8.5, ha="center")
