"""The ledger: frozen forecasts as files, one a day and scenario, written once and never again.

It lies in `forecasts/` beside the tables of the record that the forecasts were made from.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sim.errors import ResultError, ResultWriteError
from sim.forecast.facts import Date
from sim.forecast.frozen import Forecast, Frozen
from sim.history.rows import data_folder
from sim.store.drafts import drafted_file
from sim.store.files import MOST_TABLE_BYTES, read_json

FOLDER = "forecasts"
#: Raised whenever a file written before could not be read as it should be.
FORMAT = 1
SUFFIX = ".json"


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with drafted_file(file) as draft:
            draft.write_text(text, encoding="utf-8", newline="\n")
            file.hardlink_to(draft)  # unlike a renaming it fails where another was first
    except FileExistsError as error:
        raise ResultError(_already_there(file)) from error
    except OSError as error:
        raise ResultWriteError(f"the forecast could not be written to {file}: {error}") from error
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
    rows = ",\n".join(
        f"  {_quoted(name)}: {_forecast(forecast)}" for name, forecast in forecasts.items()
    )
    return f'{head},\n "forecasts": {{\n{rows}\n }}\n}}\n'


def _forecast(content: Mapping[str, Any]) -> str:
    rows = (f"   {_quoted(key)}: {_packed(value)}" for key, value in content.items())
    return "{\n" + ",\n".join(rows) + "\n  }"


def _packed(value: Any) -> str:
    """JSON without blanks, and whole numbers without a point."""
    return json.dumps(_short(value), separators=(",", ":"), ensure_ascii=False)


def _short(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _short(entry) for key, entry in value.items()}
    return [_short(entry) for entry in value] if isinstance(value, list | tuple) else value


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


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
    values["forecasts"] = {name: _forecast_of(v) for name, v in values["forecasts"].items()}
    return Frozen(**values)


def _forecast_of(value: Mapping[str, Any]) -> Forecast:
    return Forecast(**{field.name: _tuples(value[field.name]) for field in fields(Forecast)})


def _tuples(value: Any) -> Any:
    """A value with tuples in place of lists, at any depth."""
    if isinstance(value, dict):
        return {name: _tuples(entry) for name, entry in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
