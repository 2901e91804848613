"""How long the truce holds: the outcomes by date, each with its interval."""

from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.calendar import date_text, last_day
from sim.outcomes.survival import K_VALUES
from sim.plots import style
from sim.plots.dates import date_axis, place
from sim.plots.exact import EXACT_NOTE, overlay
from sim.plots.labels import Label, direct_labels, mark_term, week_ends
from sim.report.numbers import hundredths
from sim.world.outcomes import NAMES, ONCE, Outcome, outcome_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

_LEFT, _RIGHT, _TOP, _PANEL = 0.75, 1.75, 0.95, 3.5


@style.in_house_style
def survival(result: "Result") -> "Figure":
    """Share of runs that hold at the end of each week, with 95 % bands; K = 1..6 lightly."""
    notes = _notes(result)
    if result.exact is not None:
        notes.insert(-1, EXACT_NOTE)
    figure, foot = style.sheet(result.scenario.title, _subtitle(result), notes, _TOP + _PANEL)
    box = (_LEFT, foot, style.WIDTH - _LEFT - _RIGHT, _PANEL)
    axes = style.panel(figure, box, "", "share of runs")
    axes.set_ylim(0, 1.03)
    date_axis(axes, result)
    labels = _k_fan(axes, result)
    curves = [name for name in NAMES if not outcome_of(name).once and not result.reason(name)]
    labels += [_curve(axes, result, name) for name in curves]
    labels += [label for outcome in ONCE for label in _point(axes, result, outcome)]
    overlay(axes, result)
    direct_labels(axes, labels)
    mark_term(axes, result)
    return figure


def _subtitle(result: "Result") -> str:
    estimate = result.at(result.headline)
    if estimate is None:
        return "Share of runs in which it still holds"
    day = last_day(result.compiled.start, result.headline_week)
    end = "the end of the term" if result.term else "the horizon"
    share, low, high = map(hundredths, (estimate.p, estimate.low, estimate.high))
    return (
        f"{result.headline} holds to {end}, {date_text(day)}, in {share} of the runs "
        f"({low} to {high})"
    ).replace("`", "")


def _notes(result: "Result") -> list[str]:
    notes = []
    for name in NAMES:
        reason = result.reason(name)
        notes.append(f"{name}: {f'not defined, {reason}' if reason else result.definition(name)}.")
    if any(not result.reason(outcome.name) for outcome in ONCE):
        notes.append("Diamond: decided on that day.")
    if not result.reason("standing"):
        notes.append("Thin lines: standing with K = 1 (lowest) to 6 weeks in a row instead.")
    return [*notes, "Bands: 95 % Wilson intervals, chance alone.", style.origin(result)]


def _curve(axes: "Axes", result: "Result", name: str) -> Label:
    """Draws one outcome, from 1 at the start; returns its label."""
    frame = result.survival(name)
    colour = style.PALETTE[outcome_of(name).colour]
    dates = np.concatenate([[place(result.compiled.start)], week_ends(frame)])
    low, p, high = (np.concatenate([[1.0], frame[c].to_numpy()]) for c in ("low", "p", "high"))
    axes.fill_between(dates, low, high, color=colour, alpha=0.25, linewidth=0)
    axes.plot(dates, p, color=colour, linewidth=2.6 if name == result.headline else 1.8)
    return float(p[-1]), f"{name}  {p[-1]:.2f}", colour, 10.5


def _point(axes: "Axes", result: "Result", outcome: Outcome) -> list[Label]:
    """A share that is decided on a day: a point with its interval; named beside the curves."""
    frame = result.survival(outcome.name)
    if frame.empty:
        return []
    row = frame.iloc[0]
    day = float(week_ends(frame)[0])
    colour = style.PALETTE[outcome.colour]
    axes.errorbar(
        day, row.p, [[row.p - row.low], [row.high - row.p]], fmt="D", color=colour, capsize=4
    )
    return [(float(row.p), f"\N{BLACK DIAMOND} {outcome.name}  {hundredths(row.p)}", colour, 10.0)]


def _k_fan(axes: "Axes", result: "Result") -> list[Label]:
    """Draws `standing` by K lightly; returns the labels of the lowest and the highest K."""
    if result.reason("standing"):
        return []
    labels = []
    for k in K_VALUES:
        frame = result.standing_after(k)
        axes.plot(week_ends(frame), frame["p"], color=style.SKY, linewidth=0.8, alpha=0.8)
        labels.append((float(frame["p"].iloc[-1]), f"K = {k}", style.GREY, 8.5))
    return [labels[0], labels[-1]]
