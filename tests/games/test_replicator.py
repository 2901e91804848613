"""Replicator dynamics against V22."""

from fractions import Fraction

import numpy as np
import pytest

from sim.games.replicator import double, interior_rest, rest_points, single, symmetrised
from tests.everyday import one_in

T, R, P, S = 5.0, 3.0, 1.0, 0.0


def repeated(w, t=T, r=R, p=P, s=S):
    """AllC, AllD, TFT in a repeated game that goes on with probability w: expected totals."""
    more = w / (1 - w)
    return np.array(
        [
            [r / (1 - w), s / (1 - w), r / (1 - w)],
            [t / (1 - w), p / (1 - w), t + p * more],
            [r / (1 - w), s + p * more, r / (1 - w)],
        ]
    )


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (repeated(0.9), Fraction(1, 17)),
        (repeated(0.9, t=3.0, r=2.0, p=0.0, s=-1.0), Fraction(1, 18)),  # donation b = 3, c = 1
    ],
    ids=["(5, 3, 1, 0)", "donation"],
)
def test_v22_the_edge_of_alld_and_tft_has_an_unstable_point(game, expected):
    edge = game[1:, 1:]
    assert interior_rest(edge)[1] == pytest.approx(float(expected), abs=1e-12)
    below, above = (
        single(edge, np.array([1 - x, x]), 20.0).us[-1, 1]
        for x in (float(expected) - 1e-3, float(expected) + 1e-3)
    )
    assert below < 1e-6
    assert above > 1 - 1e-6


def test_v22_vertices_and_the_edge_of_allc_and_tft_are_at_rest():
    game = repeated(0.9)
    for mix in ([1, 0, 0], [0, 1, 0], [0, 0, 1], [0.3, 0, 0.7], [0.9, 0, 0.1]):
        start = np.array(mix, float)
        assert np.allclose(single(game, start, 5.0).us[-1], start, atol=1e-9)
    found = {tuple(np.round(mix, 6)): stable for mix, stable in rest_points(game)}
    assert found == {
        (1.0, 0.0, 0.0): False,
        (0.0, 1.0, 0.0): True,
        (0.0, 0.0, 1.0): False,
        (0.0, 0.941176, 0.058824): False,
    }


def test_v22_with_a_cost_of_complexity_there_is_one_interior_point():
    """m = 10 rounds, cost .8, R = 3, S = .1, T = 5, P = 1 (Imhof, Fudenberg and Nowak 2005)."""
    m, cost, r, s, t, p = 10, 0.8, 3.0, 0.1, 5.0, 1.0
    game = np.array(
        [
            [r * m, s * m, r * m],
            [t * m, p * m, t + p * (m - 1)],
            [r * m - cost, s + p * (m - 1) - cost, r * m - cost],
        ]
    )
    exact = [274 / 729, 72 / 729, 383 / 729]
    assert interior_rest(game) == pytest.approx(exact, abs=1e-12)
    inside = [mix for mix, _ in rest_points(game) if (mix > 0).all()]
    assert len(inside) == 1


def test_shares_stay_shares():
    path = single(repeated(0.9), np.array([0.2, 0.5, 0.3]), 10.0)
    assert np.allclose(path.us.sum(axis=1), 1.0, atol=1e-6)
    assert (path.us >= 0).all()
    assert path.cn is path.us


@pytest.mark.parametrize("shift", one_in(4, [-5000.0, -40.0, 0.0, 5000.0]))
def test_shares_sum_to_one_whatever_is_added_to_all_payoffs(shift):
    """Which changes no path: only differences of payoffs count."""
    rng = np.random.default_rng(7)
    us, cn = rng.normal(0, 30, (3, 4)), rng.normal(0, 30, (3, 4))
    starts = (np.full(3, 1 / 3), np.full(4, 1 / 4))
    path, plain = double(us + shift, cn + shift, starts, 5.0), double(us, cn, starts, 5.0)
    for shares, expected in ((path.us, plain.us), (path.cn, plain.cn)):
        assert np.allclose(shares.sum(axis=1), 1.0, atol=1e-12)
        assert np.allclose(shares, expected, atol=1e-6)


def test_what_is_not_there_is_not_born():
    start = np.array([0.0, 0.5, 0.5])
    assert (single(repeated(0.9), start, 20.0).us[:, 0] == 0).all()


def test_two_populations_that_begin_alike_in_a_symmetric_game_are_one():
    game = repeated(0.9)
    start = np.array([0.2, 0.5, 0.3])
    one, two = single(game, start, 1.0), double(game, game.T, (start, start), 1.0)
    assert np.allclose(one.us, two.us, atol=1e-6)
    assert np.allclose(two.us, two.cn, atol=1e-6)


def test_matching_pennies_circles():
    """x(1-x) y(1-y) is constant along a path of the two populations (Hofbauer 1996)."""
    us = np.array([[1.0, -1.0], [-1.0, 1.0]])
    path = double(us, -us, (np.array([0.7, 0.3]), np.array([0.5, 0.5])), 10.0)
    constant = path.us.prod(axis=1) * path.cn.prod(axis=1)
    assert np.allclose(constant, constant[0], rtol=1e-5)
    assert np.ptp(path.us[:, 0]) > 0.3


def test_a_game_of_two_sides_made_symmetric():
    us, cn = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
    assert symmetrised(us, cn).tolist() == [[3.0, 4.5], [4.5, 6.0]]
