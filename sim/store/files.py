"""Files that appear whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sim.store.drafts import drafted_file


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
