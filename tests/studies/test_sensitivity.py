"""Indices of functions whose indices are known exactly."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.errors import ResultError
from sim.extras import MissingPackageError
from sim.studies.analysis_page import long_table
from sim.studies.design import Design, Factor
from sim.studies.sensitivity import epsilon_squared, sensitivity, variance
from tests.everyday import one_in
from tests.studies.answers import grid, listed, made, ranged

PI = np.pi


def ishigami(x1, x2, x3):
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


#: Exact (Sobol and Levitan, 1999): first and total.
FIRST, TOTAL, SECOND_13 = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), 0.2437
XS = ranged("x1", "x2", "x3", low=-PI, high=PI)


def linear(a, b):
    """Variances 9 : 1, no interaction; shares between 0.1 and 0.9."""
    return 0.1 + 0.6 * a + 0.2 * b


def test_sobol_indices_of_ishigami():
    found = sensitivity(made(ishigami, XS, Design("saltelli", samples=1024, second_order=True)))
    table = found.indices
    for index, exact in (("first", FIRST), ("total", TOTAL)):
        assert table[index].to_numpy() == pytest.approx(exact, abs=0.03)
        inside = (table[f"{index}_low"] <= exact) & (exact <= table[f"{index}_high"])
        assert inside.all()
    pairs = found.pairs.set_index(["factor", "other"])["second"]
    assert pairs["x1", "x3"] == pytest.approx(SECOND_13, abs=0.05)
    assert pairs["x1", "x2"] == pytest.approx(0, abs=0.05)
    assert found.main == "total"


def test_first_indices_of_ishigami_from_points_as_given():
    for design in (Design("latin_hypercube", 4000), Design("sobol", 4096)):
        table = sensitivity(made(ishigami, XS, design)).indices
        assert table["first"].to_numpy() == pytest.approx(FIRST, abs=0.03)
        # these points are more even than independent ones, for which intervals are known
        assert list(table.columns) == ["factor", "first"]


def test_morris_effects_of_a_linear_function_are_its_slopes():
    table = sensitivity(made(linear, ranged("a", "b"), Design("morris", trajectories=8, levels=4)))
    assert table.indices["mu_star"].to_numpy() == pytest.approx([0.6, 0.2])
    assert table.indices["mu"].to_numpy() == pytest.approx([0.6, 0.2])
    assert table.indices["sigma"].to_numpy() == pytest.approx([0, 0], abs=1e-8)


def test_morris_sees_direction_choices_and_interaction():
    factors = [*ranged("a"), listed("b", "no", "yes")]

    def model(a, b):
        return 0.6 - 0.3 * a * (b == "yes")

    found = sensitivity(made(model, factors, Design("morris", trajectories=64, levels=4)))
    table = found.indices.set_index("factor")
    assert table.loc["a", "mu"] == pytest.approx(-0.15, abs=0.08)  # 64 walks, 4 sd
    assert table.loc["a", "sigma"] == pytest.approx(0.15, abs=0.02)
    assert table.loc["b", "mu_star"] == pytest.approx(0.15, abs=0.06)


def test_morris_effects_are_of_the_whole_range_whatever_the_values():
    """Two choices, whole numbers and a range: steps of several sizes, one scale."""
    factors = [
        listed("a", "no", "yes"),
        Factor("b", "b", low=1, high=3, whole=True),
        *ranged("c"),
        listed("d", 0.0, 0.1, 0.5, 1.0),
    ]

    def model(a, b, c, d):
        return 0.1 + 0.2 * (a == "yes") + 0.1 * (b - 1) + 0.2 * c + 0.2 * d

    table = sensitivity(made(model, factors, Design("morris", trajectories=100, levels=4)))
    assert table.indices["mu_star"].to_numpy() == pytest.approx([0.2] * 4, rel=1e-6)


def test_indices_of_a_grid_are_exact():
    factors = [listed("a", 0, 1), listed("b", 0, 1, 2), listed("c", "x", "y")]

    def model(a, b, c):
        return 0.2 + 0.1 * a + 0.1 * b + 0.2 * a * (c == "x")

    answers = made(model, factors, grid())
    table = sensitivity(answers).indices.set_index("factor")
    whole = answers.p.var()
    means = [answers.frame.groupby(name)["p"].mean().var(ddof=0) / whole for name in "abc"]
    assert table["first"].to_numpy() == pytest.approx(means)
    # b adds to nothing else: its total is its first; a and c share one interaction
    assert table.loc["b", "total"] == pytest.approx(table.loc["b", "first"])
    shared = 1 - table["first"].sum()
    assert shared > 0.05
    assert table.loc["a", "total"] - table.loc["a", "first"] == pytest.approx(shared)
    assert table.loc["c", "total"] - table.loc["c", "first"] == pytest.approx(shared)


def test_linked_factors_have_one_index():
    factors = [
        Factor("a", "a", low=0.0, high=1.0, link="l"),
        Factor("b", "b", low=1.0, high=0.0001, link="l"),
        *ranged("c"),
    ]
    answers = made(lambda a, b, c: 0.5 * a + 0.3 * c, factors, Design("saltelli", samples=64))
    table = sensitivity(answers).indices
    assert list(table["factor"]) == ["a + b", "c"]
    assert table["total"].to_numpy() == pytest.approx([25 / 34, 9 / 34], abs=0.06)


@pytest.mark.parametrize(
    "design", [Design("saltelli", samples=2048), Design("latin_hypercube", 4000)]
)
def test_fresh_dice_are_found_and_taken_out(design):
    """30 runs a point: chance is about a sixth of the variance, and indices come out right."""
    answers = made(linear, ranged("a", "b"), design, runs=30, chance=5, fresh_luck=True)
    plain = variance(made(linear, ranged("a", "b"), design))
    found = sensitivity(answers)
    assert found.variance.total - found.variance.chance == pytest.approx(plain.total, rel=0.08)
    assert found.variance.low < found.variance.share < found.variance.high
    assert found.variance.noisy
    assert found.indices["first"].to_numpy() == pytest.approx([0.9, 0.1], abs=0.05)
    if "total" in found.indices:
        assert found.indices["total"].to_numpy() == pytest.approx([0.9, 0.1], abs=0.06)
    assert any("corrected" in note for note in found.notes)
    assert any("runs at each point would do" in note for note in found.notes)


def test_fresh_dice_of_a_grid_are_taken_out():
    factors = [listed(name, *(k / 20 for k in range(21))) for name in "ab"]
    noisy = made(linear, factors, grid(), runs=30, chance=3, fresh_luck=True)
    table = sensitivity(noisy).indices
    assert table["total"].to_numpy() == pytest.approx([0.9, 0.1], abs=0.06)
    assert table["first"].to_numpy() == pytest.approx([0.9, 0.1], abs=0.06)


def test_the_same_luck_is_not_corrected_and_that_is_said():
    design = Design("saltelli", samples=64)
    found = sensitivity(made(linear, ranged("a", "b"), design, runs=30, chance=5))
    assert any("not corrected: with common random numbers" in note for note in found.notes)


def test_the_runs_that_are_said_to_do_bring_the_dice_to_a_tenth():
    design = Design("latin_hypercube", 2000)
    few = variance(made(linear, ranged("a", "b"), design, runs=20, chance=1, fresh_luck=True))
    answers = made(linear, ranged("a", "b"), design, runs=few.needed, chance=2, fresh_luck=True)
    assert variance(answers).share == pytest.approx(0.1, abs=0.01)


def test_mu_star_of_dice_alone_is_told():
    design = Design("morris", trajectories=400, levels=4)
    answers = made(lambda a, b: 0.5 + 0 * a, ranged("a", "b"), design, runs=50, chance=4)
    table = sensitivity(answers).indices
    assert table["mu_star"].to_numpy() == pytest.approx(table["chance"].to_numpy(), rel=0.15)


def test_bins_that_say_nothing_have_no_share_on_average():
    draws = np.random.default_rng(1)
    found = [epsilon_squared(draws.normal(size=100), np.arange(100) % 10) for _ in range(400)]
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / 20)


def test_what_has_no_indices_is_refused_with_what_has():
    factors = ranged("a", "b")
    with pytest.raises(ResultError, match="the same at every point"):
        sensitivity(made(lambda a, b: 0.5 + 0 * a, factors, Design("saltelli", samples=4)))
    with pytest.raises(ResultError, match="saltelli"):
        sensitivity(made(linear, factors, Design("latin_hypercube", 10)))
    rows = [listed("a", 0.1, 0.2), listed("b", 0.1, 0.4)]
    with pytest.raises(ResultError, match="chosen by hand"):
        sensitivity(made(linear, rows, Design("list")))


def test_salib_missing_is_told_with_the_extra(monkeypatch):
    answers = made(linear, ranged("a", "b"), Design("saltelli", samples=4))
    monkeypatch.setattr("sim.extras.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"detente\[analysis\]"):
        sensitivity(answers)


def test_all_indices_are_in_one_long_table_and_repeat():
    answers = made(ishigami, XS, Design("saltelli", samples=64, second_order=True))
    table = long_table(sensitivity(answers))
    assert set(table["index"]) == {"first", "total", "second"}
    assert len(table) == 3 + 3 + 3
    assert table.equals(long_table(sensitivity(answers)))


FIVE = (
    Design("saltelli", samples=16),
    Design("morris", trajectories=4, levels=4),
    Design("latin_hypercube", 64),
    Design("sobol", 64),
    Design("grid"),
)


def factors_for(design):
    if design.kind != "grid":
        return ranged("a", "b")
    return [listed(name, *(k / 9 for k in range(10))) for name in "ab"]


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("design", FIVE, ids=lambda design: design.kind)
def test_one_run_a_point_tells_nothing_of_chance_and_that_is_said(design, fresh):
    answers = made(
        lambda a, b: 0.5 + 0 * a, factors_for(design), design, runs=1, chance=1, fresh_luck=fresh
    )
    with pytest.raises(ResultError, match="not estimable: with one run"):
        sensitivity(answers)


@pytest.mark.parametrize("runs", [2, 20, 200])
@pytest.mark.parametrize("design", [d for d in FIVE if d.kind != "morris"], ids=lambda d: d.kind)
def test_where_all_is_chance_no_index_is_printed(design, runs):
    answers = made(
        lambda a, b: 0.5 + 0 * a, factors_for(design), design, runs=runs, chance=1, fresh_luck=True
    )
    with pytest.raises(ResultError, match="not estimable: chance is") as refused:
        sensitivity(answers)
    found = variance(answers)
    assert (found.needed is None) == (found.share == 1)
    assert found.enough in str(refused.value)
    assert "000,000,000" not in found.enough


@pytest.mark.parametrize("seed", one_in(5, range(10)))
def test_a_factor_without_effect_has_no_index_on_points_of_a_sobol_sequence(seed):
    """Even points leave next to nothing between the bins of a factor that does nothing."""
    for points, most in ((256, 0.02), (1024, 0.005), (4096, 0.001)):
        answers = made(
            lambda a, b, c: 0.1 + 0.6 * a + 0.2 * b,
            ranged("a", "b", "c"),
            Design("sobol", points),
            seed=seed,
        )
        nothing = sensitivity(answers).indices["first"][2]
        assert 0 <= nothing <= most


@pytest.mark.slow
@pytest.mark.parametrize("fresh", [True, False])
def test_intervals_of_a_factor_without_effect_cover_nothing_at_the_stated_rate(fresh):
    """Saltelli, 100 seeds: 95 % intervals around 0 in 86 or more (4 standard errors below 95)."""
    covered = {"first": 0, "total": 0}
    for seed in range(100):
        answers = made(
            lambda a, b: 0.2 + 0.6 * a,
            ranged("a", "b"),
            Design("saltelli", samples=256),
            seed=seed,
            runs=200,
            chance=seed,
            fresh_luck=fresh,
        )
        table = sensitivity(answers).indices.set_index("factor")
        for index in covered:
            low, high = table.loc["b", [f"{index}_low", f"{index}_high"]]
            # with common random numbers a total is not corrected: it may be too high, not too low
            covered[index] += low <= 0 <= high if fresh or index == "first" else high >= 0
    assert min(covered.values()) >= 86, covered


def test_the_interval_of_the_share_of_chance_is_that_of_a_variance():
    """Of n normal values a sample variance has the relative standard error sqrt(2 / (n - 1))."""
    design = Design("latin_hypercube", 1000)
    bell = made(lambda a: 0.5 + 0.05 * norm.ppf(a), ranged("a"), design, runs=1_000)
    found, n = variance(bell), bell.points
    assert found == variance(bell)
    half = np.log(found.high / found.low) / 2
    assert half == pytest.approx(1.96 * np.sqrt(2 / (n - 1)), rel=0.15)
    assert found.low < found.share < found.high
