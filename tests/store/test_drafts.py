"""Drafts: what a killed process left is swept by the next, what another writes is not."""

import os
import subprocess
import sys
import time

import pytest

from sim.store.drafts import DRAFTS, JUST_BEGUN, drafted_folder, sweep
from sim.store.files import whole_file

WRITE = """
import sys, time
from pathlib import Path
from sim.store.drafts import drafted_folder
from sim.store.files import whole_file
root = Path(sys.argv[1])
with drafted_folder(root / "result") as folder, whole_file(root / "page.md") as draft:
    (folder / "table").write_text("half")
    draft.write_text("half")
    print("writing", flush=True)
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


def test_an_empty_draft_may_be_one_that_is_just_begun(tmp_path):
    for path in (tmp_path / ".a.1.tmp.md", tmp_path / ".b.2.tmp"):
        path.touch() if path.suffix == ".md" else path.mkdir()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    before = time.time() - 2 * JUST_BEGUN
    for path in tmp_path.iterdir():
        os.utime(path, (before, before))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


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
