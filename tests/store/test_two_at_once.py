"""Several processes that write one result folder at the same moment, and one that reads it."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

import sim
from sim.outcomes.store import write_result
from sim.store.checksums import intact
from sim.store.files import MANIFEST
from tests.outcomes.tallies import result

#: Each writes the folder again and again, its pages with words of its own.
WRITE = """
import sys
from pathlib import Path
from sim.outcomes.store import write_result
from tests.outcomes.tallies import result
made = result()
for turn in range(int(sys.argv[3])):
    write_result(made, Path(sys.argv[1]) / str(turn % 3), f"{sys.argv[2]} {turn}", pictures=())
"""


def check_writers(place, count, turns):
    words = [sys.executable, "-c", WRITE, str(place)]
    writers = [
        subprocess.Popen([*words, str(number), str(turns)], stderr=subprocess.PIPE, text=True)
        for number in range(count)
    ]
    told = [writer.communicate(timeout=200)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * count, told
    for folder in place.glob("*/*"):
        check_whole(folder)
        assert sim.load(folder).n == result().n
    assert len(list(place.glob("*/*"))) == 3
    assert not list(place.rglob(".*"))


@pytest.mark.slow
def test_three_processes_that_write_one_folder_leave_it_whole(tmp_path):
    check_writers(tmp_path, 3, 12)


@pytest.mark.attack
def test_many_processes_that_write_one_folder_leave_it_whole(tmp_path):
    check_writers(tmp_path, 6, 300)


def check_whole(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    assert [intact(folder, manifest, name) for name in manifest["files"]]
    return manifest["command"]


def test_a_folder_that_another_process_puts_there_in_the_last_moment(tmp_path, monkeypatch):
    rename = Path.rename

    def late(draft, folder):
        monkeypatch.setattr(Path, "rename", rename)
        write_result(result(), tmp_path, "another", pictures=())
        return rename(draft, folder)

    monkeypatch.setattr(Path, "rename", late)
    folder = write_result(result(), tmp_path, "one", pictures=())
    assert check_whole(folder) == "one"


def test_files_of_two_processes_are_not_mixed(tmp_path, monkeypatch):
    """The second begins when the first has given some files their names, its manifest not yet."""
    write_result(result(), tmp_path, "before", pictures=())
    replace, others = Path.replace, []

    def slowly(draft, path):
        if path.name == "tally.npz" and not others:
            others.append(Thread(target=write_result, args=(result(), tmp_path, "second", ())))
            others[0].start()
            others[0].join(timeout=1)
        return replace(draft, path)

    monkeypatch.setattr(Path, "replace", slowly)
    folder = write_result(result(), tmp_path, "first", pictures=())
    others[0].join(timeout=60)
    assert check_whole(folder) == "second"
    assert not list(tmp_path.rglob(".*"))
