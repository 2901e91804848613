"""The folder of odds: tables, and a manifest that says what they are of, written last."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.forecast.chances import Odds
from sim.forecast.kept import Told, keep_fit, keep_record
from sim.outcomes.manifest import library_versions
from sim.store.checksums import FILES, check_seal, check_shape, intact, noted, read_sealed, sealed
from sim.store.drafts import sweep
from sim.store.files import write_text
from sim.store.named import MANIFEST
from sim.store.text import csv_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.forecast.answer import Answer
    from sim.forecast.odds import Question
    from sim.scenario import Scenario

KIND = "odds"
FORMAT = 1
#: Column `which` of odds.csv.
ASKED, BESIDE, NULL, TOLERANCE = "asked", "beside", "rival", "tolerance"
TABLES = ("odds", "fan", "facts")
QUANTITIES = ("rung of us", "rung of cn", "flow")
_KINDS = {"kind": str, "name": str, "title": str, "settings": str, FILES: dict}


@dataclass(frozen=True)
class StoredOdds:
    """A folder of odds, read: its manifest, a row a chance, the fan, the facts.

    beside: rows with other settings, to be compared; nulls: rows of rivals, named in `settings`;
    none where none were asked for.
    """

    manifest: dict[str, Any]
    odds: "pd.DataFrame"
    beside: "pd.DataFrame"
    nulls: "pd.DataFrame"
    fan: "pd.DataFrame"
    facts: "pd.DataFrame"


def fan_rows(odds: Odds) -> list[dict[str, Any]]:
    """The fan as rows: week, quantity, and a column a level (q5, q25, ...)."""
    rows = []
    for place, week in enumerate(odds.fan.weeks.tolist()):
        for number, quantity in enumerate(QUANTITIES):
            values = odds.fan.values[number, place]
            named = {f"q{100 * q:.0f}": v for q, v in zip(odds.fan.levels, values, strict=True)}
            rows.append({"week": week, "quantity": quantity, **named})
    return rows


def odds_key(made: Sequence[Odds]) -> str:
    """Eight hex digits of what determines the numbers."""
    from sim.version import __version__

    first = made[0]
    parts = [first.hash, first.seed, first.particles, first.runs, first.tolerance, first.codings]
    parts += [one.settings for one in made] + [one.as_of for one in made]
    parts += [__version__, len(first.chances), first.evidence]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:8]


def write_odds(answer: "Answer", asked: "Question", out: Path, command: str, told: Told) -> Path:
    """Writes odds.csv (with the odds beside them and rows of rivals), fan.csv (of the last day),
    facts.csv, its input, and the manifest; returns the folder.

    Raises OSError if a file cannot be written.
    """
    import pandas as pd

    made, scenario = answer.odds, asked.scenario
    folder = out / f"{scenario.name}-odds-{odds_key(made)}"
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    rows = [*_rows(made, ASKED), *_rows(answer.before, BESIDE)]
    rows += [{**row, "which": NULL} for row in answer.nulls]
    rows += _rows(answer.other, TOLERANCE)
    frames = {
        "odds": pd.DataFrame(rows),
        "fan": pd.DataFrame(fan_rows(made[-1])),
        "facts": asked.facts(scenario, made[-1].as_of).frame(),
    }
    for name, frame in frames.items():
        write_text(folder / f"{name}.csv", csv_text(frame))
    files = [folder / f"{name}.csv" for name in TABLES]
    files += [*keep_record(folder, told.record), *keep_fit(folder, told.fit)]
    said = _manifest(made, scenario, command) | {"weeks": told.weeks}
    said = sealed(said | {FILES: noted(folder, files)})
    write_text(folder / MANIFEST, json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    return folder


def _rows(made: Sequence[Odds], which: str) -> list[dict[str, Any]]:
    return [{**row, "which": which} for one in made for row in one.rows()]


def _manifest(made: Sequence[Odds], scenario: "Scenario", command: str) -> dict[str, Any]:
    from sim.version import __version__

    first = made[0]
    return {
        "kind": KIND,
        "format": FORMAT,
        "version": __version__,
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.spec.start.isoformat(),
        "scenario_hash": scenario.hash,
        "scenario": scenario.to_table(),
        "settings": made[-1].settings,
        "days": [one.as_of.isoformat() for one in made],
        "seed": first.seed,
        "particles": first.particles,
        "runs": first.runs,
        "tolerance": first.tolerance,
        "codings": first.codings,
        "effective": min(one.effective for one in made),
        "command": command,
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "libraries": library_versions(),
    }


def is_odds(folder: Path) -> bool:
    """Whether a folder holds odds."""
    try:
        return read_sealed(folder / MANIFEST).get("kind") == KIND
    except (OSError, ResultError):
        return False


def load_odds(folder: Path) -> StoredOdds:
    """What a folder of odds holds. Raises ResultError if any of it is not as it was written."""
    import pandas as pd

    place = folder / MANIFEST
    found = read_sealed(place)
    check_shape(place, found, _KINDS)
    check_seal(place, found)
    frames = {name: pd.read_csv(intact(folder, found, f"{name}.csv")) for name in TABLES}
    which = frames["odds"]["which"]
    asked, beside, nulls = (frames["odds"][which == one] for one in (ASKED, BESIDE, NULL))
    return StoredOdds(found, asked, beside, nulls, frames["fan"], frames["facts"])
