"""How a violation came about: the cause that a rise from 0 takes and keeps."""

import pytest

from tests.world.play import CN, ECHO, US, Game, ban, day, licence, meeting, script, shock, table

R = {"policy": script("R")}


def test_an_obligation_that_was_missed():
    game = Game(table({"us": {"a": ban(level=1, obligation=0, due_weeks=2)}}), {})
    assert [game.week().origin(US) for _ in range(3)] == [None, None, ("overdue", US, 0, 3)]


def test_a_shock_with_its_index():
    shocks = [shock(1, talks=True), shock(2, "cn.move", level=1)]
    assert Game(table(shocks=shocks), {}).to(2).origin(CN) == ("shock", CN, 1, 2)


def test_a_slip_of_an_agency_and_of_the_textbook():
    levers = {"us": {"a": ban(own_cost=1.0)}, "cn": {"b": ban()}}
    for noise in ("agency", "flip"):
        game = Game(table(levers, cn={"slip": 0.5}, noise=noise), {(1, "slip", "cn"): 0.0})
        assert game.week().origin(CN) == ("slip", CN, 1, 1)


def test_a_choice_without_a_reading_is_policy():
    levers = {"us": {"a": ban(own_cost=1.0), "b": ban()}}
    assert Game(table(levers, us=R), {}).week().origin(US) == ("policy", US, 1, 1)


def test_a_choice_after_a_good_week_is_policy():
    assert Game(table(us={"policy": script("HR")}), {}).to(2).origin(US) == ("policy", US, 0, 2)


def test_the_lever_of_a_choice_is_the_first_one_pulled():
    levers = {"us": {"a": ban(own_cost=1.0), "b": ban(), "c": ban(own_cost=0.5)}}
    both = R | {"stride": 3, "proportionality": 3.0}
    game = Game(table(levers, us=both), {}).week()
    assert game.levels() == [1, 1, 1]
    assert game.origin(US) == ("policy", US, 1, 1)


@pytest.mark.parametrize("miss", [0.0, 1.0])
def test_an_answer_inherits_the_origin_of_the_other_whole_whatever_was_seen(miss):
    """cn slips in week 2; us retaliates in week 3, having seen it or not."""
    us = {"policy": script("HHR"), "miss": miss}
    game = Game(table(us=us, cn={"slip": 0.5}), {(2, "slip", "cn"): 0.0}).to(3)
    assert game.origin(US) == ("slip", CN, 1, 2)


def test_what_is_inherited_is_the_origin_of_the_week_read():
    """Two weeks of delay: the answer of week 4 reads week 1, where cn's origin was the shock."""
    shocks = [shock(1, "cn.move", level=1), shock(2, "cn.move", level=0)]
    us = {"policy": ECHO, "reaction_delay": 2}
    tree = table(us=us, cn={"policy": script("HHR")}, shocks=shocks)
    game = Game(tree, {}).to(4)
    assert game.origin(CN) == ("policy", CN, 1, 3)
    assert game.origin(US) == ("shock", CN, 0, 1)


def test_a_false_alarm_is_misread_with_the_lever_pulled():
    levers = {"us": {"x": ban(own_cost=1.0), "a": ban()}, "cn": {"b": ban()}}
    us = {"policy": ECHO, "false_alarm": 0.5}
    game = Game(table(levers, us=us), {(1, "signal", "us"): 0.0}).to(2)
    assert game.origin(US) == ("misread", US, 1, 2)


def test_a_slow_office_is_named_with_its_owner_and_lever():
    office = licence(capacity=0.1, expected_by_target=1.0)
    levers = {"us": {"a": ban()}, "cn": {"fast": licence(expected_by_target=1.0), "slow": office}}
    game = Game(table(levers, us={"policy": ECHO}), {(1, "signal", "us"): 0.5}).to(2)
    assert game.origin(US) == ("slow_licences", CN, 2, 2)


def test_a_slow_office_may_be_the_first_lever_of_all():
    office = licence(capacity=0.1, expected_by_target=1.0)
    levers = {"us": {"slow": office}, "cn": {"b": ban()}}
    game = Game(table(levers, cn={"policy": ECHO}), {(1, "signal", "cn"): 0.5}).to(2)
    assert game.origin(CN) == ("slow_licences", US, 0, 2)


