"""A folder's contents played again: each kind of folder, and what is said of one that differs."""

import json
from pathlib import Path

import pytest

from sim.reproduce import reproduce
from sim.store.checksums import FILES
from tests.store.resealed import resealed
from tests.studies.experiments import GRID

FAST = ("--runs", "200", "--no-pictures")
POLICIES = "tit_for_tat,grim"
COMMANDS = {
    "result": ("run", "geneva-2025", *FAST, "--ranges", "off", "--set", "actors.us.slip=0.1"),
    "mixture": ("run", "geneva-2025-readings", *FAST, "--ranges", "off"),
    "no truce": ("run", "textbook/licence-queue", *FAST),
    "exact": ("run", "textbook/grim-noise", "--engine", "exact", "--no-pictures"),
    "study": ("sweep", "grid.toml", "--yes"),
    "tournament": (
        *("games", "textbook/tft-noise", "tournament", "--us", POLICIES, "--cn", POLICIES),
        *("--runs", "20", "--resamples", "100", "--no-pictures"),
    ),
}


@pytest.fixture
def made(detente, tmp_path):
    """`made("study")`: the folder that the command of a kind writes."""

    def make(kind: str) -> Path:
        (tmp_path / "grid.toml").write_text(GRID, encoding="utf-8")
        done = detente(*COMMANDS[kind])
        assert done.exit_code == 0, done.output
        (folder,) = (path.parent for path in (tmp_path / "results").glob("*/manifest.json"))
        return folder

    return make


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_kind_is_reproduced(kind, made, detente):
    folder = made(kind)
    told = detente("reproduce", folder.name)
    assert told.exit_code == 0, told.output
    assert "is reproduced: every table is equal" in told.output
    tables = {line.split("   ")[-1].strip() for line in told.stdout.splitlines() if "bytes" in line}
    assert {p.name for p in folder.glob("*.parquet")} <= tables


def test_another_seed_gives_other_values(made, detente):
    folder = made("result")
    resealed(folder, seed=7)
    told = detente("reproduce", str(folder))
    assert told.exit_code == 1
    assert "was not reproduced" in told.output
    assert any(table.found == "other values" for table in reproduce(folder).tables)


def test_code_of_another_version_is_told(made, detente):
    folder = made("result")
    resealed(folder, version="0.0.9")
    assert "written by detente 0.0.9, played again by" in detente("reproduce", str(folder)).output


def test_a_damaged_table_is_named(made, detente):
    folder = made("result")
    with (folder / "tally.npz").open("ab") as file:
        file.write(b"x")
    told = detente("reproduce", str(folder))
    assert told.exit_code == 2
    assert "tally.npz" in told.output


def test_a_foreign_folder_is_refused(detente, tmp_path):
    (tmp_path / "other").mkdir()
    told = detente("reproduce", "other")
    assert told.exit_code == 2
    assert "no manifest.json" in told.output
    assert detente("reproduce", "nowhere").exit_code == 2


def test_what_cannot_be_played_again_says_how_it_was_made(detente, tmp_path):
    folder = tmp_path / "odds"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({FILES: {}}), encoding="utf-8")
    resealed(folder, kind="odds", command="detente odds geneva-2025")
    refused = detente("reproduce", "odds")
    assert refused.exit_code == 2
    assert "its own command was: detente odds geneva-2025" in refused.output
