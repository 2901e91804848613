"""The folder of a study: a plan, parts that appear whole or not at all, and the final tables.

While it runs: plan.json and parts/. When it is finished: points.parquet, outcomes.parquet and
manifest.json, which is written last. Tables hold no times: the same bytes for the same plan.
"""

import contextlib
import datetime
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.errors import ResultError, ResultWriteError
from sim.outcomes.estimates import wilson
from sim.outcomes.manifest import MANIFEST, library_versions
from sim.studies.plan import differences, plan_hash

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.studies.design import Point
    from sim.studies.experiment import Experiment

KIND = "study"
PLAN = "plan.json"
PARTS = "parts"
OUTCOMES, POINTS = "outcomes.parquet", "points.parquet"
#: Points in one row group of the final table, wherever the parts end.
POINTS_A_ROW_GROUP = 1_000
MOST_DIFFERENCES = 12


class StudyFolder:
    """The folder of one study, found by its name and plan."""

    def __init__(self, root: Path, name: str, plan: dict[str, Any]) -> None:
        self.name = name
        self.plan = plan
        self.path = root / f"{name}-{plan_hash(plan)}"
        self.parts = self.path / PARTS

    @property
    def finished(self) -> bool:
        """Whether the final tables are there."""
        return (self.path / MANIFEST).is_file()

    @property
    def begun(self) -> bool:
        """Whether there is anything to continue."""
        return (self.path / PLAN).is_file()

    def check(self) -> None:
        """Raises ResultError, with what differs, if the folder is of another study."""
        for name in (MANIFEST, PLAN):
            if (self.path / name).is_file():
                _same(self.path, _read_plan(self.path / name), self.plan)
                return
        if self.path.exists() and any(self.path.iterdir()):
            raise ResultError(f"{self.path} is not a study: it has neither {PLAN} nor {MANIFEST}")

    def others(self) -> list[Path]:
        """Unfinished folders of the same name beside it, the latest last."""
        beside = self.path.parent.glob(f"{self.name}-" + "[0-9a-f]" * 8)
        plans = [path / PLAN for path in beside if path != self.path]
        there = [path for path in plans if path.is_file()]
        return [path.parent for path in sorted(there, key=lambda path: path.stat().st_mtime)]

    def refuse_others(self) -> None:
        """Raises ResultError if what is there to continue is of a changed study."""
        others = [] if self.begun or self.finished else self.others()
        if others:
            _same(others[-1], _read_plan(others[-1] / PLAN), self.plan)

    def begin(self) -> None:
        """Makes the folder and notes the plan; clears what a killed run left half-written."""
        with told(self.path):
            self.parts.mkdir(parents=True, exist_ok=True)
            for left in (*self.path.glob(".*.tmp"), *self.parts.glob(".*.tmp")):
                left.unlink()
            if not self.begun:
                write_text(self.path / PLAN, _json(self.plan))

    def part(self, first: int, count: int) -> Path:
        """The file of the points first .. first + count - 1."""
        return self.parts / f"part-{first:08d}-{count}.parquet"

    def has_part(self, first: int, count: int) -> bool:
        """Whether those points are done; a file that cannot be read as theirs is removed."""
        import pyarrow.parquet as pq

        path = self.part(first, count)
        if not path.is_file():
            return False
        with contextlib.suppress(OSError, ValueError):  # pyarrow's own errors are ValueErrors
            numbers = pq.read_table(path, columns=["point"])["point"].to_numpy()
            if set(numbers) == set(range(first, first + count)):
                return True
        path.unlink()
        return False

    def write_part(self, first: int, count: int, rows: "pa.Table") -> None:
        """Keeps the rows of those points, whole or not at all."""
        with told(self.path):
            write_parquet(self.part(first, count), [rows])

    def finish(
        self,
        experiment: "Experiment",
        points: "Sequence[Point]",
        groups: Sequence[tuple[int, int]],
        command: str,
        seconds: float,
    ) -> None:
        """Writes the final tables, then the manifest, then removes plan and parts."""
        columns = factor_columns(experiment, points)
        with told(self.path):
            write_parquet(self.path / POINTS, [_points_table(experiment, columns)])
            files = [self.part(first, count) for first, count in groups]
            write_parquet(self.path / OUTCOMES, _compacted(files, columns))
            manifest = _manifest(experiment, self.plan, command, seconds)
            write_text(self.path / MANIFEST, _json(manifest))
        self.tidy()

    def tidy(self) -> None:
        """Removes what only an unfinished study needs."""
        (self.path / PLAN).unlink(missing_ok=True)
        shutil.rmtree(self.parts, ignore_errors=True)


