"""Who may write: drafts, held while they are written and swept once nobody holds them; folders.

The operating system gives a draft or a folder free when its process ends, of whatever kind the end
is; a number of the process in its name would not tell, since two containers may have the same.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from sim.errors import ResultError

LOCK = ".lock"
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


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
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
