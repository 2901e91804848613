"""The odds as the news came in: chances by day, events below, a fan of what lies ahead."""

import datetime
from typing import TYPE_CHECKING, Any

from sim.outcomes.calendar import last_day
from sim.plots import style
from sim.plots.dates import days_at, place, span_axis
from sim.plots.odds_ahead import chances_ahead, rival_look
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.forecast.store import StoredOdds


_LEFT, _RIGHT, _TOP = 0.75, 0.45, 1.45
#: Above the chances, where no line runs.
_LEGEND: dict[str, Any] = {
    **{"fontsize": 8, "frameon": False, "loc": "lower left", "ncols": 4},
    **{"bbox_to_anchor": (0.0, 1.0), "borderaxespad": 0.2, "handlelength": 3.0},
}
_ODDS, _STRIP, _FAN, _GAP = 2.6, 0.75, 1.4, 0.78
#: Days from one mark of a rival to the next.
_EVERY = 2
_COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE)
#: The record's own sides.
_ROWS = (*((side.id, side.label) for side in DEFAULT), ("", "talks"))
_FANS = (
    *((f"rung of {side.id}", f"Rung, {side.plain}", side.colour) for side in DEFAULT),
    ("flow", "Licence flow over normal demand", style.GREEN),
)


@style.in_house_style
def odds_picture(stored: "StoredOdds") -> "Figure":
    """Chance of the headline by the day it was seen from, events of the record, and a fan."""
    fans = [_ODDS, _STRIP, *[_FAN] * len(_FANS)]
    tall = _TOP + sum(fans) + _GAP * (len(fans) - 1)
    title = stored.manifest["title"]
    figure, _ = style.sheet(title, _subtitle(stored), _notes(stored), tall, 0.45)
    height = figure.get_size_inches()[1]
    across, top = style.WIDTH - _LEFT - _RIGHT, height - _TOP
    boxes = []
    for tall in fans:
        boxes.append((_LEFT, top - tall, across, tall))
        top -= tall + _GAP
    ends = _ends(stored)
    _chances(style.panel(figure, boxes[0], "", "chance"), stored, ends)
    _events(style.panel(figure, boxes[1], "What the record says", ""), stored, ends)
    for box, (quantity, title, colour) in zip(boxes[2:], _FANS, strict=True):
        _fan(style.panel(figure, box, title, ""), stored, quantity, colour, ends)
    return figure


def _start(stored: "StoredOdds") -> datetime.date:
    return datetime.date.fromisoformat(stored.manifest["start"])


def _ends(stored: "StoredOdds") -> tuple[datetime.date, datetime.date]:
    """First and last day of the axes."""
    start, weeks = _start(stored), int(stored.fan["week"].max())
    return start, last_day(start, weeks)


def _chances(axes: "Axes", stored: "StoredOdds", ends: tuple[datetime.date, datetime.date]) -> None:
    headline = stored.odds["outcome"].iloc[0]
    table = stored.odds[stored.odds["outcome"] == headline]
    axes.set_ylim(0, 1.03)
    span_axis(axes, *ends)
    if _is_of_one_day(stored):
        chances_ahead(axes, stored, headline)
    else:
        _chances_by_day(axes, stored, table)
    axes.legend(**_LEGEND)


def _is_of_one_day(stored: "StoredOdds") -> bool:
    return int(stored.odds["as_of"].nunique()) == 1


def _chances_by_day(axes: "Axes", stored: "StoredOdds", table: "pd.DataFrame") -> None:
    """A line for each week that is read, over the days that it was seen from."""
    headline = table["outcome"].iloc[0]
    for colour, (at, rows) in zip(_COLOURS, table.groupby("at", sort=False), strict=False):
        days = days_at(rows["as_of"])
        axes.fill_between(days, rows["low"], rows["high"], color=colour, alpha=0.2, linewidth=0)
        axes.plot(days, rows["p"], color=colour, linewidth=2.0, label=_when(str(at)))
        if rows["settings_low"].notna().any():
            for column in ("settings_low", "settings_high"):
                axes.plot(days, rows[column], color=colour, linewidth=0.8, linestyle=":")
        other = stored.beside[(stored.beside["outcome"] == headline) & (stored.beside["at"] == at)]
        days = days_at(other["as_of"])
        axes.plot(days, other["p"], color=colour, linewidth=0.9, linestyle="--")
    _nulls(axes, stored, headline)


