"""Step 10: when talks are held, and what a meeting changes."""

import pytest

from tests.world.play import (
    CN,
    ECHO,
    US,
    Game,
    ban,
    day,
    edge,
    licence,
    meeting,
    script,
    shock,
    table,
)

SURE = {"talks_rate": 1.0, "cooldown_weeks": 0, "relief": 0.0}


def talked(game, weeks):
    """Weeks of talks."""
    return [t for t in range(1, weeks + 1) if game.week().run.talks_week == t]


# When


def test_no_strain_no_talks():
    assert talked(Game(table(talks=SURE), {}), 6) == []


@pytest.mark.parametrize("side", ["us", "cn"])
def test_a_violation_is_a_strain(side):
    tree = table(**{side: {"policy": script("HR")}}, talks=SURE)
    assert talked(Game(tree, {}), 3)[:1] == [2]


@pytest.mark.parametrize("side", ["us", "cn"])
def test_a_bad_signal_is_a_strain(side):
    tree = table(**{side: {"false_alarm": 0.5}}, talks=SURE)
    assert talked(Game(tree, {(3, "signal", side): 0.0}), 5) == [3]


def test_a_truce_no_longer_in_force_is_a_strain():
    tree = table(truce={}, talks=SURE, shocks=[shock(2, ends_truce=True)])
    assert talked(Game(tree, {}), 4) == [2]


def test_no_truce_at_all_is_no_strain():
    assert talked(Game(table(talks=SURE), {}), 4) == []


def test_talks_wait_for_the_cooldown():
    tree = table(us={"policy": script("R")}, talks=SURE | {"cooldown_weeks": 3}, weeks=10)
    assert talked(Game(tree, {}), 10) == [1, 5, 9]


@pytest.mark.parametrize(
    ("since", "weeks"), [(0, [4, 8]), (1, [3, 7]), (3, [1, 5, 9]), (9, [1, 5, 9])]
)
def test_a_round_before_the_start_keeps_its_distance_too(since, weeks):
    talks = SURE | {"cooldown_weeks": 3, "since_weeks": since}
    tree = table(us={"policy": script("R")}, talks=talks, weeks=10)
    assert talked(Game(tree, {}), 10) == weeks


def test_forced_talks_do_not_wait_for_a_round_before_the_start():
    talks = SURE | {"cooldown_weeks": 3, "since_weeks": 0}
    tree = table(us={"policy": script("R")}, talks=talks, shocks=[meeting(2)])
    assert talked(Game(tree, {}), 7) == [2, 6]


def test_forced_talks_do_not_wait_and_start_a_cooldown():
    tree = table(
        us={"policy": script("R")},
        talks=SURE | {"cooldown_weeks": 3},
        shocks=[meeting(3)],
    )
    assert talked(Game(tree, {}), 8) == [1, 3, 7]


def test_forced_talks_need_no_strain_and_happen_once():
    assert talked(Game(table(shocks=[meeting(2)]), {}), 4) == [2]


def test_within_the_cooldown_talks_come_at_a_rate_of_its_own_and_then_by_pressure_again():
    """Talks in week 1, cooldown through 4: .25 in 2 to 4 though pressure would force them."""
    yes, no = edge(0.25)
    talks = SURE | {"cooldown_weeks": 3, "cooldown_rate": 0.25}
    tree = table(us={"policy": script("R")}, talks=talks)
    assert talked(Game(tree, {(3, "talks"): yes}), 5) == [1, 3]
    luck = {(week, "talks"): no for week in (2, 3, 4)}
    assert talked(Game(tree, luck), 5) == [1, 5]


def test_talks_within_the_cooldown_need_a_strain_and_heed_reluctance():
    calm = table(talks=SURE | {"since_weeks": 0, "cooldown_weeks": 9, "cooldown_rate": 1.0})
    assert talked(Game(calm, {}), 4) == []
    cn = {"reluctance": 0.5}
    talks = SURE | {"since_weeks": 0, "cooldown_weeks": 9, "cooldown_rate": 0.5}
    tree = table(us={"policy": script("R")}, cn=cn, talks=talks)
    chance_of(tree, 1)(0.5 * (1 - 0.5 * 1.0))


