"""Single runs: 200 at a glance, who violates in which week, sorted by how they end; and one, both
sides' rungs week by week, with every act numbered and described.
"""

import textwrap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.errors import ResultError, one_of, quoted
from sim.explain.phrases import label
from sim.outcomes.definitions import date_text
from sim.outcomes.sample import (
    CN_SHORT,
    CN_VIOLATES,
    DUE,
    US_SHORT,
    US_VIOLATES,
    Act,
    Ladder,
    Sample,
)
from sim.plots import style
from sim.plots.curves import (
    date_axis,
    from_zero,
    key,
    place,
    span_axis,
    stretched,
    swatches,
    term_end,
)
from sim.plots.record import anchor_note, mark_anchors
from sim.scenario.calendar import first_day, last_day
from sim.scenario.sides import Side

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
_ALL_VIOLATE = 3  # the last of the states of a cell in which somebody is in violation
_IN_KEY = (0, 2, 1, 3, 5, 4, 6)  # the first side before the second


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
    shown = f"The first {sample.runs:,} of {result.n:,} runs, sorted by the week of {name}"
    subtitle = f"{shown}: {never} of these have none"
    notes = [
        "Full colour: a lever of that side stands above what is owed (a violation). Light: nobody "
        "is in violation, but a side serves fewer licences than it promised."
    ]
    if not result.reason("standing"):
        notes.append(f"{name.capitalize()}: the end of {by}, {result.definition(by)}.")
    held = result.at(by, result.horizon)
    assert held is not None
    notes.append(f"Of all runs {held.p:.1%} have none by {day}.{style.term_note(result)}")
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
    states = _states(result)
    seen = _states_of(sample.conduct)
    ends, last = _ends(sample, by), result.horizon + 1
    keys = [np.where(weeks > 0, weeks, last) for weeks in (sample.first_violation, ends)]
    start = place(result.compiled.start)
    end = start + 7 * result.horizon
    axes.imshow(
        seen[np.lexsort(keys)],
        aspect="auto",
        interpolation="nearest",
        cmap=ListedColormap([colour for _, colour in states]),
        vmin=-0.5,
        vmax=len(states) - 0.5,
        extent=(start, end, sample.runs, 0),
    )
    axes.grid(visible=False)
    date_axis(axes, result)
    axes.set_xlim(start, end)
    if result.term is not None:  # seen on any colour
        look: style.Look = {"color": style.BLACK, "linewidth": 1, "linestyle": style.DASHED}
        axes.axvline(term_end(result) + 1, path_effects=_outline(2.6, "white"), **look)
    entries = [states[n] for n in _IN_KEY if n <= _ALL_VIOLATE or (seen == n).any()]
    if by != "clean":  # the end of the week in which each run ends, as one line down the runs
        weeks = np.sort(ends[ends > 0])
        rows = np.repeat(np.arange(len(weeks) + 1), 2)[1:]
        days = np.append(start + 7.0 * np.repeat(weeks, 2), end)
        outline = _outline(3.6, style.BLACK)
        axes.plot(days, rows, color=_MARK, linewidth=2, path_effects=outline)
        entries.append((_BY[by][1], _MARK))
    swatches(axes, entries)


def _states(result: "Result") -> list[tuple[str, str]]:
    """Name and colour of what a cell can show: who violates, then who only serves too little."""
    first, second = result.scenario.sides
    only = [(f"{side.plain} only", side.colour) for side in (second, first)]
    short = [(f"{side.plain} slow", _light(side.colour)) for side in (second, first)]
    full = [("neither", _NOBODY), *only, ("both", _BOTH)]
    return [*full, *short, ("both slow", _light(_BOTH))]


def _states_of(conduct: np.ndarray) -> np.ndarray:
    """Of each cell its place in `_states`: a violation of either side hides slow service."""
    violates = conduct & (US_VIOLATES | CN_VIOLATES)
    short = (conduct & (US_SHORT | CN_SHORT)) // CN_SHORT
    return np.where((violates == 0) & (short > 0), short + _ALL_VIOLATE, violates)


