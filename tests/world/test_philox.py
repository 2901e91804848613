"""Draws on arrays: those of the world's generator, fair, and of nothing but their place."""

from itertools import islice

import numpy as np
import pytest
from scipy import stats

from sim.world.philox import order, philox, resamples, words

KEY, WHO = (7, 9), 12


def word(point: int, place: int, round_: int = 0) -> int:
    return int(philox(*KEY, point, round_, WHO, place // 4)[place % 4])


def test_words_are_those_of_the_generator():
    found = words(KEY, 5, 3, WHO, 6)
    assert found.tolist() == [[word(p, n, 3) for n in range(6)] for p in range(5)]


@pytest.mark.parametrize("size", [1, 2, 7, 2_000])
def test_a_resample_is_the_words_of_its_number_multiplied_and_cut(size):
    """By Python's whole numbers, which no product is too large for."""
    for k, row in enumerate(resamples(KEY, 3, WHO, size)):
        pairs = [word(k, 2 * n) << 32 | word(k, 2 * n + 1) for n in range(size)]
        assert row.tolist() == [pair * size >> 64 for pair in pairs]


def test_a_resample_depends_on_its_number_alone():
    """Not on how many are drawn, nor on where the arrays they are drawn in begin and end."""
    whole = list(resamples(KEY, 40, WHO, 3_000))
    some = list(islice(resamples(KEY, 1_000, WHO, 3_000), 12))
    assert np.array_equal(whole[:12], some)
    (long,) = resamples(KEY, 1, WHO, 50_001)
    assert long[-1] == (word(0, 100_000) << 32 | word(0, 100_001)) * 50_001 >> 64


def test_the_largest_words_stay_below_the_size(monkeypatch):
    monkeypatch.setattr("sim.world.philox.philox", lambda *_: (2**32 - 1,) * 4)
    for size in (1, 3, 10**6):
        (row,) = resamples(KEY, 1, WHO, size)
        assert set(row.tolist()) == {size - 1}


def test_every_number_is_as_likely():
    drawn = np.concatenate(list(resamples(KEY, 1_000, WHO, 60)))
    assert stats.chisquare(np.bincount(drawn, minlength=60)).pvalue > 1e-4


def test_an_order_is_a_permutation_and_every_place_as_likely():
    orders = np.array([order((seed, 0), 6, WHO) for seed in range(3_000)])
    assert (np.sort(orders, axis=1) == np.arange(6)).all()
    for place in range(6):
        assert stats.chisquare(np.bincount(orders[:, place], minlength=6)).pvalue > 1e-4
    pairs = np.bincount(orders[:, 0] * 6 + orders[:, 1], minlength=36)
    assert stats.chisquare(pairs[pairs > 0]).pvalue > 1e-4


def test_an_order_is_by_64_bits_of_each():
    keys = [word(p, 0) << 32 | word(p, 1) for p in range(50)]
    assert order(KEY, 50, WHO).tolist() == sorted(range(50), key=keys.__getitem__)
