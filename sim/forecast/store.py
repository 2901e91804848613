"""The folder of odds: tables, and a manifest that says what they are of, written last."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.forecast.chances import Odds
from sim.forecast.inputs import OddsInputs, keep_fit, keep_record
from sim.outcomes.manifest import write_sealed
from sim.report.pictures import ODDS
from sim.store.drafts import sweep
from sim.store.text import write_tables

if TYPE_CHECKING:
    from sim.forecast.answer import Answer
    from sim.forecast.odds import Question
    from sim.scenario import Scenario

KIND = ODDS
FORMAT = 1
#: Column `which` of odds.csv.
ASKED, BESIDE, NULL, TOLERANCE = "asked", "beside", "rival", "tolerance"
TABLES = ("odds", "fan", "facts")
QUANTITIES = ("rung of us", "rung of cn", "flow")


def fan_rows(odds: Odds) -> list[dict[str, Any]]:
    """The fan as rows: week, quantity, and a column a level (q5, q25, ...)."""
    rows = []
    for place, week in enumerate(odds.fan.weeks.tolist()):
        for number, quantity in enumerate(QUANTITIES):
            values = odds.fan.values[number, place]
            levels = {f"q{100 * q:.0f}": v for q, v in zip(odds.fan.levels, values, strict=True)}
            rows.append({"week": week, "quantity": quantity, **levels})
    return rows


def odds_key(all_odds: Sequence[Odds]) -> str:
    """Eight hex digits of what determines the numbers."""
    from sim.version import __version__

    first = all_odds[0]
    parts = [first.hash, first.seed, first.particles, first.runs, first.tolerance, first.codings]
    parts += [odds.settings for odds in all_odds] + [odds.as_of for odds in all_odds]
    parts += [__version__, len(first.chances), first.evidence]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:8]


def write_odds(
    answer: "Answer", question: "Question", out: Path, command: str, inputs: OddsInputs
) -> Path:
    """Writes odds.csv (with the odds beside them and rows of rivals), fan.csv (of the last day),
    facts.csv, its input, and the manifest; returns the folder.

    Raises OSError if a file cannot be written.
    """
    import pandas as pd

    all_odds, scenario = answer.odds, question.scenario
    folder = out / f"{scenario.name}-odds-{odds_key(all_odds)}"
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    rows = [*_rows(all_odds, ASKED), *_rows(answer.before, BESIDE)]
    rows += [{**row, "which": NULL} for row in answer.nulls]
    rows += _rows(answer.other, TOLERANCE)
    frames = {
        "odds": pd.DataFrame(rows),
        "fan": pd.DataFrame(fan_rows(all_odds[-1])),
        "facts": question.facts(scenario, all_odds[-1].as_of).frame(),
    }
    tables = write_tables(folder, frames)
    kept = [*keep_record(folder, inputs.record), *keep_fit(folder, inputs.fit)]
    facts = _facts(all_odds, scenario, command) | {"weeks": inputs.weeks, "ended": answer.ended}
    write_sealed(folder, facts, [*tables, *kept])
    return folder


def _rows(all_odds: Sequence[Odds], which: str) -> list[dict[str, Any]]:
    return [{**row, "which": which} for odds in all_odds for row in odds.rows()]


def _facts(all_odds: Sequence[Odds], scenario: "Scenario", command: str) -> dict[str, Any]:
    from sim.version import __version__

    first = all_odds[0]
    return {
        "kind": KIND,
        "format": FORMAT,
        "version": __version__,
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.spec.start.isoformat(),
        "scenario_hash": scenario.hash,
        "scenario": scenario.to_table(),
        "settings": all_odds[-1].settings,
        "days": [odds.as_of.isoformat() for odds in all_odds],
        "seed": first.seed,
        "particles": first.particles,
        "runs": first.runs,
        "tolerance": first.tolerance,
        "codings": first.codings,
        "effective": min(odds.effective for odds in all_odds),
        "command": command,
    }
