"""The bootstrap over runs."""

import numpy as np

from sim.games.resampling import interval, resampled_means


def test_what_is_alike_in_every_run_is_alike_in_every_resample():
    rng = np.random.Generator(np.random.Philox(1))
    one = rng.standard_normal(200)
    means = resampled_means(np.stack([one, one + 3.0]), 150, 9)
    assert means.shape == (150, 2)
    assert np.allclose(means[:, 1] - means[:, 0], 3.0)
    assert np.array_equal(means, resampled_means(np.stack([one, one + 3.0]), 150, 9))
    assert not np.array_equal(means, resampled_means(np.stack([one, one + 3.0]), 150, 8))


def test_a_resample_depends_on_seed_and_runs_alone():
    """Not on how many follow, on other values beside, nor on what was drawn before."""
    rng = np.random.Generator(np.random.Philox(5))
    values = rng.standard_normal((3, 50))
    many = resampled_means(values, 260, 7)
    np.random.default_rng(7).standard_normal(10)
    resampled_means(values, 10, 8)
    assert np.allclose(resampled_means(values[1], 120, 7), many[:120, 1], rtol=0, atol=1e-14)


def test_its_spread_is_the_standard_error():
    """n = 400 runs of sd 1, 4,000 resamples: sd .05 to 4 standard errors (.05 / sqrt(8000))."""
    rng = np.random.Generator(np.random.Philox(2))
    values = rng.standard_normal(400)
    spread = resampled_means(values, 4000, 3).std()
    exact = values.std() / np.sqrt(400)
    assert abs(spread - exact) < 4 * exact / np.sqrt(2 * 4000)


def test_intervals_cover():
    """200 samples of 100 runs: coverage of 95 % within 4 standard errors (.062) and bias."""
    rng = np.random.Generator(np.random.Philox(4))
    covered = 0
    for number in range(200):
        low, high = interval(resampled_means(rng.standard_normal(100), 300, number))
        covered += bool(low <= 0.0 <= high)
    assert abs(covered / 200 - 0.95) < 0.062
