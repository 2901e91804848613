"""What a study keeps besides its outcomes: the tables of single results, point by point."""

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.errors import ExperimentError
from sim.outcomes.tables import outcomes_frame
from sim.studies import runner, tables
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import StudyInterrupted, run_study
from sim.studies.store import StudyFolder, write_parquet
from sim.studies.tables import ALWAYS, COLUMNS, KEPT, with_factors
from tests.studies.experiments import GRID, experiment, finished

ALL = "keep = [" + ", ".join(f'"{name}"' for name in KEPT) + "]\n"
#: Tables of a single result that have a date beside the week, and where they are found.
ALONE = {
    "outcomes": outcomes_frame,
    "payoffs": lambda result: result.payoffs,
    "triggers": lambda result: result.triggers_by_week,
    "conduct": lambda result: result.conduct,
    "bands": lambda result: result.bands,
    "runs": lambda result: result.runs,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return experiment(tmp_path_factory.mktemp("file"), ALL + GRID)


@pytest.fixture(scope="module")
def folder(study, tmp_path_factory):
    return finished(study, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def alone():
    changes = {"levers.cn.rare_earths.capacity": 1.0, "actors.us.slip": 0.1}
    return simulate(Scenario.load("geneva-2025").override(changes), 200, 7, keep_runs=True)


@pytest.mark.parametrize("name", ALONE)
def test_a_kept_table_is_that_of_a_single_result(name, folder, alone):
    found = pd.read_parquet(folder / f"{name}.parquet")
    point = found[found["point"] == 4].reset_index(drop=True)
    assert set(point["capacity"]) == {1.0}
    assert set(point["slip"]) == {0.1}
    expected = ALONE[name](alone)
    for column in expected.columns.drop("date", errors="ignore"):
        one, two = point[column], expected[column]
        assert (one.isna() == two.isna()).all(), column
        assert (one[one.notna()].to_numpy() == two[two.notna()].to_numpy()).all(), column
    assert set(found["point"]) == set(range(6))
    assert found["point"].is_monotonic_increasing


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_has_the_columns_it_says(name, folder):
    found = pd.read_parquet(folder / f"{name}.parquet")
    assert list(found.columns) == ["point", "capacity", "slip", *COLUMNS[name]]


def test_payoffs_have_the_interval_of_a_mean(folder):
    found = pd.read_parquet(folder / "payoffs.parquet")
    assert np.allclose(found["high"] - found["mean"], 1.959964 * found["se"])
    assert np.allclose(found["mean"] - found["low"], 1.959964 * found["se"])
    assert set(found["n"]) == {200}


def test_runs_say_never_with_an_empty_cell(folder):
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "runs.parquet")
    weeks = table["breakdown_week"]
    assert weeks.type == "int32"
    assert 0 < weeks.null_count < len(weeks)
    assert len(table) == 6 * 200


def test_kept_tables_are_resumed_and_compacted_to_the_same_bytes(study, folder, tmp_path):
    """Parts of one point against one part of all, stopped twice, on one thread."""
    stopped = StudyFolder(tmp_path, study.name, plan_table(study))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "GROUP_RUN_WEEKS", 1)
        for points in (2, 5):
            with pytest.raises(StudyInterrupted):
                run_study(study, check_points(study), stopped, 1, progress=Stop(points))
        run_study(study, check_points(study), stopped, 1)
    for name in COLUMNS:
        file = f"{name}.parquet"
        assert (stopped.path / file).read_bytes() == (folder / file).read_bytes(), name


class Stop:
    """Ctrl-C once so many points are done."""

    def __init__(self, points):
        self.points = points

    def __call__(self, done):
        if done.points >= self.points:
            raise KeyboardInterrupt


def test_row_groups_do_not_hang_on_parts(study, tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr(tables, "POINTS_A_ROW_GROUP", 4)
    monkeypatch.setattr(tables, "ROWS_A_ROW_GROUP", 400)
    path = finished(study, tmp_path)
    assert pq.ParquetFile(path / "runs.parquet").num_row_groups == 3
    assert pq.ParquetFile(path / "outcomes.parquet").num_row_groups == 2


@pytest.mark.parametrize(("runs", "most"), [(500, 60), (20_000, 150), (1_000_000, 200)])
def test_a_hundred_thousand_points_stay_below_200_megabytes(runs, most, tmp_path):
    """One row group of made-up counts that fall as counts do, a hundredth of such a study."""
    import pyarrow as pa

    points, weeks, outcomes = 1_000, 26, ("standing", "clean", "core")
    luck = np.random.default_rng(5)
    left = luck.uniform(0.8, 0.99, (points, 3, 1)) ** np.arange(1, weeks + 1)
    holds = luck.binomial(runs, left)
    shape = holds.shape
    columns = {
        "point": np.broadcast_to(np.arange(points)[:, None, None], shape),
        "outcome": np.broadcast_to(np.array(outcomes)[:, None], shape),
        "week": np.broadcast_to(np.arange(1, weeks + 1), shape),
        "n": np.full(shape, runs),
        "holds": holds,
    }
    flat = {name: pa.array(column.ravel()) for name, column in columns.items()}
    rows = pa.table(flat).cast(tables.part_schema("outcomes"))
    factors = {name: pa.array(luck.uniform(size=points)) for name in "abcde"}
    table = with_factors(rows, "outcomes", factors, ("us", "cn"))
    path = tmp_path / "outcomes.parquet"
    write_parquet(path, table.schema, iter([table]), **tables.encodings("outcomes", runs))
    assert 100 * path.stat().st_size < most * 1e6
    assert pd.read_parquet(path)["holds"].to_numpy().tolist() == holds.ravel().tolist()


def test_a_table_may_be_empty(tmp_path):
    """No world of peace has triggers."""
    text = 'scenario = "textbook/quiet"\nruns = 3\nkeep = ["triggers"]\n'
    text += '[[factors]]\npath = "weeks"\nvalues = [5, 6]\n'
    path = finished(experiment(tmp_path, text), tmp_path)
    found = pd.read_parquet(path / "triggers.parquet")
    assert len(found) == 0
    assert list(found.columns) == ["point", "weeks", *COLUMNS["triggers"]]
    assert sorted(file.stem for file in path.glob("*.parquet")) == sorted([*ALWAYS, "triggers"])


REFUSED = {
    "unknown table": ('keep = ["payofs"]\n' + GRID, ":1: keep", "did you mean payoffs?"),
    "not a list of names": ("keep = [3]\n" + GRID, ":1: keep", "outcomes, payoffs"),
    "a name that is taken": (
        'keep = ["payoffs"]\n' + GRID.replace('"slip"', '"mean"'),
        "factors.1.name",
        "a column of the table payoffs",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_kept_is_refused(case, tmp_path):
    text, *expected = REFUSED[case]
    with pytest.raises(ExperimentError) as refused:
        experiment(tmp_path, text)
    assert all(part in str(refused.value) for part in expected), str(refused.value)


def test_a_name_is_free_where_its_table_is_not_kept(tmp_path):
    assert experiment(tmp_path, GRID.replace('"slip"', '"mean"')).factors[1].name == "mean"
