"""The folder of odds: tables, and a manifest that says what they are of, written last; read back,
it is checked whole before anything of it is used.

Such a folder, and that of a fit, keeps its input, so that it can be made again. The package's own
record is not kept: a folder says which facts it saw, and is held against them.
"""

import datetime
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, quoted
from sim.forecast.answer import OF_PAGE, Answer, content
from sim.forecast.odds import Odds, Question
from sim.forecast.stops import LEVELS
from sim.history.record import Record, record_of
from sim.outcomes.definitions import counted
from sim.outcomes.manifest import read_manifest_of, write_sealed
from sim.report.pictures import ODDS
from sim.scenario import Scenario
from sim.store.checksums import FILES, has_file, intact
from sim.store.digests import short_key
from sim.store.files import MANIFEST, read_json, write_text
from sim.store.folders import AGAIN, written_folder
from sim.store.tables import write_tables
from sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd


KIND = ODDS
FORMAT = 1
#: Column `which` of odds.csv, by the part of an answer's content.
PARTS = {"odds": "asked", "beside": "beside", "nulls": "rival", "tolerances": "tolerance"}
QUANTITIES = ("rung of us", "rung of cn", "flow")
#: A record of one's own, its tables row by row; and the points of the fit whose settings were used.
RECORD, FIT = "record.json", "fit"
#: What is read of a fit.
OF_FIT = (MANIFEST, "cloud.npz")


def keep_record(folder: Path, record: Record | None) -> list[Path]:
    """Writes a record of one's own into a folder; returns the files written."""
    if record is None:
        return []
    write_text(folder / RECORD, json.dumps(record.tables, ensure_ascii=False) + "\n")
    return [folder / RECORD]


def kept_record(folder: Path, manifest: Mapping[str, Any]) -> Record | None:
    """The record that a folder keeps; None if it was the package's. Raises ResultError."""
    if not has_file(manifest, RECORD):
        return None
    place = intact(folder, manifest, RECORD)
    try:
        return record_of(read_json(place))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ResultError(f"{place} holds no record: {problem!r}") from problem


def fan_rows(odds: Odds) -> list[dict[str, Any]]:
    """The fan as rows: week, quantity, and a column a level (q5, q25, ...)."""
    rows = []
    for place, week in enumerate(odds.fan.weeks.tolist()):
        for number, quantity in enumerate(QUANTITIES):
            values = odds.fan.values[number, place]
            levels = {f"q{100 * q:.0f}": v for q, v in zip(LEVELS, values, strict=True)}
            rows.append({"week": week, "quantity": quantity, **levels})
    return rows


def odds_key(all_odds: Sequence[Odds]) -> str:
    """Eight hex digits of what determines the numbers."""
    first = all_odds[0]
    asked = first.question
    parts = [asked.scenario.hash, *(getattr(asked, key) for key in OF_PAGE)]
    parts += [odds.settings for odds in all_odds] + [odds.as_of for odds in all_odds]
    parts += [__version__, len(first.chances), first.evidence]
    return short_key(*parts)


def write_odds(
    answer: Answer, question: Question, out: Path, command: str, fit: Path | None = None
) -> Path:
    """Writes odds.csv (with the odds beside them and rows of rivals), fan.csv (of the last day),
    facts.csv, its input, and the manifest; returns the folder.

    fit: the folder of the fit whose settings were used; what is read of it is copied.
    Raises ResultWriteError if it cannot be written.
    """
    import pandas as pd

    all_odds, scenario = answer.odds, question.scenario
    page = content(answer)
    rows = [{**row, "which": which} for part, which in PARTS.items() for row in page[part]]
    frames = {
        "odds": pd.DataFrame(rows),
        "fan": pd.DataFrame(fan_rows(all_odds[-1])),
        "facts": question.facts(scenario, all_odds[-1].as_of).frame(),
    }

    def fill(draft: Path) -> None:
        files = [*write_tables(draft, frames), *keep_record(draft, question.record)]
        if fit is not None:
            (draft / FIT).mkdir()
            files += [Path(shutil.copy(fit / name, draft / FIT / name)) for name in OF_FIT]
        write_sealed(draft, _facts(answer, question, command), files)

    name = f"{Path(scenario.name).name}-odds-{odds_key(all_odds)}"
    return written_folder(out, name, fill, "odds", AGAIN)


def _facts(answer: Answer, question: Question, command: str) -> dict[str, Any]:
    scenario, first = question.scenario, answer.odds[0]
    return {
        "kind": KIND,
        "format": FORMAT,
        "version": __version__,
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.spec.start.isoformat(),
        "scenario_hash": scenario.hash,
        "scenario": scenario.to_table(),
        "settings": answer.odds[-1].settings,
        "days": [odds.as_of.isoformat() for odds in answer.odds],
        **{key: getattr(first.question, key) for key in OF_PAGE},
        "effective": min(odds.effective for odds in answer.odds),
        "command": command,
        "weeks": question.weeks,
        "ended": answer.ended,
    }


