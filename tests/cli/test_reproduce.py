"""A folder's contents played again: each kind of folder, and what is said of one that differs."""

import json
import re
import shutil
from pathlib import Path

import pytest

from sim.reproduce import reproduce
from sim.store.checksums import FILES
from tests.store.resealed import resealed
from tests.studies.experiments import GRID

FAST = ("--runs", "100", "--no-pictures")
SMALL_FIT = (
    *("--points", "6", "--stages", "2", "--moves", "1", "--copies", "10", "--no-pictures"),
)
SMALL_ODDS = (
    *("--particles", "200", "--runs", "200", "--weeks", "14", "--anyway", "--no-pictures"),
)
POLICIES = "tit_for_tat,grim"
COMMANDS = {
    "result": ("run", "geneva-2025", *FAST, "--ranges", "off", "--set", "actors.us.slip=0.1"),
    "ranges": ("run", "geneva-2025", *FAST, "--set", "actors.us.policy.name=tit_for_k_tats"),
    "mixture": ("run", "geneva-2025-readings", *FAST, "--ranges", "off"),
    "no truce": ("run", "textbook/licence-queue", *FAST),
    "exact": ("run", "textbook/grim-noise", "--engine", "exact", "--no-pictures"),
    "study": ("sweep", "grid.toml", "--yes"),
    "fit": ("fit", "geneva-2025", "--as-of", "2025-06-15", *SMALL_FIT),
    "odds": ("odds", "geneva-2025", "--as-of", "2025-06-01", *SMALL_ODDS),
    "odds of weeks": (
        "odds",
        "geneva-2025",
        "--every",
        "week",
        "--as-of",
        "2025-05-25",
        *SMALL_ODDS,
    ),
    "tournament": (
        *("games", "textbook/tft-noise", "tournament", "--us", POLICIES, "--cn", POLICIES),
        *("--runs", "20", "--resamples", "100", "--no-pictures"),
    ),
    "response": ("games", "textbook/tft-noise", "response", "--states", "1", "--no-pictures"),
    "response by runs": (
        *("games", "geneva-2025", "response", "--side", "cn", "--states", "1", "--runs", "100"),
        *("--utility", "standing", "--no-pictures", "--set", "actors.us.slip=0.1"),
    ),
}


#: Of kinds that are played again every day in another form.
VARIANTS = ("mixture", "no truce", "fit", "odds of weeks", "response by runs")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Results by kind, once made: a folder of each."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def made(detente, tmp_path, kept):
    """`made("study")`: a copy of the folder that the command of a kind writes."""

    def make(kind: str) -> Path:
        results = tmp_path / "results"
        (tmp_path / "grid.toml").write_text(GRID, encoding="utf-8")
        if not (kept / kind).exists():
            done = detente(*COMMANDS[kind])
            assert done.exit_code == 0, done.output
            results.rename(kept / kind)
        shutil.copytree(kept / kind, results)
        (folder,) = (path.parent for path in results.glob("*/manifest.json"))
        return folder

    return make


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.slow] * (kind in VARIANTS)) for kind in COMMANDS],
)
def test_every_kind_is_reproduced(kind, made, detente):
    folder = made(kind)
    told = detente("reproduce", folder.name)
    assert told.exit_code == 0, told.output
    assert "is reproduced: every table is equal" in told.output
    tables = {line.split("   ")[-1].strip() for line in told.stdout.splitlines() if "bytes" in line}
    kinds = ("*.parquet", "*.csv", "*.toml")
    written = {path for kind in kinds for path in folder.glob(kind)} - {folder / "summary.csv"}
    assert {path.name for path in written} <= tables


@pytest.mark.slow
def test_odds_of_a_fit_and_of_a_record_of_ones_own(made, detente, tmp_path):
    fit = made("fit")
    assert detente("record", "new", "mine").exit_code == 0
    moves = tmp_path / "mine" / "moves.csv"
    coded, other = (f"2025-05-28-student-visas-us,us.visas,{n}" for n in ("1,grade", "0,words"))
    text = moves.read_text(encoding="utf-8")
    assert coded in text
    moves.write_text(text.replace(coded, other), encoding="utf-8")
    told = detente(*COMMANDS["odds"], "--record", "mine", "--fit", str(fit))
    assert told.exit_code == 0, told.output
    (folder,) = (tmp_path / "results").glob("*-odds-*")
    shutil.rmtree(fit)
    shutil.rmtree(tmp_path / "mine")
    assert "every table is equal" in detente("reproduce", folder.name).output
    resealed(folder, seed=7)
    assert detente("reproduce", folder.name).exit_code == 1


def test_a_fit_of_other_facts_says_so(made, detente):
    folder = made("fit")
    plan = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["plan"]
    resealed(folder, plan=plan | {"facts": {"geneva-2025": "0"}})
    told = detente("reproduce", folder.name)
    assert told.exit_code == 2
    assert "its facts are other ones" in told.output


def test_another_seed_gives_other_values(made, detente):
    folder = made("result")
    resealed(folder, seed=7)
    told = detente("reproduce", str(folder))
    assert told.exit_code == 1
    assert "was not reproduced" in told.output
    assert any(table.verdict == "other values" for table in reproduce(folder).tables)


def test_another_machine_in_a_response_is_told(made, detente):
    folder = made("response")
    machine = folder / "machine.toml"
    text = machine.read_text(encoding="utf-8")
    machine.write_text(text + "# the same\n", encoding="utf-8")
    resealed(folder)
    assert "same values  machine.toml" in detente("reproduce", folder.name).output
    other = re.sub(r"move = .*", 'move = "hold"', text)
    assert other != text
    machine.write_text(other, encoding="utf-8")
    resealed(folder)
    told = detente("reproduce", folder.name)
    assert told.exit_code == 1
    assert "other values machine.toml" in told.output


def test_other_extensions_are_told(made, detente):
    folder = made("response")
    assert "other extensions" not in detente("reproduce", folder.name).output
    resealed(folder, extensions="0" * 64)
    told = detente("reproduce", folder.name)
    assert "written with other extensions than are loaded now" in told.output
    assert told.exit_code == 0


def test_a_policy_of_an_extension_that_is_not_loaded_says_what_to_load(made, detente):
    folder = made("result")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["scenario"]["actors"]["us"]["policy"] = {"name": "of_its_own"}
    command = "detente --extension own.py run short.toml"
    resealed(folder, scenario=manifest["scenario"], command=command)
    told = detente("reproduce", str(folder))
    assert told.exit_code == 2
    assert "written with an extension, to be loaded again" in told.output
    assert "--extension own.py" in told.output
    resealed(folder, command="detente run short.toml")
    assert "with an extension" not in detente("reproduce", str(folder)).output


def test_a_forged_number_of_runs_is_refused_before_anything_is_played(made, detente):
    folder = made("response")
    resealed(folder, runs=10**15)
    told = detente("reproduce", folder.name)
    assert told.exit_code == 2
    assert "does not fit itself" in told.output
    assert "allowed: a whole number from 100 to" in " ".join(told.output.split())


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
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({FILES: {}}), encoding="utf-8")
    resealed(folder, kind="scores", command="detente score geneva-2025")
    refused = detente("reproduce", "other")
    assert refused.exit_code == 2
    assert "its own command was: detente score geneva-2025" in refused.output
