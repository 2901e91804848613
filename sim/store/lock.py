"""Who may write a folder: one process at a time, as the operating system says."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from sim.errors import ResultError

LOCK = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder for this process; its end, of whatever kind, gives the folder free.

    Raises ResultError, with the number of the other process, while another one holds it, and
    OSError if the folder cannot be written.
    """
    path = folder / LOCK
    with _held(path) as file:
        try:
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
        finally:
            path.unlink(missing_ok=True)


def _held(path: Path) -> TextIO:
    """The open lock file, held by this process."""
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise ResultError(
                f"{path.parent} is being written by another process (number {owner}): "
                f"wait for it, or choose another --out"
            ) from None
        file.close()  # the one who held it took it away meanwhile
