"""Paired numbers, against hand-made samples and scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.studies.changes import MOST_EXACT, mcnemar, mean_change, share_change

ONE = np.array([True] * 50 + [False] * 50)
TWO = np.array([True] * 40 + [False] * 40 + [True] * 20)


def test_shares_and_flips():
    row = share_change("standing", 3, ONE, TWO)
    assert (row.first, row.second) == (0.5, 0.6)
    assert (row.difference.gained, row.difference.lost) == (20, 10)
    apart = TWO.astype(float) - ONE
    assert row.fewer_runs == pytest.approx((ONE.var() + TWO.var()) / apart.var())
    change = row.difference
    assert (change.value, change.n) == (pytest.approx(0.1), 100)
    assert change.low < 0.1 < change.high


def test_independent_samples_pair_no_runs():
    """Newcombe's interval holds the difference; no run of the one flips in the other."""
    row = share_change("standing", 3, ONE, TWO, independent=True)
    assert (row.first, row.second, row.fewer_runs) == (0.5, 0.6, 1.0)
    change = row.difference
    assert (change.value, change.n) == (pytest.approx(0.1), 100)
    assert (change.gained, change.lost) == (None, None)
    assert change.low < 0.1 < change.high


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 0), (3, 3), (10, 20), (600, 400)])
def test_mcnemar_is_the_binomial_test(gained, lost):
    flips = gained + lost
    expected = stats.binomtest(gained, flips).pvalue if flips else 1.0
    assert mcnemar(gained, lost) == mcnemar(lost, gained) == pytest.approx(expected, abs=1e-12)


def test_mcnemar_of_many_flips_has_a_continuity_correction():
    gained, lost = 560, MOST_EXACT - 500
    statistic = (abs(gained - lost) - 1) ** 2 / (gained + lost)
    assert mcnemar(gained, lost) == pytest.approx(stats.chi2.sf(statistic, 1))
    assert mcnemar(700, 700) == 1.0
    assert mcnemar(10**6, 0) == 0.0


def test_means_are_paired():
    one, two = np.array([1.0, 2.0, 4.0, 8.0]), np.array([2.0, 2.0, 7.0, 9.0])
    row = mean_change("payoff_us", one, two)
    test = stats.ttest_rel(two, one)
    assert row.difference == 1.25
    assert row.high - row.difference == pytest.approx(1.959964 * row.difference / test.statistic)
    assert row.fewer_runs == pytest.approx((one.var() + two.var()) / (two - one).var())


def test_one_run_has_no_interval():
    row = mean_change("payoff_us", [1.0], [3.0])
    assert row.difference == 2.0
    assert math.isnan(row.low)
    assert row.fewer_runs is None
