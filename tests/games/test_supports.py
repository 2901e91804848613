"""Whether policies carry an equilibrium."""

import numpy as np
import pytest

from sim.games.bimatrix import bimatrix
from sim.games.equilibria import equilibria
from sim.games.supports import carry

CHICKEN = ([[3, 1], [4, 0]], [[3, 4], [1, 0]])


@pytest.mark.parametrize("seed", range(6))
def test_exactly_the_supports_of_all_equilibria_carry_one(seed):
    """Every pair of supports of a random game, against the enumeration of vertices."""
    from itertools import chain, combinations

    rng = np.random.default_rng(seed)
    game = bimatrix(*rng.normal(size=(2, 3, 3)))
    us, cn = game.us, game.cn
    subsets = [*chain.from_iterable(combinations(range(3), size) for size in (1, 2, 3))]
    carried = {
        (rows, columns)
        for rows in subsets
        for columns in subsets
        if carry(us[None], cn[None], rows, columns)[0]
    }
    assert carried == {one.support for one in equilibria(game)}


def test_many_games_at_once():
    us, cn = (np.array(table, float) for table in CHICKEN)
    dilemma = np.array([[3, 0], [5, 1]], float)
    games = np.stack([us, dilemma]), np.stack([cn, dilemma.T])
    assert carry(*games, (0,), (1,)).tolist() == [True, False]
    assert carry(*games, (0, 1), (0, 1)).tolist() == [True, False]
    assert carry(*games, (1,), (1,)).tolist() == [False, True]


def test_ties_are_found_by_linear_programming():
    us, cn = np.array([[2.0, 2], [1, 1]]), np.array([[1.0, 1], [0, 3]])
    assert carry(us[None], cn[None], (0,), (0, 1)).tolist() == [True]
    assert carry(us[None], cn[None], (1,), (0, 1)).tolist() == [False]
    same = np.ones((1, 2, 2))
    assert carry(same, same, (0, 1), (0, 1)).tolist() == [True]
