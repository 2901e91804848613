"""The odds as the record came in, for the page to scrub: of a folder of odds, or by a fit."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError
from sim.explain.phrases import Names
from sim.forecast.fit_store import KIND as FIT
from sim.forecast.fit_store import read_fit
from sim.forecast.fitted import fitted
from sim.forecast.odds import Question, every, every_week, facts_by_day
from sim.forecast.store import kept_record, load_odds
from sim.numbers import DEFAULT_SEED
from sim.outcomes.manifest import holds
from sim.report.numbers import written
from sim.scenario.scenario import Scenario
from sim.store.checksums import read_sealed
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    import pandas as pd

#: Runs of each day, where odds are computed from a fit (judgement: a chance is known to +- .018).
RUNS_EACH = 3_000
#: Which of a day's chances are drawn: those at the end of the term then running.
AT = "term"
#: Facts that are events; a value of 0 says that nothing happened.
_EVENTS = ("act", "talks")


def dated_odds(scenario: Scenario, folder: Path, seed: int = DEFAULT_SEED) -> dict[str, Any]:
    """Chances by day and outcome, and what happened by then.

    Of a folder of `detente odds` as they were written; of one of `detente fit` with its settings,
    computed now on every week of the scenario that is on record. Raises ResultError for a folder
    that holds neither, ScenarioError for odds of another scenario, ForecastError for one without a
    date.
    """
    return _by_fit(scenario, folder, seed) if holds(folder, FIT) else _as_written(scenario, folder)


def _by_fit(scenario: Scenario, folder: Path, seed: int) -> dict[str, Any]:
    import pandas as pd

    fit, record = read_fit(folder), kept_record(folder, read_sealed(folder / MANIFEST))
    question = Question(scenario, seed, runs=RUNS_EACH, record=record, fit=fitted(fit), anyway=True)
    days = every_week(scenario, record)
    known_facts = facts_by_day(question, days)
    odds = every(question, days, known_facts)
    rows = pd.DataFrame([row for of_day in odds for row in of_day.rows()])
    return _table(odds[-1].settings, rows, known_facts[-1].frame(), scenario)


def _as_written(scenario: Scenario, folder: Path) -> dict[str, Any]:
    stored = load_odds(folder)
    other = stored.manifest["scenario_hash"]
    if other != scenario.hash:
        found = f"odds of {stored.manifest['name']} ({other[:8]})"
        allowed = f"odds of {scenario.name} as it is ({scenario.hash[:8]})"
        raise ScenarioError([Problem(str(folder), None, "", found, allowed)])
    return _table(stored.manifest["settings"], stored.odds, stored.facts, scenario)


def _table(
    settings: str, odds: "pd.DataFrame", facts: "pd.DataFrame", scenario: Scenario
) -> dict[str, Any]:
    rows = odds[odds["at"] == AT]
    days = rows.drop_duplicates("as_of")
    return {
        "settings": settings,
        "days": days["as_of"].tolist(),
        "weeks": days["weeks_over"].tolist(),
        "read": days["day"].tolist(),
        "outcomes": {
            str(name): _chances(of_outcome)
            for name, of_outcome in rows.groupby("outcome", sort=False)
        },
        "events": _events(facts, Names(scenario.sides)),
    }


def _chances(rows: "pd.DataFrame") -> list[list[float]]:
    """p, low, high, effective runs, a row a day."""
    table: list[list[float]] = rows[["p", "low", "high", "effective_runs"]].to_numpy().tolist()
    return table


def _events(facts: "pd.DataFrame", names: Names) -> list[list[Any]]:
    """[week, date, text], by their days."""
    events = facts[(facts["value"] != 0) & facts["kind"].isin(_EVENTS)]
    return [
        [int(row["week"]), str(row["date"]), _event_text(row, names)]
        for row in events.sort_values("date").to_dict("records")
    ]


def _event_text(row: Any, names: Names) -> str:
    if row["kind"] == "talks":
        return "talks are held"
    notches = float(row["value"])
    lever = str(row["item"]).partition(".")[2] or str(row["item"])
    verb = "tightens" if notches > 0 else "eases"
    count = written(abs(notches), "g")
    notch = "notch" if count == "1" else "notches"
    return f"{names.of(row['side'])} {verb} {lever.replace('_', ' ')}, {count} {notch}"
