"""The law of total variance against a case known in closed form, random numbers common and fresh.

An outcome holds where a(q) + b(w) + c(q, w) > 0.3, all normal: a of the parameters, b of the
luck of a run, alike at all points, c of both. Then P(holds | q) = Phi((a - 0.3) / sd(b + c)).
"""

import numpy as np
import pytest
from scipy.stats import norm

from sim.outcomes.decomposition import COMMON, FRESH, LUCKS, decompose
from sim.outcomes.estimates import quantile_of_normal, wilson

LUCK_SD, BOTH_SD, CUT = 1.0, 0.7, 0.3


def played(rng, points, runs, spread, luck):
    """Outcomes (points, runs); `spread` is the standard deviation of a."""
    a = rng.normal(0, spread, (points, 1))
    b = rng.normal(0, LUCK_SD, (1 if luck == COMMON else points, runs))
    return a + b + rng.normal(0, BOTH_SD, (points, runs)) > CUT


def known(spread):
    """Mean, variance by the parameters, variance by chance: by quadrature."""
    grid = np.linspace(-8, 8, 4001)
    weights = norm.pdf(grid) / norm.pdf(grid).sum()
    shares = norm.cdf((spread * grid - CUT) / np.hypot(LUCK_SD, BOTH_SD))
    mean = float((weights * shares).sum())
    parameters = float((weights * shares**2).sum()) - mean**2
    return mean, parameters, mean * (1 - mean) - parameters


def samples(points, runs, spread, luck, count=200):
    rng = np.random.Generator(np.random.Philox(7))
    return [decompose(played(rng, points, runs, spread, luck), luck) for _ in range(count)]


@pytest.mark.parametrize("luck", LUCKS)
@pytest.mark.parametrize(("points", "runs"), [(60, 100), (40, 12)])
def test_the_parts_are_those_known(luck, points, runs):
    """200 samples: the mean of each part within four standard errors of its value."""
    mean, parameters, chance = known(0.8)
    found = samples(points, runs, 0.8, luck)
    for name, value in (("mean", mean), ("parameters", parameters), ("chance", chance)):
        values = np.array([getattr(one, name) for one in found])
        assert abs(values.mean() - value) <= 4 * values.std(ddof=1) / np.sqrt(len(found)), name


@pytest.mark.parametrize("luck", LUCKS)
def test_the_interval_covers_the_share_known(luck):
    """95 % asked; 200 samples: at least 95 % less four standard errors (6.2 points)."""
    mean, parameters, chance = known(0.8)
    found = samples(60, 100, 0.8, luck)
    share = parameters / (parameters + chance)
    covered = np.mean([one.low <= share <= one.high for one in found])
    assert covered >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / len(found))
    means = np.mean([abs(one.mean - mean) <= 1.96 * one.mean_error for one in found])
    assert means >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / len(found))


def test_common_luck_must_not_be_treated_as_fresh():
    """With few runs a point the one-way estimate takes off too much of crossed samples."""
    rng = np.random.Generator(np.random.Philox(8))
    cubes = [played(rng, 60, 8, 0.8, COMMON) for _ in range(200)]
    right, wrong = (
        np.array([decompose(cube, luck).parameters for cube in cubes]) for luck in LUCKS
    )
    _, parameters, _ = known(0.8)
    error = right.std(ddof=1) / np.sqrt(len(cubes))
    assert abs(right.mean() - parameters) <= 4 * error
    assert wrong.mean() < parameters - 8 * error


def test_common_luck_does_not_average_out_over_points():
    """The mean over 400 points of 20 runs: fresh random numbers know it far better than common."""
    found = {luck: samples(400, 20, 0.0, luck, 60) for luck in LUCKS}
    errors = {luck: np.std([one.mean for one in found[luck]]) for luck in LUCKS}
    assert errors[COMMON] > 5 * errors[FRESH]
    grid = np.linspace(-8, 8, 4001)
    shares, weights = norm.cdf((LUCK_SD * grid - CUT) / BOTH_SD), norm.pdf(grid)
    alike = np.average(shares**2, weights=weights) - np.average(shares, weights=weights) ** 2
    luck = np.array([one.luck for one in found[COMMON]])
    assert abs(luck.mean() - alike) <= 4 * luck.std(ddof=1) / np.sqrt(luck.size)
    assert all(one.luck is None for one in found[FRESH])


@pytest.mark.parametrize("luck", LUCKS)
def test_parts_add_up_and_the_share_is_of_the_total(luck):
    found = samples(20, 30, 1.0, luck, 1)[0]
    assert found.parameters + found.chance == pytest.approx(found.total)
    assert found.share == pytest.approx(found.parameters / found.total)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert (found.points, found.runs) == (20, 30)


def test_all_parameters_or_all_dice():
    sure = np.repeat([[True], [False], [True], [False]], 50, axis=1)
    assert decompose(sure).share == 1.0
    same = np.tile([True, False], (6, 20))
    found = decompose(same)  # every point is like every other
    assert (found.parameters, found.share) == (0.0, 0.0)
    nothing = decompose(np.ones((5, 5), bool))
    assert (nothing.total, nothing.share, nothing.low) == (0.0, None, None)


def test_runs_that_all_end_alike_do_not_make_the_mean_certain():
    low, high = wilson(20, 20)
    found = decompose(np.ones((20, 50), bool))
    assert found.mean == 1.0
    assert found.mean_error * quantile_of_normal(0.95) == pytest.approx(high - low)
    assert 0.15 < high - low < 0.17  # 20 points, all standing: 0.84 to 1


@pytest.mark.parametrize("shape", [(1, 50), (50, 1)])
def test_too_little_to_tell(shape):
    with pytest.raises(ValueError, match="at least 2 points of 2 runs"):
        decompose(np.ones(shape, bool))


def test_another_luck_is_refused():
    with pytest.raises(ValueError, match="common, fresh"):
        decompose(np.ones((3, 3), bool), "none")
