"""Experiment files: what they may say, and what is said of those that make no sense."""

import re
from pathlib import Path

import pytest

from sim import Scenario
from sim.errors import ExperimentError
from sim.studies.plan import check_points, check_size
from sim.studies.reading import read_experiment, shipped_experiments
from tests.studies.experiments import CAPACITY, GRID, HEAD, SLIP, experiment

POLICY = '[[factors]]\nname = "policy"\npath = "actors.us.policy"\n'

SPREAD = HEAD + 'design = { kind = "latin_hypercube", points = 8 }\n'

REFUSED = {
    "unknown key": (HEAD + "run = 3\n" + CAPACITY + "values = [1.0]\n", ":5: run", "mean runs?"),
    "unknown key of a factor": (
        GRID + "step = 3\n",
        "factors.1.step",
        "did you mean steps?",
        "allowed: path, name, values, choices, low, high, steps, link, distribution\n",
    ),
    "no factors": (HEAD, "no factors", "at least one [[factors]]"),
    "no scenario": ("runs = 3\n", "no scenario", 'scenario = "..."'),
    "unknown scenario": (GRID.replace("2025", "2052"), "small.toml:2: scenario", "geneva-2025?"),
    "no runs": (GRID.replace("200", "0"), "small.toml:3: runs", "from 1 to"),
    "unknown design": (HEAD + 'design = "gird"\n', ":5: design", "did you mean grid?"),
    "no points": (HEAD + 'design = "sobol"\n', "design.points", "points = 128"),
    "odd points": (HEAD + 'design = { kind = "sobol", points = 100 }\n', "a power of two"),
    "points of a grid": (HEAD + 'design = { kind = "grid", points = 9 }\n', "no points: a grid"),
    "no steps": (HEAD + SLIP + "low = 0.0\nhigh = 0.1\n", "no steps", "from 2 to"),
    "ends turned round": (HEAD + SLIP + "low = 1\nhigh = 0\nsteps = 2\n", "the lower first"),
    "no table of a factor": (
        HEAD + 'factors = [3]\ndesign = "list"\n',
        "factors.0",
        "found:   3",
        "a table, as [[factors]]",
    ),
    "a row that chooses by no name": (
        HEAD
        + 'design = { kind = "list", rows = [[["hard"]]] }\n'
        + SLIP
        + "choices = { soft = 0.1, hard = 0.2 }\n",
        'found:   ["hard"]',
        "soft, hard",
    ),
    "no values": (HEAD + SLIP, "no values", "values = [...]"),
    "two ways": (HEAD + SLIP + "values = [0.1]\nlow = 0.0\n", "values, low", "values = [...]"),
    "a path twice": (
        HEAD + SLIP + "values = [0.1]\n" + SLIP.replace('"slip"', '"b"') + "values = [0.2]\n",
        "twice",
        "each path once",
    ),
    "a value twice": (HEAD + SLIP + "values = [0.1, 0.1]\n", "each value once"),
    "a taken name": (HEAD + SLIP.replace('"slip"', '"week"') + "values = [0.1]\n", "is taken"),
    "no samples": (HEAD + 'design = "saltelli"\n', "design.samples", "samples = 128"),
    "odd samples": (HEAD + 'design = { kind = "saltelli", samples = 100 }\n', "a power of two"),
    "points of a saltelli": (
        HEAD + 'design = { kind = "saltelli", samples = 4, points = 9 }\n',
        "no points: a saltelli has as many as samples and second_order make",
    ),
    "no truth": (
        HEAD + 'design = { kind = "saltelli", samples = 4, second_order = 2 }\n',
        "design.second_order",
        "true or false",
    ),
    "samples of a sobol": (
        HEAD + 'design = { kind = "sobol", points = 8, samples = 8 }\n',
        "samples in a sobol",
        "samples only in: saltelli",
    ),
    "one trajectory": (HEAD + 'design = { kind = "morris", trajectories = 1 }\n', "2 or more"),
    "odd levels": (
        HEAD + 'design = { kind = "morris", trajectories = 4, levels = 5 }\n',
        "design.levels",
        "an even number",
    ),
    "a key of no design": (
        HEAD + 'design = { kind = "morris", trajectorys = 4 }\n',
        "design.trajectorys",
        "did you mean trajectories?",
    ),
    "choices without order in a morris": (
        HEAD
        + 'design = { kind = "morris", trajectories = 4 }\n'
        + SLIP
        + "values = [0.1, 0.3, 0.2]\n",
        "factors.0.values",
        "in rising order",
        "saltelli",
    ),
    "rows of another length": (
        HEAD + 'design = { kind = "list", rows = [[0.1], [0.1, 0.2]] }\n' + SLIP,
        "row 1: [0.1, 0.2]",
        "1 values: slip",
    ),
    "rows and values": (
        HEAD + 'design = { kind = "list", rows = [[0.1]] }\n' + SLIP + "values = [0.1]\n",
        "factors.0.values",
        "they are in the list of points",
    ),
    "rows that choose what is not there": (
        HEAD
        + 'design = { kind = "list", rows = [["soft"], ["hadr"]] }\n'
        + SLIP
        + "choices = { soft = 0.1, hard = 0.2 }\n",
        "did you mean hard?",
    ),
    "no such csv": (
        HEAD + 'design = { kind = "list", csv = "points.csv" }\n' + SLIP,
        "points.csv",
        "beside the experiment",
    ),
    "an unknown distribution": (
        SPREAD + SLIP + "distribution = { betta = [1, 2] }\n",
        "factors.0.distribution",
        'unknown distribution "betta"',
        "did you mean beta?",
    ),
    "mass outside": (
        SPREAD + SLIP + "distribution = { uniform = [0, 2] }\n",
        "on [0, 2]",
        "from 0 to 1",
    ),
    "a distribution in a grid": (
        HEAD + SLIP + "distribution = { uniform = [0, 1] }\n",
        "distribution in a grid",
        "latin_hypercube",
    ),
    "a distribution and a range": (
        SPREAD + SLIP + "distribution = { uniform = [0, 1] }\nlow = 0\nhigh = 1\n",
        "low, high, distribution",
        "or distribution",
    ),
    "lists of two lengths": (
        HEAD + 'design = "list"\n' + SLIP + "values = [0.1]\n" + CAPACITY + "values = [0.1, 1.0]\n",
        "slip 1, capacity 2",
        "as many values",
    ),
}

