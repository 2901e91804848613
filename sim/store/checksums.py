"""What a folder holds, noted in its manifest: the size and the SHA-256 of every file.

The manifest carries a checksum of itself too. So damage to any file is seen when it is read, and
named, whatever it hit; only one who rewrites file and manifest together goes unseen.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.store.files import read_json
from sim.store.tables import read_frame, rows_of

if TYPE_CHECKING:
    import pandas as pd

FILES = "files"
CHECKSUM = "checksum"
TABLE = ".parquet"


def noted(
    folder: Path, files: Iterable[Path], rows: Mapping[str, int] | None = None
) -> dict[str, dict[str, Any]]:
    """For each file its path below the folder, with `bytes`, `sha256`, and `rows` of a table.

    rows: those of some tables, by that path; of others the file is asked.
    """
    notes: dict[str, dict[str, Any]] = {}
    for path in sorted(files):
        name = path.relative_to(folder).as_posix()
        notes[name] = {"bytes": path.stat().st_size, "sha256": file_digest(path)}
        if path.suffix == TABLE:
            known = (rows or {}).get(name)
            notes[name]["rows"] = rows_of(path) if known is None else known
    return notes


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with a checksum of all that it says."""
    return {**manifest, CHECKSUM: _checksum(manifest)}


def _checksum(manifest: Mapping[str, Any]) -> str:
    content = {key: value for key, value in manifest.items() if key != CHECKSUM}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_sealed(path: Path) -> dict[str, Any]:
    """A manifest, whatever its format. Raises ResultError if it cannot be read or is none."""
    manifest = read_json(path)
    if not isinstance(manifest, dict):
        raise ResultError(f"{path} cannot be read: it holds no table")
    return manifest


def check_seal(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raises ResultError if a manifest does not say what it said when it was written."""
    if manifest.get(CHECKSUM) != _checksum(manifest):
        raise ResultError(
            f"{path} is not as it was written: its checksum does not fit what it says "
            f"(damaged, or edited by hand)"
        )


def has_file(manifest: Mapping[str, Any], name: str) -> bool:
    """Whether the manifest says that a file of this name was written."""
    return name in manifest[FILES]


def intact(folder: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """The path of a file of the folder, found to be as it was written.

    Raises ResultError if it is not noted in the manifest, is gone, or differs from the note.
    """
    path = folder / name
    note = manifest[FILES].get(name)
    if note is None:
        raise ResultError(f"{path} is not one of the files that its manifest names")
    try:
        status = path.stat()
        if (
            status.st_size == note["bytes"]
            and _digest_seen(path, status.st_mtime_ns) == note["sha256"]
        ):
            return path
    except OSError as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
    raise ResultError(
        f"{path} cannot be read: it is damaged (not the {note['bytes']:,} bytes that were written)"
    )


@lru_cache(maxsize=256)
def _digest_seen(path: Path, mtime_ns: int) -> str:
    """The digest of a file as it was at that time: tables of a study are read again and again."""
    return file_digest(path)


def intact_table(
    folder: Path,
    manifest: Mapping[str, Any],
    name: str,
    columns: Sequence[str] | None = None,
    filters: Any = None,
) -> "pd.DataFrame":
    """A table of the folder, found to be as it was written; ResultError if it is not."""
    path = intact(folder, manifest, f"{name}{TABLE}")
    return read_frame(path, manifest[FILES][path.name]["rows"], columns, filters)


def check_shape(path: Path, manifest: Mapping[str, Any], kinds: Mapping[str, Any]) -> None:
    """Raises ResultError if a manifest lacks one of these keys, or has it of another kind."""
    for key in lacking(manifest, kinds):
        raise ResultError(f"{path} cannot be read: {key} is missing or of the wrong kind")
    for name, note in manifest[FILES].items():
        if not isinstance(note, dict) or any(lacking(note, {"bytes": int, "sha256": str})):
            raise ResultError(f"{path} cannot be read: files.{name} is of the wrong kind")
        if not is_kind(note.get("rows", 0), int):
            raise ResultError(f"{path} cannot be read: files.{name}.rows is of the wrong kind")


def lacking(table: Mapping[str, Any], kinds: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """The keys, after `place`, that a table lacks or has of another kind than it should."""
    return (f"{place}{key}" for key, kind in kinds.items() if not is_kind(table.get(key), kind))


def is_kind(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind, or of one of several; a truth value is no number."""
    return isinstance(value, kind) and not isinstance(value, bool)
