"""A file system that is really small, where this user may mount one, and what fills it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FILLER = "filler"


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """A tmpfs of this size at a new folder; skips the test where none may be mounted."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    try:
        made = subprocess.run(mount, capture_output=True, timeout=20, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("may not mount a file system here; test_sweep_ends limits the size of files")
    try:
        yield place
    finally:
        # lazily: the trace of an error that a test still holds may keep a file of it open
        subprocess.run(["umount", "-l", str(place)], timeout=20, check=True)


def leave(disk: Path, free: int) -> None:
    """Fills a disk up to so many bytes that are free."""
    filler = disk / FILLER
    filler.unlink(missing_ok=True)
    room = os.statvfs(disk)
    filler.write_bytes(b"0" * max(0, room.f_bavail * room.f_bsize - free))
