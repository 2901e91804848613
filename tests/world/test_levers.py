"""Step 3: retaliation towards a rung, concession, and the noise between order and act."""

import math

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario
from tests.world.play import CN, ECHO, US, Game, ban, edge, licence, script, shock, table

R, C = {"policy": script("R")}, {"policy": script("C")}


def us_game(levers, luck=None, **us):
    return Game(table({"us": levers, "cn": {"x": ban()}}, us=us), luck or {})


# Retaliate


@pytest.mark.parametrize("ratio", [0.25, 0.5, 0.9])
def test_a_notch_is_pulled_with_probability_of_what_is_missing_over_its_severity(ratio):
    lever = {"a": ban(severity=2.0)}
    us = R | {"proportionality": 2.0 * ratio}
    for u, pulled in zip(edge(ratio), (1, 0), strict=True):
        assert us_game(lever, {(1, "pull", 0, 1): u}, **us).week().levels() == [pulled, 0]


def test_the_target_is_proportionality_times_the_offence_of_the_reading():
    """cn stands on a rung of 3 from week 1: us at half of that goes to 1.5 in notches of 1."""
    levers = {"us": {"a": ban(notches=9)}, "cn": {"x": ban(severity=3.0, level=1, obligation=0)}}
    us = {"policy": ECHO, "proportionality": 0.5, "stride": 9}
    for u, notches in ((0.4, 2), (0.6, 1)):
        luck = {(2, "pull", 0, 1): 0.99, (2, "pull", 0, 2): u}
        assert Game(table(levers, us=us), luck).to(2).level("us.a") == notches


def test_without_a_reading_the_offence_is_one():
    """The other stands on 3, but week 1 reads nothing: one notch, not three."""
    levers = {"us": {"a": ban(notches=9)}, "cn": {"x": ban(severity=3.0, level=1, obligation=0)}}
    us = {"policy": script("R"), "stride": 9, "reaction_delay": 1}
    game = Game(table(levers, us=us), {})
    assert [game.week().level("us.a") for _ in range(4)] == [1, 1, 3, 3]


def test_the_offence_is_that_of_the_week_read_not_of_last_week():
    """cn stands on 3 in week 1 and on 0 from week 2; with a delay of 1, week 3 answers the 3."""
    levers = {"us": {"a": ban(notches=9)}, "cn": {"x": ban(severity=3.0, level=1, obligation=0)}}
    us = {"policy": script("HR"), "stride": 9, "reaction_delay": 1}
    game = Game(table(levers, us=us, cn={"policy": script("HC")}), {})
    assert [game.week().cn.rung for _ in range(3)] == [3.0, 0.0, 0.0]
    assert game.level("us.a") == 3


def test_the_offence_counts_one_when_the_reading_was_good():
    levers = {"us": {"a": ban(notches=9)}, "cn": {"x": ban()}}
    us = {"policy": script("HR"), "stride": 9, "proportionality": 2.0}
    game = Game(table(levers, us=us), {}).to(2)
    assert game.level("us.a") == 2


def test_what_has_been_pulled_this_week_counts_and_the_first_refusal_ends_it():
    """r = 2.5, notches of 1: two for certain, the third with probability a half."""
    lever = {"a": ban(notches=9)}
    us = R | {"proportionality": 2.5, "stride": 9}
    for u, notches in ((0.4, 3), (0.6, 2)):
        assert us_game(lever, {(1, "pull", 0, 3): u}, **us).week().level("us.a") == notches
    refused = {(1, "pull", 0, 2): 1.0 - 2.0**-32}
    half = R | {"proportionality": 1.5, "stride": 9}
    two = {"a": ban(), "b": ban(severity=9.0), "c": ban(own_cost=5.0)}
    assert us_game(two, refused, **half).week().levels() == [1, 0, 0, 0]


def test_after_a_refusal_no_other_lever_is_tried():
    levers = {"big": ban(severity=9.0), "small": ban(severity=0.1, own_cost=1.0)}
    game = us_game(levers, **R | {"stride": 9}).week()
    assert game.levels() == [0, 0, 0]


def test_after_a_refusal_the_next_pick_of_the_week_is_not_tried_either():
    """By uniform choice the second pick would be another lever, pulled for certain."""
    levers = {"big": ban(severity=9.0), "small": ban(severity=0.1)}
    picks = {(1, "pick", "us", 0): 0.0, (1, "pick", "us", 1): 0.9}
    us = R | {"stride": 9, "lever_choice": "uniform"}
    assert us_game(levers, picks, **us).week().levels() == [0, 0, 0]
    swapped = {(1, "pick", "us", 0): 0.9, (1, "pick", "us", 1): 0.0}
    assert us_game(levers, swapped, **us).week().levels() == [0, 1, 0]


