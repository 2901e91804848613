"""The tables of a result folder, as Parquet: no times in them, the same bytes for the same runs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sim.errors import ResultError
from sim.outcomes.result import Result
from sim.store.checksums import TABLE, has_file, intact_table
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    import pandas as pd


def tables(result: Result) -> Iterator[tuple[str, "pd.DataFrame"]]:
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


def at_point(frame: "pd.DataFrame", point: int = 0) -> "pd.DataFrame":
    """A table with its point in a study (0: a single scenario) before all else."""
    frame = frame.copy()
    frame.insert(0, "point", point)
    return frame


def outcomes_frame(result: Result) -> "pd.DataFrame":
    """Every defined outcome by week: outcome, week, n, holds, p, low, high."""
    import pandas as pd

    frames = []
    for outcome in NAMES:
        frame = result.survival(outcome).drop(columns="date")
        frame.insert(0, "outcome", outcome)
        frame.insert(3, "holds", (frame["p"] * frame["n"]).round().astype("int64"))
        frames.append(frame)
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


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
