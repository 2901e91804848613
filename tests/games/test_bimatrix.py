"""Regrets and iterated strict dominance."""

import numpy as np
import pytest

from sim.games.bimatrix import Elimination, bimatrix, eliminate, regrets
from sim.games.equilibria import equilibria

CHICKEN = ([[3, 1], [4, 0]], [[3, 4], [1, 0]])


def test_the_dilemma_is_solved_in_one_round():
    left = eliminate(bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert (left.rows, left.columns) == ((1,), (1,))
    assert [(one.round, one.side, one.policy, one.by) for one in left.steps] == [
        (1, "us", "C", {"D": 1.0}),
        (1, "cn", "C", {"D": 1.0}),
    ]


def test_rounds_follow_from_each_other():
    # right is dominated for the column player; only then is bottom for the row player
    left = eliminate(bimatrix([[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]]))
    steps = [(one.round, one.side, one.policy) for one in left.steps]
    assert steps == [(1, "cn", "2"), (2, "us", "D"), (3, "cn", "0")]
    assert (left.rows, left.columns) == ((0,), (1,))


def test_a_mix_may_dominate_where_no_policy_does():
    us = [[4, 0], [0, 4], [1, 1]]
    cn = np.array([[0, 1], [1, 0], [0, 1]])
    game = bimatrix(us, cn)
    assert eliminate(game, mixed=False).rows == (0, 1, 2)
    left = eliminate(game)
    assert left.rows == (0, 1)
    (step,) = left.steps
    assert step.policy == "2"
    assert step.by == pytest.approx({"0": 0.5, "1": 0.5})


def test_weak_dominance_strikes_nothing_out():
    assert eliminate(bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]])).steps == ()


@pytest.mark.parametrize("seed", range(5))
def test_no_equilibrium_is_lost(seed):
    rng = np.random.default_rng(seed)
    game = bimatrix(*rng.normal(size=(2, 5, 5)))
    whole = eliminate(game)
    nothing = Elimination(tuple(range(5)), tuple(range(5)), ())
    kept, all_of_it = (equilibria(game, one) for one in (whole, nothing))
    assert [one.support for one in kept] == [one.support for one in all_of_it]


def test_regrets_are_zero_exactly_at_pure_equilibria():
    us, cn = regrets(bimatrix(*CHICKEN))
    assert np.argwhere((us == 0) & (cn == 0)).tolist() == [[0, 1], [1, 0]]
    assert us.tolist() == [[1, 0], [0, 1]]
    assert cn.tolist() == [[1, 0], [0, 1]]


def test_tables_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        bimatrix([[1, 2]], [[1], [2]])