@pytest.mark.parametrize("stride", [1, 2, 5])
def test_at_most_stride_notches_a_week(stride):
    us = R | {"proportionality": 9.0, "stride": stride}
    game = us_game({"a": ban(notches=20)}, **us)
    assert [game.week().level("us.a") for _ in range(2)] == [stride, min(2 * stride, 9)]


def test_reached_starts_from_the_rung_at_the_end_of_last_week():
    """A shock of this week lifts the rung to 1; it is not counted, so one more is pulled."""
    law = [shock(2, "us.b", level=1)]
    levers = {"us": {"a": ban(), "b": ban(own_cost=1.0)}}
    game = Game(table(levers, us={"policy": script("HRR")}, shocks=law), {})
    assert [game.week().us.rung for _ in range(3)] == [0.0, 2.0, 2.0]


def test_room_reads_the_level_of_now():
    """A shock of this week fills the lever, so there is no room on it."""
    law = [shock(1, "us.a", level=1)]
    levers = {"us": {"a": ban(), "b": ban(own_cost=1.0)}}
    assert Game(table(levers, us=R, shocks=law), {}).week().levels() == [1, 1]


def test_a_stretch_repeats_its_luck_so_the_rung_does_not_creep():
    """r = 1.5: the luck of the first week decides on the second notch for the whole stretch."""
    us = R | {"proportionality": 1.5, "stride": 4}
    for u, rung in ((0.4, 2.0), (0.6, 1.0)):
        game = us_game({"a": ban(notches=9)}, {(1, "pull", 0, 2): u}, **us)
        assert [game.week().us.rung for _ in range(8)] == [rung] * 8


def test_the_luck_of_later_weeks_is_not_asked_while_a_stretch_lasts():
    """A notch refused in the first week stays refused; a new stretch has luck of its own."""
    later = {(week, "pull", 0, 2): 0.0 for week in range(2, 9)}
    us = {"policy": script("RRRHR"), "proportionality": 1.5, "stride": 4}
    game = us_game({"a": ban(notches=9)}, later, **us)
    assert [game.week().us.rung for _ in range(6)] == [1.0, 1.0, 1.0, 1.0, 2.0, 2.0]


def test_the_rung_expected_over_a_stretch_is_r_whatever_the_levers_sizes():
    """Mean over the luck of 400 runs of the rung at r = 2.3, within 4 standard errors."""
    levers = {"us": {"a": ban(notches=2, severity=0.7), "b": ban(notches=5, severity=1.6)}}
    game = Game(table(levers, us=R | {"proportionality": 2.3, "stride": 16}, weeks=1), seed=1)
    rungs = []
    for index in range(400):
        game.begin(index)
        rungs.append(float(game.week().us.rung))
    mean = sum(rungs) / len(rungs)
    variance = sum((rung - mean) ** 2 for rung in rungs) / len(rungs)
    assert abs(mean - 2.3) < 4 * math.sqrt(variance / len(rungs))


def test_nothing_is_pulled_at_or_above_the_target():
    assert us_game({"a": ban(notches=9)}, **R).to(5).us.rung == 1.0
    assert us_game({"a": ban()}, **R | {"proportionality": 0.0}).to(3).us.rung == 0.0


# Concede


def test_a_concession_takes_one_notch_a_week_down_to_the_final_obligation():
    lever = {"a": ban(notches=9, level=6, obligation=2)}
    game = us_game(lever, **C)
    assert [game.week().level("us.a") for _ in range(6)] == [5, 4, 3, 2, 2, 2]


def test_nobody_concedes_below_the_obligation():
    assert us_game({"a": ban(notches=2, level=1)}, **C).to(3).levels() == [1, 0]


def test_nobody_undoes_a_shock_in_the_week_it_falls():
    law = [shock(2, "us.a", level=1)]
    game = Game(table({"us": {"a": ban()}}, us=C, shocks=law), {})
    assert [game.week().level("us.a") for _ in range(3)] == [0, 1, 0]


def test_a_lever_brought_down_this_week_has_nothing_left_to_concede():
    """It stood above its obligation last week; a shock of this week brought it there."""
    law = [shock(2, "us.a", change=-1)]
    levers = {"us": {"a": ban(notches=3, level=2, obligation=1)}}
    game = Game(table(levers, us={"policy": script("HC")}, shocks=law), {})
    assert game.to(2).level("us.a") == 1


