"""Restraint: who has just met, or waits for relief that is not late, chooses no escalation."""

import pytest

from sim.scenario import Scenario
from sim.world.state import HOLD, RETALIATE
from tests.world.play import Game, ban, meeting, script, shock, table

R = {"policy": script("R")}


def after_talks(grace, talks=2, **more):
    """us would retaliate every week; talks are held in a week."""
    setting = {"grace_weeks": grace} | more.pop("talks", {})
    return table(us=R | more.pop("us", {}), talks=setting, shocks=[meeting(talks)], **more)


@pytest.mark.parametrize("grace", [0, 1, 3])
def test_no_escalation_in_the_weeks_of_grace_after_talks(grace):
    game = Game(after_talks(grace), {})
    moves = [int(game.week().us.move) for _ in range(8)]
    assert moves == [RETALIATE] * 2 + [HOLD] * grace + [RETALIATE] * (6 - grace)


def test_the_beginning_is_no_meeting():
    assert Game(table(us=R, talks={"grace_weeks": 5}), {}).week().us.rung == 1.0


def test_a_concession_is_still_made():
    levers = {"us": {"a": ban(notches=5, level=5, obligation=0)}}
    meek = {"policy": script("C")}
    tree = table(levers, us=meek, talks={"grace_weeks": 4, "relief": 0.0}, shocks=[meeting(1)])
    game = Game(tree, {}).to(2)
    assert (game.us.restrained, game.level("us.a")) == (1, 3)


def test_a_new_stretch_begins_when_the_grace_is_over():
    game = Game(after_talks(2), {})
    assert [int(game.week().us.stretch) for _ in range(6)] == [1, 1, 0, 0, 5, 5]


def waiting(order="simultaneous", lag=4):
    """cn stands above its obligation at the talks of week 2 and owes relief; us owes nothing."""
    levers = {
        "us": {"a": ban(notches=9)},
        "cn": {"x": ban(notches=2, level=2, obligation=0)},
    }
    setting = {"grace_weeks": 1, "relief_lag_weeks": lag, "relief": 1.0, "sequencing": order}
    late = {"policy": script("HHR")}
    return table(levers, us=late, talks=setting, shocks=[meeting(2)])


def test_who_waits_for_relief_is_restrained_until_it_is_due():
    game = Game(waiting(), {})
    assert [bool(game.week().us.restrained) for _ in range(6)] == [False] * 2 + [True] * 3 + [False]
    assert game.cn.relief_rung == 0.0
    assert [bool(game.week().us.restrained) for _ in range(2)] == [False] * 2


def test_who_owes_relief_is_not_restrained_by_that():
    game = Game(waiting(), {})
    assert [bool(game.week().cn.restrained) for _ in range(5)] == [False] * 2 + [True] + [False] * 2


def test_relief_that_is_late_restrains_no_more():
    """cn waits for a good signal, which never comes: after the due week us waits no longer."""
    tree = waiting("us_first")
    tree["shocks"].append(shock(3, "us.a", level=1))
    tree["actors"]["us"]["policy"] = script("HHR")
    game = Game(tree, {}).to(6)
    assert game.cn.relief_rung > 0.0
    assert bool(game.us.restrained)
    assert not game.week().us.restrained
    assert game.cn.relief_rung > 0.0


@pytest.mark.parametrize("left", [0.0, 0.5, 1.0])
def test_agencies_slip_less_meanwhile(left):
    wild = {"policy": script("H"), "slip": 0.4, "slip_after_talks": left}
    tree = after_talks(2, us=wild)
    for week, chance in ((1, 0.4), (3, 0.4 * left), (4, 0.4 * left), (5, 0.4)):
        game = Game(tree, {}).to(week)
        assert float(game.us.slip) == chance
        slipped = Game(tree, {(week, "slip", "us"): 0.3}).to(week).level("us.move")
        assert slipped == (chance > 0.3)


def test_without_grace_agencies_slip_as_ever():
    wild = {"policy": script("H"), "slip": 0.4, "slip_after_talks": 0.0}
    assert Game(after_talks(0, us=wild), {(3, "slip", "us"): 0.3}).to(3).level("us.move") == 1


def test_it_is_off_by_default():
    spec = Scenario.load("base/us-china").spec
    assert spec.talks.grace_weeks == 0
    assert [actor.slip_after_talks for actor in spec.actors.values()] == [1.0, 1.0]


def test_a_grace_longer_than_the_term_is_warned_about():
    said = Scenario.from_table(table(truce={"term_weeks": 4}, talks={"grace_weeks": 5})).warnings
    assert any("grace_weeks" in line and "at most 4" in line for line in said)
    fits = Scenario.from_table(table(truce={"term_weeks": 5}, talks={"grace_weeks": 5}))
    assert not fits.warnings


def test_slips_after_talks_without_a_grace_are_warned_about():
    (said,) = Scenario.from_table(table(us={"slip_after_talks": 0.5})).warnings
    assert "slip_after_talks" in said
    assert "no effect" in said
