"""Orders: what a player has a side do, in place of its machine, for one week."""

import pytest

from sim.world.state import CONCEDE, HOLD, NO_ORDER, RETALIATE
from tests.world.play import CN, US, Game, ban, edge, licence, meeting, script, table


def order(game, side, move, **levers):
    """Gives an order for the next week; `levers` by name, notches up or -1."""
    who = game.s.sides[side]
    who.ordered = move
    who.named = 1 if levers else 0
    for name, notches in levers.items():
        game.at(f"{('us', 'cn')[side]}.{name}").ordered = notches
    return game


def test_an_ordered_move_replaces_the_machine_s_for_one_week():
    game = Game(table(us={"policy": script("HHC"), "false_alarm": 0.0}), {})
    order(game, US, RETALIATE).week()
    assert (game.us.move, game.level("us.move")) == (RETALIATE, 1)
    assert game.us.ordered == NO_ORDER
    game.week()
    assert (game.us.move, game.level("us.move")) == (HOLD, 1)
    game.week()
    assert (game.us.move, game.level("us.move")) == (CONCEDE, 0)


def test_the_machine_moves_on_under_an_order():
    game = Game(table(us={"policy": script("HR")}), {})
    order(game, US, HOLD).week()
    order(game, US, HOLD).week()
    assert game.level("us.move") == 0
    assert game.week().level("us.move") == 1


def test_an_order_does_not_tempt():
    sure = {"talks_rate": 1.0}
    hoping = {"policy": script("H"), "anticipation": 1.0}
    tree = table(us=hoping, talks=sure)
    assert Game(tree, {(1, "temptation", "us"): 0.0}).week().us.tempted == 1
    ordered = order(Game(tree, {(1, "temptation", "us"): 0.0}), US, HOLD).week()
    assert (ordered.us.tempted, ordered.us.move, ordered.level("us.move")) == (0, HOLD, 0)


def three(**us):
    levers = {"us": {name: ban(notches=2, severity=4.0) for name in "abc"}, "cn": {"move": ban()}}
    return table(levers, us={"policy": script("H"), "proportionality": 0.0} | us)


def test_named_levers_are_pulled_for_certain_whatever_the_aim():
    game = order(Game(three(stride=3), {}), US, RETALIATE, b=2, c=1).week()
    assert game.levels()[:3] == [0, 2, 1]
    assert game.origin(US) == ("policy", US, 1, 1)
    assert game.week().levels()[:3] == [0, 2, 1]


def test_a_stride_and_a_package_bound_what_is_pulled():
    strides = order(Game(three(stride=2), {}), US, RETALIATE, a=1, b=2).week()
    assert strides.levels()[:3] == [1, 1, 0]
    packed = order(Game(three(stride=1, package=2), {}), US, RETALIATE, a=2, c=1).week()
    assert packed.levels()[:3] == [1, 0, 1]


def test_a_named_lever_without_room_is_passed_over():
    game = Game(three(stride=3), {})
    game.at("us.b").gone = 1
    assert order(game, US, RETALIATE, b=1, c=1).week().levels()[:3] == [0, 0, 1]


def test_an_order_to_named_levers_may_fail_whole():
    game = Game(three(stride=3, slip_fail=0.25), {(1, "slip_fail", "us"): 0.1})
    assert order(game, US, RETALIATE, b=1, c=1).week().levels()[:3] == [0, 0, 0]


def test_the_named_lever_is_taken_down_by_its_friction():
    levers = {
        "us": {
            name: ban(notches=2, level=1, obligation=0, due_weeks=0, friction=0.4) for name in "ab"
        },
        "cn": {"move": ban()},
    }
    tree = table(levers)
    happens, fails = edge(0.6)
    for luck, level in ((happens, 0), (fails, 1)):
        game = Game(tree, {(2, "friction", "us"): luck}).week()
        assert order(game, US, CONCEDE, b=-1).week().levels()[:2] == [1, level]
        assert game.week().levels()[:2] == [1, level]


def test_a_flipped_order_chooses_as_the_policy_would():
    tree = three() | {"noise": "flip"}
    tree["actors"]["us"]["slip"] = 0.5
    game = Game(tree, {(1, "slip", "us"): 0.1})
    assert order(game, US, CONCEDE, b=-1).week().levels()[:3] == [1, 0, 0]


@pytest.mark.parametrize("side", [US, CN])
def test_a_call_for_talks_is_read_as_full_pressure_in_a_calm_week(side):
    tree = table(talks={"talks_rate": 0.1, "talks_pressure": 0.5, "cooldown_weeks": 2})
    happens, fails = edge(0.6)
    for luck, talked in ((happens, 1), (fails, 0)):
        game = Game(tree, {(1, "talks"): luck, (3, "talks"): happens})
        game.s.sides[side].calls = 1
        assert game.week().run.talks_count == talked
        assert game.s.sides[side].calls == 0
        assert game.to(3).run.talks_count == talked


def test_a_call_waits_for_the_cooldown():
    tree = table(talks={"talks_rate": 1.0, "cooldown_weeks": 2}, shocks=[meeting(1)])
    game = Game(tree, {(t, "talks"): 0.0 for t in range(1, 6)}).week()
    for talks in (1, 1, 2):
        game.us.calls = 1
        assert game.week().run.talks_count == talks


def test_reluctance_holds_against_a_call():
    tree = table(
        {"us": {"move": ban(level=1)}, "cn": {"a": licence()}},
        cn={"reluctance": 1.0},
        talks={"talks_rate": 1.0},
    )
    game = Game(order_free(tree), {(1, "talks"): 0.0})
    game.us.calls = 1
    assert game.week().run.talks_count == 0


def order_free(tree):
    """The same with the American lever above its obligation from the start."""
    tree["levers"]["us"]["move"] |= {"obligation": 0, "due_weeks": 0}
    return tree


def test_no_order_and_no_call_by_default():
    game = Game(table(), {}).week(3)
    assert {int(side.ordered) for side in game.s.sides} == {NO_ORDER}
    assert not game.s.sides.named.any()
    assert not game.s.sides.calls.any()
    assert not game.s.levers.ordered.any()