def test_those_above_what_counts_come_first_then_those_not_yet_due():
    levers = {
        "later": ban(level=1, obligation=0, due_weeks=9, believed_value=0.0),
        "due": ban(level=1, obligation=0, believed_value=0.9),
        "due_too": ban(level=1, obligation=0, believed_value=0.5),
    }
    game = us_game(levers, **{"policy": script("HC")}).to(1)
    downs = [game.week().levels()[:3] for _ in range(3)]
    assert downs == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_what_counts_for_that_order_is_what_counted_last_week():
    """`due` falls due in step 1 of week 1, so in week 1 both count as not yet due."""
    levers = {
        "due": ban(level=1, obligation=0, believed_value=0.9),
        "later": ban(level=1, obligation=0, due_weeks=9, believed_value=0.1),
    }
    assert us_game(levers, **C).week().levels() == [1, 0, 0]
    assert us_game(levers, **{"policy": script("HC")}).to(2).levels() == [0, 1, 0]


def test_within_each_the_lowest_score_first_and_ties_to_the_first():
    levers = {n: ban(level=1, obligation=0) for n in ("a", "b", "c")}
    levers["b"] = ban(level=1, obligation=0, believed_value=0.4)
    game = us_game(levers, **C)
    downs = [game.week().levels()[:3] for _ in range(3)]
    assert downs == [[1, 0, 1], [0, 0, 1], [0, 0, 0]]
    later = {n: ban(level=1, obligation=0, due_weeks=9) for n in ("a", "b")}
    assert us_game(later, **C).week().levels() == [0, 1, 0]


@pytest.mark.parametrize("friction", [0.3, 0.74])
def test_friction_and_a_learned_value_keep_a_lever_where_it_is(friction):
    """It comes down with probability (1 - friction)(1 - retention v)."""
    lever = {"a": ban(level=1, obligation=0, friction=friction, believed_value=0.6)}
    chance = (1.0 - friction) * (1.0 - 0.5 * 0.6)
    us = C | {"retention": 0.5}
    for u, left in zip(edge(chance), (0, 1), strict=True):
        assert us_game(lever, {(1, "friction", "us"): u}, **us).week().levels() == [left, 0]


def test_a_concession_without_a_candidate_is_no_act():
    game = us_game({"a": ban()}, **C).week()
    assert (game.us.moved, game.us.backed_down, game.us.rung) == (0, 0, 0.0)


# What an act leaves behind


def test_a_pull_sets_moved_and_the_issue():
    levers = {"us": {"a": ban(), "b": ban()}, "cn": {"b": ban(), "a": ban()}}
    game = Game(table(levers, us={"policy": script("RH")}, cn=R), {}).week()
    assert (game.us.moved, game.us.backed_down) == (1, 0)
    assert game.us.pull_issue == game.p.levers.issue[0] == game.p.levers.issue[3]
    assert game.cn.pull_issue == game.p.levers.issue[1] == game.p.levers.issue[2]
    game.week()
    assert (game.us.moved, game.us.other_pull_issue) == (0, game.p.levers.issue[1])
    assert game.us.pull_issue == game.p.levers.issue[0]


def test_a_notch_down_sets_moved_and_backed_down():
    game = us_game({"a": ban(level=1, obligation=0)}, **C)
    game.week()
    assert (game.us.moved, game.us.backed_down) == (1, 1)
    assert game.us.pull_issue == -1
    game.week()
    assert (game.us.moved, game.us.backed_down) == (0, 0)


def test_a_pull_lists_a_licence_lever_that_week_before_supply():
    lever = licence(listed=False, squeeze=0.25, capacity=1.0)
    game = Game(table({"us": {"a": lever}}, us=R), {}).week()
    assert game.at("us.a").listed == 1
    assert game.at("us.a").flow == 0.25


def test_a_notch_down_leaves_the_listing_and_a_ban_is_never_listed():
    levers = {"us": {"a": licence(level=1, obligation=0, listed=False), "b": ban()}}
    game = Game(table(levers, us={"policy": script("CCR")}), {}).to(2)
    assert game.levels() == [0, 0]
    assert game.s.levers.listed.tolist() == [1, 0]


# Noise: agencies


