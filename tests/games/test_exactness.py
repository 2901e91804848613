"""Ties and equilibria against exact fractions: no payoff elsewhere in a game has a say in them."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.games.bimatrix import Elimination, bimatrix, eliminate, gains, regrets, tied
from sim.games.empirical import carry
from sim.games.equilibria import equilibria, pure_equilibria
from tests.everyday import one_in
from tests.examples import examples

#: Mutual bad conduct so dear that nothing else seems to matter.
DEAR_CHICKEN = ([[3, 2.87], [3.13, -1000]], [[3, 3.13], [2.87, -1000]])
HUGE = [[3, 0, -1e7], [0, 2, -1e7]]


def pure_points(game):
    found = [one for one in equilibria(game) if one.pure]
    return [(one.support[0][0], one.support[1][0]) for one in found]


def test_a_gain_is_no_tie_because_another_payoff_is_large():
    game = bimatrix(*DEAR_CHICKEN)
    assert pure_equilibria(game) == pure_points(game) == [(0, 1), (1, 0)]
    assert regrets(game)[0][0, 0] == pytest.approx(0.13)
    good = np.array([1.0, 0.0])
    assert gains(game, good, good) == pytest.approx((0.13, 0.13))


def test_both_ways_to_pure_equilibria_agree_beside_a_huge_payoff():
    game = bimatrix(HUGE, [[1, 0, 0], [0, 1, 0]])
    assert pure_equilibria(game) == pure_points(game) == [(0, 0), (1, 1)]
    assert {one.support for one in equilibria(game)} == {
        ((0,), (0,)),
        ((1,), (1,)),
        ((0, 1), (0, 1)),
    }
    (mixed,) = (one for one in equilibria(game) if not one.pure)
    assert mixed.points[0][1].tolist() == [0.4, 0.6, 0.0]
    assert eliminate(game).rows == (0, 1)
    us, cn = np.array(game.us)[None], np.array(game.cn)[None]
    assert carry(us, cn, (0, 1), (0, 1)).tolist() == [True]
    assert carry(us, cn, (0,), (1,)).tolist() == [False]


def test_what_rounding_alone_parts_is_a_tie_and_nothing_else():
    assert tied(0.1 + 0.2, 0.3)
    assert not tied(1e-20, 0.0)
    assert not tied(1.0, 1.0 + 1e-9)
    game = bimatrix([[0.1 + 0.2, 0], [0.3, 0]], [[1, 0], [1, 0]])
    assert pure_equilibria(game) == [(0, 0), (1, 0)]
    assert game.settled.us[0, 0] == game.settled.us[1, 0]


def by_supports(us, cn):
    """Equilibria of a game in which nobody is ever indifferent among more than he mixes."""
    rows, columns = len(us), len(us[0])
    found = set()
    for size in range(1, min(rows, columns) + 1):
        pairs = product(combinations(range(rows), size), combinations(range(columns), size))
        for mine, other in pairs:
            y = indifferent([[us[i][j] for j in other] for i in mine])
            x = indifferent([[cn[i][j] for i in mine] for j in other])
            if x is None or y is None or min(*x, *y) <= 0:
                continue
            against = [
                sum(us[i][j] * w for j, w in zip(other, y, strict=True)) for i in range(rows)
            ]
            facing = [
                sum(cn[i][j] * w for i, w in zip(mine, x, strict=True)) for j in range(columns)
            ]
            if max(against) == against[mine[0]] and max(facing) == facing[other[0]]:
                found.add((whole(mine, x, rows), whole(other, y, columns)))
    return found


def weighed(values, weights):
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def indifferent(table):
    """The one mix of columns that makes all rows alike: Cramer's rule on fractions."""
    size = len(table)
    system = [[a - b for a, b in zip(table[0], row, strict=True)] for row in table[1:]]
    system.append([Fraction(1)] * size)
    below = determinant(system)
    if below == 0:
        return None
    mixes = []
    for k in range(size):
        replaced = [
            [*row[:k], Fraction(int(n == size - 1)), *row[k + 1 :]] for n, row in enumerate(system)
        ]
        mixes.append(determinant(replaced) / below)
    return mixes


def determinant(matrix):
    if len(matrix) == 1:
        return matrix[0][0]
    minors = ([row[:k] + row[k + 1 :] for row in matrix[1:]] for k in range(len(matrix)))
    return sum((-1) ** k * matrix[0][k] * determinant(minor) for k, minor in enumerate(minors))


def whole(places, weights, size):
    mix = dict(zip(places, weights, strict=True))
    return tuple(mix.get(k, Fraction(0)) for k in range(size))


def random_game(seed, scale):
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 5, size=2)
    us, cn = rng.integers(-(10**6), 10**6, size=(2, *shape)).astype(float)
    us[:, -1] *= scale  # one column of quite another size
    return us, cn


def check_against_fractions(seeds, scale):
    for seed in seeds:
        us, cn = random_game(seed, scale)
        exact = by_supports(*([[Fraction(v) for v in row] for row in table] for table in (us, cn)))
        game = bimatrix(us, cn)
        nothing_struck_out = Elimination(tuple(range(us.shape[0])), tuple(range(us.shape[1])), ())
        for found in (equilibria(game), equilibria(game, nothing_struck_out)):
            told = {tuple(map(tuple, one.points[0])) for one in found}
            assert told == {(tuple(map(float, x)), tuple(map(float, y))) for x, y in exact}


@pytest.mark.parametrize("scale", one_in(3, [1e7, 1.0, 1e-7]))
def test_random_games_have_just_the_equilibria_of_exact_fractions(scale):
    check_against_fractions(range(25), scale)


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 1e9, 1e-9])
def test_many_random_games_have_just_the_equilibria_of_exact_fractions(scale):
    check_against_fractions(range(100, 400), scale)


TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        *(
            st.lists(
                st.lists(st.sampled_from([0, 1, 2, -1e6]), min_size=shape[1], max_size=shape[1]),
                min_size=shape[0],
                max_size=shape[0],
            )
            for _ in range(2)
        )
    )
)


@examples(60)
@given(tables=TABLES)
def test_one_rule_of_ties_for_equilibria_pure_equilibria_and_gains(tables):
    """Games full of ties: nobody gains at any extreme point, and the pure ones are the same."""
    game = bimatrix(*tables)
    points = [point for one in equilibria(game) for point in one.points]
    assert all(gains(game, *point) == (0.0, 0.0) for point in points)
    pure = {(int(x.argmax()), int(y.argmax())) for x, y in points if x.max() == y.max() == 1.0}
    assert pure == set(pure_equilibria(game))
    for i, j in np.ndindex(game.shape):
        one, two = np.eye(game.shape[0])[i], np.eye(game.shape[1])[j]
        assert (gains(game, one, two) == (0.0, 0.0)) == ((i, j) in pure)


def test_large_games_are_checked_by_fractions_too():
    """Past what is enumerated whole, what qhull sees is proved or dropped."""
    rng = np.random.default_rng(5)
    us, cn = rng.normal(size=(2, 8, 8))
    us[:, 0] *= 1e8
    game = bimatrix(us, cn)
    found = equilibria(game)
    assert len(found) % 2 == 1
    assert all(gains(game, *one.points[0]) == (0.0, 0.0) for one in found)
