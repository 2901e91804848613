"""A folder of odds read back, checked whole before anything of it is used."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, quoted
from sim.forecast.store import ASKED, BESIDE, KIND, NULL, TABLES, TOLERANCE
from sim.outcomes.manifest import read_manifest_of
from sim.store.checksums import FILES, intact
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    import pandas as pd

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
_TEXTS = {
    "odds": ("which", "outcome", "at", "settings"),
    "fan": ("quantity",),
    "facts": ("kind",),
}
_DAYS = {"odds": ("as_of", "day"), "fan": (), "facts": ("date",)}
_OF_ODDS = ("settings_low", "settings_high", "effective_sample", "tolerance")
_NUMBERS = {
    "odds": ("weeks_over", "week", "p", "low", "high", "effective_runs", "runs", *_OF_ODDS),
    "fan": ("week", "q5", "q25", "q50", "q75", "q95"),
    "facts": ("week", "value"),
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
    frames = {name: _table(intact(folder, manifest, f"{name}.csv"), name) for name in TABLES}
    which = frames["odds"]["which"]
    parts = (ASKED, BESIDE, NULL, TOLERANCE)
    asked, beside, nulls, other = (frames["odds"][which == part] for part in parts)
    if asked.empty:
        raise ResultError(f"{folder / 'odds.csv'} cannot be read: it has no odds")
    return StoredOdds(manifest, asked, beside, nulls, other, frames["fan"], frames["facts"])


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

    texts = (*_TEXTS[name], *_DAYS[name])
    kinds: dict[str, type] = dict.fromkeys(texts, str) | dict.fromkeys(_NUMBERS[name], float)
    try:
        frame = pd.read_csv(file, dtype=dict.fromkeys(texts, str), float_precision="round_trip")
        frame.astype(kinds)
    except (ValueError, KeyError) as problem:
        raise ResultError(f"{file} cannot be read: {problem}") from problem
    if not all(frame[column].map(_is_day).all() for column in _DAYS[name]):
        raise ResultError(f"{file} cannot be read: {' or '.join(_DAYS[name])} is no day")
    return frame