def chance_of(tree, week):
    """That talks in a week have this chance: they happen just below it and not at it."""

    def check(chance):
        yes, no = edge(chance)
        assert talked(Game(tree, {(week, "talks"): yes}), week) == [week]
        assert talked(Game(tree, {(week, "talks"): no}), week) == []

    return check


def test_the_chance_is_the_rate_plus_pressure_of_the_more_pressed():
    """cn is bitten by .5 from week 1 on: G_cn = .2 * .5 in week 1; us not at all."""
    levers = {"us": {"a": ban(bite=0.5)}, "cn": {"b": ban()}}
    us = {"policy": script("R"), "pressure_smoothing": 0.9}
    tree = table(levers, us=us, cn={"pressure_smoothing": 0.2}, talks={"talks_rate": 0.1})
    tree["talks"]["talks_pressure"] = 1.5
    chance_of(tree, 1)(0.1 + 1.5 * (0.2 * 0.5))
    mirrored = {"us": {"a": ban()}, "cn": {"b": ban(bite=0.5)}}
    sides = {"us": {"pressure_smoothing": 0.2}, "cn": {"policy": script("R")}}
    other = table(mirrored, **sides, talks=tree["talks"])
    chance_of(other, 1)(0.1 + 1.5 * (0.2 * 0.5))


def test_the_chance_is_at_most_one_before_reluctance():
    levers = {"us": {"a": ban()}, "cn": {"b": ban()}}
    cn = {"pressure_smoothing": 1.0, "reluctance": 0.25}
    tree = table(levers, us={"policy": script("R")}, cn=cn, talks={"talks_pressure": 9.0})
    chance_of(tree, 1)(0.75)


def test_each_side_is_reluctant_by_the_other_s_rung():
    levers = {"us": {"a": ban(severity=2.0)}, "cn": {"b": ban()}}
    up = {"policy": script("R"), "proportionality": 2.0}
    us, cn = up | {"reluctance": 0.5}, up | {"reluctance": 0.125}
    tree = table(levers, us=us, cn=cn, talks={"talks_rate": 0.8})
    chance_of(tree, 1)(0.8 * (1 - 0.5 * 1.0) * (1 - 0.125 * 2.0))


def test_a_reluctance_that_is_complete_rules_talks_out_and_two_do_not_cancel():
    levers = {"us": {"a": ban(severity=4.0)}, "cn": {"b": ban(severity=4.0)}}
    both = {"policy": script("R"), "proportionality": 4.0, "reluctance": 0.9}
    tree = table(levers, us=both, cn=both, talks=SURE)
    assert talked(Game(tree, {(1, "talks"): 0.0}), 1) == []


# What a meeting changes


def test_first_talks_and_their_number_are_counted():
    tree = table(shocks=[meeting(2), meeting(5)])
    game = Game(tree, {}).to(6)
    assert (game.run.first_talks, game.run.talks_count, game.run.talks_week) == (2, 2, 5)


def test_machines_return_to_their_start():
    tree = table(
        us={"policy": script("HHHHH")}, cn={"policy": script("HHHHH")}, shocks=[meeting(4)]
    )
    game = Game(tree, {}).to(3)
    assert (game.us.state - game.us.start, game.cn.state - game.cn.start) == (2, 2)
    game.week()
    assert (game.us.state, game.cn.state) == (game.us.start, game.cn.start)


def test_talks_are_not_undone_by_the_bad_signal_that_caused_them():
    tree = table(us={"policy": ECHO, "false_alarm": 0.5}, talks=SURE)
    game = Game(tree, {(2, "signal", "us"): 0.0, (2, "talks"): 0.0}).to(4)
    assert game.run.talks_week == 2
    assert game.us.rung == 0.0


