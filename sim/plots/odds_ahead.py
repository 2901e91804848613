"""The odds of one day: the chance that the headline holds until each day that is read."""

import datetime
from typing import TYPE_CHECKING, Any

from sim.plots import style
from sim.plots.dates import place

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.forecast.odds_reading import StoredOdds

#: How each rival is drawn, in order.
DASHES = (":", "-.", "-", (0, (6, 3)), (0, (1, 3)))


def chances_ahead(axes: "Axes", stored: "StoredOdds", headline: str) -> None:
    """Chances by the day they are about, with 95 % bars; a thin line at the day they are of."""
    rows = _of(stored.odds, headline)
    days, p = _days(rows), rows["p"].to_numpy()
    bars = [p - rows["low"].to_numpy(), rows["high"].to_numpy() - p]
    look: dict[str, Any] = {"color": style.BLUE, "clip_on": False, "zorder": 4}
    words = str(stored.manifest["settings"]).partition(" (")[0]
    axes.errorbar(days, p, yerr=bars, fmt="o-", linewidth=2.0, capsize=3, label=words, **look)
    if rows["settings_low"].notna().any():
        axes.vlines(days, rows["settings_low"], rows["settings_high"], linestyle=":", **look)
    for settings, other in _of(stored.beside, headline).groupby("settings", sort=False):
        text = str(settings).partition(" (")[0]
        axes.plot(_days(other), other["p"], "o--", linewidth=0.9, label=text, **look)
    rivals = _of(stored.nulls, headline).groupby("settings", sort=False)
    for dashes, (rival, other) in zip(DASHES, rivals, strict=False):
        thin: dict[str, Any] = {"linewidth": 0.8, "linestyle": dashes, "marker": "."}
        thin |= {"color": style.GREY, "label": rival_name(rival), "clip_on": False}
        axes.plot(_days(other), other["p"], **thin)
    axes.axvline(place(datetime.date.fromisoformat(rows["as_of"].iloc[0])), color=style.LIGHT)


def rival_name(settings: object) -> str:
    """A rival without what is said of it in brackets."""
    return str(settings).partition(" (")[0]


def _of(rows: "pd.DataFrame", headline: str) -> "pd.DataFrame":
    return rows[rows["outcome"] == headline]


def _days(rows: "pd.DataFrame") -> list[float]:
    return [place(datetime.date.fromisoformat(day)) for day in rows["day"]]