@contextlib.contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turns a failure to write (full disk, no permission) into ResultWriteError."""
    try:
        yield
    except OSError as problem:
        raise ResultWriteError(
            f"the study could not be written to {folder}: {problem}; what was finished is kept, "
            f"--resume continues"
        ) from problem


def write_text(path: Path, text: str) -> None:
    """A text file, whole or not at all."""
    with _draft(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def write_parquet(path: Path, tables: "Iterator[pa.Table] | list[pa.Table]") -> None:
    """A Parquet file of one row group a table, whole or not at all."""
    import pyarrow.parquet as pq

    rest = iter(tables)
    first = next(rest)
    with (
        _draft(path) as draft,
        pq.ParquetWriter(draft, first.schema, compression="zstd") as writer,
    ):
        writer.write_table(first, row_group_size=len(first))
        for table in rest:
            writer.write_table(table, row_group_size=len(table))


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A temporary name, renamed once all bytes are on the disk; removed on failure."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def part_table(point: Sequence[int], rows: "Sequence[dict[str, Sequence[Any]]]") -> "pa.Table":
    """The rows of some points, one below the other: point, outcome, week, n, holds."""
    import pyarrow as pa

    lengths = [len(row["week"]) for row in rows]
    return pa.table(
        {
            "point": pa.array(np.repeat(np.asarray(point, np.int64), lengths)),
            "outcome": pa.array([name for row in rows for name in row["outcome"]], pa.string()),
            **{
                name: pa.array(np.concatenate([np.asarray(row[name], np.int64) for row in rows]))
                for name in ("week", "n", "holds")
            },
        }
    )


def factor_columns(experiment: "Experiment", points: "Sequence[Point]") -> "dict[str, pa.Array]":
    """A column for each factor: whole numbers, numbers, truth values, or else text."""
    import pyarrow as pa

    columns = {}
    for index, factor in enumerate(experiment.factors):
        labels = [point[index].label for point in points]
        shown = [level.label for level in factor.levels] or labels
        kind = _column_type(shown)
        values = [str(label) for label in labels] if kind == pa.string() else labels
        columns[factor.name] = pa.array(values, kind)
    return columns


def _column_type(labels: Sequence[Any]) -> "pa.DataType":
    import pyarrow as pa

    kinds = {type(label) for label in labels}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()


def _points_table(experiment: "Experiment", columns: "dict[str, pa.Array]") -> "pa.Table":
    import pyarrow as pa

    count = len(next(iter(columns.values())))
    seeds = pa.array([experiment.seed_of(point) for point in range(count)], pa.uint64())
    return pa.table({"point": pa.array(range(count), pa.int64()), **columns, "seed": seeds})


def _compacted(files: Sequence[Path], columns: "dict[str, pa.Array]") -> "Iterator[pa.Table]":
    """The rows of all parts in the order of their points, cut at the same points always."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    waiting: list[pa.Table] = []
    next_cut = POINTS_A_ROW_GROUP
    for path in files:
        waiting.append(pq.read_table(path))
        while waiting[-1]["point"][-1].as_py() >= next_cut:
            table = pa.concat_tables(waiting)
            length = int(np.searchsorted(table["point"].to_numpy(), next_cut))
            yield _with_factors(table.slice(0, length), columns)
            waiting = [table.slice(length)]
            next_cut += POINTS_A_ROW_GROUP
    yield _with_factors(pa.concat_tables(waiting), columns)


def _with_factors(table: "pa.Table", columns: "dict[str, pa.Array]") -> "pa.Table":
    """The rows with their factors after the point, and with share and interval at the end."""
    import pyarrow as pa

    table = table.combine_chunks()
    holds, n = table["holds"].to_numpy(), table["n"].to_numpy()
    low, high = wilson(holds, n)
    factors = {name: column.take(table["point"]) for name, column in columns.items()}
    rest = {name: table[name] for name in ("outcome", "week", "n", "holds")}
    shares = {"p": holds / n, "low": low, "high": high}
    return pa.table({"point": table["point"], **factors, **rest, **shares})


def _manifest(
    experiment: "Experiment", plan: dict[str, Any], command: str, seconds: float
) -> dict[str, Any]:
    return {
        "kind": KIND,
        "name": experiment.name,
        "question": experiment.question,
        "points": experiment.size,
        "command": command,
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "libraries": library_versions(),
        "plan": plan,
    }


def _read_plan(path: Path) -> dict[str, Any]:
    """The plan a folder was written for. Raises ResultError if it is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
    plan = found.get("plan") if path.name == MANIFEST and isinstance(found, dict) else found
    if not isinstance(plan, dict):
        raise ResultError(f"{path} is not of a study")
    return plan


def _same(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Raises ResultError with what differs between the folder's plan and the one at hand."""
    found = list(differences(old, new))
    if not found:
        return
    shown = [f"  {line}" for line in found[:MOST_DIFFERENCES]]
    if len(found) > MOST_DIFFERENCES:
        shown.append(f"  and {len(found) - MOST_DIFFERENCES} more")
    raise ResultError(
        "\n".join([f"{folder} cannot be continued: it was begun with other inputs", *shown])
        + "\nundo the change to continue it, or leave --resume away to begin a new folder"
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
