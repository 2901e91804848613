"""Points that go on until their headline is precise: the same batches whatever plays them."""

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.errors import ExperimentError
from sim.outcomes import simulate as simulating
from sim.studies import runner
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import StudyInterrupted, run_study
from sim.studies.store import StudyFolder
from tests.everyday import one_in
from tests.studies.experiments import GRID, experiment, finished

UNTIL = "until = 0.03\n" + GRID


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    for module in (simulating, runner):
        monkeypatch.setattr(module, "BATCH", 100)


def test_a_point_takes_the_runs_that_a_single_scenario_would(tmp_path):
    found = pd.read_parquet(finished(experiment(tmp_path, UNTIL), tmp_path) / "points.parquet")
    assert ((found["high"] - found["low"]) / 2 <= 0.03).all()
    assert found["n"].nunique() > 1
    geneva = Scenario.load("geneva-2025")
    for row in found.to_dict("records"):
        changes = {
            "levers.cn.rare_earths.capacity": row["capacity"],
            "actors.us.slip": row["slip"],
        }
        alone = simulate(geneva.override(changes), 200, 7, until=0.03).standing
        assert (alone.n, alone.p, alone.low) == (row["n"], row["p"], row["low"])


def test_batches_do_not_hang_on_threads_or_interruptions(tmp_path, monkeypatch):
    study = experiment(tmp_path, 'keep = ["runs"]\n' + UNTIL)
    one = finished(study, tmp_path / "one", threads=1)
    monkeypatch.setattr(runner, "SIDE_BY_SIDE_RUN_WEEKS", 0)
    folder = StudyFolder(tmp_path / "two", study.name, plan_table(study))

    def stop(done):
        if done.points >= 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("sim.studies.runner.GROUP_RUN_WEEKS", 1)
    with pytest.raises(StudyInterrupted):
        run_study(study, check_points(study), folder, 2, stop)
    run_study(study, check_points(study), folder, 2)
    for name in ("points", "outcomes", "runs"):
        file = f"{name}.parquet"
        assert (one / file).read_bytes() == (folder.path / file).read_bytes()
    runs = pd.read_parquet(one / "runs.parquet")
    points = pd.read_parquet(one / "points.parquet")
    assert list(runs.groupby("point")["run"].size()) == list(points["n"])
    assert (runs.groupby("point")["run"].max() + 1 == points["n"]).all()


def test_a_point_stops_at_the_most_runs_it_may_take(tmp_path):
    study = experiment(tmp_path, "most_runs = 450\n" + UNTIL)
    assert study.most_runs == 400
    found = pd.read_parquet(finished(study, tmp_path) / "points.parquet")
    assert found["n"].max() == 400
    assert ((found["high"] - found["low"]) / 2 > 0.03).any()


@pytest.mark.parametrize("until", one_in(4, [0.031, 0.2, 0.05, 0.01]))
def test_the_cost_told_is_the_most_it_can_be(until, tmp_path):
    study = experiment(tmp_path, GRID.replace("runs = 200", f"runs = 200\nuntil = {until}"))
    found = pd.read_parquet(finished(study, tmp_path) / "points.parquet")
    assert found["n"].max() <= study.most_runs
    enough = np.ceil(0.25 * (1.96 / until) ** 2)
    assert study.most_runs <= max(200, enough + 100)


REFUSED = {
    "too wide": ("until = 0.6\n" + GRID, ":1: until", "between 0 and 0.5"),
    "no number": ('until = "x"\n' + GRID, ":1: until", "between 0 and 0.5"),
    "a most without until": ("most_runs = 500\n" + GRID, ":1: most_runs", "until = 0.01 beside"),
    "a most below the runs": ("until = 0.1\nmost_runs = 5\n" + GRID, ":2: most_runs", "from 200"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(case, tmp_path):
    text, *expected = REFUSED[case]
    with pytest.raises(ExperimentError) as refused:
        experiment(tmp_path, text)
    assert all(part in str(refused.value) for part in expected), str(refused.value)
