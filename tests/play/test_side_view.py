"""The fog: a briefing is a function of what the side sees, whatever else is true.

It sees what of its orders was not carried out, and what its agencies moved unasked.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.explain.phrases import number
from sim.play import Game
from sim.play.briefing import briefing_of
from sim.scenario import Scenario
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.world.play import ban, script, table

SIDES = ("us", "cn")
#: Of the other side: its mind, machine, plans and stands. All of its row is hidden.
#: Of one's own: what it did not learn of its own agencies and of the luck behind what it saw.
OWN_HIDDEN = (
    *("origin", "origin_who", "origin_item", "origin_week", "alarm", "alarm_item", "luck_move"),
    *("luck_slip_fail", "luck_slip", "luck_signal", "payoff", "harm", "bite", "violation_run"),
)
#: Of a lever of the other side: where it stands, and what its office could do.
THEIR_HIDDEN = (
    *("level", "level_before", "counts_own", "counts_before", "capacity", "boost_until", "value"),
    *("third_flow", "service", "service_own", "dependence", "armed"),
    *("origin", "origin_who", "origin_item", "origin_week"),
)
RUN_HIDDEN = (
    *("index", "clean_week", "standing_week", "core_week", "mutual", "unilateral_week", "cause"),
    *("undisputed_week", "ruptured"),
    *("cause_who", "cause_item", "cause_week", "act_ended", "luck_talks"),
)


def told(game: Game, state, side: str):
    """The briefing from a state in place of the game's own."""
    move = game.moves[-1][side] if game.week else None
    return briefing_of(game.compiled, state, game._record, game.week, side, move)


def with_other_truth(game: Game, side: str, rng: np.random.Generator):
    """The game's state with everything that the side cannot see replaced."""
    state, i = game.state(), SIDES.index(side)
    for name in state.sides.dtype.names:
        state.sides[1 - i][name] = rng.integers(0, 3)
    for name in OWN_HIDDEN:
        state.sides[i][name] = rng.integers(0, 3)
    for name in RUN_HIDDEN:
        state.run[0][name] = rng.integers(0, 3)
    theirs = game.compiled.params.levers["owner"] != i
    for name in THEIR_HIDDEN:
        state.levers[name][: len(theirs)][theirs] = rng.integers(0, 2, theirs.sum())
    state.memory[:, 1 - i] = np.zeros((), state.memory.dtype)
    for name in ("other_violates", "origin", "origin_who", "origin_item", "alarm"):
        state.memory[name][:, i] = rng.integers(0, 2)
    state.luck[:] = rng.random(state.luck.shape)
    return state


@examples(40)
@given(tree=worlds(), seed=st.integers(0, 2**32), weeks=st.integers(0, 14))
def test_games_that_differ_only_in_hidden_truth_have_the_same_briefing(tree, seed, weeks):
    game = Game(Scenario.from_table(tree), seed, "both")
    for _ in range(min(weeks, game.weeks)):
        game.play()
    rng = np.random.default_rng(seed)
    for side in SIDES:
        seen = told(game, game.state(), side)
        assert seen == game.briefing(side)
        other = told(game, with_other_truth(game, side, rng), side)
        assert other == seen
        assert str(other) == str(seen)


@pytest.mark.parametrize("side", SIDES)
def test_what_is_seen_does_change_the_briefing(side):
    game = Game("geneva-2025", 7, side)
    game.play()
    state, i = game.state(), SIDES.index(side)
    state.sides[i].saw_bad = 1 - state.sides[i].saw_bad
    assert told(game, state, side).signal != game.briefing().signal
    theirs = np.flatnonzero(game.compiled.params.levers["owner"] != i)
    state = game.state()
    state.levers[theirs[0]].flow = 0.123
    assert 0.123 in [one.flow for one in told(game, state, side).goods]


def test_a_briefing_names_no_level_of_the_other_side():
    game = Game("geneva-2025", 7, "us")
    game.play()
    names = {lever.name for lever in game.briefing().levers}
    assert names == {n.partition(".")[2] for n in game.compiled.levers if n.startswith("us.")}


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
