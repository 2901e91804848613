"""Step 5: what a week is worth; nothing of it is read by a decision."""

import math

import numpy as np
import pytest

from sim.world.params import harm_curve
from tests.world.play import Game, ban, licence, script, shock, table

PD = {
    side: {"good": {"good": 3.0, "bad": 0.0}, "bad": {"good": 5.0, "bad": 1.0}}
    for side in ("us", "cn")
}


def test_harm_is_summed_over_the_other_s_levers():
    levers = {
        "us": {"x": ban(level=1, dependence=0.5, harm_weight=2.0)},
        "cn": {
            "a": ban(level=1, dependence=0.5, harm_weight=3.0),
            "b": ban(level=1, dependence=0.25, harm_weight=0.5, convexity=1.0),
        },
    }
    game = Game(table(levers), {}).week()
    assert game.us.harm == pytest.approx(3.0 * math.log(2) + 0.5 * (4 / 3 - 1))
    assert game.cn.harm == pytest.approx(2.0 * math.log(2))
    assert game.us.payoff == pytest.approx(-game.us.harm)


def test_own_levers_bring_their_gain_by_notches_and_cost_by_the_flow_they_cut():
    lever = ban(notches=4, level=1, bite=0.8, dependence=0.0, harm_weight=2.0)
    game = Game(table({"us": {"a": lever | {"own_gain": 0.5, "own_cost": 0.3}}}), {}).week()
    assert game.us.payoff == pytest.approx(2.0 * (0.5 * 1 / 4 - 0.3 * 0.2))
    assert game.cn.payoff == 0.0


def test_a_slow_office_costs_its_owner_and_a_flow_above_1_does_not_pay():
    lever = {"dependence": 0.0, "own_cost": 0.5, "own_gain": 0.5}
    slow = Game(table({"cn": {"a": licence(capacity=0.75, **lever)}}), {}).week()
    assert slow.cn.payoff == pytest.approx(-0.5 * 0.25)
    fast = Game(table({"cn": {"a": licence(capacity=2.0, backlog_weeks=9, **lever)}}), {}).week()
    assert fast.cn.payoff == 0.0
    full = licence(level=1, squeeze=1.0, **lever)
    assert Game(table({"cn": {"a": full}}), {}).week().cn.payoff == 0.5


def test_the_audience_charges_for_backing_down_before_a_violator():
    levers = {"us": {"a": ban(notches=3, level=3, obligation=0, dependence=0.0)}}
    levers["cn"] = {"b": ban(dependence=0.0)}
    us = {"policy": script("CHCC"), "audience_cost": 2.0}
    law = [shock(2, "cn.b", level=1), shock(4, "cn.b", level=0)]
    game = Game(table(levers, us=us, shocks=law), {})
    assert [game.week().us.payoff for _ in range(4)] == [0.0, 0.0, -2.0, -2.0]
    assert game.cn.payoff == 0.0


def test_relief_before_a_violator_is_backing_down_too_but_a_shock_is_not():
    levers = {"us": {"a": ban(notches=3, level=3, obligation=0, dependence=0.0)}}
    levers["cn"] = {"b": ban(level=1, obligation=0, dependence=0.0)}
    talks = {"relief": 0.1, "relief_lag_weeks": 1, "sequencing": "us_first"}
    acts = [shock(1, talks=True), shock(3, "us.a", change=-1)]
    tree = table(levers, us={"audience_cost": 2.0}, talks=talks, shocks=acts)
    game = Game(tree, {})
    assert [game.week().us.payoff for _ in range(3)] == [0.0, -2.0, -2.0]


@pytest.mark.parametrize("own", [0, 1])
@pytest.mark.parametrize("other", [0, 1])
def test_stage_payoffs_by_own_conduct_then_the_other_s_replace_all_of_it(own, other):
    worth = {(0, 0): 3.0, (0, 1): 0.0, (1, 0): 5.0, (1, 1): 1.0}
    moves = {0: script("H"), 1: script("R")}
    sides = {"us": {"policy": moves[own], "audience_cost": 9.0}, "cn": {"policy": moves[other]}}
    game = Game(table(**sides, stage_payoffs=PD), {}).week()
    assert (game.us.payoff, game.cn.payoff) == (worth[own, other], worth[other, own])
    assert game.us.harm == pytest.approx(other * -math.log(0.05))


def test_stage_payoffs_are_each_side_s_own():
    chicken = {"good": {"good": 3.0, "bad": 1.0}, "bad": {"good": 4.0, "bad": 0.0}}
    game = Game(table(us={"policy": script("R")}, stage_payoffs=PD | {"cn": chicken}), {}).week()
    assert (game.us.payoff, game.cn.payoff) == (5.0, 1.0)


def test_week_t_weighs_discount_to_the_t_minus_1():
    sides = {"us": {"discount": 0.5}, "cn": {"discount": 0.25}}
    game = Game(table(**sides, stage_payoffs=PD), {}).week(3)
    assert (game.us.payoff, game.cn.payoff) == (3 * (1 + 0.5 + 0.25), 3 * (1 + 0.25 + 0.0625))
    bitten = {"us": {"a": ban()}, "cn": {"b": ban(level=1, dependence=0.5)}}
    game = Game(table(bitten, **sides), {}).week(2)
    assert game.us.harm == pytest.approx(1.5 * math.log(2))


def test_no_decision_reads_a_payoff():
    """Two runs with the same luck and other payoffs differ in nothing else."""
    levers = {"us": {"a": ban(notches=3)}, "cn": {"b": ban(notches=3)}}
    both = {"policy": {"name": "random"}, "slip": 0.2}
    plain = Game(table(levers, us=both, cn=both), seed=4).week(12)
    both = both | {"audience_cost": 5.0, "discount": 0.5}
    other = Game(table(levers, us=both, cn=both, stage_payoffs=PD), seed=4).week(12)
    assert plain.us.payoff != other.us.payoff
    for field in ("payoff", "harm"):
        plain.s.sides[field] = other.s.sides[field] = 0.0
    for name, table_ in plain.s._asdict().items():
        same = np.array_equal(table_, getattr(other.s, name))
        assert same or name in ("curve", "rows"), name  # rows are the columns again
    assert plain.run.clean_week > 0


def test_the_remembered_curve_is_the_curve():
    """Runs that meet another shortage in the same week do not get the last run's harm."""
    levers = {"us": {"a": ban()}, "cn": {"b": ban(notches=3, dependence=0.9, convexity=2.0)}}
    noisy = {"policy": {"name": "random"}}
    game = Game(table(levers, cn=noisy, weeks=1), seed=7)
    harms = set()
    for index in range(12):
        game.begin(index).week()
        short = game.at("cn.b").short
        assert game.us.harm == pytest.approx((1 - short) ** -2 - 1)
        harms.add(float(game.us.harm))
    assert len(harms) == 2


@pytest.mark.parametrize("x", [0.0, 0.3, 0.9])
def test_the_curve_of_harm(x):
    assert harm_curve(x, 0.0) == pytest.approx(-math.log(1 - x))
    for kappa in (0.5, 2.0):
        assert harm_curve(x, kappa) == pytest.approx((1 - x) ** -kappa - 1)


def test_the_curve_is_capped_at_95_percent():
    for kappa in (0.0, 1.5):
        assert harm_curve(1.0, kappa) == harm_curve(0.95, kappa)
    assert harm_curve(0.94, 0.0) < harm_curve(0.95, 0.0)
