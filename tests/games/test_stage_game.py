"""The names of 2 x 2 games, by the four payoffs of one side."""

import numpy as np
import pytest

from sim.games.stage_game import MEANINGS, Side, StageGame

#: (T, R, P, S) of one game of every name.
GAMES = {
    "prisoner's dilemma": (5, 3, 1, 0),
    "deadlock": (5, 1, 3, 0),
    "chicken": (4, 3, 0, 1),
    "stag hunt": (3, 4, 2, 0),
    "harmony": (3, 4, 0, 2),
    "leader or hero": (4, 2, 1, 3),
    "coordination on bad": (0, 3, 4, 1),
    "reversed dilemma": (0, 1, 2, 3),
    "on a border": (3, 3, 1, 0),
}


@pytest.mark.parametrize("name", GAMES)
def test_each_name_has_its_order(name):
    assert Side(*GAMES[name]).name == name


def test_every_name_has_its_meaning_and_its_example():
    assert set(MEANINGS) == set(GAMES)


@pytest.mark.parametrize("values", [(3, 4, 3, 0), (4, 3, 1, 1), (4, 2, 2, 1), (5, 3, 3, 0)])
def test_ties_that_matter_are_borders(values):
    expected = "stag hunt" if values == (3, 4, 3, 0) else "on a border"
    assert Side(*values).name == expected  # T = P does not matter


def test_the_name_does_not_change_with_unit_and_origin():
    for name, values in GAMES.items():
        assert Side(*(7.5 * v - 40.0 for v in values)).name == name


def test_additive_games_are_never_chicken_or_stag_hunt():
    """T + S = R + P makes T - R and P - S one number: 4,000 random games."""
    drawn = np.random.default_rng(6).normal(size=(4000, 3))
    names = set()
    for reward, own, others in drawn:
        side = Side(reward + own, reward, reward + own - others, reward - others)
        assert side.additive
        names.add(side.name)
    assert names == {"prisoner's dilemma", "deadlock", "harmony", "reversed dilemma"}


def test_a_pair_has_one_name_if_both_sides_see_it():
    dilemma, chicken = (Side(*GAMES[name]) for name in ("prisoner's dilemma", "chicken"))
    assert StageGame(dilemma, dilemma).name == "prisoner's dilemma"
    assert StageGame(dilemma, chicken).name == "prisoner's dilemma for us, chicken for cn"


def test_payoffs_are_by_own_conduct_then_the_others():
    game = StageGame.of(np.array([[[3.0, 0.0], [5.0, 1.0]], [[30.0, 7.0], [50.0, 10.0]]]))
    assert game.us == Side(5, 3, 1, 0)
    assert game.bimatrix.us.tolist() == [[3, 0], [5, 1]]
    assert game.bimatrix.cn.tolist() == [[30, 50], [7, 10]]  # rows: conduct of us
