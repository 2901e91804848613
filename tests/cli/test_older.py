"""Folders of an older format, through every command that reads one: refused by name, exit 2."""

import json
from pathlib import Path

import pytest

from sim.cli import telling
from sim.studies.plan import FORMAT, plan_table
from tests.studies.experiments import GRID, experiment

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
