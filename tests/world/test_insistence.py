"""Insistence: a learned worth raises how often a lever is used, and what giving it up takes."""

import pytest

from sim.scenario import Scenario
from tests.world.play import CN, US, Game, ban, edge, meeting, script, shock, table

SURE = {"insistence": 1.0}


def taught(value=0.5, start=0.5, luck=None, us=None, signal=0.0, **more):
    """us holds; cn stands on a rung from week 1; the worth of us.a is set before week 2."""
    levers = {
        "us": {"a": ban(notches=9, believed_value=start)},
        "cn": {"x": ban(level=1, obligation=0)},
    }
    tree = table(levers, us=SURE | (us or {}), **more)
    game = Game(tree, (luck or {}) | {(1, "signal", "us"): signal}).week()
    game.at("us.a").value = value
    return game


@pytest.mark.parametrize(("value", "learned"), [(0.75, 0.5), (1.0, 1.0), (0.6, 0.2)])
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_it_retaliates_with_the_share_of_what_was_left_to_learn(value, learned, share):
    gain = (value - 0.5) / (1.0 - 0.5)
    assert gain == pytest.approx(learned)
    for u, insists in zip(edge(share * gain), (1, 0), strict=True):
        game = taught(value, us={"insistence": share}, luck={(2, "insistence", "us"): u}).week()
        assert (game.us.insists, game.level("us.a")) == (insists, insists)


@pytest.mark.parametrize("value", [0.5, 0.3])
def test_what_was_thought_all_along_makes_no_difference(value):
    assert not taught(value, luck={(2, "insistence", "us"): 0.0}).week().us.insists


def test_a_good_sight_is_never_answered():
    luck = {(2, "insistence", "us"): 0.0}
    blind = taught(1.0, us={"miss": 1.0}, luck=luck).week()
    assert not blind.us.insists


def test_a_lever_without_room_gives_no_reason():
    game = taught(1.0, luck={(2, "insistence", "us"): 0.0})
    game.at("us.a").level = 9
    assert not game.week().us.insists


def test_it_answers_what_it_saw_and_keeps_its_origin():
    levers = {"us": {"a": ban(notches=9)}, "cn": {"x": ban(severity=3.0)}}
    tree = table(levers, us=SURE | {"stride": 9}, shocks=[shock(1, "cn.x", level=1)])
    game = Game(tree, {(2, "insistence", "us"): 0.0}).week()
    game.at("us.a").value = 1.0
    game.week()
    assert game.level("us.a") == 3
    assert game.origin(US) == game.origin(CN) == ("shock", CN, 0, 1)


def test_a_restrained_side_does_not_insist():
    grace = {"grace_weeks": 3}
    game = taught(1.0, talks=grace, shocks=[meeting(1)], luck={(3, "insistence", "us"): 0.0}).to(3)
    assert (game.us.restrained, game.us.insists) == (1, 0)


@pytest.mark.parametrize("value", [0.5, 0.75, 1.0])
def test_a_concession_takes_more_where_the_lever_proved_its_worth(value):
    levers = {"us": {"a": ban(level=1, obligation=0)}, "cn": {"x": ban()}}
    chance = 1.0 - (value - 0.5) / 0.5
    meek = {"policy": script("C")} | SURE
    for u in (0.2, 0.7):
        game = Game(table(levers, us=meek), {(1, "friction", "us"): u})
        game.at("us.a").value = value
        assert (game.week().level("us.a") == 0) == (u < chance)


@pytest.mark.parametrize(("value", "left"), [(0.5, 2), (0.75, 5), (1.0, 8)])
def test_relief_takes_down_less_of_it(value, left):
    """Relief .75 of 8 notches; with half learned it is half of that, with all of it none."""
    levers = {"us": {"a": ban(notches=8, level=8, obligation=0)}, "cn": {"x": ban()}}
    setting = {"relief": 0.75, "relief_lag_weeks": 1, "sequencing": "simultaneous"}
    game = Game(table(levers, us=SURE, talks=setting, shocks=[meeting(1)]), {}).week()
    game.at("us.a").value = value
    assert game.week().level("us.a") == left


def test_without_insistence_none_of_it_happens():
    off = {"insistence": 0.0}
    assert taught(1.0, us=off, luck={(2, "insistence", "us"): 0.0}).week().us.insists == 0
    assert Scenario.load("base/us-china").spec.actors["cn"].insistence == 0.0


def test_hitting_back_teaches_and_makes_the_lever_dearer():
    """cn's ban bites; each act of us teaches cn its worth, and cn then lets less pass."""
    levers = {"us": {"a": ban(notches=9, dependence=0.0)}, "cn": {"x": ban(notches=9, level=1)}}
    cn = {"insistence": 1.0, "value_learning": 0.5}
    acts = [shock(1, "us.a", level=1)]
    luck = {(week, "insistence", "cn"): 0.4 for week in range(1, 8)}
    levels = {}
    for name, policy in (("hits back", "RRRRRR"), ("holds", "H")):
        us = {"policy": script(policy), "proportionality": 6.0}
        levels[name] = Game(table(levers, us=us, cn=cn, shocks=acts), luck).to(6).level("cn.x")
    assert levels["hits back"] > levels["holds"] == 1
