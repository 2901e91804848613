"""The record on the page: over its trajectories by the model's rules, and odds as it came in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError
from sim.explain.phrases import Names, label
from sim.forecast.sizes import RUNS_EACH
from sim.history.path import record_path, stretch_of
from sim.history.record import MAGNET_LEVER
from sim.numbers import DEFAULT_SEED
from sim.outcomes.manifest import holds
from sim.report.numbers import formatted
from sim.report.pictures import FIT
from sim.scenario.calendar import week_of
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

#: Which of a day's chances are drawn: those at the end of the term then running.
AT = "term"
#: Facts that are events; a value of 0 says that nothing happened.
_EVENTS = ("act", "talks")
Line = list[float | None]


def recorded(scenario: Scenario) -> dict[str, Line]:
    """By "variable.who" the record at the end of weeks 0..H, None where it says nothing.

    Nothing of a scenario that is not of the record's days and levers.
    """
    compiled = scenario.compiled
    if stretch_of(compiled) is None:
        return {}
    path = record_path(scenario)
    after: Line = [None] * (compiled.weeks - path.weeks)
    series = {
        f"rung.{side}": [None, *path.rungs[number].tolist(), *after]
        for number, side in enumerate(("us", "cn"))
    }
    if MAGNET_LEVER in compiled.levers:  # tonnage over its normal level, in every week of a month
        line: Line = [None] * (compiled.weeks + 1)
        for month in path.months:
            first, last = (week_of(day, scenario.spec.start) for day in (month.first, month.last))
            for week in range(max(first, 1), min(last, compiled.weeks) + 1):
                line[week] = month.share
        series[f"flow.{MAGNET_LEVER}"] = line
    return series


def dated_odds(scenario: Scenario, folder: Path, seed: int = DEFAULT_SEED) -> dict[str, Any]:
    """Chances by day and outcome, and what happened by then, for the page to scrub.

    Of a folder of `detente odds` as they were written; of one of `detente fit` with its settings,
    computed now on every week of the scenario that is on record. Raises ResultError for a folder
    that holds neither, ScenarioError for odds of another scenario, ForecastError for one without a
    date.
    """
    return _by_fit(scenario, folder, seed) if holds(folder, FIT) else _as_written(scenario, folder)


def _by_fit(scenario: Scenario, folder: Path, seed: int) -> dict[str, Any]:
    import pandas as pd

    from sim.forecast.fit_store import read_fit
    from sim.forecast.fitted import fitted
    from sim.forecast.odds import Question, every, facts_by_day, weeks_on_record
    from sim.forecast.store import kept_record
    from sim.store.checksums import read_sealed
    from sim.store.files import MANIFEST

    fit, record = read_fit(folder), kept_record(folder, read_sealed(folder / MANIFEST))
    question = Question(scenario, seed, runs=RUNS_EACH, record=record, fit=fitted(fit), anyway=True)
    days = weeks_on_record(scenario, record)
    known_facts = facts_by_day(question, days)
    odds = every(question, days, known_facts)
    rows = pd.DataFrame([row for of_day in odds for row in of_day.rows()])
    return _table(odds[-1].settings, rows, known_facts[-1].frame(), scenario)


def _as_written(scenario: Scenario, folder: Path) -> dict[str, Any]:
    from sim.forecast.store import load_odds

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
    """By outcome a row a day of p, low, high, effective runs; events as [week, date, text]."""
    rows = odds[odds["at"] == AT]
    days = rows.drop_duplicates("as_of")
    chances = ["p", "low", "high", "effective_runs"]
    events = facts[(facts["value"] != 0) & facts["kind"].isin(_EVENTS)].sort_values("date")
    names = Names(scenario.sides)
    return {
        "settings": settings,
        "days": days["as_of"].tolist(),
        "weeks": days["weeks_over"].tolist(),
        "read": days["day"].tolist(),
        "outcomes": {
            str(name): of_outcome[chances].to_numpy().tolist()
            for name, of_outcome in rows.groupby("outcome", sort=False)
        },
        "events": [
            [int(row["week"]), str(row["date"]), _event_text(row, names)]
            for row in events.to_dict("records")
        ],
    }


def _event_text(row: Any, names: Names) -> str:
    if row["kind"] == "talks":
        return "talks are held"
    notches = float(row["value"])
    verb = "tightens" if notches > 0 else "eases"
    count = formatted(abs(notches), "g")
    notch = "notch" if count == "1" else "notches"
    return f"{names.of(row['side'])} {verb} {label(str(row['item']))}, {count} {notch}"
