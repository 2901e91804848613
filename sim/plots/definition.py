"""How much the definition of a breakdown matters: `standing` by K."""

from typing import TYPE_CHECKING

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.labels import Label, direct_labels, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 2.0, 0.95, 2.7
_EMPTY = 0.8  # inches: a panel that only says why it is empty
_FACES = {"term": style.BLUE, "horizon": "white"}


@style.in_house_style
def definition(result: "Result") -> "Figure":
    """Share of runs in which the truce stands at term and horizon, for K = 1..6."""
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
    notes = [] if reason else [f"standing, as defined here: {result.definition('standing')}."]
    if not reason:
        notes.append(
            "K: weeks in a row of violation by both sides that count as a breakdown; the other "
            "ends of the truce stay as they are. Lines: 95 % Wilson intervals, the dice alone."
        )
    return [*notes, style.origin(result)]


def _chart(axes: "Axes", result: "Result") -> None:
    """A point with its interval for each K, at the end of the term and at the horizon."""
    own = int(result.rules["breakdown_after"])
    axes.axvspan(own - 0.4, own + 0.4, color=style.LIGHT, alpha=0.5, linewidth=0)
    labels: list[Label] = []
    weeks = sorted(set(result.k_table["week"]))
    for week in weeks:
        rows = result.k_table[result.k_table["week"] == week]
        name = "horizon" if week == result.horizon else "term"
        at = rows["breakdown_after"] + 0.07 * (2 * weeks.index(week) - len(weeks) + 1)
        off = [rows["p"] - rows["low"], rows["high"] - rows["p"]]
        axes.errorbar(
            at,
            rows["p"],
            off,
            fmt="o-",
            color=style.BLUE,
            markerfacecolor=_FACES[name],
            linewidth=1.2,
            markersize=6,
            capsize=3,
        )
        for x, y in zip(at, rows["p"], strict=True):
            offset = (-6, 7) if name == "term" else (6, -15)
            axes.annotate(
                f"{y:.2f}", (x, y), offset, textcoords="offset points", ha="center", fontsize=8.5
            )
        day = last_day(result.compiled.start, int(week))
        text = f"by the {name},\n{day.day} {day:%B %Y}"
        labels.append((float(rows["p"].iloc[-1]), text, style.BLUE, 9.5))
    axes.set_ylim(-0.14, 1.12)  # room for numbers below 0 and above 1
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.set_xlim(0.5, 6.5)
    names = [f"{k}\nas defined" if k == own else str(k) for k in range(1, 7)]
    axes.set_xticks(range(1, 7), names)
    axes.set_xlabel("K, weeks in a row of violation by both sides", fontsize=9, color=style.GREY)
    direct_labels(axes, labels, 0.15)
