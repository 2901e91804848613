"""Whole files, plain files, and folders by their names.

What is no plain file is never replaced; a device, a pipe or what is endless is refused, whoever
reads it; nobody meets another's draft.
"""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.errors import DetenteError, ResultError
from sim.forecast.frozen import read as read_ledger
from sim.games.lineup import read_policies
from sim.history.record import new_record, read_record
from sim.play import Game
from sim.scenario import Scenario
from sim.store.files import DRAFTS, folder_called, read_json, read_plain, whole_file, write_text
from sim.studies.reading import read_experiment
from tests.waiting import raised_by


def test_a_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "page.md"
    target.write_text("before")

    def fail():
        with whole_file(target) as draft:
            draft.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    target, link = tmp_path / "real.md", tmp_path / "link.md"
    target.write_text("before")
    link.symlink_to(target)
    write_text(link, "after")
    assert link.is_symlink()
    assert target.read_text() == "after"


def test_a_device_stays_a_device(tmp_path):
    link = tmp_path / "nowhere.txt"
    link.symlink_to("/dev/null")
    write_text(link, "gone")
    assert link.is_symlink()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write_text(pipe, "through")
    reader.join(timeout=10)
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_is_written_to_wherever_it_goes(tmp_path):
    code = "from pathlib import Path; from sim.store.files import write_text;"
    code += "write_text(Path('/dev/stdout'), 'text')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"text"


def test_two_writers_of_one_file_have_drafts_of_their_own(tmp_path):
    target = tmp_path / "table.csv"
    with whole_file(target) as one, whole_file(target) as two:
        assert one != two
        assert {one.suffix, two.suffix} == {".csv"}
        one.write_text("one")
        two.write_text("two")
        assert set(tmp_path.glob(DRAFTS)) == {one, two}
    assert target.read_text() == "one"  # the last to be whole


def test_the_longest_name_a_file_system_takes_can_be_written(tmp_path):
    target = tmp_path / ("n" * 251 + ".csv")
    write_text(target, "x")
    assert target.read_text() == "x"


def test_json_is_bounded_in_size_and_depth(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(ResultError, match="nested too deeply"):
        read_json(path)
    with pytest.raises(ResultError, match="200,000 bytes.*at most 10"):
        read_json(path, largest=10)
    path.write_text("9" * 5_000)
    with pytest.raises(ResultError, match="cannot be read"):
        read_json(path)


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = {"geneva-2025-0a1b2c3d": 1, "geneva-2025-1b2c3d4e": 3, "geneva-2025-slow-2b3c4d5e": 5}
    for name, when in made.items():
        folder = tmp_path / "results" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        os.utime(folder / "manifest.json", (when, when))
    (tmp_path / "results" / "geneva-2025-9f9f9f9f").mkdir()  # unfinished
    return tmp_path / "results"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("geneva-2025", "geneva-2025-1b2c3d4e"),
        ("geneva-2025-0a1b2c3d", "geneva-2025-0a1b2c3d"),
        ("results/geneva-2025-0a1b2c3d", "geneva-2025-0a1b2c3d"),
        ("geneva-2025-slow", "geneva-2025-slow-2b3c4d5e"),
    ],
)
def test_the_folder_that_is_meant(results, name, meant):
    assert folder_called(name).resolve() == results / meant


@pytest.mark.parametrize("name", ["geneva", "london-2025", "other/geneva-2025", "slow"])
def test_none(results, name):
    assert results.is_dir()
    assert folder_called(name) is None


EXPERIMENT = """
scenario = "textbook/tft-noise"
runs = 2
design = { kind = "list", csv = "points.csv" }
[[factors]]
name = "slip"
path = "actors.us.slip"
"""


def points(place):
    """The points of an experiment."""
    (place.parent / "experiment.toml").write_text(EXPERIMENT, "utf-8")
    place.rename(place.parent / "points.csv")
    read_experiment(place.parent / "experiment.toml")


def table(place):
    """A table of a record."""
    new_record(place.parent / "record")
    (place.parent / "record" / "events.csv").unlink()
    place.rename(place.parent / "record" / "events.csv")
    read_record(place.parent / "record")


def forecast(place):
    """A forecast of a ledger."""
    (place.parent / "forecasts").mkdir()
    place.rename(place.parent / "forecasts" / "2025-05-12-x.json")
    read_ledger(place.parent / "forecasts")


READERS = {
    "scenario": Scenario.load,
    "experiment": read_experiment,
    "policies": read_policies,
    "game": Game.load,
    "manifest": read_json,
    "points": points,
    "record": table,
    "forecast": forecast,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["/dev/zero", "/proc/kmsg", "pipe", "folder", "nowhere"])
def test_nobody_waits_for_what_is_no_plain_file(kind, reader, tmp_path):
    place = tmp_path / "it.toml"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(kind)
    told = raised_by(lambda: READERS[reader](place), DetenteError, FileNotFoundError)
    assert len(told) == 1


def test_a_file_is_read_up_to_the_size_it_says(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"a": 1}), "utf-8")
    assert read_plain(file, 8) == b'{"a": 1}'
    with pytest.raises(OSError, match="too large"):
        read_plain(file, 7)
