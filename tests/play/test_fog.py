"""The fog: a briefing is a function of what the side sees, whatever else is true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.play import Game
from sim.play.briefing import briefing_of
from sim.scenario import Scenario
from tests.examples import examples
from tests.properties.worlds import worlds

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
    record, week = game._record, game.week
    levels = np.concatenate([record.levels[max(week - 1, 0), 5:], record.levels[week]])
    deals = record.deals[week] - record.deals[max(week - 1, 0)]
    came = record.struck[week], deals
    move = game.moves[-1][side] if week else None
    return briefing_of(game.compiled, state, week, side, levels, *came, move)


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
