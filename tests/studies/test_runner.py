"""Studies that are interrupted, killed or damaged end with the bytes of those that were not."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.errors import ResultError, ResultWriteError
from sim.outcomes.manifest import read_manifest
from sim.outcomes.tables import outcomes_frame
from sim.studies import runner, tables
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import StudyInterrupted, groups, run_study
from sim.studies.store import StudyFolder
from tests.everyday import one_in
from tests.studies.experiments import CAPACITY, GRID, SLIP, experiment, finished, written

TABLES = ("points", "outcomes")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Two points a part, three a row group: boundaries that do not meet."""
    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", 2 * 200 * 26)
    monkeypatch.setattr(tables, "POINTS_A_ROW_GROUP", 3)


def same_bytes(one, two, tables=TABLES):
    names = [f"{name}.parquet" for name in tables]
    assert {path.name for path in one.glob("*.parquet")} == set(names)
    return all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def begun(study, root):
    return StudyFolder(root, study.name, plan_table(study))


def kept_parts(folder):
    """Files of the table that is written last."""
    return list(folder.parts.folder.glob("part-*.outcomes.parquet"))


class Stop:
    """Ctrl-C once so many points are done."""

    def __init__(self, points):
        self.points = points

    def __call__(self, done):
        if done.points >= self.points:
            raise KeyboardInterrupt


def test_each_point_is_a_run_of_its_own_scenario(tmp_path):
    folder = finished(experiment(tmp_path, GRID), tmp_path / "out")
    found = pd.read_parquet(folder / "outcomes.parquet")
    changes = {"levers.cn.rare_earths.capacity": 1.0, "actors.us.slip": 0.1}
    alone = outcomes_frame(simulate(Scenario.load("geneva-2025").override(changes), 200, 7))
    point = found[found["point"] == 4].reset_index(drop=True)
    assert set(point["capacity"]) == {1.0}
    assert set(point["slip"]) == {0.1}
    for name in alone.columns:
        assert (point[name].to_numpy() == alone[name].to_numpy()).all(), name
    assert found["point"].is_monotonic_increasing
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json",
        "outcomes.parquet",
        "points.parquet",
    ]


def test_neither_threads_nor_groups_nor_parts_change_a_byte(tmp_path, monkeypatch):
    study = experiment(tmp_path, GRID)
    one = finished(study, tmp_path / "one", threads=1)
    two = finished(study, tmp_path / "two", threads=3)
    assert same_bytes(one, two)
    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", 10**9)
    assert groups(study) == [range(6)]
    monkeypatch.setattr(runner, "SIDE_BY_SIDE_RUN_WEEKS", 0)
    assert same_bytes(one, finished(study, tmp_path / "three", threads=2))


@pytest.mark.parametrize("points", [0, 1, 3, 5])
def test_ctrl_c_keeps_whole_groups_and_the_rest_follows_later(points, tmp_path):
    study = experiment(tmp_path, GRID)
    folder = begun(study, tmp_path / "stopped")
    with pytest.raises(StudyInterrupted) as stopped:
        run_study(study, check_points(study), folder, progress=Stop(points))
    assert stopped.value.done == max(points - 1, 0) // 2 * 2
    assert not folder.finished
    told = []
    run_study(study, check_points(study), folder, progress=told.append)
    assert told[0].before == stopped.value.done
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


def flipped(content):
    """One bit of the first data page turned over."""
    middle = len(content) // 8
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_half_written_and_damaged_parts_are_never_read(tmp_path):
    study = experiment(tmp_path, GRID)
    folder = begun(study, tmp_path / "damaged")
    with pytest.raises(StudyInterrupted):
        run_study(study, check_points(study), folder, progress=Stop(5))
    first, second = sorted(folder.parts.folder.glob("part-*.outcomes.parquet"))
    whole = first.read_bytes()
    page = folder.parts.file(range(2, 4), "points")
    page.write_bytes(flipped(page.read_bytes()))
    first.write_bytes(whole[: len(whole) // 2])
    second.write_bytes(whole)  # of other points
    (folder.parts.folder / f".{first.name}.99.tmp").write_bytes(whole[:100])
    run_study(study, check_points(study), folder)
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


def test_a_disk_that_is_full_costs_nothing_that_was_kept(tmp_path, monkeypatch):
    study = experiment(tmp_path, GRID)
    folder = begun(study, tmp_path / "full")

    def full(descriptor):
        if len(list(folder.parts.folder.glob("part-*"))) == 3:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ResultWriteError, match="No space left.*--resume"):
            run_study(study, check_points(study), folder)
    assert sorted(path.name for path in folder.parts.folder.iterdir()) == [
        "part-00000000-2.outcomes.parquet",
        "part-00000000-2.points.parquet",
        "part-00000002-2.points.parquet",
    ]
    run_study(study, check_points(study), folder)
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


KILLED = """
import sys
from sim.studies import runner, tables
from tests.studies.experiments import finished
from sim.studies.reading import read_experiment
from pathlib import Path
runner.GROUP_RUN_WEEKS, tables.POINTS_A_ROW_GROUP = 2 * 200 * 26, 3
finished(read_experiment(sys.argv[1]), Path(sys.argv[2]))
"""
#: Groups beyond those that are waited for: time to be killed in.
BEYOND = 20


@pytest.mark.parametrize("parts", one_in(3, [12, 1, 40]))
def test_kill_9_at_any_moment_then_resume_gives_the_same_bytes(parts, tmp_path):
    many = GRID.replace("steps = 3", f"steps = {parts + BEYOND}")
    path = written(tmp_path, many)
    study = experiment(tmp_path, many)
    folder = begun(study, tmp_path / "killed")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path), str(tmp_path / "killed")])
    deadline = time.monotonic() + 100
    while len(kept_parts(folder)) < parts and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    assert folder.begun
    assert not folder.finished
    told = []
    run_study(study, check_points(study), folder, progress=told.append)
    assert told[0].before >= 2 * parts
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


