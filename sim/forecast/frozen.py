"""A frozen forecast: what each forecaster said on a day of the weeks that were still to come.

Numbers are rounded when a forecast is made, so that one read from the ledger is the one computed.
The ledger has a file a day and scenario, written once and never again; it lies in `forecasts/`
beside the tables of the record that the forecasts were made from.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.forecast.observations import Date
from sim.history.replay import COIN, CONCEDE
from sim.history.rows import data_folder
from sim.scenario.calendar import last_day
from sim.store.files import MOST_TABLE_BYTES, drafted_file, read_json
from sim.store.folders import write_failures_named

Numbers = tuple[float, ...]

#: Levels of the quantiles that are kept: .05, .10, ... .95.
LEVELS: Numbers = tuple(k / 20 for k in range(1, 20))
#: Paths that are kept of each forecaster with runs: for the energy score.
MEMBERS = 50
#: What a forecast is called by what its settings have seen.
FORECAST, FIT = "forecast", "fit"
MODEL, FITTED = "model", "model, fitted"
BASE, HAZARD = "base rate (Kaplan-Meier)", "constant hazard (Gamma-Poisson)"
FRAILTY, PERSISTENCE = "gamma frailty (Lomax)", "persistence"
#: In the order of every table.
FORECASTERS = (MODEL, FITTED, COIN, CONCEDE, BASE, HAZARD, FRAILTY, PERSISTENCE)

FOLDER = "forecasts"
#: Raised whenever a file written before could not be read as it should be.
FORMAT = 1
SUFFIX = ".json"


@dataclass(frozen=True)
class Forecast:
    """What one forecaster said; W weeks ahead, the first of them the first that is not over.

    label: which settings it used. kind: FORECAST, or FIT where its settings have seen what came
    later. holds: by outcome, the chance that it holds at the end of each week, (W,). extended: the
    chance that the first term is prolonged. rungs: by side, (W, 19) quantiles of the rung at the
    end of each week. flows: by month as 2025-05, (19,) quantiles of the flow over normal. paths:
    (up to 50, 2, W) rungs of single runs. Empty or None where it says nothing.
    """

    label: str
    kind: str
    holds: Mapping[str, Numbers] = field(default_factory=dict)
    extended: float | None = None
    rungs: Mapping[str, tuple[Numbers, ...]] = field(default_factory=dict)
    flows: Mapping[str, Numbers] = field(default_factory=dict)
    paths: tuple[tuple[Numbers, Numbers], ...] = ()


@dataclass(frozen=True)
class Frozen:
    """All forecasts of one scenario on one day.

    as_of: nothing dated after it has reached them. elapsed: weeks of the scenario that were over.
    weeks: its last week. hashes: of scenario, data (what was known on the day) and code.
    written: the day on which its file was made, "" before that.
    """

    scenario: str
    as_of: Date
    start: Date
    elapsed: int
    weeks: int
    term: int | None
    seed: int
    runs: int
    hashes: Mapping[str, str]
    forecasts: Mapping[str, Forecast]
    notes: tuple[str, ...] = ()
    written: str = field(default="", compare=False)

    @property
    def first(self) -> int:
        """The first week that is forecast."""
        return self.elapsed + 1

    @property
    def until(self) -> Date:
        """The last day that is forecast."""
        return last_day(self.start, self.weeks)


def rounded(value: float, digits: int = 4) -> float:
    """A number as a forecast keeps it."""
    return round(float(value), digits)


def ledger_of(record: Path | None) -> Traversable:
    """The ledger of a record's folder; of the package's own where none is given."""
    return (data_folder() if record is None else record).joinpath(FOLDER)


def file_name(as_of: Date, scenario: str) -> str:
    """The name of a forecast's file: day, then scenario."""
    return f"{as_of}-{scenario.replace('/', '-')}{SUFFIX}"


def refuse_there(folder: Path, as_of: Date, scenario: str) -> None:
    """Raises ResultError if a ledger has a forecast of this day and scenario."""
    file = folder / file_name(as_of, scenario)
    if file.exists():
        raise ResultError(_already_there(file))


def write(frozen: Frozen, folder: Path, written: datetime | None = None) -> Path:
    """Appends a forecast to a ledger; returns its file.

    A file that is there is never written over: ResultError, whatever it holds. Raises
    ResultWriteError if it cannot be written.
    """
    refuse_there(folder, frozen.as_of, frozen.scenario)
    file = folder / file_name(frozen.as_of, frozen.scenario)
    text = text_of(frozen, written or datetime.now(UTC))
    with write_failures_named(file, "forecast"):
        folder.mkdir(parents=True, exist_ok=True)
        with drafted_file(file) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")
            try:
                file.hardlink_to(draft)  # unlike a renaming it fails where another was first
            except FileExistsError as error:
                raise ResultError(_already_there(file)) from error
    return file


def _already_there(file: Path) -> str:
    return f"{file} is there already: a forecast is frozen once and never edited"


def text_of(frozen: Frozen, written: datetime) -> str:
    """A forecast as JSON, a line a forecaster and quantity."""
    day = f"{written:%Y-%m-%d}"
    content: dict[str, Any] = {"format": FORMAT, "written": day} | asdict(frozen)
    content["written"] = day
    content["as_of"], content["start"] = f"{frozen.as_of}", f"{frozen.start}"
    forecasts = content.pop("forecasts")
    head = json.dumps(content, indent=1, ensure_ascii=False)[:-2]
    texts = {
        name: ",\n".join(f"   {_packed(key)}: {_packed(value)}" for key, value in said.items())
        for name, said in forecasts.items()
    }
    rows = ",\n".join(f"  {_packed(name)}: {{\n{text}\n  }}" for name, text in texts.items())
    return f'{head},\n "forecasts": {{\n{rows}\n }}\n}}\n'


def _packed(value: Any) -> str:
    """JSON without blanks, and whole numbers without a point."""
    return json.dumps(_short(value), separators=(",", ":"), ensure_ascii=False)


def _short(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _short(entry) for key, entry in value.items()}
    return [_short(entry) for entry in value] if isinstance(value, list | tuple) else value


def read(folder: Traversable) -> list[Frozen]:
    """Every forecast of a ledger, in order of day and scenario; none if there is no ledger.

    Raises ResultError for a file that is none.
    """
    if not folder.is_dir():
        return []
    files = [file for file in folder.iterdir() if file.name.endswith(SUFFIX)]
    return [_read_frozen(file) for file in sorted(files, key=lambda file: file.name)]


def _read_frozen(file: Traversable) -> Frozen:
    try:
        content = read_json(file, MOST_TABLE_BYTES)
        if content["format"] != FORMAT:
            raise ResultError(f"{file} has format {content['format']}; allowed: {FORMAT}")
        return frozen_of(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{file} is no forecast of the ledger: {error!r}") from error


def frozen_of(content: Mapping[str, Any]) -> Frozen:
    """A forecast from the content of its file."""
    values = {field.name: content[field.name] for field in fields(Frozen)}
    for name in ("as_of", "start"):
        values[name] = Date.fromisoformat(values[name])
    values["notes"] = tuple(values["notes"])
    values["forecasts"] = {
        name: Forecast(**{field.name: _tuples(said[field.name]) for field in fields(Forecast)})
        for name, said in values["forecasts"].items()
    }
    return Frozen(**values)


def _tuples(value: Any) -> Any:
    """A value with tuples in place of lists, at any depth."""
    if isinstance(value, dict):
        return {name: _tuples(entry) for name, entry in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