SENSELESS = {
    "unknown path": (
        GRID.replace("us.slip", "us.slipp"),
        ":11: actors.us.slipp",
        "did you mean actors.us.slip?",
    ),
    "out of bounds": (GRID.replace("0.2", "2.0"), ":11: actors.us.slip", "slip = 2.0", "0 to 1"),
    "unknown policy": (
        HEAD + POLICY + 'choices = { kind = { name = "tit_for_tatt" } }\n',
        "policy = kind",
        "did you mean tit_for_tat?",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_makes_no_sense_is_refused_with_its_lines(case, tmp_path):
    text, *expected = REFUSED[case]
    with pytest.raises(ExperimentError) as refused:
        experiment(tmp_path, text)
    assert all(part in str(refused.value) for part in expected), str(refused.value)


@pytest.mark.parametrize("case", SENSELESS)
def test_points_that_make_no_sense_are_refused_before_any_is_run(case, tmp_path):
    text, *expected = SENSELESS[case]
    study = experiment(tmp_path, text)
    with pytest.raises(ExperimentError) as refused:
        check_points(study)
    assert all(part in str(refused.value) for part in expected), str(refused.value)


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    with pytest.raises(ExperimentError) as refused:
        experiment(tmp_path, HEAD.replace("200", "0") + "sead = 3\n" + SLIP)
    assert len(refused.value.problems) == 3


def test_a_missing_file_gets_the_nearest_name():
    with pytest.raises(ExperimentError, match="did you mean slow-licensing"):
        read_experiment("slow-licencing")


def test_a_point_is_the_scenario_with_its_values_written_over_it(tmp_path):
    study = experiment(tmp_path, GRID)
    point = list(study.points())[-1]
    changes = {"levers.cn.rare_earths.capacity": 1.0, "actors.us.slip": 0.2}
    expected = Scenario.load("geneva-2025").override(changes)
    spec = study.scenario_at(point).spec
    notes = {"sources", "ranges"}
    assert spec.model_dump(exclude=notes) == expected.spec.model_dump(exclude=notes)


def test_whole_policies_and_whole_scenarios_can_be_chosen_among(tmp_path):
    text = HEAD + POLICY + 'choices = { grim = { name = "grim" }, kind = { name = "tit_for_tat" } }'
    text += '\n[[factors]]\npath = "scenario"\nvalues = ["geneva-2025", "busan-2025"]\n'
    study = experiment(tmp_path, text)
    worlds = [study.scenario_at(point) for point in check_points(study)]
    assert [world.name for world in worlds] == ["geneva-2025", "busan-2025"] * 2
    assert [world.spec.actors["us"].policy["name"] for world in worlds] == [
        "grim",
        "grim",
        "tit_for_tat",
        "tit_for_tat",
    ]


BOTH = SLIP + CAPACITY


def labelled(study):
    return [tuple(level.label for level in point) for point in check_points(study)]


def test_points_can_be_listed_row_by_row(tmp_path):
    text = HEAD + 'design = { kind = "list", rows = [[0.1, 1.0], [0.0, 1.0]] }\n' + BOTH
    assert labelled(experiment(tmp_path, text)) == [(0.1, 1.0), (0.0, 1.0)]


def test_rows_choose_among_policies_and_scenarios(tmp_path):
    rows = 'design = { kind = "list", rows = [["kind", "busan-2025"], ["grim", "geneva-2025"]] }\n'
    text = HEAD + rows + POLICY
    text += 'choices = { grim = { name = "grim" }, kind = { name = "tit_for_tat" } }\n'
    study = experiment(tmp_path, text + '[[factors]]\npath = "scenario"\n')
    worlds = [study.scenario_at(point) for point in check_points(study)]
    assert [world.name for world in worlds] == ["busan-2025", "geneva-2025"]
    assert [world.spec.actors["us"].policy["name"] for world in worlds] == ["tit_for_tat", "grim"]


def test_points_can_be_listed_in_a_csv_beside_the_file(tmp_path):
    (tmp_path / "points.csv").write_text("capacity,slip\n1,0.1\n0.5,0\n")
    text = HEAD + 'design = { kind = "list", csv = "points.csv" }\n' + BOTH
    assert labelled(experiment(tmp_path, text)) == [(0.1, 1), (0, 0.5)]


def test_a_csv_of_a_spreadsheet_has_its_mark_whole_numbers_as_3_0_and_empty_rows(tmp_path):
    text = HEAD + 'design = { kind = "list", csv = "points.csv" }\n'
    text += '[[factors]]\nname = "weeks"\npath = "truce.term_weeks"\n' + SLIP
    (tmp_path / "points.csv").write_text("\ufeffweeks,slip\n3.0,0.1\n,\n5.0,0\n,\n\n")
    points = list(experiment(tmp_path, text).points())
    assert [[level.value for level in point] for point in points] == [[3, 0.1], [5, 0]]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("capacity,slipp\n1,0.1\n", ["points.csv:1: slip", "did you mean slipp?"]),
        ("capacity,slip,x\n1,0.1,1\n", ["points.csv:1", 'column "x"']),
        ("capacity,slip\n1,0.1\n1\n", ["points.csv:3", "2 values"]),
        ("capacity,slip\n1,\n", ["points.csv:2", "2 values"]),
        ("capacity,slip\n", ["points.csv:2", "no rows"]),
        ("", ["points.csv:1", "no such column"]),
    ],
)
def test_a_csv_that_makes_no_sense_is_refused_with_its_lines(table, expected, tmp_path):
    (tmp_path / "points.csv").write_text(table)
    text = HEAD + 'design = { kind = "list", csv = "points.csv" }\n' + BOTH
    with pytest.raises(ExperimentError) as refused:
        experiment(tmp_path, text)
    assert all(part in str(refused.value) for part in expected), str(refused.value)
    assert "factors." not in str(refused.value)  # nothing false of what the file would have held


