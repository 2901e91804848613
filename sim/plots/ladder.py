"""One run: both sides' rungs week by week, with every act numbered and described."""

import datetime
import textwrap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.definitions import date_text, last_day
from sim.outcomes.sample import DUE, Act, Ladder
from sim.plots import style
from sim.plots.curves import from_zero, key, stretched
from sim.plots.dates import place, span_axis
from sim.plots.record import anchor_note, mark_anchors
from sim.scenario.sides import Side

if TYPE_CHECKING:
    from sim.outcomes.result import Result

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


def ladder(result: "Result", run: int | None = None) -> Figure:
    """The ladder of one run, the stored or a typical one if none is given."""
    from sim.explain.ladder import ladder_of_run, typical_run

    if run is None and result.ladder is not None:
        return ladder_figure(result, result.ladder)
    return ladder_figure(result, ladder_of_run(result, typical_run(result) if run is None else run))


@style.in_house_style
def ladder_figure(result: "Result", run_ladder: Ladder) -> Figure:
    """The picture of a ladder."""
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


def _day(result: "Result", week: int) -> datetime.date:
    return result.compiled.start + datetime.timedelta(days=7 * (week - 1))


def _subtitle(result: "Result", run_ladder: Ladder) -> str:
    text = f"Run {run_ladder.run:,} of seed {result.seed}"
    if result.reason("standing"):
        return f"{text}, week by week"
    if not run_ladder.dispute:
        return f"{text}: the truce stands to the end, undisputed"
    day = _day(result, run_ladder.breakdown or run_ladder.dispute)
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
        f"{lever.split('.')[-1].replace('_', ' ')} "
        + (f"at {before}, {after} allowed" if act.why == DUE else f"{before}→{after}")
        for lever, before, after in act.moves
    )
    return f"{act.why}: {moves}"


def _steps(
    axes: Axes, result: "Result", rungs: list[float], side: Side, window: tuple[int, int]
) -> None:
    first, last = window
    start = _day(result, first)
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
        for at in (place(_day(result, week)) for week in weeks):
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
        at = (place(_day(result, week)) + 3.5, rungs[week - 1])
        off = (0, 3 + 12 * weeks[:number].count(week))
        style.note(axes, sign, at, off, colour=side.colour, size=7.5, **look)


def _table(result: "Result", lines: list[_Line]) -> list[tuple[str, str, str, str]]:
    """Rows of sign, date, text and colour; a long text takes two."""
    rows = []
    for week, sign, who, text in lines:
        day = _day(result, week)
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
