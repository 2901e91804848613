"""What reads a folder: `detente report` and `export`, and folders of an older format."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.cli import telling
from sim.outcomes.store import write_result
from sim.studies.plan import FORMAT, plan_table
from sim.web.mailed import mailed
from tests.outcomes.tallies import small
from tests.studies.experiments import GRID, experiment


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> Path:
    copied = tmp_path_factory.mktemp("results")
    return write_result(simulate(small(), runs=50), copied, pictures=())


@pytest.fixture
def copied(detente, reported) -> str:
    """A copy of the result, by its name from where commands are called."""
    return str(shutil.copytree(reported, Path("results") / reported.name))


def test_the_page_is_written_beside_the_numbers(detente, copied):
    told = detente("report", Path(copied).name)
    assert told.exit_code == 0, told.stderr
    assert told.stdout == f"wrote {copied}/report.html\n"
    text = (Path(copied) / "report.html").read_text()
    assert text.startswith("<!doctype html>")
    assert "<h1>Two tariffs</h1>" in text


@pytest.mark.slow
def test_nobody_waits_for_the_compiler(copied):
    """Nor for its library: three typical runs are played by the week as plain Python."""
    lines = (
        "import sys; from sim.cli.main import app",
        f"app(['report', {copied!r}], standalone_mode=False)",
        "sys.exit('numba' in sys.modules)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "A typical run" in (Path(copied) / "report.html").read_text()


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("html", "<!doctype html>"),
        ("json", "{"),
        pytest.param("md", "# Two tariffs", marks=pytest.mark.slow),
        pytest.param("csv", "section,key", marks=pytest.mark.slow),
    ],
)
def test_the_ending_says_the_form(detente, copied, ending, begins):
    told = detente("report", copied, "--out", f"page.{ending}")
    assert told.exit_code == 0, told.stderr
    text = Path(f"page.{ending}").read_text(encoding="utf-8-sig")
    assert text.startswith(begins)
    if ending == "json":
        assert json.loads(text)["headline"]["outcome"] == "standing"


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("page.pdf", "that ends in .html, .md, .csv, .json"),
        ("no/page.html", "that is there"),
    ],
)
def test_a_file_it_cannot_write_is_refused(detente, copied, out, why):
    told = detente("report", copied, "--out", out)
    assert told.exit_code == 2
    assert why in told.stderr
    assert not Path(out).exists()


def test_what_is_no_result_is_refused_with_the_nearest(detente, copied):
    told = detente("report", Path(copied).name[:-1])
    assert told.exit_code == 2
    assert f"did you mean {copied}?" in told.stderr


@pytest.mark.parametrize("words", ["report empty", "report empty --live", "reproduce empty"])
def test_a_folder_of_something_else_is_refused(detente, tmp_path, words):
    (tmp_path / "empty").mkdir()
    told = detente(*words.split())
    assert told.exit_code == 2
    assert "empty, which has no manifest.json" in told.stderr
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_full_disk_is_told(detente, copied, monkeypatch):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.store.files.write_text", full_disk)
    told = detente("report", copied)
    assert told.exit_code == 1
    assert "No space left" in told.stderr


@pytest.mark.slow
def test_live_is_the_explorer_with_the_report_below(detente, tmp_path):
    detente("run", "textbook/quiet", "--runs", "100", "--no-pictures", "--out", ".")
    folder = next(tmp_path.glob("quiet-*"))
    done = detente("report", str(folder), "--live", "--out", "live.html")
    assert done.exit_code == 0
    text = (tmp_path / "live.html").read_text(encoding="utf-8")
    assert "How this number was built" in text
    assert 'id="settings"' in text
    assert "img-src data:" in text
    assert len(text) < 1_000_000
    refused = detente("report", str(folder), "--live", "--out", "live.md")
    assert (refused.exit_code, (tmp_path / "live.md").exists()) == (2, False)
    assert "--live" in refused.stderr


@pytest.mark.slow
def test_odds(detente, tmp_path, monkeypatch):
    words = ("odds", "geneva-2025", "--particles", "400", "--runs", "400", "--anyway")
    monkeypatch.setattr("sys.argv", ["detente", *words])
    done = detente(*words, "--no-pictures", "--out", ".")
    assert done.exit_code == 0, done.stderr
    told = mailed(next(tmp_path.glob("geneva-2025-odds-*")))
    chances, picture, *others, made = told.sections
    assert chances.title.startswith("Odds as of 2025-11-09")
    assert "standing" in [row[0] for row in chances.rows]
    assert [figure.name for figure in picture.figures] == ["odds"]
    assert [each.title.split(" ")[0] for each in others] == ["Rivals", "Every"]
    assert made.code == f"detente {' '.join(words)}"
    facts = dict(made.rows)
    assert Scenario.load("geneva-2025").hash in facts["scenario"]
    assert facts["seed, copies, runs"] == "2025, 400, 400"


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


def test_the_table_by_readings_is_exported_too(detente, tmp_path):
    scenario = Scenario.load("geneva-2025-readings").override({"weeks": 4})
    mixed = write_result(simulate(scenario, runs=200, seed=1), tmp_path / "r", pictures=())
    detente("export", str(mixed))
    assert {path.stem for path in (mixed / "csv").iterdir()} == ALWAYS | {"readings"}


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


TESTS = Path(__file__).parents[1]
RESULT = str(TESTS / "outcomes" / "older" / "format-3")
STUDY = str(TESTS / "studies" / "older" / "format-2")


@pytest.mark.parametrize("words", [("plot",), ("report",), ("export",), ("reproduce",)])
def test_an_older_result_is_refused_by_its_format(detente, words, monkeypatch):
    """And before anything is compiled for it, which may take a minute."""
    monkeypatch.setattr(telling, "compile_first", lambda *_: pytest.fail("compiled first"))
    told = detente(*words, RESULT)
    assert told.exit_code == 2, told.stderr
    assert "in format 3" in told.stderr
    assert not list(Path().iterdir())


@pytest.mark.parametrize("words", [("plot",), ("analyze", "--sensitivity"), ("reproduce",)])
def test_an_older_study_is_refused_by_its_format(detente, words):
    told = detente(words[0], STUDY, *words[1:])
    assert told.exit_code == 2, told.stderr
    assert "in format 2 of studies" in told.stderr
    assert not list(Path().iterdir())


def test_a_study_that_an_older_format_began_is_not_resumed(detente, tmp_path):
    """What differs is named; nothing is added to the folder."""
    study = experiment(tmp_path, GRID)
    begun = tmp_path / "results" / "small-00000000"
    begun.mkdir(parents=True)
    plan = plan_table(study) | {"format": FORMAT - 1}
    (begun / "plan.json").write_text(json.dumps(plan))
    told = detente("sweep", "small.toml", "--resume")
    assert told.exit_code == 2
    assert f"format: {FORMAT - 1} then, {FORMAT} now" in told.stderr
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["small-00000000"]
    assert [path.name for path in begun.iterdir()] == ["plan.json"]
