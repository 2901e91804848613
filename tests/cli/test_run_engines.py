"""`detente run` by another engine, and `--brief`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

EXACT = ("--engine", "exact")


def test_it_prints_outcomes_and_the_long_run(detente):
    told = detente("run", "textbook/gtft-noise", *EXACT)
    assert told.exit_code == 0
    assert "0.805613, exactly" in told.stdout
    for number in ("115.000000", "0.875000", "2.859375", "standing, K = 6"):
        assert number in told.stdout
    assert "no random numbers" in told.stdout


def test_without_runs_nothing_is_called_a_share_of_runs(detente):
    told = detente("run", "textbook/tft-noise", *EXACT)
    assert "is the probability of" in told.stdout
    assert "share of runs" not in told.stdout


def test_it_writes_a_folder_with_the_tables_of_a_batch(detente):
    told = detente("run", "textbook/tft-noise", *EXACT, "--out", "here", "--format", "svg")
    assert told.exit_code == 0
    (folder,) = Path("here").iterdir()
    outcomes = pd.read_parquet(folder / "outcomes.parquet")
    last = outcomes[(outcomes["outcome"] == "standing") & (outcomes["week"] == 26)].iloc[0]
    assert last["p"] == last["low"] == last["high"] == pytest.approx(0.554387, abs=1e-6)
    assert last["n"] == 0
    survival = pd.read_parquet(folder / "survival.parquet")
    assert sorted(survival["breakdown_after"].unique()) == [0, 1, 2, 3, 4, 5, 6]
    assert "0.554387, exactly" in (folder / "summary.md").read_text()
    assert (folder / "figures" / "survival.svg").exists()
    assert json.loads((folder / "manifest.json").read_text())["engine"] == "exact"


def test_json(detente):
    told = detente("run", "textbook/grim-perception", *EXACT, "--json", "--no-pictures")
    page = json.loads(told.stdout)
    assert page["long_run"]["law"] == pytest.approx({"CC": 0, "CD": 0, "DC": 0, "DD": 1})
    assert page["outcomes"][1]["mean_weeks"] == pytest.approx(479 / 39)
    assert not list(Path(page["folder"]).glob("figures"))


def test_what_never_ends_has_no_mean(detente):
    told = detente("run", "textbook/quiet", *EXACT, "--json", "--no-pictures")
    (clean, *_) = json.loads(told.stdout)["outcomes"]
    assert clean["mean_weeks"] is None
    assert clean["mean_text"] == "it may hold for ever"


def test_its_tables_can_be_exported_but_not_replotted(detente):
    detente("run", "textbook/tft-noise", *EXACT, "--out", "here", "--no-pictures")
    (folder,) = Path("here").iterdir()
    told = detente("export", str(folder), "--csv")
    assert told.exit_code == 0
    assert (folder / "csv" / "survival.csv").exists()
    told = detente("plot", str(folder))
    assert told.exit_code == 2
    assert "holds an exact solution" in told.stderr


@pytest.mark.parametrize("option", [("--keep-runs",), ("--until", "0.01")])
def test_it_has_no_runs_to_keep_or_add(detente, option):
    told = detente("run", "textbook/quiet", *EXACT, *option)
    assert told.exit_code == 2
    assert "it has no runs" in told.stderr


def test_a_scenario_that_is_no_textbook_game(detente):
    told = detente("run", "geneva-2025", *EXACT)
    assert told.exit_code == 2
    assert "geneva-2025 is no textbook game" in told.stderr
    assert "truce.unilateral_after" in told.stderr
    assert not Path("results").exists()


SLOW = "the Mesa engine plays runs one by one"


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_both_engines_write_the_same_tables(detente):
    for engine in ("batch", "mesa"):
        options = ("--runs", "3", "--keep-runs", "--no-pictures", "--out", engine)
        told = detente("run", "geneva-2025", *options, "--engine", engine)
        assert told.exit_code == 0
        assert SLOW not in told.stderr
    (one,), (two,) = (list(Path(engine).iterdir()) for engine in ("batch", "mesa"))
    assert len(tables(one)) > 5
    assert tables(one) == tables(two)


def test_many_runs_are_warned_about(detente, monkeypatch):
    monkeypatch.setattr("sim.cli.run.QUICK_RUN_WEEKS", 10)
    told = detente("run", "textbook/quiet", "--runs", "2", "--no-pictures", "--engine", "mesa")
    assert told.exit_code == 0
    assert SLOW in told.stderr


#: What a few lines need none of, once an earlier command has left its tables.
HEAVY = ("scipy", "pandas", "matplotlib", "numba", "llvmlite", "jinja2", "pyarrow")
BRIEF = ("run", "geneva-2025", "--brief", "--no-pictures", "--runs", "100", "--ranges", "off")


def imported(folder):
    """The modules that a brief run imports, with the cache in a folder."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim", *BRIEF],
        env=os.environ | {"DETENTE_CACHE": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert len(done.stdout.splitlines()) == 4
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_the_second_brief_run_imports_nothing_heavy(tmp_path):
    imported(tmp_path)
    found = imported(tmp_path)
    assert "wasmtime" in found
    assert found & set(HEAVY) == set()