def test_a_failed_order_stops_the_whole_retaliation_and_nothing_else():
    us = R | {"slip_fail": 0.5, "proportionality": 3.0, "stride": 3}
    game = us_game({"a": ban(notches=9)}, {(1, "slip_fail", "us"): 0.49}, **us)
    assert game.week().us.rung == 0.0
    assert game.week().us.rung == 3.0
    lever = {"a": ban(level=1, obligation=0)}
    meek = C | {"slip_fail": 1.0}
    assert us_game(lever, **meek).week().levels() == [0, 0]


def test_a_slip_is_below_its_probability_a_failed_order_too():
    edge = {(1, "slip_fail", "us"): 0.5, (1, "slip", "us"): 0.5}
    assert us_game({"a": ban()}, edge, **R | {"slip_fail": 0.5}).week().us.rung == 1.0
    assert us_game({"a": ban()}, edge, slip=0.5).week().us.rung == 0.0


def test_a_slip_comes_after_the_act_whatever_r_and_stride():
    us = R | {"slip": 1.0, "slip_fail": 1.0}
    assert us_game({"a": ban(notches=9)}, **us).to(3).us.rung == 3.0
    both = R | {"slip": 1.0}
    assert us_game({"a": ban(notches=9)}, **both).week().us.rung == 2.0
    meek = C | {"slip": 1.0}
    game = us_game({"a": ban(level=1, obligation=0)}, **meek).week()
    assert game.level("us.a") == 1


def test_a_slip_chooses_uniformly_whatever_the_scores():
    levers = {"a": ban(), "b": ban(own_cost=9.0), "c": ban()}
    for u, expected in ((0.33, [1, 0, 0]), (0.34, [0, 1, 0]), (0.67, [0, 0, 1])):
        game = us_game(levers, {(1, "slip_lever", "us"): u}, slip=1.0).week()
        assert game.levels()[:3] == expected


def test_no_agency_moves_a_core_lever_or_one_that_is_gone_or_full():
    levers = {"core": ban(), "gone": ban(), "full": ban(level=1), "low": ban(own_cost=9.0)}
    court = [shock(1, "us.gone", remove=True)]
    tree = table(
        {"us": levers}, us={"slip": 1.0}, truce={"core": ["us.core"]}, shocks=court, weeks=3
    )
    for u in (0.0, 0.5, 0.999):
        game = Game(tree, {(1, "slip_lever", "us"): u}).week()
        assert game.levels() == [0, 0, 1, 1]
    assert game.week().levels() == [0, 0, 1, 1]


def test_an_agency_may_pull_a_lever_conceded_ahead_of_its_date():
    lever = {"a": ban(level=1, obligation=0, due_weeks=9)}
    game = us_game(lever, {(2, "slip", "us"): 0.0}, **C | {"slip": 0.5})
    assert [game.week().level("us.a") for _ in range(2)] == [0, 1]
    assert game.origin(US) is None


# Noise: the textbook


def flip(levers, luck, us, weeks=1):
    return Game(table({"us": levers, "cn": {"x": ban()}}, us=us, noise="flip"), luck).to(weeks)


def test_a_flipped_retaliation_is_a_concession_with_its_friction():
    lever = {"a": ban(notches=3, level=2, obligation=0, friction=0.5)}
    slip = {(1, "slip", "us"): 0.0}
    us = R | {"slip": 0.5, "proportionality": 9.0}
    assert flip(lever, slip | {(1, "friction", "us"): 0.49}, us).level("us.a") == 1
    assert flip(lever, slip | {(1, "friction", "us"): 0.5}, us).level("us.a") == 2
    assert flip(lever, {}, us).level("us.a") == 3


@pytest.mark.parametrize("move", ["H", "C"])
def test_a_flipped_hold_or_concession_pulls_the_best_lever_for_certain(move):
    levers = {"a": ban(level=1, obligation=0), "b": ban(severity=9.0), "c": ban(own_cost=1.0)}
    us = {"policy": script(move), "slip": 0.5, "proportionality": 0.0}
    assert flip(levers, {(1, "slip", "us"): 0.49}, us).levels() == [1, 1, 0, 0]
    assert flip(levers, {(1, "slip", "us"): 0.5}, us).levels() == [int(move == "H"), 0, 0, 0]


def test_a_flipped_pull_by_uniform_choice_uses_the_first_pick():
    levers = {"a": ban(), "b": ban(), "c": ban()}
    us = {"slip": 1.0, "lever_choice": "uniform"}
    luck = {(1, "pick", "us", 0): 0.4}
    assert flip(levers, luck, us).levels() == [0, 1, 0, 0]