def _light(colour: str) -> str:
    """A colour mixed with white, so that it is told from the full one and from grey."""
    red, green, blue = (1 - 0.4 * (1 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def _outline(width: float, colour: str) -> list[withStroke]:
    return [withStroke(linewidth=width, foreground=colour)]


_LEFT, _RIGHT, _TOP, _PANEL, _BETWEEN, _LIST = 0.75, 0.3, 1.02, 1.7, 0.78, 0.172
_MOST_WEEKS, _AFTER = 40, 8  # weeks shown; weeks after the breakdown among them
_MOST_LINES = 48  # in both columns together
_COLUMNS = 60  # characters of a line of the list
_DIAMOND, _DOT, _CROSS = "\N{BLACK DIAMOND}", "\N{BULLET}", "\N{MULTIPLICATION SIGN}"


class _Line(NamedTuple):
    """One line of the list below the panels; acts have a number, other events a sign."""

    week: int
    sign: str
    who: str
    text: str


@style.in_house_style
def ladder(result: "Result", run: int | None = None) -> Figure:
    """The ladder of one run, the stored or a typical one if none is given."""
    from sim.explain.find import ladder_of_run

    run_ladder = ladder_of_run(result, run)
    first, last = _window(result, run_ladder)
    lines = _lines(run_ladder, first, last)
    table = _table(result, lines)
    notes = _notes(result, run_ladder, (first, last))
    foot = style.footer_height(notes) + 0.15 + _LIST * -(-len(table) // 2) + 0.7
    figure = style.new_figure(_TOP + 2 * _PANEL + _BETWEEN + foot)
    across = style.WIDTH - _LEFT - _RIGHT
    top = max(1.0, *(max(rungs[first - 1 : last]) for rungs in run_ladder.rungs.values()))
    for side, up in zip(result.scenario.sides, (foot + _PANEL + _BETWEEN, foot), strict=True):
        box = (_LEFT, up, across, _PANEL)
        axes = style.panel(figure, box, f"Rung of {side.name}", "rung")
        _steps(axes, result, run_ladder.rungs[side.id], side, (first, last))
        axes.set_ylim(*from_zero(1.25 * top))
        mark_anchors(axes, result.compiled)
        _events(axes, result, run_ladder, side == result.scenario.sides.first)
        acts = [line for line in lines if line.who == side.id]
        _numbers(axes, result, run_ladder.rungs[side.id], side, acts)
    _list(figure, table, foot - 0.7)
    style.headings(figure, result.scenario.title, _subtitle(result, run_ladder))
    style.footer(figure, notes)
    return figure


def _window(result: "Result", run_ladder: Ladder) -> tuple[int, int]:
    """First and last week shown: all, or as many as can be read, with the breakdown in them."""
    if result.horizon <= _MOST_WEEKS:
        return 1, result.horizon
    until = max(_MOST_WEEKS, max(run_ladder.dispute, run_ladder.breakdown) + _AFTER)
    last = min(result.horizon, until)
    return last - _MOST_WEEKS + 1, last


def _subtitle(result: "Result", run_ladder: Ladder) -> str:
    text = f"Run {run_ladder.run:,} of seed {result.seed}"
    if result.reason("standing"):
        return f"{text}, week by week"
    if not run_ladder.dispute:
        return f"{text}: the truce stands to the end, undisputed"
    day = first_day(result.compiled.start, run_ladder.breakdown or run_ladder.dispute)
    when = f"the week of {date_text(day)}"
    if not run_ladder.breakdown:
        return f"{text}: in dispute from {when} on, the truce stands to the end"
    return f"{text}: breaks down in {when}"


def _notes(result: "Result", run_ladder: Ladder, window: tuple[int, int]) -> list[str]:
    first, last = window
    notes = []
    if (first, last) != (1, result.horizon):
        notes.append(f"Shown: weeks {first:,} to {last:,} of {result.horizon:,}.")
    if run_ladder.dispute:
        notes.append(f"Trigger of the dispute: {run_ladder.trigger}.")
    if not result.reason("standing"):
        notes.append(f"Breakdown is the end of standing: {result.definition('standing')}.")
        if result.rules["rupture_rung"] > 0:
            notes.append(f"Dispute is the end of undisputed: {result.definition('undisputed')}.")
    notes.append(
        "Rung: severity of all notches above what counts that week; 0 is compliance. Arrows: the "
        "level of a lever before and after. Dates and lines: the first day of the week. "
        "One run of many."
    )
    return [*notes, *anchor_note(result.compiled), style.origin(result)]


def _lines(run_ladder: Ladder, first: int, last: int) -> list[_Line]:
    """What happened in the weeks shown, in order: acts numbered, talks and the truce signed."""
    acts = [act for act in run_ladder.acts if first <= act.week <= last]
    lines = [_Line(a.week, str(n), a.who, _act_text(a)) for n, a in enumerate(acts, start=1)]
    if _disputed(run_ladder):
        lines.append(_Line(run_ladder.dispute, "!", "", "the truce is in dispute"))
    if run_ladder.breakdown:
        lines.append(_Line(run_ladder.breakdown, _CROSS, "", "breakdown of the truce"))
    lines += [_Line(week, _DIAMOND, "", "talks") for week in run_ladder.talks]
    lines += [_Line(week, _DOT, "", text) for week, text in run_ladder.ends]
    lines_shown = [line for line in lines if first <= line.week <= last]
    return sorted(lines_shown, key=lambda line: line.week)


def _disputed(run_ladder: Ladder) -> bool:
    """Whether the truce is in dispute before it breaks down, if it does."""
    return run_ladder.dispute not in (0, run_ladder.breakdown)


def _act_text(act: Act) -> str:
    """Why, and which levers, in a line."""
    moves = ", ".join(
        f"{label(lever)} "
        + (f"at {before}, {after} allowed" if act.why == DUE else f"{before}→{after}")
        for lever, before, after in act.moves
    )
    return f"{act.why}: {moves}"


def _steps(
    axes: Axes, result: "Result", rungs: list[float], side: Side, window: tuple[int, int]
) -> None:
    first, last = window
    start = first_day(result.compiled.start, first)
    span_axis(axes, start, last_day(result.compiled.start, last))
    days = place(start) + 7.0 * np.arange(last - first + 2)
    values = stretched(np.array(rungs[first - 1 : last]))
    axes.fill_between(days, 0, values, step="post", color=side.colour, alpha=0.16, linewidth=0)
    axes.step(days, values, where="post", color=side.colour, linewidth=2.2)
    axes.set_xlim(days[0], days[-1])


def _events(axes: Axes, result: "Result", run_ladder: Ladder, named: bool) -> None:
    """Talks and the breakdown as lines through both panels, named above the upper one."""
    low, high = axes.get_xlim()
    disputes = (run_ladder.dispute,) if _disputed(run_ladder) else ()
    breakdowns = (run_ladder.breakdown,) if run_ladder.breakdown else ()
    entries = []
    for name, weeks, colour, width in (
        ("talks", run_ladder.talks, style.GREEN, 1.4),
        ("dispute", disputes, style.ORANGE, 1.6),
        ("breakdown", breakdowns, style.BLACK, 2.0),
    ):
        entries += [(name, colour)] if weeks else []
        for at in (place(first_day(result.compiled.start, week)) for week in weeks):
            if low <= at <= high:
                axes.axvline(at, color=colour, linewidth=width, alpha=0.8)
    if named:
        key(axes, entries, mark="\N{BOX DRAWINGS LIGHT VERTICAL} ")


def _numbers(
    axes: Axes, result: "Result", rungs: list[float], side: Side, acts: list[_Line]
) -> None:
    """Each act's number in a circle on the rung it led to, several in a week above each other."""
    box = {"boxstyle": "circle,pad=0.15", "facecolor": "white", "linewidth": 0.8}
    look: style.Look = {"ha": "center", "va": "bottom", "fontweight": "bold"}
    look["bbox"] = box | {"edgecolor": side.colour}
    weeks = [act.week for act in acts]
    for number, (week, sign, *_) in enumerate(acts):
        at = (place(first_day(result.compiled.start, week)) + 3.5, rungs[week - 1])
        off = (0, 3 + 12 * weeks[:number].count(week))
        style.note(axes, sign, at, off, colour=side.colour, size=7.5, **look)


def _table(result: "Result", lines: list[_Line]) -> list[tuple[str, str, str, str]]:
    """Rows of sign, date, text and colour; a long text takes two."""
    rows = []
    for week, sign, who, text in lines:
        day = first_day(result.compiled.start, week)
        colour = result.scenario.sides.colours.get(who, style.BLACK)
        first, *more = textwrap.wrap(text, _COLUMNS, max_lines=2, placeholder=" ...")
        rows.append((sign, f"{day.day} {day:%b}", first, colour))
        rows += [("", "", f"   {rest}", colour) for rest in more]
    if len(rows) > _MOST_LINES:
        left = "... and more: detente explain tells a run whole"
        rows = [*rows[: _MOST_LINES - 1], ("", "", left, style.GREY)]
    return rows


def _list(figure: Figure, rows: list[tuple[str, str, str, str]], top: float) -> None:
    """The rows in two columns below the panels, from `top` inches above the foot down."""
    width, height = figure.get_size_inches()
    half = -(-len(rows) // 2)
    for index, (sign, day, text, colour) in enumerate(rows):
        column, row = divmod(index, half)
        left = style.MARGIN + column * (width - style.MARGIN) / 2
        up = (top - row * _LIST) / height
        figure.text((left + 0.2) / width, up, sign, ha="right", fontsize=8, color=colour)
        figure.text((left + 0.28) / width, up, day, fontsize=8, color=style.GREY)
        figure.text((left + 0.8) / width, up, text, fontsize=8, color=colour)
