"""Step 6: one side's signal of the other, through noise and through licence offices."""

import pytest

from sim.scenario import Scenario
from tests.world.play import Game, ban, edge, licence, script, shock, table

VIOLATOR = {"us": {"a": ban()}, "cn": {"b": ban(level=1, obligation=0, dependence=0.0)}}


def seen_bad(tree, u, week=1, side="us"):
    game = Game(tree, {(week, "signal", side): u}).to(week)
    return bool((game.us if side == "us" else game.cn).saw_bad)


def chance_is(tree, chance, week=1, side="us"):
    """That a bad signal has exactly this chance."""
    lucky, unlucky = edge(chance)
    assert chance == 0.0 or seen_bad(tree, lucky, week, side)
    assert chance >= 1.0 or not seen_bad(tree, unlucky, week, side)


# Noise


@pytest.mark.parametrize("miss", [0.0, 0.25, 1.0])
def test_a_violation_is_seen_but_for_misses(miss):
    chance_is(table(VIOLATOR, us={"miss": miss}), 1.0 - miss)


@pytest.mark.parametrize("alarm", [0.0, 0.25, 1.0])
def test_good_conduct_is_seen_as_bad_by_false_alarm(alarm):
    chance_is(table(us={"false_alarm": alarm}), alarm)


def test_errors_are_those_of_the_one_who_sees():
    tree = table(us={"false_alarm": 0.25}, cn={"false_alarm": 0.5})
    chance_is(tree, 0.25, side="us")
    chance_is(tree, 0.5, side="cn")
    sides = {"us": {"miss": 0.25}, "cn": {"miss": 0.5}}
    both = {"us": {"a": ban(level=1, obligation=0)}, "cn": {"b": ban(level=1, obligation=0)}}
    chance_is(table(both, **sides), 0.75, side="us")
    chance_is(table(both, **sides), 0.5, side="cn")


def test_what_is_seen_is_what_was_executed_this_week():
    game = Game(table(cn={"policy": script("HRC")}), {})
    assert [game.week().us.saw_bad for _ in range(3)] == [0, 1, 0]


# Service


def office(**values):
    return {"us": {"a": ban()}, "cn": {"b": licence(dependence=0.0, **values)}}


def test_a_slow_office_of_a_complying_side_is_read_as_bad():
    """q = .8, s = .2: y = .75, between false alarm and miss."""
    levers = office(capacity=0.2, expected_by_target=0.8)
    chance_is(table(levers), (0.8 - 0.2) / 0.8)
    noisy = table(levers, us={"false_alarm": 0.1, "miss": 0.3})
    chance_is(noisy, 0.1 + (1.0 - 0.1 - 0.3) * ((0.8 - 0.2) / 0.8))


def test_service_at_or_above_what_is_expected_is_no_gap():
    chance_is(table(office(capacity=0.8, expected_by_target=0.8)), 0.0)
    chance_is(table(office(capacity=0.9, expected_by_target=0.8)), 0.0)


def test_an_expectation_of_0_gives_no_gap():
    chance_is(table(office(capacity=0.0, expected_by_target=0.0)), 0.0)


def test_a_squeeze_that_is_allowed_is_no_gap():
    allowed = {"level": 1, "squeeze": 0.25, "expected_by_target": 1.0}
    chance_is(table(office(**allowed)), 0.0)
    chance_is(table(office(**allowed, capacity=0.5)), 0.5)


def test_an_office_that_is_not_listed_or_gone_is_not_looked_at():
    slow = {"capacity": 0.1, "expected_by_target": 1.0}
    chance_is(table(office(listed=False, **slow)), 0.0)
    gone = table(office(**slow), shocks=[shock(1, "cn.b", remove=True)])
    chance_is(gone, 0.0)


def test_the_largest_gap_counts_and_ties_go_to_the_first():
    slow = {"dependence": 0.0, "expected_by_target": 1.0}
    levers = {
        "cn": {
            n: licence(capacity=c, **slow)
            for n, c in zip("abcd", (0.9, 0.4, 0.2, 0.2), strict=True)
        }
    }
    game = Game(table(levers), {}).week()
    assert (game.us.gap, game.us.gap_lever) == (0.8, 2)
    chance_is(table(levers), 0.8)


def test_own_offices_are_not_looked_at():
    levers = {"us": {"a": licence(capacity=0.1, expected_by_target=1.0)}}
    game = Game(table(levers), {}).week()
    assert (game.us.gap, game.us.gap_lever) == (0.0, -1)
    assert game.cn.gap == 0.9


