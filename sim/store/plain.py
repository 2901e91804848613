"""Reading what a user names: a plain file of a bounded size, never a device or a pipe."""

import stat
from importlib.resources.abc import Traversable
from pathlib import Path

#: Bytes of a table of a user's own (a record, a list of points), far above any need (judgement).
MOST_TABLE_BYTES = 50_000_000


class UnfitFileError(OSError):
    """A file that is not read at all: `strerror` says what it is, `allowed` what is."""

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"{found}; allowed: {allowed}")
        self.strerror, self.allowed = found, allowed


def read_plain(path: Path | Traversable, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes, as many as it says it has.

    Neither what may never end (a device, a pipe) nor what gives more than it says it has and
    may wait for the next byte for ever (/proc) is waited for. Raises OSError for what cannot be
    read, and its kind UnfitFileError for what is no plain file or too large. What a package packs
    is read as it is.
    """
    if not isinstance(path, Path):
        return path.read_bytes()
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise UnfitFileError("no plain file", "a file to read")
    if status.st_size > most:
        found = f"a file that is too large ({status.st_size:,} bytes)"
        raise UnfitFileError(found, f"at most {most:,} bytes")
    with path.open("rb") as file:
        return file.read(status.st_size)
