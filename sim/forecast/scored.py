"""Forecasts and what came of them: from the ledger or made now, as one table of scores."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.forecast.against import table
from sim.forecast.facts import Date
from sim.forecast.freeze import data_hash
from sim.forecast.frozen import MODEL, Frozen
from sim.forecast.horizons import weeks_over
from sim.forecast.scoring import Score, scores
from sim.history.path import record_path
from sim.history.record import Record, shipped
from sim.outcomes.calendar import last_day

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

#: The dates on which forecasts are frozen: truces begun, and the crisis of October (2025).
DATES = (Date(2025, 5, 12), Date(2025, 6, 27), Date(2025, 10, 9), Date(2025, 10, 30))

#: What may have changed since a forecast: its scenario, the record of what was known on its day.
SCENARIO, RECORD = "scenario", "record"


@dataclass(frozen=True, eq=False)
class Scored:
    """Forecasts, and the table of their scores (columns of `Score`).

    open: those of which nothing has happened yet. changed: of each forecast what is no longer what
    it was when it was frozen: SCENARIO, RECORD.
    """

    forecasts: tuple[Frozen, ...]
    scores: "pd.DataFrame"
    open: tuple[Frozen, ...]
    changed: tuple[tuple[str, ...], ...]


def score(
    forecasts: Sequence[Frozen],
    scenarios: "Iterable[Scenario]",
    record: Record | None = None,
) -> Scored:
    """Scores forecasts of these scenarios against a record, the shipped one by default.

    Raises ResultError if there is nothing to score, or scoringrules is not installed.
    """
    worlds = {scenario.name: scenario for scenario in scenarios}
    happened = {name: record_path(scenario, record) for name, scenario in worlds.items()}
    rows: list[Score] = []
    waiting: list[Frozen] = []
    changed: list[tuple[str, ...]] = []
    for frozen in forecasts:
        rows_here = scores(frozen, happened[frozen.scenario])
        rows += rows_here
        if not rows_here:
            waiting.append(frozen)
        changed.append(tuple(_changed(frozen, worlds[frozen.scenario], record or shipped())))
    if not rows:
        raise ResultError("nothing to score: no week that was forecast is on record")
    return Scored(tuple(forecasts), table(rows), tuple(waiting), tuple(changed))


def _changed(frozen: Frozen, scenario: "Scenario", record: Record) -> Iterator[str]:
    """What is no longer what it was when a forecast was frozen."""
    if frozen.hashes["scenario"] != scenario.hash:
        yield SCENARIO
    if frozen.hashes["data"] != data_hash(record.until(frozen.as_of)):
        yield RECORD


def stated_dates(scenario: "Scenario", record: Record | None = None) -> list[Date]:
    """The dates of DATES within a scenario's weeks on record; its first day among them."""
    last = min((record or shipped()).extent[1], last_day(scenario.spec.start, scenario.spec.weeks))
    days = {scenario.spec.start, *DATES}
    return sorted(day for day in days if scenario.spec.start <= day <= last)


def every_week(scenario: "Scenario", record: Record | None = None) -> list[Date]:
    """The start, and the last day of every week on record that has a week after it."""
    spec = scenario.spec
    last = min((record or shipped()).extent[1], last_day(spec.start, spec.weeks))
    weeks = weeks_over(scenario, last)
    return [spec.start, *(last_day(spec.start, week) for week in range(1, weeks))]


def kinds(forecasts: Sequence[Frozen]) -> dict[str, int]:
    """How many of the model's own forecasts are forecasts, and how many fits."""
    return Counter(frozen.forecasts[MODEL].kind for frozen in forecasts)
