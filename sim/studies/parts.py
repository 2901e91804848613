"""Files that appear whole or not at all, and the parts of an unfinished study.

A part is the rows of some points, one file a table. Each file is written under another name,
forced to the disk and renamed; its pages carry checksums, and the points it is of are written
into it, so that what was cut short, damaged or put in the wrong place is never taken for it.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.store.drafts import sweep
from sim.store.files import whole_file
from sim.store.tables import UNREADABLE
from sim.studies.study_tables import part_schema

if TYPE_CHECKING:
    import pyarrow as pa

_MARK = b"points"


@dataclass(frozen=True)
class Group:
    """The points first .. first + count - 1, which are kept together."""

    first: int
    count: int

    @property
    def points(self) -> range:
        """Their numbers."""
        return range(self.first, self.first + self.count)


class Parts:
    """The parts of one study, each the same tables."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        self.folder = folder
        self.tables = tables

    def file(self, group: Group, table: str) -> Path:
        """The file of one table of a part."""
        return self.folder / f"part-{group.first:08d}-{group.count}.{table}.parquet"

    def write(self, group: Group, tables: "dict[str, pa.Table]") -> None:
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
    return f"{group.first}+{group.count}".encode()


def write_parquet(
    path: Path, schema: "pa.Schema", tables: "Iterator[pa.Table]", **encodings: Any
) -> None:
    """A Parquet file of one row group a table, whole or not at all.

    `encodings` are options of the writer; columns they do not name get a dictionary.
    """
    import pyarrow.parquet as pq

    packed = encodings.get("column_encoding", {})
    plain = [name for name in schema.names if name not in packed]
    options = {"compression": "zstd", "write_page_checksum": True, "use_dictionary": plain}
    with (
        whole_file(path) as draft,
        pq.ParquetWriter(draft, schema, **options, **encodings) as writer,
    ):
        for table in tables:
            if len(table):
                writer.write_table(table, row_group_size=len(table))