def test_under_alpha_the_same_bad_signal_is_a_misreading():
    office = licence(capacity=0.1, expected_by_target=1.0)
    levers = {"us": {"a": ban()}, "cn": {"slow": office}}
    us = {"policy": ECHO, "false_alarm": 0.2}
    for u, cause in ((0.1, "misread"), (0.3, "slow_licences")):
        game = Game(table(levers, us=us), {(1, "signal", "us"): u}).to(2)
        assert game.origin(US)[0] == cause


def test_the_cause_is_that_of_the_week_read():
    """Delay 1: the answer of week 3 reads the false alarm of week 1, not the slow week 2."""
    levers = {"us": {"a": ban()}, "cn": {"slow": licence(capacity=0.1, expected_by_target=1.0)}}
    us = {"policy": ECHO, "false_alarm": 0.2, "reaction_delay": 1}
    luck = {(1, "signal", "us"): 0.0, (2, "signal", "us"): 0.5}
    assert Game(table(levers, us=us), luck).to(3).origin(US) == ("misread", US, 0, 3)


def test_another_sensor_makes_it_policy_whatever_the_signal_was():
    """The signal of week 1 was bad, but the machine listens to its belief."""
    us = {"false_alarm": 0.5, "policy": ECHO | {"sensor": "belief_above", "threshold": 0.1}}
    game = Game(table(us=us), {(1, "signal", "us"): 0.0}).to(2)
    assert game.us.rung == 1.0
    assert game.origin(US) == ("policy", US, 0, 2)


def test_an_answer_on_another_sensor_still_inherits_a_real_violation():
    us = {"policy": ECHO | {"sensor": "belief_above", "threshold": 0.1}}
    tree = table(us=us, shocks=[shock(1, "cn.move", level=1)])
    assert Game(tree, {}).to(2).origin(US) == ("shock", CN, 0, 1)


def test_an_origin_is_kept_while_the_violation_is_unbroken():
    us = {"policy": script("HR"), "stride": 2, "proportionality": 9.0}
    tree = table({"us": {"a": ban(notches=9)}}, us=us, shocks=[shock(1, "us.a", level=1)])
    assert Game(tree, {}).to(6).origin(US) == ("shock", US, 0, 1)


def test_a_violation_that_ends_clears_it_and_the_next_has_its_own():
    tree = table(us={"policy": script("HCR")}, shocks=[shock(1, "us.move", level=1)])
    game = Game(tree, {})
    origins = [game.week().origin(US) for _ in range(3)]
    assert origins == [("shock", US, 0, 1), None, ("policy", US, 0, 3)]


def test_of_several_causes_in_a_week_the_first_that_left_it_above_0():
    """Due comes before shocks, shocks before the choice, the choice before the slip."""
    overdue = {"us": {"a": ban(notches=9, level=1, obligation=0)}}
    law = [shock(1, "us.a", change=1)]
    wild = R | {"slip": 1.0}
    assert Game(table(overdue, us=wild, shocks=law), {}).week().origin(US)[0] == "overdue"
    free = {"us": {"a": ban(notches=9)}}
    assert Game(table(free, us=wild, shocks=law), {}).week().origin(US)[0] == "shock"
    assert Game(table(free, us=wild), {}).week().origin(US)[0] == "policy"


def test_a_cause_undone_in_the_same_week_is_not_kept():
    """The first shock lifts the rung, the second brings it back to 0, the third lifts it."""
    laws = [shock(1, "us.a", change=1), shock(1, "us.a", change=-1), shock(1, "us.a", level=2)]
    laws[1]["name"] = "court"
    game = Game(table({"us": {"a": ban(notches=3)}}, shocks=laws), {}).week()
    assert game.origin(US) == ("shock", US, 2, 1)


def test_a_deal_that_lowers_what_counts_leaves_a_violation_with_no_cause():
    """Struck at talks, the level goes to what was agreed, so nothing stands above it."""
    deals = [{"name": "swap", "levers": [{"lever": "us.move", "level": 0}]}]
    tree = table(us=R, shocks=[meeting(1)], deals=deals)
    game = Game(tree, {}).week()
    assert (game.us.rung, game.origin(US)) == (0.0, None)
    assert day(1) == table()["start"]