def test_a_gap_is_read_harder_by_those_who_feel_it():
    """theta + (1 - theta) F, F of the end of last week: none in week 1, .5 in week 2."""
    slow = licence(capacity=0.5, dependence=1.0, expected_by_target=1.0)
    for theta in (0.0, 0.25, 1.0):
        tree = table({"cn": {"b": slow}}, us={"felt": theta})
        chance_is(tree, 0.5 * theta)
        chance_is(tree, 0.5 * (theta + (1.0 - theta) * 0.5), week=2)


def test_in_week_1_the_shortage_felt_is_that_of_the_history():
    past = [{"date": "2025-04-28", "level": 0}]
    slow = licence(capacity=0.5, expected_by_target=1.0, history=past, harm_weight=0.5)
    tree = table({"cn": {"b": slow}}, us={"felt": 0.0})
    chance_is(tree, 0.5 * (0.5 * 0.5))


def test_a_violation_is_seen_whatever_the_service():
    levers = office(capacity=0.5, expected_by_target=1.0)
    levers["cn"]["x"] = ban(level=1, obligation=0)
    chance_is(table(levers, us={"miss": 0.25, "false_alarm": 0.25}), 0.75)


# The offence


@pytest.mark.parametrize(("severity", "offence"), [(0.5, 1.0), (3.0, 3.0)])
def test_the_offence_of_a_violation_is_its_rung_at_least_1(severity, offence):
    levers = {"cn": {"b": ban(level=1, obligation=0, severity=severity)}}
    assert Game(table(levers), {}).week().us.offence == offence


@pytest.mark.parametrize(("severity", "offence"), [(1.0, 1.0), (4.0, 4.0 * 0.75)])
def test_the_offence_of_a_slow_office_is_its_gap_times_its_severity(severity, offence):
    levers = office(capacity=0.25, expected_by_target=1.0, severity=severity)
    game = Game(table(levers), {(1, "signal", "us"): 0.0}).week()
    assert game.us.offence == offence


def test_the_gap_in_the_offence_is_the_felt_one():
    levers = office(capacity=0.25, expected_by_target=1.0, severity=4.0)
    game = Game(table(levers, us={"felt": 0.5}), {(1, "signal", "us"): 0.0}).week()
    assert game.us.offence == 4.0 * 0.375


def test_the_offence_is_the_larger_of_rung_and_service():
    for severity, offence in ((2.0, 2.0), (5.0, 0.75 * 5.0)):
        levers = office(capacity=0.25, expected_by_target=1.0, severity=severity)
        levers["cn"]["x"] = ban(level=1, obligation=0, severity=2.0)
        assert Game(table(levers), {}).week().us.offence == offence


def test_a_good_signal_is_no_offence_whatever_stands_behind_it():
    levers = {"cn": {"b": ban(level=1, obligation=0, severity=3.0)}}
    assert Game(table(levers, us={"miss": 1.0}), {}).week().us.offence == 1.0


def test_an_offence_is_of_its_own_week():
    levers = {"cn": {"b": ban(level=1, obligation=0, severity=3.0)}}
    game = Game(table(levers, shocks=[shock(2, "cn.b", level=0)]), {}).to(2)
    assert [game.memory(t, 0).offence for t in (1, 2)] == [3.0, 1.0]


def test_the_office_may_be_the_first_lever_of_all():
    slow = licence(capacity=0.25, expected_by_target=1.0, severity=4.0)
    game = Game(table({"us": {"a": slow}}), {(1, "signal", "cn"): 0.0}).week()
    assert game.cn.offence == 4.0 * 0.75


# Why


def test_a_bad_signal_of_a_complying_side_says_why():
    levers = {"us": {"a": ban()}, "cn": {"x": ban(), **office(capacity=0.5)["cn"]}}
    levers["cn"]["b"] = levers["cn"]["b"] | {"expected_by_target": 1.0}
    tree = table(levers, us={"false_alarm": 0.25})
    names = ("overdue", "shock", "misread", "slow_licences")
    low, high = edge(0.25)
    for u, cause, item in ((low, "misread", -1), (high, "slow_licences", 2)):
        game = Game(tree, {(1, "signal", "us"): u}).week()
        row = game.memory(1, 0)
        assert (names[row.alarm], row.alarm_item, row.other_violates) == (cause, item, 0)


