"""Tables (Parquet) and archives of arrays (.npz), bounded before they are read; tables as CSV.

What a file must hold is known beforehand, from its manifest or its scenario.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import ResultError, printable
from sim.store.files import write_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.parquet as pq

#: Every kind of error by which pyarrow says that it cannot read a file: damage may hit a name, a
#: type, a length or the data, and each has its own.
UNREADABLE: tuple[type[Exception], ...] = (OSError, ValueError, LookupError, TypeError, EOFError)
UNREADABLE += (MemoryError, NotImplementedError, RecursionError)
#: Bytes that a cell takes at most before packing, and the words of a dictionary besides.
_A_CELL = 64
_WORDS = 1 << 24


def rows_of(path: Path) -> int:
    """Rows of a Parquet file, as its footer says."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def read_frame(
    path: Path, rows: int, columns: Sequence[str] | None = None, filters: Any = None
) -> "pd.DataFrame":
    """The table of a file of so many rows; `columns`, `filters` as pandas.read_parquet has them.

    Nothing is read before the footer says that there are just so many rows, of a size that fits
    them; text is held as a dictionary until then. Raises ResultError for what cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(path)
        _check_size(footer, rows)
        schema = footer.schema.to_arrow_schema()
        texts = [column.name for column in schema if pa.types.is_string(column.type)]
        how = {"read_dictionary": texts, "page_checksum_verification": True}
        if filters is None:  # without what selects rows, a tenth of a second to import
            with pq.ParquetFile(path, **how) as file:
                table = file.read(columns=columns)
        else:
            table = pq.read_table(path, columns=columns, filters=filters, **how)
        frame = table.to_pandas(ignore_metadata=True)
        for name in frame.columns.intersection(texts):
            has_text = frame[name].notna()
            frame[name] = frame[name].astype(object)
            frame.loc[~has_text, name] = None
        return frame
    except (*UNREADABLE, pa.ArrowException) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem


def _check_size(footer: "pq.FileMetaData", rows: int) -> None:
    """Raises ValueError if a file says that it holds more, or less, than it may."""
    groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
    if footer.num_rows != rows or sum(group.num_rows for group in groups) != rows:
        raise ValueError(f"it says that it has {footer.num_rows:,} rows, not {rows:,}")
    chunks = (group.column(place) for group in groups for place in range(group.num_columns))
    size = sum(chunk.total_uncompressed_size for chunk in chunks)
    most = footer.num_columns * (rows * _A_CELL + _WORDS)
    if size > most:
        raise ValueError(f"it says that it unpacks to {size:,} bytes, more than {most:,}")


#: What a damaged archive raises: its directory, its packing, or the heading of an array.
_UNREADABLE_ARCHIVE = UNREADABLE + (OverflowError, RuntimeError, SyntaxError)
_UNREADABLE_ARCHIVE += (struct.error, zipfile.BadZipFile, zlib.error)
#: Bytes before the numbers of an array: magic, version, and a description of kind and shape.
_LONGEST_HEADING = 10_000


class Expected(NamedTuple):
    """What an array of an archive must be."""

    kind: np.dtype
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Of its numbers."""
        return int(self.kind.itemsize * np.prod(self.shape, dtype=object))


def like(array: np.ndarray) -> Expected:
    """The kind and shape of an array that is at hand."""
    return Expected(array.dtype, array.shape)


def read_arrays(path: Path, expected: Mapping[str, Expected]) -> dict[str, np.ndarray]:
    """The arrays of an archive by name, each of the kind and shape expected.

    Nothing is allocated for an array before its heading says that it is the one expected. Raises
    ResultError for whatever is missing, damaged or of another kind or shape.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: _array(archive, name, array) for name, array in expected.items()}
    except _MisfitError as problem:
        raise ResultError(f"{path} does not fit its scenario: {problem}") from problem
    except _UNREADABLE_ARCHIVE as problem:
        reason = str(problem) or type(problem).__name__
        raise ResultError(f"{path} cannot be read: {reason}") from problem


class _MisfitError(Exception):
    """An array that is not the one expected."""


def _array(archive: zipfile.ZipFile, name: str, expected: Expected) -> np.ndarray:
    entry = archive.getinfo(f"{name}.npy")
    if entry.file_size > expected.bytes + _LONGEST_HEADING:
        raise _MisfitError(f"{name} has {entry.file_size:,} bytes, not {expected.bytes:,}")
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError(f"an array of version {version}")
        shape, _, kind = np.lib.format.read_array_header_1_0(file, _LONGEST_HEADING)
    if (kind, shape) != expected:
        raise _MisfitError(f"{name} is {kind} {shape}, not {expected.kind} {expected.shape}")
    with archive.open(entry) as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection").
_FORMULA = re.compile(r"^(?=[=+\-@])")
UTF8_MARK = "\ufeff"


def csv_text(frame: "pd.DataFrame", header: bool = True) -> str:
    """A table as CSV without its index; a cell of text is never taken for a formula.

    A text that begins like a formula gets an apostrophe before it, as a spreadsheet's user would
    write it; control characters are escaped. Numbers stay numbers, negative ones too, and weeks
    whole ones where some are missing. The header begins with the mark by which spreadsheets know
    UTF-8 (a byte order mark).
    """
    safe = frame.copy()
    for name in [name for name in safe if str(name).split("_")[-1] == "week"]:
        safe[name] = safe[name].astype("Int64")
    for name in safe.columns[[kind.kind not in "biufM" for kind in safe.dtypes]]:
        safe[name] = safe[name].map(_cell)
    text = safe.to_csv(index=False, header=header, lineterminator="\n")
    return UTF8_MARK + text if header else text


def _cell(value: object) -> object:
    return _FORMULA.sub("'", printable(value)) if isinstance(value, str) else value


def write_tables(folder: Path, frames: "Mapping[str, pd.DataFrame]") -> list[Path]:
    """Writes tables as CSV files by their names; returns the files."""
    files = [folder / f"{name}.csv" for name in frames]
    for file, frame in zip(files, frames.values(), strict=True):
        write_text(file, csv_text(frame))
    return files
