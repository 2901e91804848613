"""How long it holds: outcomes by date with their intervals; exactly; and of two scenarios."""

from textwrap import fill
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.definitions import K_VALUES, date_text
from sim.plots import style
from sim.plots.curves import (
    Label,
    date_axis,
    direct_labels,
    mark_day,
    place,
    share_curve,
    span_axis,
    term_end,
    week_ends,
)
from sim.report.numbers import half_width_text, hundredths
from sim.scenario.calendar import last_day, week_dates
from sim.world.outcomes import ONCE, SOLVED, Outcome, outcome_of

if TYPE_CHECKING:
    from sim.engines.exact import ExactResult
    from sim.outcomes.result import Result
    from sim.studies.changes import Band, Curve
    from sim.studies.pair import Captions
    from sim.studies.pairs import Comparison

_ROOM = (0.75, 1.75, 0.95, 3.5)  # left, right, above, height
_EXACT_NOTES = (
    "Exact: the two machines as a Markov chain, solved; no runs, no random numbers.",
    "Thick: standing as this scenario defines it. Thin lines: had a breakdown been K = 1 "
    "(lowest) to 6 weeks in a row of violation by both sides. Clean: no violation by anyone.",
)
_TWO = style.BLUE, style.VERMILLION
_LEFT, _RIGHT, _TOP, _UPPER, _LOWER, _GAP = 0.75, 1.55, 1.15, 2.7, 1.6, 0.85
_LONGEST = 88  # characters of what B is
_LABEL = 17  # characters of a line at the end of a curve


@style.in_house_style
def survival(result: "Result") -> Figure:
    """Share of runs that hold at the end of each week, with 95 % bands; K = 1..6 lightly."""
    title, start = result.scenario.title, result.compiled.start
    figure, axes = style.chart(title, _subtitle(result), _notes(result), _ROOM, "share of runs")
    axes.set_ylim(0, 1.03)
    date_axis(axes, result)
    labels = _k_fan(axes, result)
    for name in result.outcomes:
        if not outcome_of(name).once and not result.reason(name):
            colour = style.PALETTE[outcome_of(name).colour]
            width = 2.6 if name == result.headline else 1.8
            p = share_curve(axes, start, result.survival(name), colour, width)
            labels.append((p, f"{name}  {p:.2f}", colour, 10.5))
    labels += [label for outcome in ONCE for label in _point(axes, result, outcome)]
    if result.exact is not None:
        for name in SOLVED:
            if not result.reason(name):
                share_curve(axes, start, _alone(result.exact.survival(name)), style.BLACK, 0.8)
    direct_labels(axes, labels)
    if result.term is not None:
        mark_day(axes, term_end(result), "end of the term")
    return figure


def _subtitle(result: "Result") -> str:
    estimate = result.at(result.headline)
    if estimate is None:
        return "Share of runs in which it still holds"
    day = last_day(result.compiled.start, result.headline_week)
    end = "the end of the term" if result.term else "the horizon"
    chance = half_width_text(estimate.p, estimate.low, estimate.high)
    return (
        f"{result.headline} holds to {end}, {date_text(day)}, in {hundredths(estimate.p)} of the "
        f"runs (chance {chance})"
    )


def _notes(result: "Result") -> list[str]:
    notes = []
    for name in result.outcomes:
        reason = result.reason(name)
        notes.append(f"{name}: {f'not defined, {reason}' if reason else result.definition(name)}.")
    if any(not result.reason(outcome.name) for outcome in ONCE):
        notes.append("Diamond: decided on that day.")
    if not result.reason("standing"):
        notes.append("Thin lines: standing with K = 1 (lowest) to 6 weeks in a row instead.")
    notes.append("Bands: 95 % Wilson intervals, chance alone.")
    if result.exact is not None:
        text = "Thin black lines: the exact curves, from the Markov chain of the two machines."
        notes.append(text)
    return [*notes, style.origin(result)]


def _point(axes: Axes, result: "Result", outcome: Outcome) -> list[Label]:
    """A share that is decided on a day: a point with its interval; named beside the curves."""
    frame = result.survival(outcome.name)
    if frame.empty:
        return []
    row = frame.iloc[0]
    bar = [[row.p - row.low], [row.high - row.p]]
    colour = style.PALETTE[outcome.colour]
    axes.errorbar(float(week_ends(frame)[0]), row.p, bar, fmt="D", color=colour, capsize=4)
    return [(float(row.p), f"\N{BLACK DIAMOND} {outcome.name}  {hundredths(row.p)}", colour, 10.0)]


def _k_fan(axes: Axes, result: "Result") -> list[Label]:
    """Draws `standing` by K lightly; returns the labels of the lowest and the highest K."""
    if result.reason("standing"):
        return []
    labels = []
    for k in K_VALUES:
        frame = result.standing_after(k)
        axes.plot(week_ends(frame), frame["p"], color=style.SKY, linewidth=0.8, alpha=0.8)
        labels.append((float(frame["p"].iloc[-1]), f"K = {k}", style.GREY, 8.5))
    return [labels[0], labels[-1]]


