"""Intervals against published values, scipy, and their own definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from scipy.stats import binom, binomtest

from sim.outcomes.estimates import (
    estimate,
    paired,
    quantile_ends,
    quantile_of_normal,
    unpaired,
    wilson,
)


def test_wilson_of_seven_in_ten_is_the_published_interval():
    low, high = wilson(7, 10)
    assert (float(low), float(high)) == pytest.approx((0.396778, 0.892209), abs=1e-6)


def test_wilson_of_none_in_a_hundred_starts_at_exactly_zero():
    low, high = wilson(0, 100)
    assert float(low) == 0.0
    assert float(high) == pytest.approx(0.036993, abs=1e-6)


def test_wilson_of_all_ends_at_exactly_one():
    assert float(wilson(100, 100)[1]) == 1.0


def test_wilson_of_no_runs_says_nothing():
    assert tuple(float(x) for x in wilson(0, 0)) == (0.0, 1.0)


@given(st.integers(1, 10_000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(n, share, level):
    hits = round(share * n)
    interval = binomtest(hits, n).proportion_ci(level, method="wilson")
    low, high = wilson(hits, n, level)
    assert float(low) == pytest.approx(interval.low, abs=1e-12)
    assert float(high) == pytest.approx(interval.high, abs=1e-12)


def test_wilson_is_elementwise():
    low, high = wilson([0, 7, 10], [10, 10, 10])
    assert low.shape == high.shape == (3,)
    assert low[1] == wilson(7, 10)[0]


@pytest.mark.parametrize("level", [0, 1, 1.5, -0.1])
def test_level_must_be_a_share(level):
    with pytest.raises(ValueError, match="level"):
        quantile_of_normal(level)


def test_estimate_says_what_it_counts():
    found = estimate(50, 100, "no rain")
    assert (found.p, found.n, found.definition) == (0.5, 100, "no rain")
    assert found.half_width == pytest.approx((found.high - found.low) / 2)
    assert str(found) == "0.500 (0.404 to 0.596, n = 100)"


def test_paired_difference_without_any_is_not_degenerate():
    """At no discordant pair the limits are ±z²/(n + z²) (Tango, 1998)."""
    z = quantile_of_normal(0.95)
    value, low, high = paired(0, 0, 100)
    assert float(value) == 0.0
    assert float(high) == pytest.approx(z * z / (100 + z * z), abs=1e-9)
    assert float(low) == pytest.approx(-float(high), abs=1e-12)


def test_paired_difference_excludes_zero_just_as_mcnemar_rejects():
    """McNemar's z for g gained and none lost is sqrt(g): it passes 1.96 between 3 and 4."""
    assert float(paired(3, 0, 1000)[1]) < 0 < float(paired(4, 0, 1000)[1])


@given(st.integers(0, 60), st.integers(0, 60), st.integers(120, 400))
def test_paired_difference_mirrors(gained, lost, n):
    value, low, high = paired(gained, lost, n)
    other, other_low, other_high = paired(lost, gained, n)
    assert float(low) <= float(value) <= float(high)
    assert float(low) == pytest.approx(-float(other_high), abs=1e-9)
    assert float(value) == -float(other)


@pytest.mark.parametrize(("gained", "lost", "n"), [(12, 2, 50), (1, 9, 40), (30, 0, 80)])
def test_paired_limits_solve_the_score_equation(gained, lost, n):
    """At a limit the score statistic is ±z, its variance maximised over the nuisance by scipy."""
    z = quantile_of_normal(0.95)
    _, low, high = paired(gained, lost, n)
    for limit, sign in ((float(low), 1), (float(high), -1)):
        q = _likeliest_loss(gained, lost, n, limit)
        statistic = (gained - lost - n * limit) / np.sqrt(n * (2 * q + limit * (1 - limit)))
        assert statistic == pytest.approx(sign * z, abs=1e-3)


def _likeliest_loss(gained: int, lost: int, n: int, delta: float) -> float:
    def minus_log(q: float) -> float:
        rest = np.log(1 - 2 * q - delta) * (n - gained - lost)
        return -float(gained * np.log(q + delta) + lost * np.log(q) + rest)

    bounds = (max(0.0, -delta) + 1e-9, (1 - delta) / 2 - 1e-9)
    return float(minimize_scalar(minus_log, bounds=bounds, options={"xatol": 1e-12}).x)


def test_paired_interval_covers_nineteen_in_twenty():
    """Exact coverage by summing over all outcomes: n = 60, gained .10, lost .04; within ±.015."""
    n, p, q = 60, 0.10, 0.04
    up, down = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    up, down = up[up + down <= n], down[up + down <= n]
    _, low, high = paired(up, down, n)
    weight = _trinomial(up, down, n, p, q)
    covered = weight[(low <= p - q) & (p - q <= high)].sum()
    assert weight.sum() == pytest.approx(1)
    assert covered == pytest.approx(0.95, abs=0.015)


def _trinomial(up: np.ndarray, down: np.ndarray, n: int, p: float, q: float) -> np.ndarray:
    ways = gammaln(n + 1) - gammaln(up + 1) - gammaln(down + 1) - gammaln(n - up - down + 1)
    return np.exp(ways + up * np.log(p) + down * np.log(q) + (n - up - down) * np.log(1 - p - q))


@pytest.mark.parametrize(("n", "q"), [(200, 0.05), (200, 0.95), (400, 0.5), (1500, 0.95)])
def test_the_ends_of_a_quantile_are_those_order_statistics_of_the_binomial_law(n, q):
    low, high = quantile_ends(np.arange(1, n + 1), q)
    assert (low, high) == (binom.ppf(0.025, n, q), binom.ppf(0.975, n, q) + 1)


def test_of_few_values_the_ends_of_a_quantile_are_the_least_and_the_most():
    assert quantile_ends([0.2, 0.1], 0.05) == (0.1, 0.2)
    assert quantile_ends([0.7], 0.5) == (0.7, 0.7)


@pytest.mark.parametrize(("runs", "half"), [(9604, 0.01), (2401, 0.02)])
def test_the_runs_that_a_half_width_takes(runs, half):
    """E4 of the design's estimator checks, at p = 1/2."""
    low, high = wilson(np.array([runs // 2]), runs)
    assert (high[0] - low[0]) / 2 == pytest.approx(half, rel=1e-3)


def test_independent_difference_is_the_published_interval():
    """Newcombe (1998), 56 of 70 less 48 of 80 by method 10: 0.2, 0.0524 to 0.3339."""
    assert unpaired(48, 80, 56, 70) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_independent_interval_covers_nineteen_in_twenty():
    """Summed over all counts of 60 runs each: 93 to 97 % at any pair of shares below."""
    counts = np.arange(61)
    for p, q in [(0.1, 0.3), (0.5, 0.5), (0.34, 0.45), (0.9, 0.95)]:
        weights = np.outer(binom.pmf(counts, 60, p), binom.pmf(counts, 60, q))
        _, low, high = unpaired(counts[:, None], 60, counts[None, :], 60)
        assert 0.93 <= weights[(low <= q - p) & (q - p <= high)].sum() <= 0.97
