"""A folder's contents made again in another one, from its manifest alone, and compared."""

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import ResultError
from sim.extensions import fingerprint
from sim.outcomes.manifest import PART_OF_STUDY, library_versions, manifest_of
from sim.report.pictures import RESULT
from sim.reproduce.kinds import KINDS
from sim.store.checksums import FILES, file_digest, intact
from sim.studies.plan import code_hash
from sim.version import __version__

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


@dataclass(frozen=True)
class Reproduced:
    """What came of it: each table, and which code wrote the folder and which compared it.

    `code_then` is "" where the folder does not note it; `libraries` are those of another version
    now: name -> (then, now). `same_extensions`: those loaded now are the ones it notes, if it does.
    """

    kind: str
    tables: tuple[Table, ...]
    version_then: str
    version_now: str
    code_then: str
    code_now: str
    libraries: Mapping[str, tuple[str, str]]
    same_extensions: bool

    @property
    def equal(self) -> bool:
        """Whether every table holds the same values."""
        return all(table.equal for table in self.tables)

    @property
    def same_code(self) -> bool:
        """Whether, as far as the folder tells, the same code wrote it."""
        return self.version_then == self.version_now and self.code_then in ("", self.code_now)


def reproduce(folder: Path | str, threads: int | None = None) -> Reproduced:
    """Plays what a folder holds again, in a temporary folder, and compares every table.

    Of results (of any engine), studies, tournaments, fits, odds and best responses. Raises
    ResultError for a folder that is none of these, is damaged, or was written in a format not read
    any more.
    """
    folder = Path(folder)
    kind = kind_of(folder)
    with tempfile.TemporaryDirectory(prefix="detente-again-") as place:
        manifest, again = KINDS[kind](folder, Path(place), threads)
        tables = list(compared(folder, manifest, again))
    if not tables:
        raise ResultError(f"{folder} notes no table that could be made again")
    plan = manifest.get("plan", manifest)
    now, then = library_versions(), manifest.get("libraries", {})
    return Reproduced(
        kind=kind,
        tables=tuple(tables),
        version_then=str(plan.get("version", "")),
        version_now=__version__,
        code_then=str(plan.get("code", "")),
        code_now=code_hash(),
        libraries={n: (then[n], now[n]) for n in now if n in then and then[n] != now[n]},
        same_extensions=manifest.get("extensions", fingerprint()) == fingerprint(),
    )


def kind_of(folder: Path) -> str:
    """What a folder holds. Raises ResultError where that cannot be played again."""
    manifest = manifest_of(folder)
    kind = manifest.get("kind", RESULT)
    if kind == PART_OF_STUDY:
        raise ResultError(f"{folder} holds one part of a study: `detente merge` takes all of them")
    if kind not in KINDS:
        command = manifest.get("command", "")
        raise ResultError(
            f"{folder} holds {kind}; allowed: a result, study, tournament, fit, odds or "
            "best response" + (f"; its own command was: {command}" if command else "")
        )
    return str(kind)


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
