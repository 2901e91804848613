"""The notebook of the docs: executed now, it shows what the page has."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_pages import ROOT, script

PAGE = ROOT / "docs" / "notebook.ipynb"
#: What the tour must have: load, run, compare, a picture, a story, play, odds.
STEPS = ("Scenario.load", "simulate(", "compare(", ".plot(", "tell(", "game.play(", "odds(")
LARGEST = 300_000  # bytes
SECONDS = 900


def code(file: Path = PAGE):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def outputs(file: Path = PAGE):
    return [output for cell in code(file) for output in cell["outputs"]]


def shown(file: Path = PAGE):
    """What the cells show, a picture as the fact that there is one."""
    pictured = {"image/png": "a picture"}
    return [
        {kind: pictured.get(kind, text) for kind, text in output["data"].items()}
        if "data" in output
        else output["text"]
        for output in outputs(file)
    ]


def test_the_page_is_executed_whole_and_without_warnings():
    assert [cell["execution_count"] for cell in code()] == list(range(1, len(code()) + 1))
    assert {output.get("name", "stdout") for output in outputs()} == {"stdout"}
    assert {output["output_type"] for output in outputs()} == {"stream", "execute_result"}
    assert PAGE.stat().st_size < LARGEST


def test_the_tour_has_every_step_and_no_magic():
    source = "".join(line for cell in code() for line in (*cell["source"], "\n"))
    assert [step for step in STEPS if step not in source] == []
    assert not any(line.startswith(("%", "!")) for line in source.splitlines())


def test_reports_and_a_picture_show_themselves():
    shapes = [data for output in outputs() if (data := output.get("data"))]
    told = [data for data in shapes if 'class="detente"' in "".join(data.get("text/html", ""))]
    assert len(told) >= 5  # two scenarios, result, comparison, story
    assert any("image/png" in data for data in shapes)


@pytest.mark.slow
def test_executed_now_it_shows_what_the_page_shows(tmp_path):
    maker = script("make_notebook")
    if not maker.ready():
        pytest.skip(f"not installed: {', '.join(maker.NEEDED)} (make test-slow installs them)")
    now = tmp_path / "now.ipynb"
    command = [sys.executable, maker.__file__, str(now)]
    subprocess.run(command, check=True, timeout=SECONDS, cwd=ROOT)
    assert shown(now) == shown(), "run `make docs`"
