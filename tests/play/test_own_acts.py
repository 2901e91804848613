"""A side sees what of its orders was not carried out, and what its agencies moved unasked."""

from itertools import product

from sim.explain.phrases import number
from sim.play import Game
from sim.scenario import Scenario
from tests.world.play import ban, script, table


def game(us=None, **lever) -> Game:
    levers = {
        "us": {"chips": ban(notches=3, level=1, obligation=0, **lever), "eda": ban()},
        "cn": {"ores": ban(notches=2)},
    }
    actor = {"policy": script("H"), "stride": 2} | (us or {})
    return Game(Scenario.from_table(table(levers, us=actor, weeks=6)), 3, "us")


def test_an_order_that_is_carried_out_is_not_spoken_of():
    played = game()
    assert played.briefing().acts == ()
    assert played.play("pull chips eda").acts == ()
    assert played.play("ease chips").acts == ()
    assert played.play("hold").acts == ()
    assert played.play("auto").acts == ()


def test_an_order_to_ease_that_sticks_is_told():
    played = game(friction=1.0)
    assert played.play("ease chips").acts == ("Your order to ease chips was not carried out",)
    assert "Your order to ease chips was not carried out." in str(played.briefing())
    assert played.play("ease").acts == ("Your order to ease was not carried out",)


def test_an_order_to_ease_where_nothing_is_above_what_is_owed_is_told():
    played = game()
    assert played.play("ease").acts == ()
    (act,) = played.play("ease").acts
    assert act == "Your order to ease found nothing above what you owe"


def test_an_order_to_pull_that_fails_is_told():
    played = game(us={"slip_fail": 1.0})
    assert played.play("pull chips").acts == ("Your order to pull chips was not carried out",)


def test_a_lever_that_moves_unasked_is_told_without_a_cause():
    played = game(us={"slip": 1.0})
    (act,) = played.play("hold").acts
    lever = next(one for one in played.briefing().levers if one.before != one.level)
    assert act.lower() == f"{lever.name} moved {lever.before}→{lever.level} without your order"


def test_a_call_for_talks_that_brings_none_is_told():
    played = game()
    assert played.play("talks").acts == ("Your call for talks brought none",)


def test_one_s_own_office_is_shown_by_the_service_it_owes():
    china = Game("geneva-2025", 7, "cn")
    lever = china.briefing().lever("rare_earths")
    assert (lever.owes_service, lever.promised, lever.expected) == (True, 0.5, 0.9)
    seen = str(china.play("hold"))
    assert "held to 2, owes service as at 0" in seen
    assert (
        "Your rare earths licences owe service, not a level: 8% of normal demand was granted last "
        "week; you promised 50% of the service owed, the US expects 90%." in seen
    )


def test_a_slow_office_of_the_other_is_measured_by_what_one_expects():
    us = Game("geneva-2025", 7, "us")
    while "short of" not in (seen := str(us.play("hold"))):
        assert not us.over
    assert "short of the 90% of the service owed that you expect, weighed by the shortage" in seen


def test_a_side_without_levers_has_nothing_to_be_told():
    levers = {"us": {}, "cn": {"ores": ban(notches=2)}}
    world = Scenario.from_table(table(levers, us={"policy": script("H")}, weeks=3))
    assert Game(world, 3, "us").play("hold").acts == ()


def test_what_levers_are_held_to_now_and_what_relief_is_owed_on_do_not_contradict():
    """Relief counts what stood above at the talks, and offices that serve less than promised."""
    calm_and_owing = 0
    for side, seed in product(("us", "cn"), range(6)):
        played = Game("geneva-2025", seed, side)
        while not played.over:
            seen = played.play("auto")
            if seen is None or not seen.owes:
                continue
            text = " ".join(str(seen).split())
            assert "keep to what you owe" not in text
            assert f"At the last talks you stood {number(seen.owes)} above what you owe" in text
            assert ("an office that gave less than you promised counted in" in text) == (
                side == "cn"
            )
            if seen.rung == 0:
                calm_and_owing += 1
                assert "stands above the level it is held to now: no violation." in text
    assert calm_and_owing
