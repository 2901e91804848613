"""Tables in Parquet: bounded before they are read, and what may go wrong with a damaged file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.parquet as pq

#: Every kind of error by which pyarrow says that it cannot read a file: damage may hit a name, a
#: type, a length or the data, and each has its own.
UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    NotImplementedError,
    EOFError,
    MemoryError,
    RecursionError,
)
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
        return _with_plain_text(table.to_pandas(ignore_metadata=True), texts)
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


def _with_plain_text(frame: "pd.DataFrame", texts: Sequence[str]) -> "pd.DataFrame":
    """The frame with text as Python's strings, None where there is none."""
    for name in frame.columns.intersection(list(texts)):
        has_text = frame[name].notna()
        frame[name] = frame[name].astype(object)
        frame.loc[~has_text, name] = None
    return frame
