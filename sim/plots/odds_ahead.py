"""The odds of one day: the chance that the headline holds until each day that is read."""

from typing import TYPE_CHECKING, Any

from sim.plots import style
from sim.plots.dates import days_at

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.forecast.store import StoredOdds

#: How each rival is drawn, in order: its dashes and its mark.
RIVALS = ((":", "o"), ("-.", "s"), ("-", "^"), ((0, (6, 3)), "D"), ((0, (1, 3)), "x"))
#: Of the rivals' open marks, in points.
_MARK = 4.0


def chances_ahead(axes: "Axes", stored: "StoredOdds", headline: str) -> None:
    """Chances by the day they are about, with 95 % bars; a thin line at the day they are of."""
    rows = _of(stored.odds, headline)
    days, p = days_at(rows["day"]), rows["p"].to_numpy()
    bars = [p - rows["low"].to_numpy(), rows["high"].to_numpy() - p]
    look: dict[str, Any] = {"color": style.BLUE, "clip_on": False, "zorder": 4}
    words = str(stored.manifest["settings"]).partition(" (")[0]
    axes.errorbar(days, p, yerr=bars, fmt="o-", linewidth=2.0, capsize=3, label=words, **look)
    if rows["settings_low"].notna().any():
        axes.vlines(days, rows["settings_low"], rows["settings_high"], linestyle=":", **look)
    for settings, other in _of(stored.beside, headline).groupby("settings", sort=False):
        text = str(settings).partition(" (")[0]
        axes.plot(days_at(other["day"]), other["p"], "o--", linewidth=0.9, label=text, **look)
    rivals = _of(stored.nulls, headline).groupby("settings", sort=False)
    for place_in_table, (rival, other) in enumerate(rivals):
        look_of_rival = rival_look(place_in_table, rival)
        axes.plot(days_at(other["day"]), other["p"], clip_on=False, **look_of_rival)
    axes.axvline(*days_at(rows["as_of"].iloc[:1]), color=style.LIGHT)


def rival_look(place_in_table: int, settings: object) -> dict[str, Any]:
    """How the rival at a place of the table is drawn: thin and grey, with its name."""
    dashes, mark = RIVALS[place_in_table % len(RIVALS)]
    line = {"color": style.GREY, "linewidth": 0.8, "linestyle": dashes}
    marks = {"marker": mark, "markersize": _MARK, "markerfacecolor": "white"}
    return {**line, **marks, "label": rival_name(settings)}


def rival_name(settings: object) -> str:
    """A rival without what is said of it in brackets."""
    return str(settings).partition(" (")[0]


def _of(rows: "pd.DataFrame", headline: str) -> "pd.DataFrame":
    return rows[rows["outcome"] == headline]
