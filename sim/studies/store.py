"""The folder of a study: a plan, parts that appear whole or not at all, and the final tables.

While it runs: plan.json and parts/. When it is finished: a Parquet file for each table and
manifest.json, which is written last. Tables hold no times: the same bytes for the same plan.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.outcomes.manifest import write_sealed
from sim.report.pictures import STUDY
from sim.scenario.sides import Sides, sides_in
from sim.store.checksums import read_sealed
from sim.store.files import MANIFEST, sweep, whole_file
from sim.store.folders import PLAN, RESUME, PlannedFolder
from sim.store.tables import UNREADABLE
from sim.studies.plan import plan_hash
from sim.studies.tables import (
    Columns,
    Group,
    Tables,
    compacted,
    encodings,
    factor_columns,
    final_schema,
    part_schema,
    tables_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.studies.design import Point
    from sim.studies.experiment import Experiment


KIND = STUDY
PARTS = "parts"
_MARK = b"points"


class Parts:
    """The parts of an unfinished study: the rows of some points each, one file a table.

    Each file is written under another name, forced to the disk and renamed; its pages carry
    checksums, and the points it is of are written into it, so that what was cut short, damaged or
    put in the wrong place is never taken for it.
    """

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self.folder = folder
        self.tables = tables

    def file(self, group: Group, table: str) -> Path:
        """The file of one table of a part."""
        return self.folder / f"part-{group.start:08d}-{len(group)}.{table}.parquet"

    def write(self, group: Group, tables: Tables) -> None:
        """Keeps the rows of a group."""
        for name in self.tables:
            marked = tables[name].replace_schema_metadata({_MARK: _mark(group)})
            write_parquet(self.file(group, name), marked.schema, iter([marked]))

    def has(self, group: Group) -> bool:
        """Whether a group is there, whole; what cannot be read as its is removed."""
        return all(self._read(group, name) is not None for name in self.tables)

    def seems_there(self, group: Group) -> bool:
        """Whether a group was kept, as far as the names of files tell."""
        return all(self.file(group, name).is_file() for name in self.tables)

    def read(self, group: Group, table: str) -> "pa.Table":
        """The rows of a table. Raises OSError if they were damaged since `has` saw them."""
        rows = self._read(group, table)
        if rows is None:
            raise OSError(f"{self.file(group, table)} is damaged")
        return rows

    def _read(self, group: Group, table: str) -> "pa.Table | None":
        import pyarrow.parquet as pq

        path = self.file(group, table)
        if not path.is_file():
            return None
        with contextlib.suppress(*UNREADABLE):
            rows = pq.read_table(path, page_checksum_verification=True)
            marked = (rows.schema.metadata or {}).get(_MARK) == _mark(group)
            rows = rows.replace_schema_metadata(None)
            if marked and rows.schema.equals(part_schema(table)):
                return rows
        path.unlink()
        return None

    def begin(self) -> None:
        """Makes the folder; removes what a killed run left half-written."""
        self.folder.mkdir(exist_ok=True)
        sweep(self.folder)


def _mark(group: Group) -> bytes:
    return f"{group.start}+{len(group)}".encode()


def write_parquet(
    path: Path, schema: "pa.Schema", tables: "Iterator[pa.Table]", **encodings: Any
) -> None:
    """A Parquet file of one row group a table, whole or not at all.

    `encodings` are options of the writer; columns they do not name get a dictionary.
    """
    import pyarrow.parquet as pq

    packed = encodings.get("column_encoding", {})
    encodings["use_dictionary"] = [name for name in schema.names if name not in packed]
    encodings |= {"compression": "zstd", "write_page_checksum": True}
    with whole_file(path) as draft, pq.ParquetWriter(draft, schema, **encodings) as writer:
        for table in tables:
            if len(table):
                writer.write_table(table, row_group_size=len(table))


def heading(experiment: "Experiment") -> dict[str, Any]:
    """What the manifest of a study, or of a part, says of its experiment besides the plan."""
    words = {"question": experiment.question, "definition": experiment.definition}
    return words | {"points": experiment.size, "most_runs": experiment.most_runs}


class StudyFolder(PlannedFolder):
    """The folder of one study, found by its name and plan."""

    thing = "study"

    def __init__(
        self, root: Path, name: str, plan: dict[str, Any], continued: str = RESUME, suffix: str = ""
    ) -> None:
        """`continued` says how what was begun is continued; `suffix` ends the folder's name."""
        super().__init__(root, name, plan, f"{plan_hash(plan)}{suffix}", continued)
        self.tables = tables_of(plan["experiment"]["keep"])
        self.parts = Parts(self.path / PARTS, self.tables)

    def span(self, points: int) -> range:
        """Which of so many points are played into it: all."""
        return range(points)

    def begin(self) -> None:
        """As of any planned folder; and makes that of its parts."""
        super().begin()
        with self.write_failures():
            self.parts.begin()

    def write_part(self, group: Group, tables: Tables) -> None:
        """Keeps the rows of those points, each table whole or not at all."""
        with self.write_failures():
            self.parts.write(group, tables)

    def table(self, name: str) -> Path:
        """The file of a final table."""
        return self.path / f"{name}.parquet"

    def finish(
        self,
        experiment: "Experiment",
        points: "Sequence[Point]",
        groups: Sequence[Group],
        command: str,
        seconds: float,
    ) -> None:
        """Writes the final tables, then the manifest, then removes plan and parts."""
        factors = factor_columns(experiment.factors, points)
        self.compact(heading(experiment), factors, self.parts.read, groups, command, seconds)

    def compact(
        self,
        heading: Mapping[str, Any],
        factors: Columns,
        read: "Callable[[Group, str], pa.Table]",
        groups: Sequence[Group],
        command: str,
        seconds: float,
    ) -> None:
        """Writes the final tables from the rows of `groups`, then the manifest; then tidies."""
        ids, runs = sides_of_plan(self.plan).ids, heading["most_runs"]
        with self.write_failures():
            for name in self.tables:
                rows = compacted(read, name, groups, factors, runs, ids)
                schema = final_schema(name, factors, ids)
                write_parquet(self.table(name), schema, rows, **encodings(name, runs))
            facts = {key: heading[key] for key in ("question", "definition", "points")}
            self.seal({"kind": KIND, **facts}, map(self.table, self.tables), command, seconds)
        self.tidy()

    def seal(
        self, facts: dict[str, Any], files: Iterable[Path], command: str, seconds: float
    ) -> None:
        """Writes the manifest, the last file of a folder: what was run, what the others hold."""
        own = {"name": self.name, "command": command, "seconds": round(seconds, 3)}
        write_sealed(self.path, {**facts, **own, "plan": self.plan}, files)

    def tidy(self) -> None:
        """Removes what only an unfinished study needs."""
        (self.path / PLAN).unlink(missing_ok=True)
        shutil.rmtree(self.parts.folder, ignore_errors=True)


def manifest_in(folder: Path, unfinished: str, none: str) -> dict[str, Any]:
    """The manifest of a folder, whatever it holds. Raises ResultError if there is none.

    `unfinished` and `none` say what the folder is then.
    """
    if not folder.is_dir():
        raise ResultError(f"{folder} is not there, or not a folder")
    if not (folder / MANIFEST).is_file():
        raise ResultError(f"{folder} is {unfinished if (folder / PLAN).is_file() else none}")
    return read_sealed(folder / MANIFEST)


def sides_of_plan(plan: Mapping[str, Any]) -> Sides:
    """Who the two sides of a study are: those of the scenario it starts from."""
    return sides_in(plan["scenarios"][plan["experiment"]["scenario"]]["table"])
