"""Files that appear whole or not at all and are read within bounds; a folder of results by name.

What is written is a draft first, held meanwhile, and swept once nobody holds it. The operating
system gives a draft or a folder free when its process ends, of whatever kind the end is; a number
of the process in its name would not tell, since two containers may have the same.
"""

import contextlib
import fcntl
import json
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TextIO

from sim.errors import ResultError

MANIFEST = "manifest.json"
RESULTS = Path("results")
#: What follows the name of a scenario or an experiment in the name of a folder made of it.
_HASH = re.compile(r"-[0-9a-f]{8}$")
#: Bytes of a JSON file that are read: the plan of ten million points takes less.
LARGEST_JSON = 1 << 30
#: Bytes of a table of a user's own (a record, a list of points), far above any need (judgement).
MOST_TABLE_BYTES = 50_000_000


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft to write, of the suffix of `path`, which gets that name once it is on the disk.

    On failure the draft is removed and what was there before stays. A link is followed: its
    target is replaced, not the link. What is no plain file (a device, a pipe, /dev/stdout) is
    written to and never replaced. Two processes that write the same file do not meet: each draft
    has a name of its own. Raises OSError if the file cannot be written.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "numbers.txt"
    >>> with whole_file(target) as draft:
    ...     _ = draft.write_text("1 2 3")
    >>> target.read_text()
    '1 2 3'
    """
    if _written_through(path):
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / f"draft{path.suffix}"
            yield draft
            with draft.open("rb") as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        return
    target = Path(os.path.realpath(path))
    with drafted_file(target) as draft:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)


def _written_through(path: Path) -> bool:
    """Whether a path names something to write into rather than a file to replace."""
    place = path.absolute()
    stream = place.parent == Path("/dev/fd") or place in (Path("/dev/stdout"), Path("/dev/stderr"))
    return stream or place.parts[1:2] == ("proc",) or (path.exists() and not path.is_file())


def write_text(path: Path, text: str) -> None:
    """A text file in UTF-8, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


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


def read_json(path: Path | Traversable, largest: int = LARGEST_JSON) -> Any:
    """The value in a JSON file.

    Raises FileNotFoundError if there is none, ResultError if it is no plain file, too large, nested
    too deeply, not UTF-8 or not JSON.
    """
    try:
        return json.loads(read_plain(path, largest).decode("utf-8"))
    except FileNotFoundError:
        raise
    except RecursionError as problem:
        raise ResultError(f"{path} cannot be read: it is nested too deeply") from problem
    except (OSError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem


def write_json(path: Path, value: Any) -> None:
    """Plain values as JSON that people can read, whole or not at all."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def folder_called(name: Path | str, results: Path = RESULTS) -> Path | None:
    """The folder meant; None if there is none.

    A path to one; the name of one in results/; or the name of what was run, without the hash: of
    several folders so called the one that was finished last, of those the first by name.
    """
    path = Path(name)
    whole = next((place for place in (path, results / path) if place.is_dir()), None)
    if whole is not None or path.name != str(name):
        return whole
    finished = (place for place in results.glob("*/") if (place / MANIFEST).is_file())
    without_hash = [
        place for place in finished if _HASH.sub("", place.name) == path.name != place.name
    ]

    def order(place: Path) -> tuple[int, str]:
        return -(place / MANIFEST).stat().st_mtime_ns, place.name

    return min(without_hash, key=order, default=None)


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
