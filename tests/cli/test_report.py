"""`detente report`: the page to mail, and what it refuses."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from tests.outcomes.tallies import small


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    return write_result(simulate(small(), runs=50), folder, pictures=())


@pytest.fixture
def folder(detente, made) -> str:
    """A copy of the result, by its name from where commands are called."""
    return str(shutil.copytree(made, Path("results") / made.name))


def test_the_page_is_written_beside_the_numbers(detente, folder):
    told = detente("report", Path(folder).name)
    assert told.exit_code == 0, told.stderr
    assert told.stdout == f"wrote {folder}/report.html\n"
    text = (Path(folder) / "report.html").read_text()
    assert text.startswith("<!doctype html>")
    assert "<h1>Two tariffs</h1>" in text


def test_nobody_waits_for_the_compiler(folder):
    """Nor for its library: three typical runs are played by the week as plain Python."""
    lines = (
        "import sys; from sim.cli.main import app",
        f"app(['report', {folder!r}], standalone_mode=False)",
        "sys.exit('numba' in sys.modules)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "A typical run" in (Path(folder) / "report.html").read_text()


@pytest.mark.parametrize(
    ("ending", "begins"),
    [("html", "<!doctype html>"), ("md", "# Two tariffs"), ("csv", "section,key"), ("json", "{")],
)
def test_the_ending_says_the_form(detente, folder, ending, begins):
    told = detente("report", folder, "--out", f"page.{ending}")
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
def test_a_file_it_cannot_write_is_refused(detente, folder, out, why):
    told = detente("report", folder, "--out", out)
    assert told.exit_code == 2
    assert why in told.stderr
    assert not Path(out).exists()


def test_what_is_no_result_is_refused_with_the_nearest(detente, folder):
    told = detente("report", Path(folder).name[:-1])
    assert told.exit_code == 2
    assert f"did you mean {folder}?" in told.stderr


@pytest.mark.parametrize("words", ["report empty", "report empty --live", "reproduce empty"])
def test_a_folder_of_something_else_is_refused(detente, tmp_path, words):
    (tmp_path / "empty").mkdir()
    told = detente(*words.split())
    assert told.exit_code == 2
    assert "empty, which has no manifest.json" in told.stderr
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_full_disk_is_told(detente, folder, monkeypatch):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.store.files.write_text", full_disk)
    told = detente("report", folder)
    assert told.exit_code == 1
    assert "No space left" in told.stderr