def _nulls(axes: "Axes", stored: "StoredOdds", headline: str) -> None:
    """Rivals, thin and grey, each in its own dashes: by the first reading, as the first line."""
    at = stored.odds["at"].iloc[0]
    rows_here = stored.nulls[(stored.nulls["outcome"] == headline) & (stored.nulls["at"] == at)]
    for number, (rival, rows) in enumerate(rows_here.groupby("settings", sort=False)):
        days = days_at(rows["as_of"])
        axes.plot(days, rows["p"], markevery=_EVERY, **rival_look(number, rival))


def _when(at: str) -> str:
    return "at the end of the term then running" if at == "term" else at


def _events(axes: "Axes", stored: "StoredOdds", ends: tuple[datetime.date, datetime.date]) -> None:
    """Acts by side, up filled and down hollow, and talks; a row each."""
    facts = stored.facts[(stored.facts["value"] != 0) & stored.facts["kind"].isin(["act", "talks"])]
    for row, (side, _) in enumerate(_ROWS):
        rows_here = facts[facts["side"].fillna("") == side]
        for day, rows in rows_here.groupby("date"):
            _mark(
                axes, place(datetime.date.fromisoformat(str(day))), row, rows["value"].sum(), side
            )
    axes.set_yticks(range(len(_ROWS)), [name for _, name in _ROWS], fontsize=8.5)
    axes.set_ylim(len(_ROWS) - 0.4, -0.6)
    axes.grid(visible=False)
    span_axis(axes, *ends)


def _mark(axes: "Axes", day: float, row: int, notches: float, side: str) -> None:
    colour = DEFAULT.colours.get(side, style.BLACK)
    marker = "D" if not side else "^" if notches > 0 else "v"
    face = colour if notches > 0 else "white"
    size = 5.0 + 1.5 * min(abs(notches), 3)
    axes.plot(day, row, marker, color=colour, markerfacecolor=face, markersize=size)


def _fan(
    axes: "Axes",
    stored: "StoredOdds",
    quantity: str,
    colour: str,
    ends: tuple[datetime.date, datetime.date],
) -> None:
    """Quantiles beyond the last day, by week; the recorded flow by month before it."""
    rows: pd.DataFrame = stored.fan[stored.fan["quantity"] == quantity]
    days = [place(last_day(_start(stored), week)) for week in rows["week"]]
    axes.fill_between(days, rows["q5"], rows["q95"], color=colour, alpha=0.15, linewidth=0)
    axes.fill_between(days, rows["q25"], rows["q75"], color=colour, alpha=0.3, linewidth=0)
    axes.plot(days, rows["q50"], color=colour, linewidth=1.8)
    if quantity == "flow":
        flows = stored.facts[stored.facts["kind"] == "flow"]
        for month, date, value in zip(flows["item"], flows["date"], flows["value"], strict=True):
            first = place(datetime.date.fromisoformat(f"{month}-01"))
            last = place(datetime.date.fromisoformat(date)) + 1
            axes.plot([first, last], [value, value], color=style.BLACK, linewidth=1.8)
    axes.set_ylim(bottom=0)
    span_axis(axes, *ends)


def _subtitle(stored: "StoredOdds") -> str:
    headline = stored.odds["outcome"].iloc[0]
    settings = stored.manifest["settings"].partition(" (")[0]
    if _is_of_one_day(stored):
        day = stored.odds["as_of"].iloc[0]
        return f"Chance that {headline} holds until a day, seen from {day}; settings {settings}"
    return f"Chance that {headline} holds, by the day it was seen from; settings {settings}"


def _notes(stored: "StoredOdds") -> list[str]:
    manifest = stored.manifest
    one = _is_of_one_day(stored)
    bands = f"{'Bars' if one else 'Bands'}: 95 % intervals of the chances. Fan: 5 to 95 and 25 to "
    bands += "75 % of the runs."
    if stored.odds["settings_low"].notna().any():
        bands += " Dotted: 5 and 95 % of the chance over the settings."
    if len(stored.beside):
        bands += f" Dashed: {stored.beside['settings'].iloc[0]}."
    if len(stored.nulls):
        where = "" if one else ", at the end of the term then running"
        bands += f" Thin and grey: rivals{where}."
    marks = "Filled: a lever up, hollow: down; diamonds: talks; black bars: magnets by month."
    settings = f"Settings: {manifest['settings']}."
    source = (
        f"Source: detente, scenario {manifest['name']} ({manifest['scenario_hash'][:8]}), "
        f"{manifest['particles']:,} copies, {manifest['runs']:,} runs, seed {manifest['seed']}, "
        f"{manifest['effective']:,.0f} effective copies at least."
    )
    return [f"{bands} {marks}", settings, source]
