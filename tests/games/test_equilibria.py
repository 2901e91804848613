"""Equilibria against textbook games (V23) and against the definition."""

import sys

import numpy as np
import pytest

from sim.extras import MissingPackageError
from sim.games.bimatrix import UnsolvedError, bimatrix, gains
from sim.games.equilibria import MOST_POLICIES, equilibria, pure_equilibria

CHICKEN = ([[3, 1], [4, 0]], [[3, 4], [1, 0]])
STAG_HUNT = ([[4, 0], [3, 2]], [[4, 3], [0, 2]])
DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
ASYMMETRIC = ([[3, 1], [5, 0]], [[3, 4], [2, 0]])
C, D = (1.0, 0.0), (0.0, 1.0)


def points(game):
    """Every extreme equilibrium as plain tuples."""
    return [tuple(map(tuple, point)) for one in equilibria(game) for point in one.points]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (CHICKEN, [(C, D), (D, C), ((1 / 2, 1 / 2), (1 / 2, 1 / 2))]),
        (STAG_HUNT, [(C, C), (D, D), ((2 / 3, 1 / 3), (2 / 3, 1 / 3))]),
        (DILEMMA, [(D, D)]),
        (ASYMMETRIC, [(C, D), (D, C), ((2 / 3, 1 / 3), (1 / 3, 2 / 3))]),
    ],
    ids=["chicken", "stag hunt", "prisoner's dilemma", "asymmetric"],
)
def test_v23(tables, expected):
    assert points(bimatrix(*tables)) == [
        tuple(pytest.approx(mix, abs=1e-12) for mix in pair) for pair in expected
    ]


@pytest.mark.parametrize("tables", [CHICKEN, STAG_HUNT, ASYMMETRIC])
def test_the_mixed_equilibrium_is_that_of_the_formula(tables):
    """V23: the opponent's P(C) = (P - S) / (R - S - T + P)."""
    us, cn = (np.array(table, float) for table in tables)
    x, y = equilibria(bimatrix(us, cn))[-1].points[0]

    def formula(own):
        (reward, sucker), (temptation, punishment) = own
        return (punishment - sucker) / (reward - sucker - temptation + punishment)

    assert y[0] == pytest.approx(formula(us), abs=1e-12)
    assert x[0] == pytest.approx(formula(cn.T), abs=1e-12)


def test_equilibria_do_not_depend_on_zero_and_unit_of_a_side():
    us, cn = (np.array(table, float) for table in ASYMMETRIC)
    moved = bimatrix(1e-3 * us - 70, 40 * cn - 1000)
    assert points(moved) == [
        tuple(pytest.approx(mix, abs=1e-9) for mix in pair) for pair in points(bimatrix(us, cn))
    ]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_gains_at_any_of_them_and_their_number_is_odd(seed):
    """Almost every game has an odd number of equilibria (Wilson 1971)."""
    rng = np.random.default_rng(seed)
    game = bimatrix(*rng.normal(size=(2, 2 + seed % 5, 3 + seed % 4)))
    found = equilibria(game)
    assert len(found) % 2 == 1
    assert all(one.isolated for one in found)
    assert max(max(gains(game, *one.points[0])) for one in found) < 1e-9
    pure = [tuple(side[0] for side in one.support) for one in found if one.pure]
    assert pure == pure_equilibria(game)


@pytest.mark.parametrize("seed", range(8))
def test_none_is_missed_that_lemke_and_howson_find(seed):
    """Nashpy's support enumeration is no judge here: it compares payoffs without a tolerance."""
    import nashpy

    rng = np.random.default_rng(100 + seed)
    game = bimatrix(*rng.normal(size=(2, 4, 5)))
    found = [np.concatenate(point) for one in equilibria(game) for point in one.points]
    for x, y in nashpy.Game(game.us, game.cn).lemke_howson_enumeration():
        assert min(np.abs(one - np.concatenate([x, y])).max() for one in found) < 1e-7


def test_a_side_that_is_indifferent_gives_a_connected_set_not_a_point():
    # the row player fares alike whatever it does: its mixes join the column's two answers
    (whole,) = equilibria(bimatrix([[3, 3], [3, 3]], [[1, 2], [2, 1]]))
    assert not whole.isolated
    assert not whole.product
    assert whole.support == ((0, 1), (0, 1))
    mixes = {tuple(np.round(x, 9)) for x, _ in whole.points}
    assert mixes == {(1.0, 0.0), (0.0, 1.0), (0.5, 0.5)}


def test_a_tie_of_one_side_alone_is_a_product():
    # against C alone the two columns are the same to the column player
    (whole,) = equilibria(bimatrix([[2, 2], [1, 1]], [[1, 1], [0, 3]]))
    assert whole.product
    assert whole.support == ((0,), (0, 1))
    x, y = whole.centre
    assert (tuple(x), tuple(y)) == ((1.0, 0.0), (0.5, 0.5))
    assert gains(bimatrix([[2, 2], [1, 1]], [[1, 1], [0, 3]]), x, y) == (0.0, 0.0)


def test_separate_sets_of_a_degenerate_game_stay_apart():
    # a game of two ties in opposite corners
    us = [[1, 1, 0, 0], [0, 0, 1, 1]]
    cn = [[1, 1, 0, 0], [0, 0, 1, 1]]
    sets = equilibria(bimatrix(us, cn))
    supports = [one.support for one in sets if one.support[0] != (0, 1)]
    assert ((0,), (0, 1)) in supports
    assert ((1,), (2, 3)) in supports


def test_past_the_limit_the_size_and_what_helps_are_named():
    size = MOST_POLICIES + 1
    eye = np.eye(size)
    with pytest.raises(UnsolvedError, match=rf"{size} x {size} policies left") as refused:
        equilibria(bimatrix(eye, eye))
    assert "--us and --cn" in str(refused.value)
    assert len(pure_equilibria(bimatrix(eye, eye))) == size


def test_without_nashpy_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nashpy", None)
    with pytest.raises(MissingPackageError, match="detente\\[games\\]"):
        equilibria(bimatrix(*CHICKEN))
