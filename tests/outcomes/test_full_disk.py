"""A file system that is really full: nothing half-written is left, and later it is written."""

import subprocess
from pathlib import Path

import pytest

from sim.errors import ResultWriteError
from sim.outcomes.store import load_result, write_result
from tests.outcomes.tallies import result


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 kB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        made = subprocess.run(mount, capture_output=True, timeout=20, check=False).returncode == 0
    except FileNotFoundError:
        made = False
    if not made:
        pytest.skip("may not mount a file system here; test_sweep_ends limits the size of files")
    yield place
    subprocess.run(["umount", str(place)], timeout=20, check=True)


def test_a_full_disk_is_told_and_leaves_nothing(small_disk):
    filler = small_disk / "filler"
    filler.write_bytes(b"0" * 56 * 1024)
    with pytest.raises(ResultWriteError, match="No space left on device"):
        write_result(result(), small_disk, pictures=())
    assert list(small_disk.iterdir()) == [filler]
    filler.unlink()
    folder = write_result(result(), small_disk, pictures=())
    assert load_result(folder).n == result().n
    assert Path(folder).parent == small_disk
