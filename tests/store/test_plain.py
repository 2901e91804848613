"""What a user names may be a device, a pipe or endless: it is refused, whoever reads it."""

import json
import os

import pytest

from sim.errors import DetenteError
from sim.forecast.ledger import read as read_ledger
from sim.games.lineup import read_policies
from sim.history.record import new_record, read_record
from sim.play import Game
from sim.scenario import Scenario
from sim.store.json_files import read_json
from sim.store.plain import read_plain
from sim.studies.reading import read_experiment
from tests.waiting import raised_by

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