def test_runs_of_violation_start_again():
    """Both violate for ever and K is 3: talks in week 2 put the breakdown off to week 5."""
    both = {"policy": script("R")}
    truce = {"breakdown_after": 3, "unilateral_after": 0}
    tree = table(us=both, cn=both, truce=truce, shocks=[meeting(2)], talks={"relief": 0.0})
    assert Game(tree, {}).to(8).run.standing_week == 5
    assert Game(tree | {"shocks": []}, {}).to(8).run.standing_week == 3


def test_runs_of_one_side_s_violation_start_again():
    truce = {"breakdown_after": 9, "unilateral_after": 3}
    tree = table(
        us={"policy": script("R")}, truce=truce, shocks=[meeting(2)], talks={"relief": 0.0}
    )
    assert Game(tree, {}).to(8).run.standing_week == 5
    assert Game(tree | {"shocks": []}, {}).to(8).run.standing_week == 3


@pytest.mark.parametrize("boost", [0, 2])
def test_every_office_is_boosted_from_the_week_after_for_boost_weeks(boost):
    slow = licence(capacity=0.5, capacity_after_talks=0.75)
    tree = table({"us": {"a": slow}, "cn": {"b": slow}}, shocks=[meeting(2)])
    tree["talks"]["boost_weeks"] = boost
    game = Game(tree, {})
    flows = [(game.week().at("us.a").flow, game.at("cn.b").flow) for _ in range(6)]
    assert flows == [(0.75,) * 2 if 2 < t <= 2 + boost else (0.5,) * 2 for t in range(1, 7)]


def test_without_a_boosted_capacity_the_office_works_as_before():
    tree = table({"cn": {"b": licence(capacity=0.5)}}, shocks=[meeting(1)])
    game = Game(tree, {}).to(2)
    assert game.at("cn.b").flow == 0.5


def test_beliefs_values_and_pressure_are_not_reset():
    levers = {"us": {"a": ban(bite=0.5)}, "cn": {"b": ban()}}
    us = {"policy": script("R"), "value_learning": 0.3, "belief_memory": 0.9}
    cn = {"pressure_smoothing": 0.2}
    with_talks = Game(table(levers, us=us, cn=cn, shocks=[meeting(3)]), {}).to(3)
    without = Game(table(levers, us=us, cn=cn), {}).to(3)
    for one, two in ((with_talks.us, without.us), (with_talks.cn, without.cn)):
        assert (one.good_count, one.bad_count) == (two.good_count, two.bad_count)
        assert one.pressure == two.pressure
    assert with_talks.cn.pressure > 0.0
    assert with_talks.s.levers.value.tolist() == without.s.levers.value.tolist()


# Deals


def deal(name, date=None, **levels):
    terms = [{"lever": key.replace("_", "."), "level": level} for key, level in levels.items()]
    return {"name": name, "levers": terms} | ({} if date is None else {"date": date})


def test_a_deal_puts_its_levers_on_the_agreed_level_which_counts_and_is_owed():
    levers = {"us": {"a": ban(notches=5, level=4, obligation=2, due_weeks=9)}}
    levers["cn"] = {"b": ban(notches=5, level=3, obligation=0)}
    tree = table(levers, shocks=[meeting(2)], deals=[deal("swap", us_a=1, cn_b=2)])
    game = Game(tree, {}).to(1)
    assert (game.levels(), game.cn.rung) == ([4, 3], 3.0)
    game.week()
    assert game.levels() == [1, 2]
    assert game.s.levers.counts.tolist() == game.s.levers.obligation.tolist() == [1, 2]
    assert (game.us.rung, game.cn.rung, game.origin(CN)) == (0.0, 0.0, None)


def test_a_deal_is_struck_once():
    levers = {"us": {"a": ban(notches=3, level=3)}}
    acts = [meeting(1), shock(2, "us.a", level=2), meeting(3)]
    tree = table(levers, shocks=acts, deals=[deal("swap", us_a=0)], talks={"relief": 0.0})
    game = Game(tree, {})
    assert [game.week().level("us.a") for _ in range(4)] == [0, 2, 2, 2]