def _alone(frame: pd.DataFrame) -> pd.DataFrame:
    """A curve without its band: what is exact has none."""
    return frame[["date", "p"]]


@style.in_house_style
def exact(result: "ExactResult") -> Figure:
    """The share of all futures in which it still holds, by week: `clean`, and `standing` by K."""
    spec = result.scenario.spec
    notes = [*_EXACT_NOTES, style.source(result.scenario, "exact engine")]
    subtitle, unit = "Probability that it still holds, exactly", "probability that it holds"
    figure, axes = style.chart(spec.title, subtitle, notes, _ROOM, unit)
    axes.set_ylim(0, 1.03)
    span_axis(axes, spec.start, last_day(spec.start, spec.weeks))
    p = share_curve(axes, spec.start, _alone(result.survival("clean")), style.ORANGE, 1.8)
    labels: list[Label] = [(p, f"clean  {p:.3f}", style.ORANGE, 10.0)]
    for k in result.broken_after if spec.truce is not None else ():
        own = k == result.game.breakdown_after
        look = (style.BLUE, 2.6) if own else (style.SKY, 0.8)
        frame = _alone(result.survival("standing", breakdown_after=k))
        p = share_curve(axes, spec.start, frame, *look)
        if own:
            labels.append((p, f"standing (K = {k})  {p:.3f}", style.BLUE, 10.0))
        elif k == result.broken_after[-1]:
            labels.append((p, f"K = {k}", style.GREY, 8.5))
    direct_labels(axes, labels)
    return figure


@style.in_house_style
def comparison(compared: "Comparison", title: str, captions: "Captions") -> Figure:
    """The first outcome in both, with 95 % bands, by date; below, B - A with its band."""
    curve = compared.curves[0]
    subtitle = f"A: {captions.names[0]}     B: {_short(captions.names[1])}"
    notes, height = _of_both(compared, curve, captions), _TOP + _UPPER + _GAP + _LOWER
    figure, foot = style.sheet(title, subtitle, notes, height)
    width, up = style.WIDTH - _LEFT - _RIGHT, foot + _LOWER + _GAP
    unit = f"{curve.outcome}: share of runs"
    upper = style.panel(figure, (_LEFT, up, width, _UPPER), "", unit)
    lower = style.panel(figure, (_LEFT, foot, width, _LOWER), "", "difference, B - A")
    start = compared.first.start
    for axes in (upper, lower):
        span_axis(axes, start, last_day(start, compared.horizon))
    upper.set_ylim(0, 1.03)
    labels = []
    bands = zip((curve.first, curve.second), "AB", captions.labels, _TWO, strict=True)
    for band, letter, name, colour in bands:
        p = share_curve(upper, start, _frame(compared, band), colour)
        text = fill(f"{letter}  {hundredths(p)}  {name}", _LABEL)
        labels.append((p, text, colour, 9.0))
    share_curve(lower, start, _frame(compared, curve.difference), style.BLACK, before=0.0)
    lower.axhline(0, color=style.GREY, linewidth=0.8)
    direct_labels(upper, labels, 0.24)
    if compared.term is not None:
        _mark(upper, place(last_day(start, compared.term)), "end of the term")
    divergence = compared.divergence
    if divergence is not None and divergence.earliest is not None:
        first = place(last_day(start, divergence.earliest)) - 6
        _mark(lower, first, f"they part from week {divergence.earliest} on")
    return figure


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ..."


def _frame(compared: "Comparison", band: "Band") -> pd.DataFrame:
    dates = week_dates(compared.first.start, compared.horizon)
    return pd.DataFrame({"date": dates} | dict(zip(("p", "low", "high"), band, strict=True)))


def _mark(axes: Axes, day: float, text: str) -> None:
    first, last = axes.get_xlim()
    share = (day - first) / (last - first)
    mark_day(axes, day, text, "left" if share < 0.15 else "right" if share > 0.85 else "center")


def _of_both(compared: "Comparison", curve: "Curve", captions: "Captions") -> list[str]:
    from sim.outcomes.definitions import counted

    paired = "common random numbers, paired run by run (Tango)"
    luck = "random numbers of their own (Newcombe)" if compared.independent else paired
    second = captions.names[1]
    return [
        f"{curve.outcome}: {counted(compared.first, curve.outcome)}.",
        f"Bands: 95 %, chance alone: Wilson above; below, of the difference with {luck}.",
        *(f"Note: {note}." for note in compared.notes),
        *([f"B: {second}."] if _short(second) != second else []),
        f"Source: detente compare, A {captions.names[0]} (hash {captions.digests[0]}), "
        f"B {captions.labels[1]} (hash {captions.digests[1]}), "
        f"{compared.n:,} runs of each, seed {compared.seed}.",
    ]
