"""One outcome of a study at one week, read from its folder."""

import numpy as np
import pandas as pd
import pytest

from sim.errors import ResultError
from sim.studies.answers import answers
from sim.studies.study import load_study
from tests.scenario.test_sides import FILE as SIDES
from tests.studies.experiments import CAPACITY, GRID, HEAD, SLIP, experiment, finished


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    root = tmp_path_factory.mktemp("study")
    return load_study(finished(experiment(root, GRID), root))


def test_the_headline_is_that_of_the_study(study):
    asked = answers(study)
    assert (asked.outcome, asked.week, asked.headline, asked.suffix) == ("standing", 13, True, "")
    assert asked.p.tolist() == study.headline()["p"].tolist()
    assert asked.definition == study.definition
    assert (asked.study, asked.runs) == (study, "200")


def test_any_outcome_and_week_are_those_of_the_table(study):
    asked = answers(study, "clean", 4)
    table = study.outcomes
    rows = table[(table["outcome"] == "clean") & (table["week"] == 4)]
    assert asked.p.tolist() == rows["p"].tolist()
    assert asked.definition.startswith("no week in which a lever stood above its obligation")
    assert asked.suffix == "-clean-4"
    assert answers(study, "standing").week == 26
    assert answers(study, week=13).p.tolist() == answers(study).p.tolist()


def test_axes_have_codes_levels_and_spans(study):
    capacity, slip = answers(study).axes
    assert (capacity.name, capacity.levels, capacity.span) == ("capacity", 2, (0.1, 1.0))
    assert slip.codes.tolist() == [0.0, 0.1, 0.2] * 2
    assert not slip.labels
    assert slip.few


def test_an_axis_calls_the_sides_by_their_own_names(tmp_path):
    (tmp_path / "league.toml").write_text(SIDES)
    own = HEAD.replace('"geneva-2025"', '"league.toml"') + SLIP.replace(".us.", ".east.")
    study = load_study(finished(experiment(tmp_path, own + "values = [0.0, 0.1]\n"), tmp_path))
    (slip,) = answers(study).axes
    assert slip.meaning.title == "the League's slip"


def test_choices_are_axes_of_labels_and_linked_factors_are_one(tmp_path):
    choices = '[[factors]]\nname = "policy"\npath = "actors.us.policy"\nlink = "x"\n'
    choices += 'choices = { soft = { name = "tit_for_tat" }, hard = { name = "grim" } }\n'
    text = HEAD + choices + SLIP + 'link = "x"\nvalues = [0.0, 0.1]\n' + CAPACITY + "values = [1]\n"
    asked = answers(load_study(finished(experiment(tmp_path, text), tmp_path)))
    policy, capacity = asked.axes
    assert (policy.name, policy.columns) == ("policy + slip", ("policy", "slip"))
    assert (policy.labels, policy.codes.tolist()) == (("soft", "hard"), [0.0, 1.0])
    assert capacity.whole


def test_of_saltelli_the_two_matrices_are_the_sample(tmp_path):
    ends = "low = 0.0\nhigh = 0.1\n"
    text = HEAD.replace("200", "20") + 'design = { kind = "saltelli", samples = 4 }\n' + SLIP + ends
    asked = answers(load_study(finished(experiment(tmp_path, text), tmp_path)))
    assert asked.points == 12
    assert asked.independent.tolist() == [0, 2, 3, 5, 6, 8, 9, 11]


def test_points_with_terms_of_their_own_are_read_at_their_ends(tmp_path):
    text = HEAD + '[[factors]]\nname = "term"\npath = "truce.term_weeks"\nvalues = [6, 13]\n'
    study = load_study(finished(experiment(tmp_path, text), tmp_path))
    asked = answers(study)
    assert asked.week is None
    assert asked.when == "at the end of each point's term"
    table = study.outcomes
    rows = table[table["outcome"] == "standing"].set_index(["point", "week"])["p"]
    assert asked.p.tolist() == [rows[0, 6], rows[1, 13]]
    with pytest.raises(ResultError, match="an outcome and a week that every point has"):
        answers(study, "extended", 6)


@pytest.mark.parametrize(
    ("outcome", "week", "expected"),
    [
        ("standng", None, "did you mean standing?"),
        ("standing", 40, "a week from 1 to 26 of standing"),
        ("extended", 4, "week 13 of extended"),
    ],
)
def test_what_the_study_lacks_is_refused_with_what_there_is(study, outcome, week, expected):
    with pytest.raises(ResultError, match=expected.replace("?", r"\?")):
        answers(study, outcome, week)


def test_frames_are_sorted_by_point(study):
    assert np.array_equal(answers(study).frame["point"], range(6))
    assert isinstance(answers(study).frame, pd.DataFrame)
