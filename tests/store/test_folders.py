"""Folders that appear whole or not at all, and those that are planned and filled step by step."""

import subprocess
import sys

import pytest

from sim.errors import ResultError, ResultWriteError
from sim.store.files import write_json
from sim.store.folders import PLAN, PlannedFolder, differences, written_folder

KILLED = """
import os, pathlib, signal, sys
from sim.store.folders import written_folder

def fill(draft):
    (draft / "table.csv").write_text("1")
    (draft / "manifest.json").write_text("{}")
    os.kill(os.getpid(), signal.SIGKILL)

written_folder(sys.argv[1], "made-12345678", fill)
"""


def fill(draft):
    (draft / "figures").mkdir()
    (draft / "figures" / "one.png").write_text("2")
    (draft / "manifest.json").write_text("2")


def test_a_killed_process_leaves_nothing_that_looks_like_a_result(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], timeout=60, check=False)
    assert done.returncode == -9
    assert not list(tmp_path.glob("[!.]*"))  # nor does the glob of a shell see it
    folder = written_folder(tmp_path, "made-12345678", fill)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]  # the draft is swept


def test_what_is_there_is_replaced_file_by_file(tmp_path):
    (tmp_path / "made").mkdir()
    for name in ("own.txt", "manifest.json"):
        (tmp_path / "made" / name).write_text("1")
    folder = written_folder(tmp_path, "made", fill)
    assert {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()} == {
        "own.txt": "1",
        "manifest.json": "2",
        "one.png": "2",
    }


def test_a_failure_says_what_where_and_what_to_do(tmp_path):
    def full(_):
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultWriteError, match=r"the odds could .* to .*made: .* device; try"):
        written_folder(tmp_path, "made", full, "odds", "try again")
    assert not list(tmp_path.iterdir())
    for name in ("../made", "a\\b"):
        with pytest.raises(ResultWriteError, match="is no name of a folder"):
            written_folder(tmp_path, name, fill)


@pytest.fixture
def folder(tmp_path):
    planned = PlannedFolder(tmp_path, "mine", {"runs": 3}, "00000001")
    with planned.locked():
        planned.begin()
    return planned


def test_a_planned_folder_is_begun_and_then_finished(folder, tmp_path):
    other = PlannedFolder(tmp_path, "mine", {"runs": 4}, "00000002")
    assert (folder.begun, folder.finished, other.begun) == (True, False, False)
    folder.check()
    other.check()
    write_json(folder.path / "manifest.json", {"plan": folder.plan})
    assert folder.finished
    with pytest.raises(ResultError, match="checksum"):
        folder.check()


def test_it_is_continued_only_by_the_same_plan(folder, tmp_path):
    other = PlannedFolder(tmp_path, "mine", {"runs": 4}, "00000002")
    with pytest.raises(ResultError, match=r"(?s)begun with other inputs.*runs: 3 then, 4 now"):
        other.refuse_others()
    folder.refuse_others()
    write_json(folder.path / PLAN, {"runs": 5})
    with pytest.raises(ResultError, match="runs: 5 then, 3 now"):
        folder.check()


def test_two_do_not_write_it_at_once(folder):
    with folder.locked(), pytest.raises(ResultError, match="being written by another"):
        folder.locked().__enter__()


def test_differences_name_each_place():
    old, new = {"a": {"b": [1, 2]}, "c": 1}, {"a": {"b": [1, 3]}, "d": 2}
    found = ["a.b.1: 2 then, 3 now", "c: 1 then, null now", "d: null then, 2 now"]
    assert list(differences(old, new)) == found