def test_designs_of_salib_name_the_extra_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.extras.find_spec", lambda _: None)
    text = HEAD + 'design = { kind = "saltelli", samples = 4 }\n' + SLIP + "values = [0.1]\n"
    with pytest.raises(ExperimentError, match=r"detente\[analysis\]"):
        experiment(tmp_path, text)


def test_luck_is_the_same_at_every_point_unless_fresh_luck_is_asked_for(tmp_path):
    same = experiment(tmp_path, GRID)
    assert {same.seed_of(point) for point in range(6)} == {7}
    fresh = experiment(tmp_path, "fresh_luck = true\n" + GRID)
    assert len({fresh.seed_of(point) for point in range(6)}) == 6


def test_a_very_large_design_is_refused_before_its_points_are_made(tmp_path):
    text = GRID.replace("steps = 3", "steps = 90000")
    study = experiment(tmp_path, text)
    with pytest.raises(ExperimentError, match="180,000 points") as refused:
        check_size(study, confirmed=False)
    assert "without --yes" in str(refused.value)
    check_size(study, confirmed=True)
    huge = CAPACITY.replace("capacity", "friction") + "low = 0.1\nhigh = 0.9\nsteps = 90000\n"
    with pytest.raises(ExperimentError, match="at most 10,000,000 points"):
        check_size(experiment(tmp_path, text + huge), confirmed=True)


#: Tens of thousands of points, each checked.
LARGEST = "which-five-matter"


@pytest.mark.parametrize(
    "name",
    [
        *sorted(shipped_experiments().keys() - {LARGEST}),
        pytest.param(LARGEST, marks=pytest.mark.slow),
    ],
)
def test_every_shipped_experiment_asks_a_question_and_makes_sense(name):
    study = read_experiment(name)
    assert study.question.endswith("?")
    assert len(check_points(study)) == study.size
    assert study.run_weeks < 60e6  # a minute on one slow core


PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-sweep.md"


def test_every_experiment_on_the_page_makes_sense(tmp_path):
    blocks = re.findall(r"^```toml experiment\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    assert blocks
    for block in blocks:
        assert len(check_points(experiment(tmp_path, block))) == 24
