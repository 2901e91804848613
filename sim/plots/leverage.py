"""Who holds more leverage, and until when: both sides' stock of it over the years."""

import datetime
from typing import TYPE_CHECKING

from sim.plots import style
from sim.plots.bands import band, crossing_text, crossings, dated, from_zero, part
from sim.plots.dates import place
from sim.plots.labels import Label, direct_labels
from sim.scenario.sides import Sides

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 1.75, 1.05, 3.6
_MOST_NAMED = 3
_ROW = 0.13  # of the width of the panel that the date of a crossing takes


@style.in_house_style
def leverage(result: "Result") -> "Figure":
    """Medians with 50 % and 90 % bands, and the dates from which the other side's is larger."""
    points, sides = crossings(result), result.scenario.sides
    subtitle = _subtitle(points, sides)
    figure, foot = style.sheet(result.scenario.title, subtitle, _notes(result), _TOP + _PANEL)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, _PANEL)
    axes = style.panel(figure, box, "", "leverage: harm in 13 weeks")
    labels: list[Label] = []
    for who, colour in sides.colours.items():
        frame = part(result, "leverage", who)
        band(axes, frame, colour)
        median = float(frame["q50"].iloc[-1])
        labels.append((median, f"{sides.names[who]}  {median:.2f}", colour, 10.5))
    axes.set_ylim(*from_zero(max(0.1, axes.get_ylim()[1])))
    dated(axes, result)
    direct_labels(axes, labels)
    _mark(axes, points, sides)
    return figure


def _subtitle(points: list[tuple[datetime.date, float, str]], sides: Sides) -> str:
    if not points:
        return "Who holds more leverage: the medians do not cross"
    words = [crossing_text(day, sides.names[who]) for day, _, who in points[-_MOST_NAMED:]]
    before = (
        "" if len(points) <= _MOST_NAMED else f"{len(points)} crossings of the medians, the last: "
    )
    return f"Who holds more leverage: {before}{', '.join(words)}"


def _mark(axes: "Axes", points: list[tuple[datetime.date, float, str]], sides: Sides) -> None:
    """A dot and a line at every crossing; its date above the panel where there is room."""
    low, high = axes.get_xlim()
    heights = [low - high]
    for day, height, who in points:
        at = place(day)
        axes.axvline(at, color=style.BLACK, linewidth=0.8, linestyle=(0, (1, 2)))
        axes.plot([at], [height], "o", color=style.BLACK, markersize=5)
        if at - heights[-1] < _ROW * (high - low):
            continue
        heights.append(at)
        place_named = min(max(at, low + 0.05 * (high - low)), high), 1.0
        name, colour = f"{day.day} {day:%b %Y}", sides.colours[who]
        style.note(axes, name, place_named, (0, 4), style.ABOVE, colour, ha="center")


def _notes(result: "Result") -> list[str]:
    return [
        "Leverage: harm that a side could do in 13 weeks by pulling everything it holds now, net "
        "of the stocks the other has laid in. Line: median of the runs. "
        "Dark band: the middle half. "
        f"Light band: 90 % of the runs. Dots: crossings of the medians.{style.term_note(result)}",
        style.origin(result),
    ]
