"""Relief: what a side above its obligations owes after talks, and when it acts."""

import pytest

from tests.world.play import US, Game, ban, edge, meeting, script, shock, table

SIMULTANEOUS = {"relief": 0.75, "relief_lag_weeks": 2, "sequencing": "simultaneous"}


def high(level=4, **more):
    """Both sides stand on `level` from week 1 on."""
    lever = ban(notches=9, level=level, obligation=0, **more)
    return {"us": {"a": lever}, "cn": {"b": lever}}


def rungs(game, weeks):
    return [(game.week().us.rung, game.cn.rung) for _ in range(weeks)]


@pytest.mark.parametrize("lag", [1, 2, 4])
def test_relief_is_due_lag_weeks_after_the_talks(lag):
    tree = table(high(), shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief_lag_weeks": lag})
    expected = [(4.0, 4.0) if t < 1 + lag else (1.0, 1.0) for t in range(1, 8)]
    assert rungs(Game(tree, {}), 7) == expected


def test_a_lag_of_0_acts_as_1():
    tree = table(high(), shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief_lag_weeks": 0})
    assert rungs(Game(tree, {}), 3) == [(4.0, 4.0), (1.0, 1.0), (1.0, 1.0)]


@pytest.mark.parametrize(
    ("relief", "rung"), [(0.0, 4.0), (0.1, 3.0), (0.5, 2.0), (0.6, 1.0), (1.0, 0.0)]
)
def test_a_notch_at_a_time_until_the_rung_is_what_is_left(relief, rung):
    tree = table(high(), shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief": relief})
    assert rungs(Game(tree, {}), 3)[-1] == (rung, rung)


def test_what_is_owed_is_measured_at_the_talks_and_owed_once():
    """R = 4 in week 1; a shock to 8 in week 2; relief in week 3 down to 1, and no more."""
    acts = [meeting(1), shock(2, "us.a", level=8), shock(4, "us.a", level=8)]
    game = Game(table(high(), shocks=acts, talks=SIMULTANEOUS), {})
    assert [us for us, _ in rungs(game, 6)] == [4.0, 8.0, 1.0, 8.0, 8.0, 8.0]


def test_relief_knows_no_friction_and_no_retention():
    tree = table(
        high(friction=1.0, believed_value=1.0),
        us={"retention": 1.0},
        shocks=[meeting(1)],
        talks=SIMULTANEOUS,
    )
    assert rungs(Game(tree, {}), 3)[-1] == (1.0, 1.0)


def test_the_lever_with_the_lowest_score_comes_down_ties_to_the_first():
    levers = {n: ban(notches=2, level=2, obligation=0) for n in ("a", "b", "c")}
    levers["b"] = levers["b"] | {"believed_value": 0.1}
    for relief, left in ((0.1, [2, 1, 2]), (0.3, [2, 0, 2]), (0.5, [1, 0, 2]), (0.8, [0, 0, 1])):
        tree = table({"us": levers}, shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief": relief})
        assert Game(tree, {}).to(3).levels() == left


def test_only_levers_above_what_counts_come_down():
    """`later` does not count yet, and `kept` stands where it should."""
    levers = {
        "later": ban(level=1, obligation=0, due_weeks=9),
        "kept": ban(level=1),
        "above": ban(level=1, obligation=0, believed_value=1.0),
    }
    tree = table({"us": levers}, shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief": 1.0})
    assert Game(tree, {}).to(3).levels() == [1, 1, 0]


def test_relief_counts_as_moved_and_backed_down():
    game = Game(table(high(), shocks=[meeting(1)], talks=SIMULTANEOUS), {}).to(2)
    assert (game.us.moved, game.us.backed_down) == (0, 0)
    game.week()
    assert (game.us.moved, game.us.backed_down) == (1, 1)
    game.week()
    assert (game.us.moved, game.us.backed_down) == (0, 0)


def test_relief_down_to_nothing_ends_the_violation():
    game = Game(table(high(), shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief": 1.0}), {}).to(3)
    assert (game.us.rung, game.origin(US)) == (0.0, None)


def test_a_side_that_stood_at_0_owes_nothing():
    """us is lifted to 4 by a shock after the talks; nothing is due for that."""
    levers = {"us": {"a": ban(notches=9)}, "cn": {"b": ban(level=1, obligation=0)}}
    acts = [meeting(1), shock(2, "us.a", level=4)]
    game = Game(table(levers, shocks=acts, talks=SIMULTANEOUS), {}).to(6)
    assert (game.us.rung, game.cn.rung) == (4.0, 0.0)


def test_new_talks_void_what_was_owed_before():
    """Owed on 4 for week 4; talks in week 3, when a shock has brought the rung to 0."""
    acts = [meeting(1), shock(3, "us.a", level=0), meeting(3), shock(4, "us.a", level=4)]
    acts[2]["name"] = "again"
    talks = SIMULTANEOUS | {"relief_lag_weeks": 3}
    game = Game(table(high(), shocks=acts, talks=talks), {}).to(8)
    assert game.us.rung == 4.0


def test_new_talks_put_the_date_off():
    acts = [meeting(1), meeting(2)]
    acts[1]["name"] = "again"
    game = Game(table(high(), shocks=acts, talks=SIMULTANEOUS), {})
    assert [us for us, _ in rungs(game, 5)] == [4.0, 4.0, 4.0, 1.0, 1.0]


# Sequencing: the second side waits for a week whose signal it read as good.


@pytest.mark.parametrize("first", ["us", "cn"])
def test_performance_first(first):
    """Talks in week 1, due in week 2: the first gives all, the second sees it and follows."""
    talks = {"relief": 1.0, "relief_lag_weeks": 1, "sequencing": f"{first}_first"}
    game = Game(table(high(), shocks=[meeting(1)], talks=talks), {})
    pairs = [pair if first == "us" else pair[::-1] for pair in rungs(game, 4)]
    assert pairs == [(4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (0.0, 0.0)]


def test_the_second_side_acts_in_the_week_after_its_good_signal_from_the_due_week_on():
    """us reads nothing but false alarms up to week 5, a good signal in week 6, acts in week 7."""
    talks = {"relief": 1.0, "relief_lag_weeks": 2, "sequencing": "cn_first"}
    luck = {(t, "signal", "us"): 0.0 for t in (3, 4, 5)}
    tree = table(high(), us={"false_alarm": 0.5}, shocks=[meeting(1)], talks=talks)
    game = Game(tree, luck)
    assert [us for us, _ in rungs(game, 8)] == [4.0] * 6 + [0.0, 0.0]


def test_a_good_signal_before_the_due_week_is_too_early():
    """us misses cn's violation in weeks 1 and 2, sees it in week 3, the due week, and after."""
    talks = {"relief": 0.0, "relief_lag_weeks": 2, "sequencing": "cn_first"}
    tree = table(high(), us={"miss": 0.5}, shocks=[meeting(1)], talks=talks | {"relief": 0.25})
    early = {(t, "signal", "us"): 0.9 for t in (1, 2)} | {(t, "signal", "us"): 0.1 for t in (3, 4)}
    game = Game(tree, early)
    assert [us for us, _ in rungs(game, 5)] == [4.0] * 5
    in_time = early | {(3, "signal", "us"): 0.9}
    assert [us for us, _ in rungs(Game(tree, in_time), 5)] == [4.0, 4.0, 4.0, 3.0, 3.0]


def test_the_second_side_waits_even_if_the_first_owed_nothing():
    levers = high() | {"cn": {"b": ban()}}
    talks = {"relief": 1.0, "relief_lag_weeks": 1, "sequencing": "cn_first"}
    luck = {(t, "signal", "us"): 0.0 for t in (2, 3)}
    tree = table(levers, us={"false_alarm": 0.5}, shocks=[meeting(1)], talks=talks)
    assert [us for us, _ in rungs(Game(tree, luck), 6)] == [4.0] * 4 + [0.0, 0.0]


def test_the_second_side_gives_relief_once():
    talks = {"relief": 1.0, "relief_lag_weeks": 1, "sequencing": "cn_first"}
    acts = [meeting(1), shock(5, "us.a", level=4)]
    game = Game(table(high(), shocks=acts, talks=talks), {})
    assert [us for us, _ in rungs(game, 7)] == [4.0, 4.0, 0.0, 0.0, 4.0, 4.0, 4.0]


def test_the_rung_after_relief_is_what_retaliation_still_leaves_from_last_week():
    """Relief in step 1 makes room, but step 3 reads the rung of last week: no pull at r = 1."""
    us = {"policy": script("R")}
    tree = table(high(level=1), us=us, shocks=[meeting(1)], talks=SIMULTANEOUS | {"relief": 1.0})
    game = Game(tree, {})
    assert [us for us, _ in rungs(game, 4)] == [2.0, 2.0, 0.0, 1.0]


# Relief that is ordered


ORDERED = SIMULTANEOUS | {"relief_lag_weeks": 1, "relief_ordered": True, "relief": 1.0}


def test_relief_that_is_ordered_takes_as_long_as_any_removal():
    """Due in week 2, and done once a week's luck lets the order through."""
    tree = table(high(level=2, friction=0.4), shocks=[meeting(1)], talks=ORDERED)
    luck = {(2, "relief", "us"): edge(0.6)[1], (4, "relief", "us"): edge(0.6)[0]}
    game = Game(tree, luck)
    assert [us for us, _ in rungs(game, 5)] == [2.0, 2.0, 2.0, 0.0, 0.0]
    assert (game.us.relief_rung, game.cn.relief_rung) == (0.0, 2.0)


def test_what_is_done_sooner_comes_down_first():
    levers = {"a": ban(level=1, obligation=0, friction=0.9), "b": ban(level=1, obligation=0)}
    tree = table({"us": levers}, shocks=[meeting(1)], talks=ORDERED)
    game = Game(tree, {(2, "relief", "us"): 0.5, (3, "relief", "us"): 0.05})
    assert [game.to(week).levels() for week in (2, 3)] == [[1, 0], [0, 0]]


def test_who_waited_for_a_good_signal_waits_once():
    """cn delivers first; us, having begun, goes on although cn then looks bad."""
    talks = ORDERED | {"sequencing": "cn_first"}
    tree = table(high(level=1, friction=0.5), us={"false_alarm": 0.5}, talks=talks)
    tree["shocks"] = [meeting(1)]
    luck = {(2, "relief", "cn"): 0.0, (4, "relief", "us"): 0.0, (3, "signal", "us"): 0.0}
    assert rungs(Game(tree, luck), 4)[-1] == (0.0, 0.0)
