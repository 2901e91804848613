"""Tournaments played: the numbers are those of single runs, and of theory."""

from dataclasses import replace

import numpy as np
import pytest

from sim import simulate
from sim.errors import ExperimentError
from sim.games.empirical import empirical
from sim.games.equilibria import equilibria
from sim.games.lineup import choose
from sim.games.sizes import UTILITIES
from sim.games.tournament import as_tournament, cell_rows, read_played, tournament, widest
from sim.scenario import Scenario
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.study import load_study

RUNS = 60
LABELS = {"us": ["always_concede", "grim", "us_as_shipped"], "cn": ["tit_for_tat", "grim"]}


def run(experiment, root, **rest):
    folder = StudyFolder(root, experiment.name, plan_table(experiment))
    run_study(experiment, check_points(experiment), folder, **rest)
    return read_played(experiment, load_study(folder.path)), folder


def geneva(runs=RUNS):
    scenario = Scenario.load("geneva-2025")
    return tournament(scenario, choose(scenario, LABELS), runs, 5)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return run(geneva(), tmp_path_factory.mktemp("tournament"), threads=1)[0]


def test_each_cell_is_the_scenario_with_these_two_policies(table):
    scenario = Scenario.load("geneva-2025")
    rows = {(row["us"], row["cn"]): row for row in cell_rows(table)}
    for us, cn in (("us_as_shipped", "grim"), ("always_concede", "tit_for_tat")):
        changes = {"actors.cn.policy": {"name": cn}}
        if us != "us_as_shipped":
            changes["actors.us.policy"] = {"name": us}
        alone = simulate(scenario.override(changes), runs=RUNS, seed=5)
        row = rows[us, cn]
        assert row["n"] == RUNS
        for outcome in ("standing", "clean", "core", "extended"):
            other = alone.at(outcome)
            found = [row[f"{outcome}{end}"] for end in ("", "_low", "_high")]
            assert found == pytest.approx([other.p, other.low, other.high])
        for who in ("us", "cn"):
            one = alone.payoffs.query("who == @who and measure == 'payoff'").iloc[0]
            assert row[f"payoff_{who}"] == pytest.approx(one["mean"], abs=1e-6)
            half = (row[f"payoff_{who}_high"] - row[f"payoff_{who}_low"]) / 2
            assert half == pytest.approx(1.959964 * one["se"], rel=1e-4)


def test_labels_and_shape(table):
    assert (table.us, table.cn, table.n, table.week) == (
        tuple(LABELS["us"]),
        tuple(LABELS["cn"]),
        RUNS,
        13,
    )
    assert all(values.shape == (3, 2, RUNS) for values in table.measures.values())
    assert set(UTILITIES[2:]) == set(table.outcomes)
    assert 0 < widest(table, "standing") < 0.15


def test_harm_is_wanted_little(table):
    assert np.array_equal(table.utility("harm", "us"), -table.measures["harm_us"])


def test_the_luck_is_the_same_in_every_cell(table):
    # against each other's same policy runs are the same run, whatever else is in the line-up
    other = tournament(
        Scenario.load("geneva-2025"),
        choose(Scenario.load("geneva-2025"), {"us": ["grim", "random"], "cn": LABELS["cn"]}),
        RUNS,
        5,
    )
    assert other.seed_of(0) == other.seed_of(3) == 5
    spread = table.measures["payoff_us"] - table.measures["payoff_us"][1]
    assert spread[1].std() == 0.0
    correlation = np.corrcoef(table.measures["payoff_us"][0, 0], table.measures["payoff_us"][0, 1])[
        0, 1
    ]
    assert correlation > 0.2


def test_an_interrupted_tournament_continues_to_the_same_bytes(tmp_path, monkeypatch):
    import sim.studies.runner as runner

    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", RUNS * 26)  # a group a pair
    experiment = geneva()
    whole, folder = run(experiment, tmp_path / "whole", threads=1)
    told = []

    def stop(done):
        told.append(done.points)
        if done.points >= 3:
            raise KeyboardInterrupt

    with pytest.raises(runner.StudyInterrupted):
        run(experiment, tmp_path / "parts", threads=1, progress=stop)
    again, parts = run(experiment, tmp_path / "parts", threads=2)
    assert all(np.array_equal(whole.measures[k], again.measures[k]) for k in whole.measures)
    assert (folder.path / "runs.parquet").read_bytes() == (parts.path / "runs.parquet").read_bytes()


def test_v23_the_dilemma_of_the_textbook_played(tmp_path):
    """Conceding or retaliating always, no noise: stage payoffs of 26 weeks, exactly."""
    scenario = Scenario.load("textbook/base")
    labels = ["always_concede", "always_retaliate"]
    experiment = tournament(scenario, choose(scenario, {"us": labels, "cn": labels}), 2, 1)
    game = empirical(run(experiment, tmp_path)[0], ("payoff", "payoff")).game
    assert np.allclose(game.us, 26 * np.array([[3, 0], [5, 1]]))
    assert np.allclose(game.cn, game.us.T)
    (only,) = equilibria(game)
    assert only.support == ((1,), (1,))


def test_the_shipped_experiment_is_a_tournament():
    experiment = as_tournament(read_experiment("geneva-tournament"))
    assert [factor.name for factor in experiment.factors] == ["us", "cn"]
    assert experiment.size == 64
    assert "runs" in experiment.keep


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fresh_luck": True}, "common random numbers"),
        ({"until": 0.01}, "common random numbers"),
        ({"factors": ()}, "actors.us.policy and actors.cn.policy"),
    ],
)
def test_other_experiments_are_refused(change, message):
    with pytest.raises(ExperimentError, match=message):
        as_tournament(replace(read_experiment("geneva-tournament"), **change))


def test_a_single_policy_of_a_file_is_refused():
    experiment = read_experiment("geneva-tournament")
    us, cn = experiment.factors
    short = replace(experiment, factors=(replace(us, levels=us.levels[:1]), cn))
    with pytest.raises(ExperimentError, match="two or more"):
        as_tournament(short)


def test_factors_may_stand_in_either_order():
    experiment = read_experiment("geneva-tournament")
    swapped = replace(experiment, factors=experiment.factors[::-1])
    assert as_tournament(swapped) == as_tournament(experiment)
