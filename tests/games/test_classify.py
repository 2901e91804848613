"""The game a scenario implies: exact cells, shipped names, borders, course over the years."""

import math
import sys
from functools import cache

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.games.classify import BAD_CONDUCTS, classify
from sim.games.pages import classification_report, content
from sim.games.stage_game import EVERYTHING, ONE_NOTCH, YEAR, cell_payoffs, conduct_of, implied_game
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from tests.everyday import one_in
from tests.world.play import ban, licence, table

#: What the shipped files are for (V23).
TEXTBOOK = ("prisoners-dilemma", "chicken", "stag-hunt", "deadlock")
DILEMMA = "prisoner's dilemma"


def world(**changes):
    """One ban a side with nice numbers: dependence 1/2, bite 1, no stock, weights of 1."""
    tree = table(
        levers={
            "us": {"move": ban(dependence=0.5, own_cost=0.3, own_gain=0.4)},
            "cn": {"move": ban(dependence=0.25, own_cost=0.1, own_gain=0.6, harm_weight=2.0)},
        }
    )
    return Scenario.from_table(tree).override(changes)


def single(name):
    """The scenario of that name, or of a mixture each reading: a game is of one of them."""
    scenario = Scenario.load(name)
    return list(scenario.readings.values()) or [scenario]


@cache
def bordered():
    """The game of the world with nice numbers."""
    return classify(world(), years=0)


@pytest.mark.parametrize("name", TEXTBOOK)
@pytest.mark.usefixtures("coarse_borders")
def test_each_textbook_file_is_the_game_of_its_name(name):
    found = classify(Scenario.load(f"textbook/{name}"))
    assert found.game.names == (Scenario.load(f"textbook/{name}").spec.title.split(": ")[1],) * 2


def test_the_game_of_geneva_is_a_prisoners_dilemma_however_bad_bad_is():
    """A change of a default cannot move it unannounced: the README says it too."""
    geneva = Scenario.load("geneva-2025")
    for _, rung in BAD_CONDUCTS:
        assert implied_game(geneva, conduct_of(geneva, rung)).names == (DILEMMA, DILEMMA)


def test_at_geneva_bad_is_what_was_done_in_may_2025():
    geneva = Scenario.load("geneva-2025")
    described = conduct_of(geneva).described(geneva.compiled.levers)
    assert described == {"us.eda": [0, 1], "us.engines": [0, 1], "cn.rare_earths": [0, 2]}


@pytest.mark.parametrize("name", one_in(3, [shipped.name for shipped in list_shipped()]))
@pytest.mark.parametrize("rung", [ONE_NOTCH, 5.0, EVERYTHING])
def test_frozen_conduct_is_what_the_model_calls_good_and_bad(name, rung):
    for scenario in single(name):
        _, own_bad = cell_payoffs(scenario, conduct_of(scenario, rung))
        assert own_bad[:, 0, :].tolist() == [[False, False]] * 2
        assert own_bad[:, 1, :].tolist() == [[True, True]] * 2


def test_the_cells_by_hand():
    """With discount 1 every week is alike: gain - cost of the cut, less w·-ln(1 - shortage)."""
    game = implied_game(world(), conduct_of(world()))
    own = {"us": 0.4 - 0.3, "cn": 2.0 * (0.6 - 0.1)}
    harm = {"us": 2.0 * -math.log(0.75), "cn": -math.log(0.5)}
    for side, view in (("us", game.us), ("cn", game.cn)):
        assert view.reward == 0.0
        assert view.temptation == pytest.approx(own[side], rel=1e-12)
        assert view.sucker == pytest.approx(-harm[side], rel=1e-12)
        assert view.punishment == pytest.approx(own[side] - harm[side], rel=1e-12)
    assert game.name == "prisoner's dilemma for us, deadlock for cn"


def test_additive_payoffs_add_up_in_every_shipped_scenario():
    for scenario in (one for shipped in list_shipped() for one in single(shipped.name)):
        if scenario.spec.stage_payoffs is not None:
            continue
        game = implied_game(scenario, conduct_of(scenario, EVERYTHING))
        assert game.us.additive
        assert game.cn.additive


def test_weeks_are_discounted_and_stocks_run_out():
    """A stock of 10 weeks at dependence 1/2 lasts 20 weeks; then the harm is -ln(1/2) a week."""
    changes = {"levers.us.move.stock_weeks": 10.0, "levers.us.move.stock_cap_weeks": 10.0}
    changes |= {"actors.cn.discount": 0.9}
    game = implied_game(world(**changes), conduct_of(world()))
    weights = 0.9 ** np.arange(YEAR)
    share = weights[20:].sum() / weights.sum()
    assert game.cn.sucker == pytest.approx(share * math.log(0.5), rel=1e-9)


def test_good_conduct_of_a_slow_office_keeps_its_promise():
    """Capacity .2, promise .6: the good office serves .6, the bad one .2 of its squeezed share."""
    office = licence(capacity=0.2, promised_by_owner=0.6, squeeze=0.5, dependence=1.0, notches=1)
    tree = table(levers={"us": {"move": ban()}, "cn": {"office": office}})
    scenario = Scenario.from_table(tree)
    game = implied_game(scenario, conduct_of(scenario))
    assert game.us.reward == pytest.approx(math.log(0.6), rel=1e-9)
    assert game.us.sucker == pytest.approx(math.log(0.1), rel=1e-9)


