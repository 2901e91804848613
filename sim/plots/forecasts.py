"""Forecasts: the odds as the news came in, and what lies ahead; what the record moved of the
settings; scores against every rival, and whether the model is calibrated.
"""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.forecast.frozen import FIT
from sim.forecast.scored import BINS, Difference, Scored, differences, kinds, places, reliability
from sim.forecast.scoring import MEASURES
from sim.plots import style
from sim.plots.curves import place, span_axis
from sim.scenario.calendar import last_day
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit
    from sim.forecast.store import StoredOdds

_LEFT, _RIGHT, _TOP = 0.75, 0.45, 1.45
#: Above the chances, where no line runs.
_LEGEND: dict[str, Any] = {
    **{"fontsize": 8, "frameon": False, "loc": "lower left", "ncols": 4},
    **{"bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.2, "handlelength": 3.0},
}
_ODDS, _STRIP, _FAN, _GAP = 2.6, 0.75, 1.4, 0.78
_EVERY = 2  # days from one mark of a rival to the next
#: Of the chances: none that is a side's or the flow's, which stand below.
_COLOURS = (style.BLACK, style.PURPLE, style.SKY, style.ORANGE)
#: How each rival is drawn, in order: its dashes and its mark.
_RIVALS = ((":", "o"), ("-.", "s"), ("-", "^"), ((0, (6, 3)), "D"), ((0, (1, 3)), "x"))
#: The record's own sides.
_ROWS = (*((side.id, side.label) for side in DEFAULT), ("", "talks"))
_FANS = (
    *((f"rung of {side.id}", f"Rung, {side.plain}", side.colour) for side in DEFAULT),
    ("flow", "Licence flow over normal demand", style.GREEN),
)
#: Of a fit, inches: a setting, its name, its values; and the settings shown.
_ROW, _LABELS, _VALUES, _MOST = 0.3, 3.1, 1.6, 30


@style.in_house_style
def odds(stored: "StoredOdds") -> Figure:
    """Chance of the headline by the day it was seen from, events of the record, and a fan."""
    heights = [_ODDS, _STRIP, *[_FAN] * len(_FANS)]
    tall = _TOP + sum(heights) + _GAP * (len(heights) - 1)
    title = stored.manifest["title"]
    figure, _ = style.sheet(title, _subtitle(stored), _notes(stored), tall, 0.45)
    top = figure.get_size_inches()[1] - _TOP
    titles = ("", "What the record says", *(title for _, title, _ in _FANS))
    panels: list[Axes] = []
    for height, title in zip(heights, titles, strict=True):
        box = (_LEFT, top - height, style.WIDTH - _LEFT - _RIGHT, height)
        panels.append(style.panel(figure, box, title, "" if panels else "chance"))
        top -= height + _GAP
    chances, events, *fans = panels
    chances.set_ylim(0, 1.03)
    _dates(chances, stored)
    headline = stored.odds["outcome"].iloc[0]
    draw = _chances_ahead if _is_of_one_day(stored) else _chances_by_day
    tables = (stored.odds, stored.beside, stored.nulls)
    draw(chances, stored, *(table[table["outcome"] == headline] for table in tables))
    chances.legend(**_LEGEND)
    _events(events, stored)
    for axes, (quantity, _, colour) in zip(fans, _FANS, strict=True):
        _fan(axes, stored, quantity, colour)
    return figure


def _start(stored: "StoredOdds") -> datetime.date:
    return datetime.date.fromisoformat(stored.manifest["start"])


def _dates(axes: Axes, stored: "StoredOdds") -> None:
    start = _start(stored)
    span_axis(axes, start, last_day(start, int(stored.fan["week"].max())))


def _place(text: str) -> float:
    """Where a day lies that is written in ISO form."""
    return place(datetime.date.fromisoformat(text))


def _places(texts: Iterable[str]) -> list[float]:
    return [_place(text) for text in texts]


def _is_of_one_day(stored: "StoredOdds") -> bool:
    return int(stored.odds["as_of"].nunique()) == 1


def _short(settings: object) -> str:
    """Settings, or a rival, without what is said of them in brackets."""
    return str(settings).partition(" (")[0]


def _chances_ahead(
    axes: Axes, stored: "StoredOdds", rows: pd.DataFrame, beside: pd.DataFrame, nulls: pd.DataFrame
) -> None:
    """Chances by the day they are about, with 95 % bars; a thin line at the day they are of."""
    days, p = _places(rows["day"]), rows["p"].to_numpy()
    bars = [p - rows["low"].to_numpy(), rows["high"].to_numpy() - p]
    look: style.Look = {"color": _COLOURS[0], "clip_on": False, "zorder": 4}
    words = _short(stored.manifest["settings"])
    axes.errorbar(days, p, yerr=bars, fmt="o-", linewidth=2.0, capsize=3, label=words, **look)
    if rows["settings_low"].notna().any():
        axes.vlines(days, rows["settings_low"], rows["settings_high"], linestyle=":", **look)
    for settings, other in beside.groupby("settings", sort=False):
        text = _short(settings)
        axes.plot(_places(other["day"]), other["p"], "o--", linewidth=0.9, label=text, **look)
    for number, (rival, other) in enumerate(nulls.groupby("settings", sort=False)):
        axes.plot(_places(other["day"]), other["p"], clip_on=False, **_rival_look(number, rival))
    axes.axvline(_place(rows["as_of"].iloc[0]), color=style.LIGHT)


def _chances_by_day(
    axes: Axes, stored: "StoredOdds", odds: pd.DataFrame, beside: pd.DataFrame, nulls: pd.DataFrame
) -> None:
    """A line for each week that is read, over the days that it was seen from; rivals of the first.

    Those are thin and grey, each in its own dashes.
    """
    for colour, (at, rows) in zip(_COLOURS, odds.groupby("at", sort=False), strict=False):
        days = _places(rows["as_of"])
        axes.fill_between(days, rows["low"], rows["high"], color=colour, alpha=0.2, linewidth=0)
        when = "at the end of the term then running" if at == "term" else str(at)
        axes.plot(days, rows["p"], color=colour, linewidth=2.0, label=when)
        if rows["settings_low"].notna().any():
            for column in ("settings_low", "settings_high"):
                axes.plot(days, rows[column], color=colour, linewidth=0.8, linestyle=":")
        other = beside[beside["at"] == at]
        days = _places(other["as_of"])
        axes.plot(days, other["p"], color=colour, linewidth=0.9, linestyle="--")
    first = nulls[nulls["at"] == stored.odds["at"].iloc[0]]
    for number, (rival, rows) in enumerate(first.groupby("settings", sort=False)):
        days = _places(rows["as_of"])
        look = _rival_look(number, rival)
        axes.plot(days, rows["p"], markevery=_EVERY, clip_on=False, zorder=4, **look)


def _rival_look(number: int, settings: object) -> dict[str, Any]:
    """How the rival at a place of the table is drawn: thin and grey, with its name."""
    dashes, mark = _RIVALS[number % len(_RIVALS)]
    line = {"color": style.GREY, "linewidth": 0.8, "linestyle": dashes}
    marks = {"marker": mark, "markersize": 4.0, "markerfacecolor": "white"}
    return {**line, **marks, "label": _short(settings)}


def _events(axes: Axes, stored: "StoredOdds") -> None:
    """Acts by side, up filled and down hollow, and talks; a row each."""
    facts = stored.facts[(stored.facts["value"] != 0) & stored.facts["kind"].isin(["act", "talks"])]
    for row, (side, _) in enumerate(_ROWS):
        colour = DEFAULT.colours.get(side, style.BLACK)
        for day, rows in facts[facts["side"].fillna("") == side].groupby("date"):
            notches = rows["value"].sum()
            marker = "D" if not side else "^" if notches > 0 else "v"
            face, size = colour if notches > 0 else "white", 5.0 + 1.5 * min(abs(notches), 3)
            look: style.Look = {"color": colour, "markerfacecolor": face, "markersize": size}
            look |= {"clip_on": False, "zorder": 4}  # whole, on the first day too
            axes.plot(_place(str(day)), row, marker, **look)
    axes.set_yticks(range(len(_ROWS)), [name for _, name in _ROWS], fontsize=8.5)
    axes.set_ylim(len(_ROWS) - 0.4, -0.6)
    axes.grid(visible=False)
    _dates(axes, stored)


def _fan(axes: Axes, stored: "StoredOdds", quantity: str, colour: str) -> None:
    """Quantiles beyond the last day, by week; the recorded flow by month before it."""
    rows = stored.fan[stored.fan["quantity"] == quantity]
    days = [place(last_day(_start(stored), week)) for week in rows["week"]]
    axes.fill_between(days, rows["q5"], rows["q95"], color=colour, alpha=0.15, linewidth=0)
    axes.fill_between(days, rows["q25"], rows["q75"], color=colour, alpha=0.3, linewidth=0)
    axes.plot(days, rows["q50"], color=colour, linewidth=1.8)
    if quantity == "flow":
        flows = stored.facts[stored.facts["kind"] == "flow"]
        for month, date, value in zip(flows["item"], flows["date"], flows["value"], strict=True):
            ends = [_place(f"{month}-01"), _place(date) + 1]
            axes.plot(ends, [value, value], color=style.BLACK, linewidth=1.8)
    axes.set_ylim(bottom=0)
    _dates(axes, stored)


def _subtitle(stored: "StoredOdds") -> str:
    headline, day = stored.odds["outcome"].iloc[0], stored.odds["as_of"].iloc[0]
    which = "holds, by the day it was seen from"
    if _is_of_one_day(stored):
        which = f"holds until a day, seen from {day}"
    return f"Chance that {headline} {which}; settings {_short(stored.manifest['settings'])}"


def _notes(stored: "StoredOdds") -> list[str]:
    manifest = stored.manifest
    one = _is_of_one_day(stored)
    bands = f"{'Bars' if one else 'Bands'}: 95 % intervals of the chances. Fan: 5 to 95 and 25 to "
    bands += "75 % of the runs."
    if stored.odds["settings_low"].notna().any():
        bands += " Dotted: 5 and 95 % of the chance over the settings, noise in it."
    if len(stored.beside):
        bands += f" Dashed: {stored.beside['settings'].iloc[0]}."
    if len(stored.nulls):
        where = "" if one else ", at the end of the term then running"
        bands += f" Thin and grey: rivals{where}."
    marks = "Filled: a lever up, hollow: down; diamonds: talks; black bars: magnets by month."
    source = (
        f"Source: detente, scenario {manifest['name']} ({manifest['scenario_hash'][:8]}), "
        f"{manifest['particles']:,} copies, {manifest['runs']:,} runs, seed {manifest['seed']}, "
        f"{manifest['effective']:,.0f} effective copies at least."
    )
    return [f"{bands} {marks}", f"Settings: {manifest['settings']}.", source]


@style.in_house_style
def fit(fitted: "Fit") -> Figure:
    """A row a setting: where its posterior lies in the shares of its prior, most moved on top.

    Thick: the middle half of the points, thin: 5 to 95 %, against 0 to 1, the whole of what was
    believed. Beside it the median and its 5 and 95 % points in the setting's own unit.
    """
    from scipy.special import ndtr

    from sim.forecast.posterior import NOTHING, bits, said

    if fitted.cloud is None:
        raise ValueError("the fit has no points yet")
    z, coordinates = fitted.cloud.z, fitted.prior.coordinates
    words = said(fitted, fitted.cloud)
    by_bits = np.argsort(-bits(z[:, : fitted.prior.size]))
    order = [k for k in by_bits if words[k] != NOTHING]
    shown = [k for k in order if coordinates[k].law is not None][:_MOST]  # a reading is no scale
    truces = ", ".join(truce.name for truce in fitted.prior.scenarios)
    notes = [
        f"{len(shown)} of {fitted.prior.size} settings: of the others the record says nothing. "
        f"Thick: the middle half of {len(z):,} points, thin: 5 to 95 %; a setting that was not "
        "moved would fill .05 to .95 with its median at .5. Right: median and 5 to 95 % in its own "
        "unit.",
        f"Source: detente, fit of {truces}, {fitted.plan.stages} stages, "
        f"{fitted.copies:,} copies a point, seed {fitted.seed}.",
    ]
    title = f"What the record moved, up to {fitted.until}"
    room = (style.MARGIN + _LABELS, _VALUES + style.MARGIN, 1.0, max(1.0, _ROW * len(shown)))
    figure, axes = style.chart(title, truces, notes, room, below=0.6)
    values = fitted.prior.values(z)
    for row, k in enumerate(shown):
        ends = ndtr(np.quantile(z[:, k], (0.05, 0.25, 0.5, 0.75, 0.95)))
        axes.plot(ends[[0, 4]], [row, row], color=style.BLUE, linewidth=1.4)
        axes.plot(ends[[1, 3]], [row, row], color=style.BLUE, linewidth=4.5)
        axes.plot(ends[2], row, "o", color="white", markeredgecolor=style.BLUE, markersize=5)
        low, mid, high = np.quantile(values[:, k], (0.05, 0.5, 0.95), method="inverted_cdf")
        text = f"{mid:.3g} ({low:.3g} to {high:.3g})"
        style.note(axes, text, (1.0, row), (8, 0), size=8, va="center", annotation_clip=False)
    axes.set_yticks(range(len(shown)), [coordinates[k].name for k in shown], fontsize=8)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.axvline(0.5, color=style.GREY, linewidth=0.8, linestyle=":")
    axes.set_xlabel("share of what was believed that lies below")
    return figure


_SCORE_LEFT, _SCORE_TOP, _SCORE_ROW, _BETWEEN = 2.55, 1.05, 0.24, 0.35
_SIDE = 2.6
_PER_LINE = 3
_SCORE_GAP = 0.95


@style.in_house_style
def scores(scored: Scored) -> Figure:
    """Mean score of the model minus that of each rival, by measure, with its standard error.

    Points left of 0: the model is better. A rival without a point was not asked, or its score is
    infinite.
    """
    gaps = differences(scored.scores)
    rivals = list(dict.fromkeys(each.rival for each in gaps))
    measures = [name for name in MEASURES if any(each.measure == name for each in gaps)]
    lines = -(-len(measures) // _PER_LINE)
    up = _SCORE_ROW * len(rivals) + 0.1
    title, subtitle = "The model against its rivals", "mean score of the model minus rival's"
    height = _SCORE_TOP + lines * up + (lines - 1) * _SCORE_GAP
    figure, foot = style.sheet(title, subtitle, _score_notes(scored), height, 0.45)
    width = (style.WIDTH - _SCORE_LEFT - style.MARGIN - (_PER_LINE - 1) * _BETWEEN) / _PER_LINE
    for number, measure in enumerate(measures):
        line, place = divmod(number, _PER_LINE)
        at = _SCORE_LEFT + place * (width + _BETWEEN)
        box = (at, foot + (lines - 1 - line) * (up + _SCORE_GAP), width, up)
        axes = style.panel(figure, box, measure, "")
        axes.set_ylim(-0.6, len(rivals) - 0.4)
        axes.invert_yaxis()
        axes.set_yticks(range(len(rivals)), [""] * len(rivals) if place else rivals)
        _points(axes, [(rivals.index(gap.rival), gap) for gap in gaps if gap.measure == measure])
    return figure


def _points(axes: Axes, gaps: list[tuple[int, Difference]]) -> None:
    """A dot with its bar for each rival, by row."""
    axes.axvline(0, color=style.GREY, linewidth=0.9)
    axes.grid(axis="x", color=style.LIGHT, linewidth=0.6)
    axes.grid(visible=False, axis="y")
    for row, gap in gaps:
        if np.isfinite(gap.mean):
            colour = style.VERMILLION if gap.loses else style.BLUE
            error = gap.error if np.isfinite(gap.error) else 0.0
            axes.plot([gap.mean - error, gap.mean + error], [row, row], color=colour, lw=1.6)
            axes.plot(gap.mean, row, "o", color=colour, markersize=5)
    axes.locator_params(axis="x", nbins=4)


def _score_notes(scored: Scored) -> list[str]:
    fits = kinds(scored.forecasts).get(FIT, 0)
    days = len(scored.forecasts)
    truces = scored.scores["scenario"].nunique()
    bars = (
        f"Bars: one standard error, between {truces} truces."
        if truces > 1
        else "No bars: a standard error is between truces, and this is one."
    )
    seeds = ", ".join(sorted({f"{forecast.seed}" for forecast in scored.forecasts}))
    runs = ", ".join(sorted({f"{forecast.runs:,}" for forecast in scored.forecasts}))
    return [
        "Lower scores are better: blue, left of 0, the model is better; red, right of 0, it loses. "
        f"{bars} No point: an infinite score, of who gave 0 % to what happened.",
        f"{days} frozen days, {fits} of them fits (settings have seen what came later), not "
        "forecasts. Model: as shipped (judgement).",
        f"Source: detente score, {runs} runs of each forecaster with governments, seed {seeds}.",
    ]


@style.in_house_style
def calibration(scored: Scored) -> Figure:
    """Reliability of the model's chances and places of recorded rungs and flows, with counts."""
    notes = [
        "Left: chances said, pooled in fifths, against how often what they spoke of came about; "
        "bars: 95 % Wilson as if forecasts were independent, which they are not; numbers: how "
        "many. On the line: calibrated.",
        "Right: where recorded rungs and months of flow lie in the forecasts, in fifths (PIT). "
        "On the line: calibrated.",
        *_score_notes(scored)[1:],
    ]
    title, subtitle = "Is the model calibrated?", "as shipped (judgement)"
    figure, foot = style.sheet(title, subtitle, notes, _SCORE_TOP + _SIDE, 0.55)
    left = style.panel(figure, (0.75, foot, 3.3, _SIDE), "Reliability", "came about")
    right = style.panel(figure, (5.1, foot, 3.4, _SIDE), "Places of the record (PIT)", "how many")
    _reliability(left, scored)
    _fifths(right, scored)
    return figure


def _reliability(axes: Axes, scored: Scored) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.02, 1.12)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.plot([0, 1], [0, 1], color=style.GREY, linewidth=0.9, linestyle=style.DASHED)
    for each in reliability(scored.scores):
        came = each.came
        axes.plot([each.said] * 2, [came.low, came.high], color=style.BLUE, linewidth=1.4)
        axes.plot(each.said, came.p, "o", color=style.BLUE, markersize=6)
        style.note(axes, f"{came.n}", (each.said, came.high), (0, 3), colour=style.INK, ha="center")
    axes.set_xlabel("chance said")


def _fifths(axes: Axes, scored: Scored) -> None:
    counts, middles = places(scored.scores), np.arange(BINS) + 0.5
    axes.bar(middles, counts, width=0.9, color=style.SKY)
    axes.set_ylim(0, max([*counts, 1]) * 1.2)
    axes.axhline(sum(counts) / BINS, color=style.GREY, linewidth=0.9, linestyle=style.DASHED)
    for middle, count in zip(middles, counts, strict=True):
        style.note(axes, f"{count}", (middle, count), (0, 3), colour=style.INK, ha="center")
    step = 100 // BINS
    axes.set_xticks(middles, [f"{b * step}-{(b + 1) * step} %" for b in range(BINS)])
    axes.set_xlabel("part of the forecast")
