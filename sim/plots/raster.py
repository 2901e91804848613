"""Single runs at a glance: who violates in which week, in 200 runs sorted by how they end."""

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import ResultError, one_of, quoted
from sim.outcomes.calendar import date_text, last_day
from sim.plots import style
from sim.plots.dates import date_axis, place
from sim.plots.labels import swatches
from sim.scenario.sides import Sides

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result
    from sim.outcomes.sample import Sample

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 0.3, 1.0, 4.6
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
def raster(result: "Result", outcome: str | None = None) -> "Figure":
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
    _refuse(result, by)
    title, subtitle = result.scenario.title, _subtitle(result, sample, by)
    figure, foot = style.sheet(title, subtitle, _notes(result, by), _TOP + _PANEL, 0.55)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, _PANEL)
    axes = style.panel(figure, box, "", "runs")
    _cells(axes, result, sample, by)
    return figure


def _states(sides: Sides) -> tuple[tuple[str, str], ...]:
    """In the order of the codes of conduct: 2 * (first bad) + (second bad)."""
    first, second = ((f"{side.plain} only", side.colour) for side in sides)
    return ("neither", _NOBODY), second, first, ("both", _BOTH)


def _often(result: "Result", sample: "Sample") -> str:
    """The first outcome, from the headline on, that ends in enough of the runs; else the last."""
    names = [name for name in _BY if not result.reason(name)]
    frequent = (name for name in names if (_ends(sample, name) > 0).mean() >= _OFTEN)
    return next(frequent, names[0])


def _refuse(result: "Result", by: str) -> None:
    if by not in _BY:
        raise ResultError(f"a raster is sorted by {one_of(tuple(_BY))}, not by {quoted(by)}")
    if reason := result.reason(by):
        raise ResultError(f"{by} is not defined: {reason}")


def _ends(sample: "Sample", by: str) -> np.ndarray:
    """The week in which each run of the sample ends in the sense of an outcome, 0 for never."""
    return np.asarray(getattr(sample, _BY[by][0]))


def _subtitle(result: "Result", sample: "Sample", by: str) -> str:
    never = int((_ends(sample, by) == 0).sum())
    which = _BY[by][1]
    text = f"{sample.runs} runs, a line each, sorted by the week of {which}: {never} have none"
    day = last_day(result.compiled.start, result.horizon)
    return f"{text} by {date_text(day)}"


def _notes(result: "Result", by: str) -> list[str]:
    notes = [
        "Coloured: a lever of that side stands above its obligation (a violation), or it serves "
        "fewer licences than it promised."
    ]
    if not result.reason("standing"):
        name = _BY[by][1].capitalize()
        notes.append(f"{name}: the end of {by}, {result.definition(by)}.")
    sample = result.sample
    runs = f"The first {sample.runs} of the runs." if sample else ""
    return [*notes, f"{runs}{style.term_note(result)}", style.origin(result)]


def _cells(axes: "Axes", result: "Result", sample: "Sample", by: str) -> None:
    from matplotlib.colors import ListedColormap

    states = _states(result.scenario.sides)
    ends = _ends(sample, by)
    last = result.horizon + 1
    keys = [np.where(weeks > 0, weeks, last) for weeks in (sample.first_violation, ends)]
    order = np.lexsort(keys)
    start = place(result.compiled.start)
    axes.imshow(
        sample.conduct[order],
        aspect="auto",
        interpolation="nearest",
        cmap=ListedColormap([colour for _, colour in states]),
        vmin=-0.5,
        vmax=3.5,
        extent=(start, start + 7 * result.horizon, sample.runs, 0),
    )
    axes.grid(visible=False)
    date_axis(axes, result)
    axes.set_xlim(start, start + 7 * result.horizon)
    _term(axes, result)
    entries = [states[code] for code in (0, 2, 1, 3)]
    if by != "clean":
        _stair(axes, np.sort(ends[ends > 0]), start)
        entries.append((_BY[by][1], _MARK))
    swatches(axes, entries)


def _term(axes: "Axes", result: "Result") -> None:
    """A dashed line at the end of the first term, seen on any colour."""
    from matplotlib.patheffects import withStroke

    if result.term is not None:
        day = place(last_day(result.compiled.start, result.term)) + 1
        outline = [withStroke(linewidth=2.6, foreground="white")]
        axes.axvline(
            day, color=style.BLACK, linewidth=1, linestyle=style.DASHED, path_effects=outline
        )


def _stair(axes: "Axes", weeks: np.ndarray, start: float) -> None:
    """The end of the week in which each run ends, as one line down the sorted runs."""
    from matplotlib.patheffects import withStroke

    rows = np.repeat(np.arange(len(weeks) + 1), 2)[1:]
    days = np.append(start + 7.0 * np.repeat(weeks, 2), axes.get_xlim()[1])
    outline = [withStroke(linewidth=3.6, foreground=style.BLACK)]
    axes.plot(days, rows, color=_MARK, linewidth=2, path_effects=outline)
