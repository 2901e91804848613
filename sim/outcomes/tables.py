"""The tables of a result and its folder, in Parquet or CSV.

No times are in them: the same runs give the same bytes.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import FLAGS, RUNS, WEEKS, item_name, numbers
from sim.errors import ResultError
from sim.outcomes.definitions import defined_in, holding, week_read
from sim.outcomes.estimates import wilson
from sim.outcomes.manifest import read_manifest
from sim.scenario.calendar import first_day
from sim.store.checksums import FILES, TABLE, has_file, intact, intact_table
from sim.store.files import whole_file
from sim.store.folders import write_failures_named
from sim.store.tables import csv_text
from sim.world.outcomes import outcome_of, own_outcomes
from sim.world.state import CAUSES

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.outcomes.result import Result
    from sim.scenario.compile import Compiled

#: Tables that every result folder has, and those of an exact solution.
ALWAYS = ("outcomes", "conduct", "payoffs", "bands", "triggers")
#: What was drawn of the plausible ranges, and what came of it.
SETTINGS = "settings"
SOLVED = ("survival", "outcomes", "conduct")
ROWS = 1 << 18  # held in memory at a time


def tables(result: "Result") -> Iterator[tuple[str, "pd.DataFrame"]]:
    """The tables of a result by name but that of its runs, each with its point."""
    yield "outcomes", at_point(outcomes_frame(result))
    yield "conduct", at_point(result.conduct.drop(columns="date"))
    yield "payoffs", at_point(result.payoffs)
    yield "bands", at_point(result.bands)
    yield "triggers", at_point(result.triggers_by_week)
    if result.but_for is not None:
        yield "butfor", at_point(result.but_for)
    if result.by_reading is not None:
        yield "readings", at_point(result.by_reading)
    if result.spread is not None and result.spread.settings is not None:
        yield SETTINGS, at_point(result.spread.settings)


def at_point(frame: "pd.DataFrame") -> "pd.DataFrame":
    """A table with its point in a study (0: a single scenario) before all else."""
    frame = frame.copy()
    frame.insert(0, "point", 0)
    return frame


def outcome_counts(tally: "Tally", world: "Compiled") -> dict[str, Any]:
    """Every defined outcome by week, as columns: outcome, week, n, holds."""
    rules = world.params.rules[0]
    names: list[str] = []
    weeks: list[int] = []
    holds: list[int] = []
    for outcome in defined_in(tally, rules):
        by_week = holding(tally, outcome).tolist()
        names += [outcome] * len(by_week)
        once = outcome_of(outcome).once
        weeks += [week_read(rules)] if once else range(1, len(by_week) + 1)
        holds += by_week
    n = np.full(len(weeks), tally.counts[RUNS])
    return {"outcome": names, "week": weeks, "n": n, "holds": holds}


def outcomes_frame(result: "Result") -> "pd.DataFrame":
    """Every defined outcome by week: outcome, week, n, holds, p, low, high."""
    import pandas as pd

    frame = pd.DataFrame(outcome_counts(result.tally, result.compiled))
    low, high = wilson(frame["holds"], frame["n"])
    return frame.assign(p=frame["holds"] / np.maximum(frame["n"], 1), low=low, high=high)


def runs_frame(rows: np.ndarray, world: "Compiled", first: int = 0) -> "pd.DataFrame":
    """The engine's rows as a table: run, weeks (nan = never), extended, the trigger, payoffs.

    The trigger is cause, cause_who, cause_item and cause_week (when the violation began that
    led to the dispute); None and nan in runs without one.
    """
    import pandas as pd

    ids = world.sides.ids
    columns: dict[str, object] = {"run": np.arange(first, first + len(rows))}
    own = (one for one in own_outcomes() if one.field in (rows.dtype.names or ()))
    weeks = WEEKS | {one.column: one.field for one in own}
    columns |= {name: _or_nan(rows[field], rows[field] > 0) for name, field in weeks.items()}
    columns |= {name: rows[field].astype(bool) for name, field in FLAGS.items()}
    broken = rows["cause"] >= 0
    columns["cause"] = _or_none(CAUSES, rows["cause"], broken)
    columns["cause_who"] = _or_none(ids, rows["cause_who"], broken)
    columns["cause_item"] = _items(rows, world.levers, world.shocks, broken)
    columns["cause_week"] = _or_nan(rows["cause_week"], broken)
    columns |= {name: rows[field] for name, field in numbers(ids).items()}
    return pd.DataFrame(columns)


def _or_nan(values: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(known, values.astype(float), np.nan)


def _or_none(
    names: Sequence[str], codes: NDArray[np.integer], known: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The names of codes, None where a code is of nothing."""
    table = np.array([*names, None], dtype=object)
    return table[np.where(known, codes, len(names))]


def _items(
    rows: np.ndarray, levers: Sequence[str], shocks: Sequence[str], known: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The lever or shock of each trigger: what it is called depends on the cause."""
    items = max(len(levers), len(shocks)) + 1  # the last stands for none
    names = [
        item_name(cause, item if item < items - 1 else -1, levers, shocks)
        for cause in range(len(CAUSES))
        for item in range(items)
    ]
    item = np.where(rows["cause_item"] >= 0, rows["cause_item"], items - 1)
    return _or_none(names, rows["cause"].astype(np.int64) * items + item, known)


def write_table(frame: "pd.DataFrame", path: Path | BinaryIO) -> None:
    """One Parquet file, the same bytes for the same table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(
        table, path, compression="zstd", row_group_size=1 << 20, write_page_checksum=True
    )


def read_table(folder: Path, manifest: Mapping[str, Any], name: str) -> "pd.DataFrame | None":
    """A table of a folder without its point column; None if none of that name was written.

    Raises ResultError if it is not as it was written.
    """
    if not has_file(manifest, f"{name}{TABLE}"):
        return None
    frame = intact_table(folder, manifest, name)
    if "point" not in frame:
        raise ResultError(f"{folder / name}{TABLE} cannot be read: it has no column point")
    return frame.drop(columns="point")


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
    sources = _sources(folder, manifest)
    target = folder / "csv" if target is None else target
    with write_failures_named(target, "tables"):
        target.mkdir(parents=True, exist_ok=True)
        return [_export(source, target / f"{source.stem}.csv", start) for source in sources]


def _sources(folder: Path, manifest: Mapping[str, Any]) -> list[Path]:
    """All tables of the folder, those that each has first.

    Raises ResultError if one is missing or not as it was written.
    """
    files = [f"{name}{TABLE}" for name in (SOLVED if manifest["engine"] == "exact" else ALWAYS)]
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise ResultError(f"{folder} is not a whole result folder: no {', '.join(missing)}")
    noted = [name for name in manifest[FILES] if name.endswith(TABLE) and "/" not in name]
    return [intact(folder, manifest, name) for name in dict.fromkeys([*files, *noted])]


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
    days = [first_day(start, int(week)) for week in frame["week"]]
    frame.insert(list(frame.columns).index("week") + 1, "date", days)
    return frame
