"""Drafts of files and folders: held while they are written, swept away once nobody holds them.

The operating system gives a draft free when its process ends, of whatever kind the end is; a
number of the process in its name would not tell, since two containers may have the same.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

#: Names of what is being written, or was when the process died.
DRAFTS = ".*.tmp*"
#: A draft that is still empty may be one that is just about to be held.
JUST_BEGUN = 60.0  # seconds
_LONGEST_STEM = 100  # of a draft's name, which file systems limit to 255 bytes


def draft_of(path: Path) -> Path:
    """A name beside a path that nobody else has, of the same suffix."""
    stem = path.stem[:_LONGEST_STEM]
    return path.with_name(f".{stem}.{secrets.token_hex(6)}.tmp{path.suffix}")


@contextlib.contextmanager
def drafted_folder(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder`, held; it is gone afterwards, unless it was renamed."""
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.tmp")
    draft.mkdir(parents=True)
    try:
        with locked(draft):
            yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def locked(path: Path, wait: bool = False) -> Iterator[None]:
    """Holds a file or folder, as far as its file system can; raises OSError if it is not there.

    wait: until nobody else holds it.
    """
    number = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(number)


def sweep(folder: Path) -> None:
    """Removes the drafts in a folder that a process left behind when it was killed."""
    for path in folder.glob(DRAFTS):
        with contextlib.suppress(OSError):  # not ours to remove, or just gone
            if not path.is_symlink() and _abandoned(path):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _abandoned(path: Path) -> bool:
    """Whether nobody holds a draft. Raises OSError where that is not known."""
    number = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(number)
    begun = any(path.iterdir()) if path.is_dir() else path.stat().st_size > 0
    return begun or time.time() - path.stat().st_mtime > JUST_BEGUN