def test_bad_conduct_pulls_the_best_scored_lever_first_and_stops_at_the_rung():
    levers = {"strong": ban(notches=3, severity=2.0), "weak": ban(dependence=0.1, notches=3)}
    tree = table(levers={"us": levers, "cn": {"move": ban(severity=9.0)}})
    scenario = Scenario.from_table(tree)
    names = scenario.compiled.levers
    assert conduct_of(scenario, 3.0).described(names)["us.strong"] == [0, 2]
    everything = conduct_of(scenario, EVERYTHING).described(names)
    assert everything == {"us.strong": [0, 3], "us.weak": [0, 3], "cn.move": [0, 1]}


def test_luck_has_no_part_in_it():
    demand = {"demand_batch": 3.0, "capacity": 0.5}
    changes = {"actors.cn.temperature": 5.0}
    tree = table(levers={"us": {"move": ban()}, "cn": {"office": licence(**demand)}})
    steady = table(levers={"us": {"move": ban()}, "cn": {"office": licence(capacity=0.5)}})
    one, other = (Scenario.from_table(t).override(changes) for t in (tree, steady))
    game = implied_game(one, conduct_of(one))
    assert game == implied_game(other, conduct_of(other))


def test_a_side_that_cannot_be_bad_is_refused_by_name():
    full = ban(level=1, obligation=1)
    tree = table(levers={"us": {"move": full}, "cn": {"move": ban()}})
    with pytest.raises(ScenarioError, match="no lever that can stand above its obligation"):
        classify(Scenario.from_table(tree))


def test_borders_are_where_theory_puts_them():
    """T = R where own_gain = own_cost·bite; R = P where the gain is the other's harm."""
    found = {(b.parameter, round(b.at, 4)): b.names for b in bordered().borders}
    assert found["levers.us.move.own_gain", 0.3] == ("harmony", "deadlock")
    assert found["levers.us.move.own_cost", 0.4] == ("harmony", "deadlock")
    harm = round(0.3 + 2.0 * -math.log(0.75), 4)
    assert found["levers.us.move.own_gain", harm] == ("deadlock", "deadlock")
    weight = round(-math.log(0.5) / 0.5, 4)
    assert found["levers.cn.move.harm_weight", weight] == (DILEMMA, DILEMMA)


def test_borders_know_their_stated_range_and_come_nearest_first():
    found = bordered()
    assert [b.distance for b in found.borders] == sorted(b.distance for b in found.borders)
    within = {b.parameter for b in found.borders if b.within}
    assert "levers.us.move.own_gain" in within
    assert found.within == len(within)


def test_borders_of_a_matrix_are_the_ties_with_its_neighbours():
    scenario = Scenario.load("textbook/chicken")
    found = classify(scenario).borders
    at = {(b.parameter, round(b.at, 6)): b.names[0] for b in found if ".us." in b.parameter}
    assert at["stage_payoffs.us.bad.good", 3.0] == "harmony"
    assert at["stage_payoffs.us.bad.bad", 1.0] == DILEMMA
    assert at["stage_payoffs.us.good.bad", 3.0] == "leader or hero"


@pytest.mark.usefixtures("coarse_borders")
def test_self_sufficiency_drifts_the_race_to_a_deadlock():
    """R - P falls every year on both sides, T - R does not: the reviewer's point, sources.md."""
    found = classify(Scenario.load("race-2025-2030"), years=10)
    for side in ("us", "cn"):
        worth = [getattr(game, side).binds for game in found.by_year]
        assert all(later < earlier for earlier, later in zip(worth, worth[1:], strict=False))
    assert found.by_year[0].cn.name == DILEMMA
    assert found.by_year[10].cn.name == "deadlock"


def test_a_year_later_is_the_same_as_a_start_with_what_is_left_by_then():
    """Dependence halves in a year: the game a year on is that of half the dependence today."""
    halving = {f"levers.{side}.move.halving_years": 52 * 7 / 365.25 for side in ("us", "cn")}
    later = implied_game(world(**halving), conduct_of(world()), YEAR)
    left = {"levers.us.move.dependence": 0.25, "levers.cn.move.dependence": 0.125} | halving
    now = implied_game(world(**left), conduct_of(world()))
    assert later.us.punishment == pytest.approx(now.us.punishment, rel=1e-9)
    assert later.cn.sucker == pytest.approx(now.cn.sucker, rel=1e-9)


@pytest.mark.usefixtures("coarse_borders")
def test_equilibria_of_the_textbook_are_those_of_v23():
    def good(name):
        return [
            one["good"]
            for one in content(classify(Scenario.load(f"textbook/{name}")))["equilibria"]
        ]

    assert good("prisoners-dilemma") == [[[0.0, 0.0]]]
    assert good("deadlock") == [[[0.0, 0.0]]]
    *pure, mixed = good("chicken")
    assert sorted(pure) == [[[0.0, 1.0]], [[1.0, 0.0]]]
    assert mixed[0] == pytest.approx([0.5, 0.5])
    *pure, mixed = good("stag-hunt")
    assert sorted(pure) == [[[0.0, 0.0]], [[1.0, 1.0]]]
    assert mixed[0] == pytest.approx([2 / 3, 2 / 3])


def test_without_the_extra_it_names_the_game_and_says_what_the_extra_adds(monkeypatch):
    """`make run` brings no nashpy, and the tutorial has `classify` typed after it."""
    scenario = Scenario.load("textbook/chicken")
    with_all = content(classify(scenario))
    monkeypatch.setitem(sys.modules, "nashpy", None)
    classified = classify(scenario)
    without = content(classified)
    assert without["name"] == with_all["name"]
    assert without["borders"] == with_all["borders"]
    assert without["equilibria"] == [one for one in with_all["equilibria"] if one["pure"]]
    assert "only_pure_equilibria" not in with_all
    note = classification_report(classified).sections[0].notes[0]
    assert note.startswith("Pure equilibria of the game played once")
    assert "pip install 'detente[games]'" in note
