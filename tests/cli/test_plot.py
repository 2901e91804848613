"""`detente plot`: pictures from a folder alone."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sim import Scenario, simulate
from sim.cli.plot import _KINDS, ALL
from sim.explain.find import with_ladder
from sim.outcomes.store import write_result
from sim.report.pictures import RESULT, STUDY, pictures
from sim.studies.answers import SENSITIVITY


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    scenario = Scenario.load("geneva-2025").override({"weeks": 15})
    result = with_ladder(simulate(scenario, runs=60, seed=1, but_for=True))
    return write_result(result, tmp_path_factory.mktemp("results"), pictures=())


@pytest.fixture
def folder(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "results" / made.name))


@pytest.mark.slow
def test_all_pictures_are_drawn_into_the_folder_and_nothing_is_run(detente, folder, monkeypatch):
    """The engine may not be called: every picture comes from what is stored."""

    def engine(*_: object, **__: object) -> None:
        raise AssertionError("a run was played")

    monkeypatch.setattr("sim.engines.batch.run_batch", engine)
    monkeypatch.setattr("sim.engines.trace.record_run", engine)
    monkeypatch.setattr("sim.engines.trace.recorder", engine)
    monkeypatch.setattr("sim.engines.compiling.record_plainly", engine)
    told = detente("plot", str(folder))
    assert told.exit_code == 0, told.stderr
    written = {path.name for path in (folder / "figures").iterdir()}
    # without plausible ranges there is nothing to draw of them
    assert written == {f"{kind}.png" for kind in pictures(RESULT) if kind != "settings"}
    assert all(str(folder / "figures" / name) in told.stdout for name in written)


def test_the_help_names_every_picture():
    of_result, of_study = _KINDS.split("; of a study ")
    assert set(of_result.split("|")) == {ALL, *pictures(RESULT)}
    assert set(of_study.split("|")) == {SENSITIVITY, *pictures(STUDY)}


def test_a_folder_in_results_is_found_by_its_name(detente, folder, tmp_path):
    told = detente("plot", folder.name, "--kind", "definition", "--out", str(tmp_path / "new"))
    assert told.exit_code == 0, told.stderr
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["definition.png"]


def test_kinds_and_formats_repeat(detente, folder):
    words = ("--kind", "definition", "--kind", "survival", "--format", "svg", "--format", "pdf")
    assert detente("plot", str(folder), *words).exit_code == 0
    written = {path.name for path in (folder / "figures").iterdir()}
    assert written == {"definition.svg", "definition.pdf", "survival.svg", "survival.pdf"}


def test_another_run_of_the_ladder_is_played_again(detente, folder):
    told = detente("plot", str(folder), "--run", "7")
    assert told.exit_code == 0, told.stderr
    assert [path.name for path in (folder / "figures").iterdir()] == ["ladder-7.png"]


@pytest.mark.slow
def test_pictures_without_anything_to_show_are_left_out_of_all(detente, tmp_path):
    scenario = Scenario.load("textbook/quiet").override({"weeks": 5})
    plain = replace(simulate(scenario, runs=20), sample=None)
    folder = write_result(plain, tmp_path, pictures=())
    told = detente("plot", str(folder))
    assert told.exit_code == 0, told.stderr
    assert "left out allies: the scenario has no allies" in told.stderr
    assert "left out raster: the result holds no sample of single runs" in told.stderr
    written = {path.stem for path in (folder / "figures").iterdir()}
    assert not written & {"allies", "raster"}
    told = detente("plot", str(folder), "--kind", "raster")
    assert told.exit_code == 2
    assert "run the scenario again" in told.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "ladders"), "did you mean ladder?"),
        (("--kind", "pie"), "allowed: trajectories, survival"),
        (("--format", "gif"), "allowed: png, svg, pdf"),
        (("--run", "60"), "a whole number from 0 to 59"),
        (("--run", "1", "--kind", "raster"), "beside --kind ladder"),
    ],
)
def test_bad_options_are_refused(detente, folder, words, said):
    told = detente("plot", str(folder), *words)
    assert told.exit_code == 2
    assert said in told.stderr
    assert "detente plot" in told.stderr
    assert not (folder / "figures").exists()


def test_what_is_no_result_folder_is_refused(detente, tmp_path):
    told = detente("plot", str(tmp_path))
    assert told.exit_code == 2
    assert "manifest.json" in told.stderr
    assert detente("plot", "nowhere").exit_code == 2


def test_a_folder_of_an_older_version_says_which_and_what_to_do(detente, folder):
    manifest = folder / "manifest.json"
    found = json.loads(manifest.read_text()) | {"format": 1, "version": "0.0.9"}
    manifest.write_text(json.dumps(found))
    told = detente("plot", str(folder))
    assert told.exit_code == 2
    assert "0.0.9" in told.stderr
    assert "run the scenario again" in told.stderr
