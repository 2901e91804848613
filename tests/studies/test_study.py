"""Reading a study back from its folder alone, and saying why where that cannot be."""

import json
import shutil

import pytest

import sim
from sim.errors import ResultError
from sim.outcomes.result import Result
from sim.outcomes.store import write_result
from sim.studies.plan import plan_table
from sim.studies.store import StudyFolder
from sim.studies.study import Study, load_study, report_of
from tests.studies.experiments import GRID, experiment, finished


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    text = GRID.replace("seed", 'keep = ["payoffs"]\nseed')
    study = experiment(tmp_path_factory.mktemp("file"), text)
    return finished(study, tmp_path_factory.mktemp("out"))


def test_a_study_tells_what_it_asked_and_varied(folder):
    study = load_study(folder)
    assert (study.name, study.question, study.design) == ("small", "Does it matter?", "grid")
    assert (study.runs, study.seed, study.until) == (200, 7, None)
    assert [factor.name for factor in study.factors] == ["capacity", "slip"]
    capacity, slip = study.factors
    assert capacity.path == "levers.cn.rare_earths.capacity"
    assert capacity.labels == (0.1, 1.0)
    assert slip.labels == (0.0, 0.1, 0.2)
    assert study.kept == ("payoffs",)
    assert study.definition.startswith("no 2 weeks in a row with both sides at rung 5 or above")


def test_the_headline_has_a_row_a_point_and_is_that_of_the_outcomes(folder):
    study = load_study(folder)
    found = study.headline()
    assert list(found.columns) == ["point", "capacity", "slip", "n", "p", "low", "high"]
    assert list(found["point"]) == list(range(6))
    there = study.outcomes
    same = there[(there["outcome"] == "standing") & (there["week"] == 13)]
    assert list(same["p"]) == list(found["p"])
    assert set(study.points["week"]) == {13}
    assert set(study.points["outcome"]) == {"standing"}


def test_each_point_has_the_week_of_its_own_term(tmp_path):
    text = GRID.split("[[factors]]")[0] + '[[factors]]\npath = "truce.term_weeks"\n'
    text += "values = [5, 20]\n"
    study = load_study(finished(experiment(tmp_path, text), tmp_path))
    assert list(study.points["week"]) == [5, 20]
    for point in study.points.to_dict("records"):
        where = [("point", "==", point["point"]), ("week", "==", point["week"])]
        rows = study.table("outcomes", filters=[*where, ("outcome", "==", "standing")])
        assert list(rows["p"]) == [point["p"]]


def test_tables_are_read_by_name_and_a_missing_one_is_told(folder):
    study = load_study(folder)
    assert len(study.table("payoffs")) == 6 * 4
    assert list(study.table("outcomes", columns=["p"]).columns) == ["p"]
    with pytest.raises(ResultError, match=r"no table .runs.; it has points, outcomes, payoffs; k"):
        study.table("runs")


def test_a_table_that_was_lost_is_told(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "points.parquet").unlink()
    with pytest.raises(ResultError, match=r"points\.parquet cannot be read"):
        load_study(copy).headline()


def test_load_gives_a_study_or_a_result_as_the_folder_is(folder, tmp_path):
    assert isinstance(sim.load(folder), Study)
    result = sim.simulate(sim.Scenario.load("geneva-2025"), 20)
    assert isinstance(sim.load(write_result(result, tmp_path, pictures=())), Result)


def test_an_unfinished_study_is_refused(tmp_path):
    study = experiment(tmp_path, GRID)
    begun = StudyFolder(tmp_path / "out", study.name, plan_table(study))
    with begun.locked():
        begun.begin()
    for load in (sim.load, load_study):
        with pytest.raises(ResultError, match="unfinished study.*--resume"):
            load(begun.path)


def test_a_study_of_an_older_format_is_refused(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    found = json.loads((copy / "manifest.json").read_text())
    found["plan"]["format"] = 1
    (copy / "manifest.json").write_text(json.dumps(found))
    with pytest.raises(ResultError, match=r"written by detente [\d.]+ in format 1.*run the exp"):
        sim.load(copy)


@pytest.mark.parametrize("make", ["missing", "empty", "broken"])
def test_a_folder_of_neither_kind_is_refused(make, tmp_path):
    folder = tmp_path / "some"
    if make != "missing":
        folder.mkdir()
    if make == "broken":
        (folder / "manifest.json").write_text("{")
    expected = {"missing": "is not there", "empty": "neither a result", "broken": "cannot be read"}
    with pytest.raises(ResultError, match=expected[make]):
        sim.load(folder)


def test_a_single_result_is_not_a_study(tmp_path):
    result = sim.simulate(sim.Scenario.load("geneva-2025"), 20)
    with pytest.raises(ResultError, match="one result, not a study"):
        load_study(write_result(result, tmp_path, pictures=()))


def test_chance_may_move_a_share_of_all_by_its_whole_interval(tmp_path):
    """All fifty of each hold: at most 7.1 of 100 may not, twice half the interval."""
    text = 'scenario = "textbook/quiet"\nruns = 50\nseed = 7\ndesign = "grid"\n[[factors]]\n'
    text += 'path = "actors.us.value_decay"\nvalues = [0.01, 0.02]\n'
    study = load_study(finished(experiment(tmp_path, text), tmp_path))
    assert "by about 7 of 100 at most" in report_of(study).lead[1]
