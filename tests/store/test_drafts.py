"""What a killed process left is swept by the next, what another writes is not; folders have one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import ResultError
from sim.store import files
from sim.store.files import (
    DRAFTS,
    JUST_BEGUN,
    drafted_file,
    drafted_folder,
    locked_folder,
    sweep,
    whole_file,
)

WRITE = """
import sys, time
from pathlib import Path
from sim.store.files import drafted_folder
from sim.store.files import whole_file
root = Path(sys.argv[1])
with drafted_folder(root / "result") as folder, whole_file(root / "page.md") as draft:
    (folder / "table").write_text("half")
    draft.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""
HOLD = """
import sys, time
from pathlib import Path
from sim.store.files import locked_folder
with locked_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_drafts_of_a_killed_process_are_swept_and_those_of_a_living_one_are_not(tmp_path):
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        sweep(tmp_path)
        assert len(list(tmp_path.glob(DRAFTS))) == 2
        other.kill()
        other.wait(timeout=10)
    assert len(list(tmp_path.glob(DRAFTS))) == 2
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["drafted_file", "drafted_folder"])
def test_what_a_killed_process_had_not_begun_to_fill_is_swept_at_once(tmp_path, kind):
    """A picture's file is made long before its first byte is written."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        f"from sim.store.files import {kind}\n"
        f"with {kind}(Path(sys.argv[1]) / 'map.png'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(DRAFTS))) == 1
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [drafted_file, drafted_folder])
def test_a_draft_that_nobody_holds_yet_is_left_for_a_minute(tmp_path, kind, monkeypatch):
    """Swept by another at the moment between its making and its being held."""
    real = files.locked

    def swept_first(path):
        sweep(tmp_path)
        assert len(list(tmp_path.glob(DRAFTS))) == 1
        return real(path)

    monkeypatch.setattr(files, "locked", swept_first)
    with kind(tmp_path / "map.png"):
        pass


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir])
def test_one_that_was_never_held_goes_after_a_minute(tmp_path, make):
    path = tmp_path / ".a.1.new.tmp.md"
    make(path)
    sweep(tmp_path)
    assert path.exists()
    before = time.time() - 2 * JUST_BEGUN
    os.utime(path, (before, before))
    sweep(tmp_path)
    assert not path.exists()


def test_a_link_named_like_a_draft_is_left_alone(tmp_path):
    (tmp_path / "mine.md").write_text("mine")
    (tmp_path / ".link.tmp.md").symlink_to(tmp_path / "mine.md")
    sweep(tmp_path)
    assert (tmp_path / ".link.tmp.md").is_symlink()
    assert (tmp_path / "mine.md").read_text() == "mine"


def test_two_processes_of_the_same_number_do_not_meet(tmp_path, monkeypatch):
    """As in two containers that share a folder of results."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    with drafted_folder(tmp_path / "same") as one, drafted_folder(tmp_path / "same") as two:
        assert one != two
    assert list(tmp_path.iterdir()) == []


def test_a_draft_that_failed_is_gone(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "page.md"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_another_process_is_named_and_a_killed_one_holds_nothing(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ResultError, match=f"number {other.pid}"), locked_folder(tmp_path):
            pytest.fail("two writers")
        other.kill()
        other.wait(timeout=10)
    with locked_folder(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
