"""Odds as plain values: of an answer, or of the folder that was written of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.outcomes.definitions import definition

if TYPE_CHECKING:
    import pandas as pd

    from sim.forecast.answer import Answer
    from sim.forecast.chances import Odds
    from sim.forecast.odds_reading import StoredOdds

#: Keys of a manifest of odds that are what the page is of.
_SAME = ("settings", "seed", "particles", "runs", "tolerance", "codings")


def content(answer: "Answer") -> dict[str, Any]:
    """The odds as rows, those beside them, of rivals and of other tolerances; definitions."""
    last = answer.odds[-1]
    return {
        "scenario": last.scenario,
        "hash": last.hash,
        **{key: getattr(last, key) for key in _SAME},
        "odds": _rows(answer.odds),
        "definitions": {chance.outcome: chance.estimate.definition for chance in last.chances},
        "beside": _rows(answer.before),
        "nulls": answer.nulls,
        "tolerances": _rows(answer.other),
        "ended": answer.ended,
    }


def stored_content(stored: "StoredOdds") -> dict[str, Any]:
    """The same of a folder. Raises ScenarioError if its scenario cannot be read."""
    manifest = stored.manifest
    return {
        "scenario": manifest["name"],
        "hash": manifest["scenario_hash"],
        **{key: manifest.get(key, 1) for key in _SAME},
        "odds": _plain(stored.odds),
        "definitions": _definitions(manifest, stored.odds["outcome"].unique().tolist()),
        "beside": _plain(stored.beside),
        "nulls": _plain(stored.nulls),
        "tolerances": _plain(stored.tolerances),
        "ended": manifest.get("ended", {}),
    }


def _rows(all_odds: "Sequence[Odds]") -> list[dict[str, Any]]:
    return [row for odds in all_odds for row in odds.rows()]


def _definitions(manifest: Mapping[str, Any], outcomes: Sequence[str]) -> dict[str, str]:
    """What each outcome counts, by the scenario that a folder holds."""
    from sim.scenario.scenario import Scenario

    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    rules = scenario.compiled.parts[0].params.rules[0]
    core = scenario.spec.truce.core if scenario.spec.truce else ()
    return {str(outcome): definition(outcome, rules, core) for outcome in outcomes}


def _plain(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows of a table without the column that parts them; what is missing is None."""
    rows = frame.drop(columns="which").astype(object).to_dict("records")
    return [
        {str(key): None if value != value else value for key, value in row.items()} for row in rows
    ]
