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
from collections.abc import Callable, Iterator
from pathlib import Path

#: Names of what is being written, or was when the process died.
DRAFTS = ".*.tmp*"
#: In the name of a draft that is made and about to be held: nobody holds it, and it is in use.
_BEGINNING = ".new.tmp"
#: How long one may be about to be held before it counts as left behind.
JUST_BEGUN = 60.0  # seconds
_LONGEST_STEM = 100  # of a draft's name, which file systems limit to 255 bytes


@contextlib.contextmanager
def drafted_file(path: Path) -> Iterator[Path]:
    """A new file beside `path`, of its suffix, held; it is gone afterwards, unless renamed."""
    with _drafted(path, lambda new: new.touch(exist_ok=False)) as draft:
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def drafted_folder(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder`, held; it is gone afterwards, unless it was renamed."""
    with _drafted(folder, lambda new: new.mkdir(parents=True)) as draft:
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _drafted(path: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """A name beside a path that nobody else has; what bears it is held from its first moment on.

    It is made under another name and renamed once it is held, so that a killed process leaves a
    draft that the next one sweeps at once, and a living one never leaves one that looks abandoned.
    """
    stem = f".{path.stem[:_LONGEST_STEM]}.{secrets.token_hex(6)}"
    new = path.with_name(f"{stem}{_BEGINNING}{path.suffix}")
    make(new)
    with locked(new):
        yield new.rename(path.with_name(f"{stem}.tmp{path.suffix}"))


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
    return _BEGINNING not in path.name or time.time() - path.stat().st_mtime > JUST_BEGUN
