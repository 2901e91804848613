"""A file system that is really full: nothing half-written is left, and later it is written."""

from pathlib import Path

import pytest

from sim.errors import ResultWriteError
from sim.outcomes.store import load_result, write_result
from tests.disk import small_disk
from tests.outcomes.tallies import result


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 64) as place:
        yield place


def test_a_full_disk_is_told_and_leaves_nothing(disk):
    filler = disk / "filler"
    filler.write_bytes(b"0" * 56 * 1024)
    with pytest.raises(ResultWriteError, match="No space left on device"):
        write_result(result(), disk, pictures=())
    assert list(disk.iterdir()) == [filler]
    filler.unlink()
    folder = write_result(result(), disk, pictures=())
    assert load_result(folder).n == result().n
    assert Path(folder).parent == disk
