"""The odds as the record came in, for the page to scrub: from a folder of `detente odds`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError
from sim.explain.names import Names
from sim.forecast.store import load_odds
from sim.report.numbers import written
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

#: Which of a day's chances are drawn: those at the end of the term then running.
AT = "term"
#: Facts that are events; a value of 0 says that nothing happened.
_EVENTS = ("act", "talks")


def dated_odds(scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Chances by day and outcome, and what happened by then.

    Raises ResultError for a folder that holds no odds, ScenarioError for odds of another scenario.
    """
    kept = load_odds(folder)
    other = kept.manifest["scenario_hash"]
    if other != scenario.hash:
        found = f"odds of {kept.manifest['name']} ({other[:8]})"
        allowed = f"odds of {scenario.name} as it is ({scenario.hash[:8]})"
        raise ScenarioError([Problem(str(folder), None, "", found, allowed)])
    rows = kept.odds[kept.odds["at"] == AT]
    days = rows.drop_duplicates("as_of")
    return {
        "settings": kept.manifest["settings"],
        "days": days["as_of"].tolist(),
        "weeks": days["weeks_over"].tolist(),
        "read": days["day"].tolist(),
        "outcomes": {str(name): _chances(own) for name, own in rows.groupby("outcome", sort=False)},
        "events": _events(kept.facts, Names(scenario.sides)),
    }


def _chances(rows: "pd.DataFrame") -> list[list[float]]:
    """p, low, high, effective runs, a row a day."""
    found: list[list[float]] = rows[["p", "low", "high", "effective_runs"]].to_numpy().tolist()
    return found


def _events(facts: "pd.DataFrame", names: Names) -> list[list[Any]]:
    """[week, date, text], by their days."""
    own = facts[(facts["value"] != 0) & facts["kind"].isin(_EVENTS)]
    return [
        [int(row["week"]), str(row["date"]), _said(row, names)]
        for row in own.sort_values("date").to_dict("records")
    ]


def _said(row: Any, names: Names) -> str:
    if row["kind"] == "talks":
        return "talks are held"
    notches = float(row["value"])
    lever = str(row["item"]).partition(".")[2] or str(row["item"])
    what = "tightens" if notches > 0 else "eases"
    count = written(abs(notches), "g")
    notch = "notch" if count == "1" else "notches"
    return f"{names.of(row['side'])} {what} {lever.replace('_', ' ')}, {count} {notch}"
