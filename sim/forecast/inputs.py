"""What a folder of odds or of a fit keeps of its input, so that it can be made again.

The package's own record is not kept: a folder says which facts it saw, and is held against them.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.history.record import Record, record_of
from sim.store.checksums import has_file, intact
from sim.store.files import MANIFEST, read_json, write_text

#: A record of one's own, its tables row by row; and the points of the fit whose settings were used.
RECORD, FIT = "record.json", "fit"
#: What is read of a fit.
OF_FIT = (MANIFEST, "cloud.npz")


@dataclass(frozen=True)
class OddsInputs:
    """What odds are made from besides the scenario.

    weeks: how far ahead. record: one's own, None for the package's. fit: the folder of the fit.
    """

    weeks: int
    record: Record | None = None
    fit: Path | None = None


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


def keep_fit(folder: Path, fit: Path | None) -> list[Path]:
    """Copies what `read_fit` reads of a fit into a folder; returns the files written."""
    if fit is None:
        return []
    (folder / FIT).mkdir(exist_ok=True)
    return [Path(shutil.copy(fit / name, folder / FIT / name)) for name in OF_FIT]