#: What a manifest of odds must have to be read.
_KINDS = {
    **dict.fromkeys(("kind", "version", "name", "title", "start", "settings"), str),
    **dict.fromkeys(("scenario_hash", "command"), str),
    **dict.fromkeys(("seed", "particles", "runs"), int),
    **dict.fromkeys(("scenario", "libraries", FILES), dict),
    "tolerance": int | float,
    "days": list,
}
#: What each table must have to be read: columns of text, of days, and of numbers.
_COLUMNS = {
    "odds": (
        "which outcome at settings",
        "as_of day",
        "weeks_over week p low high effective_runs runs settings_low settings_high "
        "effective_sample tolerance",
    ),
    "fan": ("quantity", "", "week q5 q25 q50 q75 q95"),
    "facts": ("kind", "date", "week value"),
}


@dataclass(frozen=True)
class StoredOdds:
    """A folder of odds, read: its manifest, a row a chance, the fan, the facts.

    beside: rows with other settings, to be compared; nulls: rows of rivals, named in `settings`;
    tolerances: those of the last day by other tolerances; none where none were asked for.
    """

    manifest: dict[str, Any]
    odds: "pd.DataFrame"
    beside: "pd.DataFrame"
    nulls: "pd.DataFrame"
    tolerances: "pd.DataFrame"
    fan: "pd.DataFrame"
    facts: "pd.DataFrame"


def load_odds(folder: Path) -> StoredOdds:
    """What a folder of odds holds. Raises ResultError if any of it is not as it was written."""
    manifest = odds_manifest(folder)
    frames = {name: _table(intact(folder, manifest, f"{name}.csv"), name) for name in _COLUMNS}
    which = frames["odds"]["which"]
    parts = {name: frames["odds"][which == part] for name, part in PARTS.items()}
    if parts["odds"].empty:
        raise ResultError(f"{folder / 'odds.csv'} cannot be read: it has no odds")
    return StoredOdds(manifest, **frames | parts)


def odds_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of odds. Raises ResultError if it is not as it was written."""
    manifest = read_manifest_of(folder, KIND, "no odds: `detente odds` writes them", _KINDS)
    for day in (manifest["start"], *manifest["days"]):
        if not _is_day(day):
            raise ResultError(f"{folder / MANIFEST} cannot be read: {quoted(day)} is no day")
    return manifest


def _is_day(text: Any) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except (TypeError, ValueError):
        return False


def _table(file: Path, name: str) -> "pd.DataFrame":
    """One of the tables. Raises ResultError if it has not the columns of one."""
    import pandas as pd

    texts, days, numbers = (names.split() for names in _COLUMNS[name])
    words = [*texts, *days]
    kinds: dict[str, type] = dict.fromkeys(words, str) | dict.fromkeys(numbers, float)
    try:
        frame = pd.read_csv(file, dtype=dict.fromkeys(words, str), float_precision="round_trip")
        frame.astype(kinds)
    except (ValueError, KeyError) as problem:
        raise ResultError(f"{file} cannot be read: {problem}") from problem
    if not all(frame[column].map(_is_day).all() for column in days):
        raise ResultError(f"{file} cannot be read: {' or '.join(days)} is no day")
    return frame


def stored_content(stored: StoredOdds) -> dict[str, Any]:
    """The content of its page, as of an answer. Raises ScenarioError if its scenario is none."""
    manifest = stored.manifest
    return {
        "scenario": manifest["name"],
        "hash": manifest["scenario_hash"],
        "settings": manifest["settings"],
        **{key: manifest.get(key, 1) for key in OF_PAGE},
        "odds": _plain(stored.odds),
        "definitions": _definitions(manifest, stored.odds["outcome"].unique().tolist()),
        "beside": _plain(stored.beside),
        "nulls": _plain(stored.nulls),
        "tolerances": _plain(stored.tolerances),
        "ended": manifest.get("ended", {}),
    }


def _definitions(manifest: Mapping[str, Any], outcomes: Sequence[str]) -> dict[str, str]:
    """What each outcome counts, by the scenario that a folder holds."""
    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    return {str(outcome): counted(scenario.compiled, outcome) for outcome in outcomes}


def _plain(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows of a table without the column that parts them; what is missing is None."""
    rows = frame.drop(columns="which").astype(object).to_dict("records")
    return [
        {str(key): None if value != value else value for key, value in row.items()} for row in rows
    ]
