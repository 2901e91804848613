"""Whether a table of a folder holds what the one made anew holds."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.store.checksums import FILES, file_digest, intact

#: Files that hold numbers or a machine; pages and pictures are made of them.
TABLES = (".parquet", ".npz", ".json", ".csv", ".toml")
#: What was asked and known, and a page's numbers as they are printed.
NO_TABLES = ("plan.json", "record.json", "summary.csv")
SAME_BYTES, SAME_VALUES, OTHER, MISSING = "same bytes", "same values", "other values", "not made"


class Table(NamedTuple):
    """One file of a folder and how the one made anew compares to it."""

    name: str
    verdict: str

    @property
    def equal(self) -> bool:
        """Whether both hold the same values."""
        return self.verdict in (SAME_BYTES, SAME_VALUES)


def compared(folder: Path, manifest: Mapping[str, Any], anew: Path) -> Iterator[Table]:
    """Each table that a manifest notes, against the one in the folder made anew.

    Raises ResultError for a file that is missing, or is not as it was written.
    """
    for name in manifest[FILES]:
        if not name.endswith(TABLES) or name in NO_TABLES or "/" in name:
            continue
        before, after = intact(folder, manifest, name), anew / name
        if not after.is_file():
            yield Table(name, MISSING)
        elif file_digest(before) == file_digest(after):
            yield Table(name, SAME_BYTES)
        else:
            yield Table(name, SAME_VALUES if _same_values(before, after) else OTHER)


def _same_values(before: Path, after: Path) -> bool:
    """Whether two files of other bytes, as another library writes them, hold the same values."""
    if before.suffix == ".npz":
        with np.load(before) as first, np.load(after) as two:
            return set(first) == set(two) and all(np.array_equal(first[n], two[n]) for n in first)
    if before.suffix == ".parquet":
        import pyarrow.parquet as pq

        return bool(pq.read_table(before).equals(pq.read_table(after)))
    if before.suffix == ".csv":
        import pandas as pd

        return bool(pd.read_csv(before).equals(pd.read_csv(after)))
    if before.suffix == ".toml":
        texts = (path.read_text(encoding="utf-8") for path in (before, after))
        first, two = map(tomllib.loads, texts)
        return first == two
    return False
