"""Step 1: obligations that fall due, shocks, programmes and coverage, in this order."""

import pytest

from tests.world.play import CN, US, Game, ban, day, licence, meeting, script, shock, table

# Due


@pytest.mark.parametrize("due", [0, 1, 3])
def test_the_obligation_counts_from_the_week_after_the_last_one_given(due):
    lever = ban(notches=3, level=3, obligation=1, due_weeks=due)
    game = Game(table({"us": {"a": lever}}), {})
    assert [game.week().us.rung for _ in range(5)] == [2.0 * (t > due) for t in range(1, 6)]


def test_conceding_ahead_of_the_date_keeps_the_promise():
    lever = ban(level=1, obligation=0, due_weeks=2)
    game = Game(table({"us": {"a": lever}}, us={"policy": script("C")}), {}).to(4)
    assert (game.level("us.a"), game.run.clean_week) == (0, 0)


def test_a_deal_moves_what_falls_due():
    """What was agreed at talks in week 1 is the obligation that falls due in week 3."""
    deals = [{"name": "swap", "levers": [{"lever": "us.a", "level": 1}]}]
    lever = ban(notches=3, level=3, obligation=0, due_weeks=2)
    game = Game(table({"us": {"a": lever}}, shocks=[meeting(1)], deals=deals), {}).to(4)
    assert (game.level("us.a"), game.at("us.a").counts, game.us.rung) == (1, 1, 0.0)


# Shocks


def test_a_shock_strikes_in_the_week_of_its_date_and_once():
    """Any of the seven days of week 3."""
    for offset in (0, 6):
        law = shock(3, "us.a", change=1)
        law["date"] = f"2025-05-{26 + offset:02d}" if offset < 6 else "2025-06-01"
        game = Game(table({"us": {"a": ban(notches=9)}}, shocks=[law]), {})
        assert [game.week().level("us.a") for _ in range(5)] == [0, 0, 1, 1, 1]


def test_a_weekly_chance_is_drawn_anew_each_week():
    law = {"name": "law", "chance": 0.5, "lever": "us.a", "change": 1}
    luck = {(t, "strike", 0): 0.25 for t in (2, 4)}
    game = Game(table({"us": {"a": ban(notches=9)}}, shocks=[law]), luck)
    assert [game.week().level("us.a") for _ in range(5)] == [0, 1, 1, 2, 2]


def test_a_chance_is_met_below_it_not_at_it():
    law = {"name": "law", "chance": 0.5, "lever": "us.move", "change": 1}
    assert Game(table(shocks=[law]), {(1, "strike", 0): 0.5}).week().us.rung == 0.0
    assert Game(table(shocks=[law]), {(1, "strike", 0): 0.49}).week().us.rung == 1.0
    never = law | {"chance": 0.0}
    assert Game(table(shocks=[never]), {(1, "strike", 0): 0.0}).week().us.rung == 0.0


def test_change_is_relative_and_level_absolute_both_clipped():
    levers = {"us": {"a": ban(notches=3, level=2)}}
    for effect, level in (
        ({"change": 1}, 3),
        ({"change": 9}, 3),
        ({"change": -9}, 0),
        ({"level": 1}, 1),
        ({"level": 0}, 0),
    ):
        game = Game(table(levers, shocks=[shock(1, "us.a", **effect)]), {}).week()
        assert game.level("us.a") == level


def test_a_shock_that_raises_a_licence_lever_lists_it_and_one_that_lowers_does_not():
    levers = {"us": {"a": licence(listed=False, squeeze=1.0)}}
    up, down = shock(2, "us.a", change=1), shock(1, "us.a", level=0)
    game = Game(table(levers, shocks=[down, up]), {})
    assert [game.week().at("us.a").listed for _ in range(2)] == [0, 1]


def test_a_lever_taken_away_is_at_0_with_free_flow_and_no_backlog():
    office = licence(level=1, obligation=0, capacity=0.5, squeeze=0.5, scope="global")
    tree = table({"cn": {"office": office}}, shocks=[shock(3, "cn.office", remove=True)])
    game = Game(tree, {}).to(2)
    assert (game.at("cn.office").flow, game.at("cn.office").backlog) == (0.25, 1.5)
    assert (game.at("cn.office").third_flow, game.cn.rung) == (0.5, 1.0)
    game.week()
    now = game.at("cn.office")
    assert (now.level, now.gone, now.backlog) == (0, 1, 0.0)
    assert (now.flow, now.third_flow, now.service, now.short) == (1.0, 1.0, 1.0, 0.0)
    assert (game.cn.rung, game.origin(CN)) == (0.0, None)


def test_a_ban_taken_away_lets_everything_through():
    tree = table({"us": {"a": ban(level=1)}}, shocks=[shock(2, "us.a", remove=True)])
    game = Game(tree, {})
    assert [game.week().at("us.a").flow for _ in range(2)] == [0.0, 1.0]


def test_nothing_acts_on_a_lever_that_is_gone():
    acts = [shock(1, "us.a", remove=True), shock(2, "us.a", level=1), shock(3, "us.a", capacity=9)]
    game = Game(table({"us": {"a": licence(capacity=1.0)}}, shocks=acts), {}).to(3)
    now = game.at("us.a")
    assert (now.level, now.capacity, game.us.rung) == (0, 1.0, 0.0)


def test_a_shock_on_a_lever_that_is_gone_still_forces_talks_and_ends_the_truce():
    acts = [shock(1, "us.move", remove=True)]
    acts += [shock(2, "us.move", level=1, talks=True, ends_truce=True)]
    game = Game(table(shocks=acts, truce={}), {}).to(2)
    assert (game.run.talks_week, game.run.core_week) == (2, 2)


