"""`detente export`: the tables of a result folder as CSV."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.outcomes.store import write_result

ALWAYS = {"outcomes", "conduct", "payoffs", "bands", "triggers"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A result folder with every table there is."""
    scenario = Scenario.load("geneva-2025").override({"weeks": 4})
    result = simulate(scenario, runs=60, seed=1, keep_runs=True, but_for=True)
    return write_result(result, tmp_path_factory.mktemp("results"), pictures=())


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to write into."""
    return Path(shutil.copytree(made, tmp_path / "results" / made.name))


def test_every_table_becomes_a_file_with_the_same_numbers(detente, folder):
    told = detente("export", str(folder), "--csv")
    assert told.exit_code == 0
    written = {path.stem: path for path in (folder / "csv").iterdir()}
    assert set(written) == ALWAYS | {"butfor", "runs"}
    for name, path in written.items():
        assert str(path) in told.stdout
        expected = pd.read_parquet(folder / f"{name}.parquet")
        found = pd.read_csv(path, keep_default_na=False, na_values=[""])
        assert set(found.columns) - set(expected.columns) <= {"date"}
        assert len(found) == len(expected)
        for column in expected.select_dtypes("number"):
            pd.testing.assert_series_equal(found[column], expected[column], check_dtype=False)


def test_weeks_come_with_their_first_day(detente, folder):
    detente("export", str(folder))
    outcomes = pd.read_csv(folder / "csv" / "outcomes.csv")
    assert outcomes["date"][outcomes["week"] == 2].unique().tolist() == ["2025-05-19"]


def test_what_never_happened_is_an_empty_cell(detente, folder):
    detente("export", str(folder))
    runs = pd.read_parquet(folder / "runs.parquet")
    text = (folder / "csv" / "runs.csv").read_text()
    assert runs["lapse_week"].isna().any()
    assert "nan" not in text.lower()
    assert "None" not in text


def test_out_says_where_and_the_name_in_results_is_enough(detente, folder):
    told = detente("export", folder.name, "--out", "tables")
    assert told.exit_code == 0
    assert {path.stem for path in Path("tables").iterdir()} >= ALWAYS
    assert not (folder / "csv").exists()


def test_tables_that_were_not_kept_are_left_out(detente, tmp_path):
    scenario = Scenario.load("geneva-2025").override({"weeks": 4})
    plain = write_result(simulate(scenario, runs=20, seed=1), tmp_path / "r", pictures=())
    detente("export", str(plain))
    assert {path.stem for path in (plain / "csv").iterdir()} == ALWAYS


def test_it_writes_the_same_bytes_again_and_leaves_no_drafts(detente, folder):
    detente("export", str(folder))
    first = {path.name: path.read_bytes() for path in (folder / "csv").iterdir()}
    assert detente("export", str(folder)).exit_code == 0
    assert {path.name: path.read_bytes() for path in (folder / "csv").iterdir()} == first
    assert all(name.endswith(".csv") and name[0] != "." for name in first)


def test_an_unknown_folder_gets_the_nearest_name(detente, folder):
    told = detente("export", folder.name[:-1] + "x")
    assert told.exit_code == 2
    assert f"did you mean results/{folder.name}?" in told.stderr


def test_what_is_no_result_folder_is_refused(detente):
    Path("other").mkdir()
    Path("file").write_text("")
    for name, text in (("other", "manifest.json"), ("file", "no folder"), ("", "RESULT")):
        told = detente("export", name)
        assert told.exit_code == 2
        assert text in told.stderr


def test_a_folder_of_another_version_is_refused_by_name(detente, folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    text = json.dumps(manifest | {"format": 0, "version": "0.0.1"})
    (folder / "manifest.json").write_text(text)
    told = detente("export", str(folder))
    assert told.exit_code == 2
    assert "0.0.1" in told.stderr
    assert not (folder / "csv").exists()


def test_a_folder_that_is_not_whole_is_told(detente, folder):
    (folder / "bands.parquet").unlink()
    told = detente("export", str(folder))
    assert told.exit_code == 2
    assert "no bands.parquet" in told.stderr
    assert not (folder / "csv").exists()


def test_a_broken_table_leaves_nothing_half_written(detente, folder):
    (folder / "conduct.parquet").write_bytes(b"nonsense")
    told = detente("export", str(folder))
    assert told.exit_code == 2
    assert "conduct.parquet cannot be read" in told.stderr
    assert not (folder / "csv").exists()


def test_a_target_that_is_a_file_is_refused(detente, folder):
    Path("tables").write_text("kept")
    told = detente("export", str(folder), "--out", "tables")
    assert told.exit_code == 2
    assert "not a folder" in told.stderr
    assert Path("tables").read_text() == "kept"