def test_a_bad_signal_of_a_violator_needs_no_reason():
    row = Game(table(VIOLATOR, us={"false_alarm": 0.5}), {(1, "signal", "us"): 0.0}).week()
    assert (row.memory(1, 0).alarm, row.memory(1, 0).other_violates) == (-1, 1)


def test_a_good_signal_has_no_reason_left_from_last_week():
    game = Game(table(us={"false_alarm": 0.5}), {(1, "signal", "us"): 0.0}).to(2)
    assert [(game.memory(t, 0).saw_bad, game.memory(t, 0).alarm) for t in (1, 2)] == [
        (1, 2),
        (0, -1),
    ]


def test_a_misreading_names_no_office_left_from_last_week():
    levers = {"us": {"a": ban()}, **office(capacity=0.5, expected_by_target=1.0)}
    low, high = edge(0.25)
    luck = {(1, "signal", "us"): high, (2, "signal", "us"): low}
    game = Game(table(levers, us={"false_alarm": 0.25}), luck).to(2)
    assert [game.memory(t, 0).alarm_item for t in (1, 2)] == [1, -1]


# Goods denied


def denied(weeks, lasting=2, severe=0.5, weight=1.0, notches=2, severity=2.5, **office_values):
    """Offence us reads each week in an office that serves a tenth; every signal is bad."""
    lever = licence(
        notches=notches,
        severity=severity,
        harm_weight=weight,
        expected_by_target=0.8,
        capacity=0.1,
        **office_values,
    )
    us = {"lasting_weeks": lasting, "severe_shortage": severe, "felt": 0.0}
    luck = {(week, "signal", "us"): 0.0 for week in range(1, weeks + 1)}
    wary = us | {"false_alarm": 0.01}
    game = Game(table({"us": {"a": ban()}, "cn": {"b": lever}}, us=wary), luck)
    return [float(game.week().us.offence) for _ in range(weeks)]


def test_a_severe_and_lasting_shortage_is_an_offence_of_the_whole_measure():
    """x = .9 from week 1 on: from the second week it is 2 notches of 2.5."""
    offences = denied(3)
    assert offences[0] < 2.5
    assert offences[1:] == [5.0, 5.0]


@pytest.mark.parametrize("lasting", [1, 3, 5])
def test_it_has_to_last(lasting):
    assert [offence == 5.0 for offence in denied(5, lasting)] == [
        week >= lasting for week in range(1, 6)
    ]


def test_it_has_to_last_without_a_break():
    """The stock covers week 2 of three, so the count begins anew."""
    lever = licence(notches=2, severity=2.5, expected_by_target=0.8, capacity=0.1)
    us = {"lasting_weeks": 2, "false_alarm": 0.01}
    luck = {(week, "signal", "us"): 0.0 for week in range(1, 6)}
    game = Game(table({"us": {"a": ban()}, "cn": {"b": lever}}, us=us), luck).week()
    game.at("cn.b").stock = 1.0
    assert [float(game.week().us.offence) == 5.0 for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize(("weight", "grave"), [(0.5, False), (0.6, True), (2.0, True)])
def test_what_is_critical_is_said_by_the_harm_weight(weight, grave):
    """x = .9, severe from w x = .5: weights of 5/9 and more."""
    assert (denied(3, weight=weight)[2] == 5.0) == grave


def test_an_office_that_gives_what_is_expected_denies_nothing():
    lever = licence(notches=2, severity=2.5, expected_by_target=0.05, capacity=0.1)
    us = {"lasting_weeks": 1, "false_alarm": 0.01}
    game = Game(table({"us": {"a": ban()}, "cn": {"b": lever}}, us=us), {(1, "signal", "us"): 0.0})
    assert game.week().us.offence == 1.0
    assert game.at("cn.b").short > 0.5


def test_a_shortage_is_an_offence_only_where_it_is_seen():
    lever = licence(notches=2, severity=2.5, expected_by_target=0.8, capacity=0.1)
    us = {"lasting_weeks": 1, "felt": 0.0}
    game = Game(table({"us": {"a": ban()}, "cn": {"b": lever}}, us=us), {})
    assert (game.week().us.saw_bad, game.us.offence) == (0, 1.0)


def test_it_is_off_by_default():
    assert max(denied(5, lasting=0)) < 2.5
    assert Scenario.load("base/us-china").spec.actors["us"].lasting_weeks == 0
