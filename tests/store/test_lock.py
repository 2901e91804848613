"""A folder has one writer at a time, and a writer that dies holds nothing."""

import subprocess
import sys

import pytest

from sim.errors import ResultError
from sim.store.lock import locked

HOLD = """
import sys, time
from pathlib import Path
from sim.store.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_is_named_and_a_killed_one_holds_nothing(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ResultError, match=f"number {other.pid}"), locked(tmp_path):
            pytest.fail("two writers")
        other.kill()
        other.wait(timeout=10)
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