def test_a_deal_is_struck_at_the_first_talks_on_or_after_its_week():
    levers = {"us": {"a": ban(notches=3, level=3)}}
    acts = [meeting(2), meeting(4)]
    for week, struck in ((1, 2), (2, 2), (3, 4), (4, 4), (5, None)):
        tree = table(levers, shocks=acts, deals=[deal("swap", day(week), us_a=0)])
        game = Game(tree, {})
        levels = [game.week().level("us.a") for _ in range(6)]
        assert levels == [0 if struck and t >= struck else 3 for t in range(1, 7)]


def test_each_deal_has_its_own_date():
    levers = {"us": {"a": ban(notches=3, level=3)}}
    deals = [deal("late", day(3), us_a=0), deal("soon", us_a=2)]
    game = Game(table(levers, shocks=[meeting(1), meeting(3)], deals=deals), {})
    assert [game.week().level("us.a") for _ in range(3)] == [2, 2, 0]


def test_deals_struck_at_the_same_talks_go_in_file_order():
    levers = {"us": {"a": ban(notches=3, level=3)}}
    deals = [deal("one", us_a=0), deal("two", us_a=2)]
    assert Game(table(levers, shocks=[meeting(1)], deals=deals), {}).week().levels() == [2]


def test_a_deal_leaves_out_a_lever_that_is_gone():
    levers = {"us": {"a": ban(notches=3, level=3)}, "cn": {"b": ban(notches=3, level=3)}}
    acts = [shock(1, "us.a", remove=True), meeting(1)]
    game = Game(table(levers, shocks=acts, deals=[deal("swap", us_a=2, cn_b=1)]), {}).week()
    assert game.levels() == [0, 1]
    assert game.at("us.a").obligation == 3


def test_a_deal_that_raises_a_licence_lever_lists_it():
    levers = {"cn": {"b": licence(listed=False)}}
    game = Game(table(levers, shocks=[meeting(1)], deals=[deal("more", cn_b=1)]), {}).week()
    assert (game.at("cn.b").listed, game.cn.rung) == (1, 0.0)


def test_relief_is_owed_on_the_rung_that_the_deal_leaves():
    """Rung 4; the deal takes lever b away from it, so R = 2 and one notch is left after relief."""
    levers = {"us": {"a": ban(notches=2, level=2, obligation=0)}}
    levers["us"]["b"] = ban(notches=2, level=2, obligation=0)
    talks = {"relief": 0.5, "relief_lag_weeks": 1, "sequencing": "us_first"}
    tree = table(levers, shocks=[meeting(1)], deals=[deal("part", us_b=0)], talks=talks)
    game = Game(tree, {})
    assert [game.week().us.rung for _ in range(3)] == [2.0, 1.0, 1.0]


def test_a_deal_is_neither_a_move_nor_backing_down():
    """What deals move is not counted as moved (only what steps 1 and 3 do is)."""
    levers = {"us": {"a": ban(notches=3, level=3)}}
    game = Game(table(levers, shocks=[meeting(1)], deals=[deal("swap", us_a=0)]), {}).week()
    assert (game.us.moved, game.us.backed_down) == (0, 0)
    assert game.s.sides[US].pull_issue == -1


# A renewed truce


def test_talks_with_no_truce_in_force_renew_one_of_the_same_term():
    truce = {"term_weeks": 3}
    tree = table(truce=truce, shocks=[shock(2, ends_truce=True), meeting(4)])
    game = Game(tree, {}).to(3)
    assert game.run.in_force == 0
    game.week()
    run = game.run
    assert (run.in_force, run.first_truce, run.expiry, run.renewals) == (1, 0, 7, 1)


def test_talks_with_a_truce_in_force_leave_its_date_alone():
    game = Game(table(truce={"term_weeks": 9}, shocks=[meeting(4)]), {}).to(4)
    assert (game.run.in_force, game.run.first_truce, game.run.expiry) == (1, 1, 9)
    assert game.run.renewals == 0


def test_without_a_truce_in_the_scenario_talks_make_none():
    game = Game(table(shocks=[meeting(4)]), {}).to(4)
    assert (game.run.in_force, game.run.renewals) == (0, 0)
