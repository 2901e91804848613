"""Who may write a folder: one process at a time, as the operating system says."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sim.errors import ResultError

LOCK = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder for this process; its end, of whatever kind, gives the folder free.

    Raises ResultError, with the number of the other process, while another one holds it.
    """
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise ResultError(
                f"{folder} is being written by another process (number {owner}): "
                f"wait for it, or choose another --out"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        (folder / LOCK).unlink(missing_ok=True)