def interrupted(*_):
    raise KeyboardInterrupt


def test_stopped_while_the_final_tables_are_written(tmp_path, monkeypatch):
    study = experiment(tmp_path, GRID)
    folder = begun(study, tmp_path / "killed")
    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "seal", interrupted)
        with pytest.raises(StudyInterrupted):
            run_study(study, check_points(study), folder)
    assert (folder.path / "outcomes.parquet").exists()
    assert not folder.finished
    run_study(study, check_points(study), folder)
    assert same_bytes(folder.path, finished(study, tmp_path / "whole"))


def stopped_early(study, root):
    with pytest.raises(StudyInterrupted):
        run_study(study, check_points(study), begun(study, root), progress=Stop(3))


CHANGED = {
    "runs": (GRID.replace("runs = 200", "runs = 300"), "experiment.runs: 200 then, 300 now"),
    "factor": (GRID.replace("0.2", "0.4"), r"experiment.factors.1.values.2: 0.2 then, 0.4 now"),
    "scenario": (GRID.replace("geneva-2025", "geneva-2025-design"), "experiment.scenario: "),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_changed_experiment_or_scenario_is_refused_with_what_differs(case, tmp_path):
    text, expected = CHANGED[case]
    stopped_early(experiment(tmp_path, GRID), tmp_path / "out")
    changed = experiment(tmp_path, text)
    with pytest.raises(ResultError, match=expected):
        begun(changed, tmp_path / "out").refuse_others()


def test_a_value_changed_inside_the_scenario_is_named(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('extends = "geneva-2025.toml"\nactors.cn.slip = 0.1\n')
    text = GRID.replace('"geneva-2025"', '"own.toml"')
    stopped_early(experiment(tmp_path, text), tmp_path / "out")
    own.write_text('extends = "geneva-2025.toml"\nactors.cn.slip = 0.2\n')
    with pytest.raises(ResultError, match=r"actors\.cn\.slip: 0\.1 then, 0\.2 now"):
        begun(experiment(tmp_path, text), tmp_path / "out").refuse_others()


def test_another_version_is_refused(tmp_path, monkeypatch):
    study = experiment(tmp_path, GRID)
    stopped_early(study, tmp_path / "out")
    monkeypatch.setattr("sim.version.__version__", "9.9")
    with pytest.raises(ResultError, match=r'version: "[\d.]+" then, "9\.9" now'):
        begun(study, tmp_path / "out").refuse_others()


def test_a_folder_of_another_experiment_is_refused_even_under_the_right_name(tmp_path):
    study = experiment(tmp_path, GRID)
    other = experiment(tmp_path, GRID.replace("seed = 7", "seed = 8"))
    stopped_early(other, tmp_path / "out")
    folder = begun(study, tmp_path / "out")
    begun(other, tmp_path / "out").path.rename(folder.path)
    with pytest.raises(ResultError, match="experiment.seed: 8 then, 7 now"):
        folder.check()


def test_the_manifest_holds_all_that_is_needed_to_repeat_it(tmp_path):
    study = experiment(tmp_path, GRID)
    folder = finished(study, tmp_path / "out")
    found = json.loads((folder / "manifest.json").read_text())
    assert found["question"] == "Does it matter?"
    assert found["plan"] == plan_table(study)
    world = Scenario.from_table(found["plan"]["scenarios"]["geneva-2025"]["table"])
    assert world.spec == study.worlds["geneva-2025"].spec
    with pytest.raises(ResultError, match="holds a study"):
        read_manifest(folder)


def test_columns_of_factors_have_the_type_of_their_values(tmp_path):
    text = GRID + '[[factors]]\npath = "actors.us.policy"\nchoices = { grim = { name = "grim" } }\n'
    text += '[[factors]]\npath = "truce.breakdown_after"\nlow = 2\nhigh = 3\nsteps = 2\n'
    folder = finished(experiment(tmp_path, text), tmp_path / "out")
    found = pd.read_parquet(folder / "points.parquet")
    assert list(found["actors.us.policy"]) == ["grim"] * 12
    assert found["truce.breakdown_after"].dtype == np.int64
    assert found["capacity"].dtype == np.float64
    assert set(found["seed"]) == {7}


def test_fresh_luck_differs_between_points_that_are_the_same_world(tmp_path):
    head = GRID.split("[[factors]]")[0] + 'design = "list"\n'
    text = head + CAPACITY + "values = [0.5, 0.5]\n" + SLIP + "values = [0.1, 0.1]\n"
    same = pd.read_parquet(finished(experiment(tmp_path, text), tmp_path) / "outcomes.parquet")
    fresh_study = experiment(tmp_path, "fresh_luck = true\n" + text)
    fresh = pd.read_parquet(finished(fresh_study, tmp_path) / "outcomes.parquet")
    holds = [frame.groupby("point")["holds"].apply(list) for frame in (same, fresh)]
    assert holds[0][0] == holds[0][1]
    assert holds[1][0] != holds[1][1]