def test_a_capacity_is_the_base_and_ends_the_boost_of_earlier_talks():
    office = licence(capacity=0.5, capacity_after_talks=0.9)
    acts = [meeting(1), shock(3, "cn.a", capacity=0.25)]
    levers = {"cn": {"a": office, "b": office}}
    game = Game(table(levers, shocks=acts), {})
    flows = [(game.week().at("cn.a").flow, game.at("cn.b").flow) for _ in range(4)]
    assert flows == [(0.5, 0.5), (0.9, 0.9), (0.25, 0.9), (0.25, 0.9)]


def test_a_capacity_set_before_talks_is_boosted_by_them():
    office = licence(capacity=0.5, capacity_after_talks=0.9)
    acts = [shock(1, "cn.a", capacity=0.25), meeting(2)]
    tree = table({"cn": {"a": office}}, shocks=acts, talks={"boost_weeks": 1})
    game = Game(tree, {})
    assert [game.week().at("cn.a").flow for _ in range(4)] == [0.25, 0.25, 0.9, 0.25]


def test_a_shock_that_moves_nothing_leaves_the_level():
    office = licence(level=2, notches=3, squeeze=1.0)
    acts = [shock(1, "cn.a", capacity=0.5), shock(2, "cn.a", talks=True, capacity=0.25)]
    assert Game(table({"cn": {"a": office}}, shocks=acts), {}).to(2).level("cn.a") == 2


def test_shocks_strike_in_file_order():
    acts = [shock(1, "us.a", level=3), shock(1, "us.a", change=-1)]
    assert Game(table({"us": {"a": ban(notches=3)}}, shocks=acts), {}).week().levels() == [2]
    acts.reverse()
    assert Game(table({"us": {"a": ban(notches=3)}}, shocks=acts), {}).week().levels() == [3]


def test_one_shock_may_do_several_things():
    act = shock(2, "us.a", capacity=0.25, change=1, talks=True, ends_truce=True)
    office = licence(capacity=1.0, squeeze=1.0, notches=2, level=1, capacity_after_talks=0.7)
    game = Game(table({"us": {"a": office}}, shocks=[act], truce={}), {}).to(2)
    now = game.at("us.a")
    assert (now.level, now.capacity, now.flow) == (2, 0.25, 0.25)
    assert (game.run.talks_week, game.run.core_week) == (2, 2)
    assert game.week().at("us.a").flow == 0.7


def test_the_first_dated_act_of_the_week_is_remembered():
    acts = [shock(2, talks=True), shock(2, "us.move", level=0, ends_truce=True)]
    acts += [shock(2, ends_truce=True)]
    game = Game(table(shocks=acts, truce={}), {}).to(2)
    assert game.trigger() == ("act", US, 1, 2)


# Programmes


def test_a_programme_takes_its_share_once_in_its_week_floor_0():
    plans = [
        {"name": "past", "online": day(-30), "share": 0.3},
        {"name": "early", "online": day(1), "share": 0.1},
        {"name": "late", "online": day(3), "share": 0.5},
        {"name": "last", "online": day(4), "share": 0.5},
    ]
    game = Game(table({"us": {"a": ban(dependence=0.9, programmes=plans)}}), {})
    shares = [game.week().at("us.a").dependence for _ in range(5)]
    assert shares == [0.9 - 0.1, 0.9 - 0.1, 0.9 - 0.1 - 0.5, 0.0, 0.0]


def test_a_programme_is_of_its_own_lever():
    plan = [{"name": "mine", "online": day(2), "share": 0.5}]
    levers = {"us": {"a": ban()}, "cn": {"b": ban(), "c": ban(programmes=plan)}}
    game = Game(table(levers), {}).to(2)
    assert game.s.levers.dependence.tolist() == [1.0, 1.0, 0.5]


# The order


def test_due_comes_before_shocks():
    """A shock that ends the lever in the very week leaves no origin behind."""
    levers = {"us": {"a": ban(level=1, obligation=0, due_weeks=1)}}
    game = Game(table(levers, shocks=[shock(2, "us.a", level=0)]), {}).to(2)
    assert (game.us.rung, game.origin(US)) == (0.0, None)
    higher = {"us": {"a": ban(notches=2, level=1, obligation=0, due_weeks=1)}}
    game = Game(table(higher, shocks=[shock(2, "us.a", level=2)]), {}).to(2)
    assert game.origin(US)[0] == "overdue"


def test_relief_comes_after_shocks():
    """Relief of week 3 is given on the rung that the shock of week 3 made: from 3 to 1."""
    levers = {"us": {"a": ban(notches=4)}}
    us = {"policy": script("RH"), "proportionality": 2.0, "stride": 2}
    talks = {"relief": 0.5, "relief_lag_weeks": 2, "sequencing": "us_first"}
    acts = [meeting(1), shock(3, "us.a", change=1)]
    game = Game(table(levers, us=us, talks=talks, shocks=acts), {})
    assert [game.week().us.rung for _ in range(3)] == [2.0, 2.0, 1.0]


def test_programmes_come_before_coverage():
    """1 - .5 + .3, not min(1, 1 + .3) - .5."""
    plan = [{"name": "mine", "online": day(2), "share": 0.5}]
    ally = {"jp": {"lever": "us.a", "coverage": 0.3, "h": 1.0}}
    game = Game(table({"us": {"a": ban(programmes=plan)}}, allies=ally), {}).to(2)
    assert game.at("us.a").dependence == 0.8