def test_a_flip_without_room_is_no_act():
    assert flip({"a": ban(level=1)}, {}, {"slip": 1.0}, 2).levels() == [1, 0]


def test_flip_noise_has_no_failed_orders_and_no_agency():
    us = R | {"slip_fail": 1.0}
    assert flip({"a": ban()}, {}, us).levels() == [1, 0]
    core = Game(
        table({"us": {"a": ban()}}, us={"slip": 1.0}, noise="flip", truce={"core": ["us.a"]}), {}
    )
    assert core.week().levels() == [1]


def test_luck_is_each_side_s_own():
    """Each of 200 seeds: the slips of one side say nothing about the other's."""
    both = {"slip": 0.5}
    pairs = set()
    for seed in range(40):
        game = Game(table(us=both, cn=both, noise="flip"), seed=seed).week()
        pairs.add(tuple(game.levels()))
    assert pairs == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert CN == 1


# Packages


def test_a_package_is_a_notch_of_several_levers():
    """r = 9 on levers of 4, 3 and 2, best scored first: one notch of each, not two of the best."""
    levers = {
        "visas": ban(severity=2.0, own_cost=0.4, notches=3),
        "software": ban(severity=4.0, own_cost=0.1, notches=3),
        "engines": ban(severity=3.0, own_cost=0.2, notches=3),
    }
    us = R | {"proportionality": 9.0, "stride": 1, "package": 3}
    game = us_game(levers, **us).week()
    assert game.levels() == [1, 1, 1, 0]
    assert us_game(levers, **us | {"package": 0, "stride": 3}).week().levels() == [0, 2, 0, 0]


@pytest.mark.parametrize("package", [1, 2, 3])
def test_a_package_has_at_most_so_many_levers(package):
    levers = {name: ban() for name in "abc"}
    us = R | {"proportionality": 9.0, "stride": 9, "package": package}
    assert sum(us_game(levers, **us).week().levels()) == package


def test_a_package_goes_no_higher_than_the_answer():
    levers = {name: ban() for name in "abc"}
    for u, size in ((0.4, 2), (0.6, 1)):
        us = R | {"proportionality": 1.5, "package": 3}
        game = us_game(levers, {(1, "pull", 1, 1): u}, **us).week()
        assert sum(game.levels()) == size


@pytest.mark.parametrize("choice", ["value", "uniform", "mirror"])
def test_next_week_a_lever_may_be_in_a_package_again(choice):
    levers = {name: ban(notches=9) for name in "ab"}
    us = R | {"proportionality": 99.0, "package": 2, "lever_choice": choice}
    game = us_game(levers, **us)
    assert [game.week().levels()[:2] for _ in range(3)] == [[1, 1], [2, 2], [3, 3]]


def test_an_agency_may_pull_what_is_in_the_package():
    us = R | {"package": 1, "slip": 1.0}
    assert (
        us_game({"a": ban(notches=3)}, {(1, "slip_lever", "us"): 0.0}, **us).week().levels()[0] == 2
    )


def hurting(luck=None, **us):
    """us answers week 1, short of all it buys through cn.x (w = 1, x = .5): F = .5."""
    levers = {
        "us": {"a": ban(notches=9)},
        "cn": {"x": ban(severity=2.0, level=1, obligation=0, dependence=0.5)},
    }
    return Game(table(levers, us={"policy": ECHO, "stride": 9} | us), luck or {}).to(2)


@pytest.mark.parametrize(("hurt", "notches"), [(0.0, 2), (1.0, 3), (2.0, 4)])
def test_the_more_the_shortage_hurts_the_larger_the_answer(hurt, notches):
    game = hurting(hurt=hurt)
    assert game.us.felt == 0.5
    assert game.level("us.a") == notches


def test_without_a_reading_nothing_hurts():
    us = {"hurt": 9.0, "policy": script("R"), "reaction_delay": 5, "stride": 9}
    assert hurting(**us).level("us.a") == 1


def test_a_package_larger_than_there_are_levers_is_refused():
    with pytest.raises(ScenarioError) as error:
        us_game({"a": ban(), "b": ban()}, package=3)
    (problem,) = error.value.problems
    assert (problem.path, problem.found) == ("actors.us.package", "3")
    assert problem.allowed == "0 to 2, the levers of us"


def test_packages_are_off_by_default():
    for actor in Scenario.load("base/us-china").spec.actors.values():
        assert (actor.package, actor.hurt) == (0, 0.0)
