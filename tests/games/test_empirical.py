"""Empirical games made by hand: equilibria found, how surely, and by which policies carried."""

import numpy as np
import pytest

from sim.games.analysis import analyse, chosen_equilibrium, rankings
from sim.games.bimatrix import UnsolvedError, bimatrix
from sim.games.empirical import carry, empirical
from sim.games.equilibria import equilibria
from sim.games.equilibria_page import equilibria_content
from sim.games.pages import ranking_content
from sim.games.ranking import unrefuted
from tests.games.tables import played_of

CHICKEN = ([[3, 1], [4, 0]], [[3, 4], [1, 0]])
DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
PAYOFFS = ("payoff", "payoff")


def analysis_of(tables, noise=0.0, own=(None, None), **rest):
    return analyse(played_of(*tables, noise, **rest), PAYOFFS, own, 200, 1)


def test_a_clear_game_survives_every_resample():
    told = equilibria_content(analysis_of(CHICKEN, 0.2))
    kinds = [one["kind"] for one in told["sets"]]
    assert kinds == ["pure", "pure", "mixed"]
    assert [one["survives"]["p"] for one in told["sets"]] == [1.0, 1.0, 1.0]
    mix = told["sets"][2]["points"][0]
    assert mix["us"]["A"] == pytest.approx(0.5, abs=0.05)
    assert all(
        one["gain_from_deviating"][side]["value"] == 0.0
        for one in told["sets"]
        for side in ("us", "cn")
    )


