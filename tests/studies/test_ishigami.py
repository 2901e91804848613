"""Ishigami's function played through a whole study: parts, tables, folder, answers, indices.

The responses are put in where points are played; all that comes after is the product's own.
Exact first and total indices: Sobol and Levitan (1999), for a = 7, b = 0.1.
"""

import numpy as np
import pyarrow as pa
import pytest

from sim.studies import runner
from sim.studies.answers import answers
from sim.studies.plan import plan_table
from sim.studies.runner import PlayedPoints, run_study
from sim.studies.sensitivity import sensitivity
from sim.studies.store import StudyFolder
from sim.studies.study import load_study
from sim.studies.tables import OUTCOMES, POINTS, part_schema
from tests.studies.experiments import experiment

FIRST, TOTAL, SECOND_13 = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), 0.2437
PATHS = ("actors.us.slip", "actors.cn.slip", "levers.cn.rare_earths.capacity")
LOW, HIGH = (0.0, 0.1, 0.2), (0.2, 0.3, 1.0)
N = 10**12  # runs told of each point: shares to twelve digits
LEAST, WIDE = -12.0, 32.0  # of the function, so that it is a share
PI = np.pi


def ishigami(x1, x2, x3):
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def share(values):
    """The function at the values of the factors, as a share."""
    unit = (np.asarray(values) - LOW) / np.subtract(HIGH, LOW)
    return (ishigami(*(2 * PI * unit.T - PI)) - LEAST) / WIDE


class Responses:
    """Plays groups as the threads do, with responses in place of runs."""

    def __init__(self, points):
        self.points = points

    def play(self, groups, tell):
        for group in groups:
            values = [[level.value for level in self.points[number]] for number in group]
            columns = {
                "point": list(group),
                "seed": [0] * len(group),
                "outcome": ["standing"] * len(group),
                "week": [13] * len(group),
                "n": [N] * len(group),
                "holds": np.round(share(values) * N).astype(np.int64),
            }
            tables = {
                name: pa.table(
                    {field.name: pa.array(columns[field.name], field.type) for field in schema}
                )
                for name in (POINTS, OUTCOMES)
                for schema in (part_schema(name),)
            }
            tell(len(group), 0)
            yield group, PlayedPoints(tables, 0)


def text(design, ends="low = {low}\nhigh = {high}\n"):
    factors = "".join(
        f'[[factors]]\nname = "x{k + 1}"\npath = "{path}"\n' + ends.format(low=low, high=high)
        for k, (path, low, high) in enumerate(zip(PATHS, LOW, HIGH, strict=True))
    )
    return f'scenario = "geneva-2025"\nruns = 2\nseed = 3\ndesign = {design}\n{factors}'


def measured(design, folder, **rest):
    study = experiment(folder, text(design, **rest), "ishigami")
    points = list(study.points())
    place = StudyFolder(folder, study.name, plan_table(study))
    run_study(study, points, place, player=Responses(points))
    return sensitivity(answers(load_study(place.path)))


@pytest.fixture(autouse=True)
def several_groups(monkeypatch):
    monkeypatch.setattr(runner, "MOST_POINTS_A_GROUP", 97)


@pytest.mark.slow
@pytest.mark.parametrize("pairs", ["false", "true"])
def test_saltelli_through_a_study(tmp_path, pairs):
    """N = 512 rows: first and total to 0.06; in their intervals of 95 %, each widened by half."""
    design = f'{{ kind = "saltelli", samples = 512, second_order = {pairs} }}'
    found = measured(design, tmp_path)
    for index, exact in (("first", FIRST), ("total", TOTAL)):
        table = found.indices
        assert table[index].to_numpy() == pytest.approx(exact, abs=0.06)
        half = (table[f"{index}_high"] - table[f"{index}_low"]) / 2
        assert ((table[index] - exact).abs() <= 1.5 * half + 1e-9).all()
    if pairs == "true":
        second = found.pairs.set_index(["factor", "other"])["second"]
        assert second["x1", "x3"] == pytest.approx(SECOND_13, abs=0.08)
        assert second["x1", "x2"] == pytest.approx(0, abs=0.08)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "within"), [("latin_hypercube", 0.05), ("sobol", 0.02)])
def test_first_indices_of_spread_points_through_a_study(tmp_path, kind, within):
    """4,096 points: an index to three standard errors of independent ones (.016), or better."""
    found = measured(f'{{ kind = "{kind}", points = 4096 }}', tmp_path).indices
    assert found["first"].to_numpy() == pytest.approx(FIRST, abs=within)


def test_a_grid_through_a_study_has_the_indices_of_its_own_points(tmp_path):
    """9 x 9 x 9 points: variances of means and of the rest, by numpy alone."""
    ends = "low = {low}\nhigh = {high}\nsteps = 9\n"
    table = measured('"grid"', tmp_path, ends=ends).indices
    axes = np.meshgrid(*(np.linspace(-PI, PI, 9),) * 3, indexing="ij")
    values = ishigami(*axes)
    for k in range(3):
        others = tuple(j for j in range(3) if j != k)
        assert table["first"][k] == pytest.approx(values.mean(axis=others).var() / values.var())
        assert table["total"][k] == pytest.approx(values.var(axis=k).mean() / values.var())


def test_morris_through_a_study(tmp_path):
    """Of 4 levels a step is two thirds: x2 moves 7 sin^2 by 21/4 each time, whatever the others."""
    design = '{ kind = "morris", trajectories = 40, levels = 4 }'
    table = measured(design, tmp_path).indices.set_index("factor")
    assert table.loc["x2", "mu_star"] == pytest.approx(21 / 4 * 3 / 2 / WIDE, rel=1e-9)
    # x1 moves sin by sin(pi/3), times 1 + x3^4 / 10 of an inner or an outer level
    inner, outer = (np.sin(PI / 3) * (1 + 0.1 * x**4) * 3 / 2 / WIDE for x in (PI / 3, PI))
    assert inner < table.loc["x1", "mu_star"] < outer
    assert table.loc["x1", "mu_star"] == pytest.approx((inner + outer) / 2, rel=0.35)
