"""Rankings, the bootstrap over runs below them, and what they may claim."""

import numpy as np
import pytest

from sim.games.ranking import holm, interval, p_value, ranking, resampled_means, separated

EVEN = np.array([0.5, 0.5])


def scores(means, noise, runs=500, seed=3, shared=0.0):
    """Utilities of shape (policies, 2, runs); `shared` is luck that all have in common."""
    rng = np.random.Generator(np.random.Philox(seed))
    own = noise * rng.standard_normal((len(means), 2, runs))
    return np.asarray(means)[:, None, None] + own + shared * rng.standard_normal(runs)


def test_holm_is_that_of_the_textbook():
    # Holm (1979): compare the k-th smallest with level / (m - k + 1), stop at the first failure
    assert holm([0.01, 0.04, 0.03, 0.005]) == [True, False, False, True]
    assert holm([0.012, 0.012, 0.012, 0.012]) == [True] * 4
    assert holm([0.013, 0.04, 0.04, 0.04]) == [False] * 4
    assert holm([]) == []


def test_common_luck_is_taken_out():
    values = scores([0.0, 0.2], 0.1, shared=50.0)
    first, second = ranking("ab", values, EVEN, 200, 1)
    assert (first.policy, first.rank, first.first, first.last) == ("b", 1, 1, 1)
    assert (second.first, second.last, second.best) == (2, 2, 0.0)
    assert first.settled
    # the interval of the score itself is wide: half the luck of the runs is in it
    assert first.high - first.low > 3


def test_what_noise_hides_is_a_tie():
    found = ranking("abc", scores([0.0, 0.001, 5.0], 1.0), EVEN, 200, 1)
    top, *rest = found
    assert (top.policy, top.settled, top.ties) == ("c", True, ())
    assert all((one.first, one.last) == (2, 3) for one in rest)
    assert {one.ties for one in rest} == {("a",), ("b",)}
    assert not any(one.settled for one in rest)


def test_policies_that_fare_alike_share_a_rank_and_are_named():
    values = scores([1.0, 2.0], 1.0)
    values = np.concatenate([values, values[1:]])
    found = {one.policy: one for one in ranking("abc", values, EVEN, 200, 1)}
    assert (found["b"].rank, found["c"].rank, found["a"].rank) == (1, 1, 3)
    assert found["b"].same == found["b"].ties == ("c",)
    assert found["b"].settled
    assert (found["b"].first, found["b"].last) == (1, 2)
    assert found["b"].best == found["c"].best == 1.0


def test_weights_choose_the_opponent():
    values = np.zeros((2, 2, 10))
    values[0, 0], values[1, 1] = 1.0, 3.0
    order = [
        [one.policy for one in ranking("ab", values, np.array(weights), 100, 1)]
        for weights in ((1.0, 0.0), (0.0, 1.0))
    ]
    assert order == [["a", "b"], ["b", "a"]]


def test_false_separations_are_as_rare_as_promised():
    """Eight equal policies, 600 tournaments: some false separation in at most 5 %.

    Holm is exact or conservative; 4 standard errors of .05 at n = 600 are .036.
    """
    rng = np.random.Generator(np.random.Philox(11))
    wrong = sum(bool(separated(rng.standard_normal((8, 60))).any()) for _ in range(600))
    assert wrong / 600 < 0.05 + 0.036


@pytest.mark.parametrize(
    ("mean", "error", "p"),
    [(0.0, 0.0, 1.0), (0.1, 0.0, 0.0), (1.0, float("nan"), 1.0), (1.96, 1.0, 0.05)],
)
def test_p_values(mean, error, p):
    assert p_value(mean, error) == pytest.approx(p, abs=1e-4)


def test_the_same_seed_gives_the_same_intervals_whatever_else_is_ranked():
    values = scores([0.0, 1.0, 2.0], 1.0)
    whole = {one.policy: one for one in ranking("abc", values, EVEN, 300, 5)}
    part = {one.policy: one for one in ranking("ab", values[:2], EVEN, 300, 5)}
    assert (whole["a"].low, whole["a"].high) == pytest.approx((part["a"].low, part["a"].high))


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
