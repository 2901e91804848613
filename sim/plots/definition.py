"""How much the definition of a breakdown matters: `standing` by rung and K."""

from typing import TYPE_CHECKING

from sim.outcomes.calendar import last_day
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


@style.in_house_style
def definition(result: "Result") -> "Figure":
    """Share of runs in which the truce stands to the term's end, by rung of rupture and K."""
    notes = _notes(result)
    panel = _EMPTY if result.reason("standing") else _PANEL
    foot = style.footer_height(notes) + 0.7
    figure = style.new_figure(_TOP + panel + foot)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, panel)
    axes = style.panel(figure, box, "", "share of runs standing")
    if result.reason("standing"):
        one_line(axes, f"standing is not defined: {result.reason('standing')}")
    else:
        _chart(axes, result)
    title = result.scenario.title
    style.headings(figure, title, "How much the definition of a breakdown matters")
    style.footer(figure, notes)
    return figure


def _notes(result: "Result") -> list[str]:
    reason = result.reason("standing")
    if reason:
        return [style.origin(result)]
    day = last_day(result.compiled.start, result.headline_week)
    return [
        f"standing, as defined here: {result.definition('standing')}.",
        f"To the end of week {result.headline_week}, {day.day} {day:%B %Y}. A line for each rung "
        "that both sides must reach; K: for how many weeks in a row. Any violation: as for "
        "undisputed, which also ends when one side violates for very long. The other ends of the "
        "truce stay as they are. Bars: 95 % Wilson intervals, chance alone.",
        style.origin(result),
    ]


def _chart(axes: "Axes", result: "Result") -> None:
    """A line over K for each rung of rupture; the scenario's own is thick."""
    own = int(result.rules["breakdown_after"])
    axes.axvspan(own - 0.4, own + 0.4, color=style.LIGHT, alpha=0.5, linewidth=0)
    table = result.k_table[result.k_table["week"] == result.headline_week]
    labels: list[Label] = []
    for place, rung in enumerate(result.thresholds):
        rows = table[table["rupture_rung"] == rung]
        here = rung == result.rules["rupture_rung"]
        colour = style.BLUE if here else style.GREY
        _line(axes, rows, colour, _MARKS[place % len(_MARKS)], 2.4 if here else 0.9)
        if here:
            _numbers(axes, rows)
        words = rung_words(rung).replace(" or above", "")
        text = f"{words}{', as defined' if here else ''}"
        labels.append((float(rows["p"].iloc[-1]), text, colour, 9.0))
    axes.set_ylim(-0.14, 1.12)  # room for numbers below 0 and above 1
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.set_xlim(0.5, 6.5)
    names = [f"{k}\nas defined" if k == own else str(k) for k in K_VALUES]
    axes.set_xticks(list(K_VALUES), names)
    axes.set_xlabel("K, weeks in a row of both sides", fontsize=9, color=style.GREY)
    direct_labels(axes, labels)


def _line(axes: "Axes", rows: "pd.DataFrame", colour: str, mark: str, width: float) -> None:
    off = [rows["p"] - rows["low"], rows["high"] - rows["p"]]
    axes.errorbar(
        rows["breakdown_after"],
        rows["p"],
        off,
        fmt=f"{mark}-",
        color=colour,
        linewidth=width,
        markersize=5,
        capsize=2,
    )


def _numbers(axes: "Axes", rows: "pd.DataFrame") -> None:
    for x, y in zip(rows["breakdown_after"], rows["p"], strict=True):
        axes.annotate(
            f"{y:.2f}", (x, y), (0, 7), textcoords="offset points", ha="center", fontsize=8.5
        )