def test_a_game_within_noise_survives_about_half():
    """Two US policies .02 standard errors apart: either is best in about half the resamples."""
    tables = ([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
    analysis = analysis_of(tables, 1.0)
    (one,) = analysis.solution.equilibria
    assert 0.02 < one.survives.p < 0.98
    # the loser's deviation is no sure gain: both cells may be equilibria
    assert analysis.solution.unrefuted[:, 0].tolist() == [True, True]
    assert analysis.solution.unrefuted[:, 1].tolist() == [False, False]


def test_the_gain_from_deviating_has_the_interval_of_other_luck():
    tables = ([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
    (one,) = analysis_of(tables, 1.0).solution.equilibria
    value, low, high = one.gain["us"]
    assert value == low == 0.0
    # two means of 400 runs: the difference has a standard error of .07
    assert 0.0 < high < 5 * np.sqrt(2 / 400)


def test_policies_alike_in_every_run_are_counted_once():
    us, cn = (np.array(table, float) for table in DILEMMA)
    twice = us[[0, 1, 1]][:, [0, 1, 1]], cn[[0, 1, 1]][:, [0, 1, 1]]
    game = empirical(played_of(*twice), PAYOFFS)
    assert game.game.shape == (2, 2)
    assert game.duplicates["us"] == {"A": (), "B": ("C",)}
    told = equilibria_content(analysis_of(twice))
    assert [one["support"] for one in told["sets"]] == [{"us": ["B"], "cn": ["b"]}]


def test_when_all_are_alike_there_is_no_game():
    with pytest.raises(UnsolvedError, match="exactly alike"):
        empirical(played_of([[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]), PAYOFFS)


@pytest.mark.parametrize(
    ("utility", "message"),
    [
        (("harm", "payoff"), "harm of us, -1 in every cell"),
        (("payoff", "core"), "core, which is not defined"),
    ],
)
def test_a_utility_that_is_constant_or_missing_is_refused(utility, message):
    with pytest.raises(UnsolvedError, match=message):
        analyse(played_of(*DILEMMA, 0.1), utility, (None, None), 100, 1)


def test_the_price_of_distrust_of_the_dilemma():
    (price,) = analysis_of(DILEMMA).prices
    assert (price.which, price.best, price.equilibrium) == ("equilibrium", 6.0, 2.0)
    assert (price.difference, price.low, price.high) == pytest.approx((4.0, 4.0, 4.0))
    assert (price.ratio, price.ratio_low, price.ratio_high) == pytest.approx((3.0, 3.0, 3.0))


def test_of_losses_the_ratio_is_the_other_way_round():
    us, cn = (np.array(table, float) - 9 for table in DILEMMA)
    (price,) = analysis_of((us, cn)).prices
    assert (price.best, price.equilibrium, price.difference) == (-12.0, -16.0, 4.0)
    assert price.ratio == pytest.approx(16 / 12)


def test_of_mixed_signs_there_is_no_ratio_but_the_same_difference():
    us, cn = (np.array(table, float) - 2 for table in DILEMMA)
    (price,) = analysis_of((us, cn)).prices
    assert price.difference == 4.0
    assert price.ratio is None


def test_worst_and_best_equilibrium_and_the_scenario_itself():
    stag = ([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    rows = analysis_of(stag, own=("B", "a")).prices
    assert [one.which for one in rows] == [
        "worst equilibrium",
        "best equilibrium",
        "scenario as shipped",
    ]
    # in the mixed equilibrium both earn 8/3, in (D, D) 2, in (C, C) 4; as shipped 3 and 0
    assert [one.equilibrium for one in rows] == pytest.approx([4.0, 8.0, 3.0])


def test_utilities_that_do_not_add_up_have_no_price():
    analysis = analyse(played_of(*DILEMMA, 0.1), ("payoff", "standing"), (None, None), 100, 1)
    assert analysis.prices == ()
    assert analysis.joint is None


def test_the_frontier_of_the_dilemma_is_all_but_mutual_defection():
    told = equilibria_content(analysis_of(DILEMMA))
    cells = {(one["us"], one["cn"]) for one in told["frontier"]}
    assert cells == {("A", "a"), ("A", "b"), ("B", "a")}
    assert all(one["share_of_resamples"] == 1.0 for one in told["frontier"])


def test_would_either_side_change():
    told = equilibria_content(analysis_of(DILEMMA, 0.1, own=("A", "b")))
    us, cn = told["replies"]
    assert (us["policy"], us["best"], us["sure"]) == ("A", "B", True)
    assert us["low"] < 1.0 < us["high"]
    assert us["gain"] == pytest.approx(1.0, abs=0.05)
    assert (cn["policy"], cn["best"], cn["gain"], cn["sure"]) == ("b", "b", 0.0, False)


def test_a_cell_is_refuted_only_by_a_sure_gain():
    us = np.zeros((2, 2, 50))
    us[1, 0] = 0.01  # in every run: sure
    cn = np.zeros((2, 2, 50))
    assert unrefuted(us, cn).tolist() == [[False, True], [True, True]]


def test_past_the_limit_pure_equilibria_remain_and_the_reason_is_told():
    size = 15
    eye = np.eye(size)
    names = [f"p{k}" for k in range(size)], [f"q{k}" for k in range(size)]
    analysis = analyse(played_of(eye, eye, names=names), PAYOFFS, (None, None), 100, 1)
    told = equilibria_content(analysis)
    assert told["sets"] is None
    assert len(told["pure"]) == size
    assert "15 x 15 policies left" in told["reason"]
    with pytest.raises(UnsolvedError, match="no equilibrium"):
        rankings(analysis.played, PAYOFFS, "equilibrium", analysis, 100, 1)


def test_ranking_against_the_equilibrium_uses_its_mix():
    analysis = analysis_of(DILEMMA, 0.1)
    assert chosen_equilibrium(analysis).support == ((1,), (1,))
    field, mix = (
        ranking_content(rankings(analysis.played, PAYOFFS, one, analysis, 200, 1))
        for one in ("field", "equilibrium")
    )
    assert field["us"][0]["score"] == pytest.approx(3.0, abs=0.05)  # (5 + 1) / 2
    assert mix["us"][0]["score"] == pytest.approx(1.0, abs=0.05)  # against D alone
    assert mix["us"][0]["policy"] == "B"
    assert mix["us"][0]["settled"]


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
