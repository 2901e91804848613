"""The tables of a result folder as CSV, for spreadsheets: from the folder alone."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, ResultWriteError
from sim.outcomes.manifest import read_manifest
from sim.store.checksums import has_file, intact
from sim.store.files import whole_file
from sim.store.text import csv_text

if TYPE_CHECKING:
    import pandas as pd

#: Tables that every result folder has, and those it may have.
ALWAYS = ("outcomes", "conduct", "payoffs", "bands", "triggers")
SOMETIMES = ("butfor", "runs")
#: Those of an exact solution.
SOLVED = ("survival", "outcomes", "conduct")
ROWS = 1 << 18  # held in memory at a time


def export_csv(folder: Path | str, target: Path | None = None) -> list[Path]:
    """Writes each table of a result folder as CSV into `target` (default: its folder csv/).

    The columns are those of the Parquet tables, with a date beside each week; numbers in full
    precision, dates as 2025-05-12, never and none as empty cells. Each file is written under
    another name and then renamed. Returns the files. Raises ResultError if `folder` is no whole
    result folder, ResultWriteError if the files cannot be written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    start = datetime.date.fromisoformat(manifest["scenario"]["start"])
    names = (SOLVED, ()) if manifest["engine"] == "exact" else (ALWAYS, SOMETIMES)
    sources = _sources(folder, manifest, *names)
    target = folder / "csv" if target is None else target
    try:
        target.mkdir(parents=True, exist_ok=True)
        return [_export(source, target / f"{source.stem}.csv", start) for source in sources]
    except OSError as problem:
        raise ResultWriteError(f"the tables could not be written: {problem}") from problem


def _sources(
    folder: Path, manifest: Mapping[str, Any], always: Sequence[str], sometimes: Sequence[str]
) -> list[Path]:
    """The folder's tables. Raises ResultError if one is missing or not as it was written."""
    files = [f"{name}.parquet" for name in always]
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise ResultError(f"{folder} is not a whole result folder: no {', '.join(missing)}")
    files += [name for source in sometimes if has_file(manifest, name := f"{source}.parquet")]
    return [intact(folder, manifest, name) for name in files]


def _export(source: Path, path: Path, start: datetime.date) -> Path:
    """One table, a part at a time: runs.parquet may have millions of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(source)
        empty = _dated(table.schema_arrow.empty_table().to_pandas(), start)
        with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            file.write(csv_text(empty))
            for batch in table.iter_batches(ROWS):
                file.write(csv_text(_dated(batch.to_pandas(), start), header=False))
    except pa.ArrowException as problem:
        raise ResultError(f"{source} cannot be read: {problem}") from problem
    return path


def _dated(frame: "pd.DataFrame", start: datetime.date) -> "pd.DataFrame":
    """The table with the first day of each week beside it, if it has weeks and no dates."""
    if "week" not in frame or "date" in frame:
        return frame
    days = [start + datetime.timedelta(days=7 * (int(week) - 1)) for week in frame["week"]]
    frame.insert(list(frame.columns).index("week") + 1, "date", days)
    return frame
