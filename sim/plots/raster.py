"""Single runs at a glance: who violates in which week, in 200 runs sorted by how they end."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.errors import ResultError, one_of, quoted
from sim.outcomes.definitions import date_text, last_day
from sim.outcomes.sample import Sample
from sim.plots import style
from sim.plots.curves import swatches
from sim.plots.dates import date_axis, place, term_end

if TYPE_CHECKING:
    from sim.outcomes.result import Result

_ROOM = (0.75, 0.3, 1.0, 4.6)  # left, right, above, height
#: Runs are sorted by the end of the headline if at least this share of them ends (judgement): with
#: fewer, a stair of a few steps hides what happens in all the others.
_OFTEN = 0.05
#: What a sample can be sorted by: outcome -> (its field, what its end is called).
_BY = {
    "standing": ("breakdown", "breakdown"),
    "undisputed": ("dispute", "dispute"),
    "clean": ("first_violation", "first violation"),
}
_BOTH, _NOBODY, _MARK = "#3d3d3d", "#ececec", "#F0E442"


@style.in_house_style
def raster(result: "Result", outcome: str | None = None) -> Figure:
    """A line a run, a cell a week, coloured by who violates; how they end as a stair.

    `outcome`: standing, undisputed or clean, whose end the runs are sorted by; by default the first
    of them, from the headline on, that ends often enough to be seen. Raises ResultError for another
    outcome, one that is not defined, or a result without its sample.
    """
    sample = result.sample
    if sample is None:
        raise ResultError(
            "this result holds no sample of single runs (sample.npz): run the scenario again"
        )
    by = outcome or _often(result, sample)
    if by not in _BY:
        raise ResultError(f"a raster is sorted by {one_of(tuple(_BY))}, not by {quoted(by)}")
    if reason := result.reason(by):
        raise ResultError(f"{by} is not defined: {reason}")
    name, never = _BY[by][1], int((_ends(sample, by) == 0).sum())
    day = date_text(last_day(result.compiled.start, result.horizon))
    subtitle = f"{sample.runs} runs, a line each, sorted by the week of {name}: {never} have none"
    notes = [
        "Coloured: a lever of that side stands above its obligation (a violation), or it serves "
        "fewer licences than it promised."
    ]
    if not result.reason("standing"):
        notes.append(f"{name.capitalize()}: the end of {by}, {result.definition(by)}.")
    notes.append(f"The first {sample.runs} of the runs.{style.term_note(result)}")
    title, subtitle = result.scenario.title, f"{subtitle} by {day}"
    notes.append(style.origin(result))
    figure, axes = style.chart(title, subtitle, notes, _ROOM, "runs", 0.55)
    _cells(axes, result, sample, by)
    return figure


def _often(result: "Result", sample: Sample) -> str:
    """The first outcome, from the headline on, that ends in enough of the runs; else the last."""
    names = [name for name in _BY if not result.reason(name)]
    frequent = (name for name in names if (_ends(sample, name) > 0).mean() >= _OFTEN)
    return next(frequent, names[0])


def _ends(sample: Sample, by: str) -> np.ndarray:
    """The week in which each run of the sample ends in the sense of an outcome, 0 for never."""
    return np.asarray(getattr(sample, _BY[by][0]))


def _cells(axes: Axes, result: "Result", sample: Sample, by: str) -> None:
    first, second = ((f"{side.plain} only", side.colour) for side in result.scenario.sides)
    neither, both = ("neither", _NOBODY), ("both", _BOTH)
    states = (neither, second, first, both)  # by codes of conduct: 2 * (first bad) + (second bad)
    ends, last = _ends(sample, by), result.horizon + 1
    keys = [np.where(weeks > 0, weeks, last) for weeks in (sample.first_violation, ends)]
    start = place(result.compiled.start)
    end = start + 7 * result.horizon
    axes.imshow(
        sample.conduct[np.lexsort(keys)],
        aspect="auto",
        interpolation="nearest",
        cmap=ListedColormap([colour for _, colour in states]),
        vmin=-0.5,
        vmax=3.5,
        extent=(start, end, sample.runs, 0),
    )
    axes.grid(visible=False)
    date_axis(axes, result)
    axes.set_xlim(start, end)
    if result.term is not None:  # seen on any colour
        look: style.Look = {"color": style.BLACK, "linewidth": 1, "linestyle": style.DASHED}
        axes.axvline(term_end(result) + 1, path_effects=_outline(2.6, "white"), **look)
    entries = [neither, first, second, both]
    if by != "clean":  # the end of the week in which each run ends, as one line down the runs
        weeks = np.sort(ends[ends > 0])
        rows = np.repeat(np.arange(len(weeks) + 1), 2)[1:]
        days = np.append(start + 7.0 * np.repeat(weeks, 2), end)
        outline = _outline(3.6, style.BLACK)
        axes.plot(days, rows, color=_MARK, linewidth=2, path_effects=outline)
        entries.append((_BY[by][1], _MARK))
    swatches(axes, entries)


def _outline(width: float, colour: str) -> list[withStroke]:
    return [withStroke(linewidth=width, foreground=colour)]
