"""A game is a run of the engine with one hand in it: replay, undo, orders, a program in a chair."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines import trace
from sim.engines.batch import run_batch
from sim.errors import GameError
from sim.explain import tell, trace_run
from sim.explain.render import render
from sim.play import Game, Move
from sim.play.briefing import refusals
from sim.scenario import Scenario
from sim.world.outcomes import NAMES
from sim.world.state import State
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.world.play import ban, script, table

SEEDS = st.integers(0, 2**64 - 1)


def same(one: State, two: State) -> bool:
    """All tables equal but the curve, which is only a table of values looked up before."""
    pairs = zip(State._fields, one, two, strict=True)
    return all(np.array_equal(a, b) for name, a, b in pairs if name not in ("curve", "rows"))


def possible(game: Game, side: str) -> list[Move]:
    """Every kind of move that can be made now, levers one by one."""
    briefing = game.briefing(side)
    moves = [Move(word) for word in ("auto", "hold", "retaliate", "ease")]
    moves += [Move(word, (one.name,)) for one in briefing.levers for word in ("pull", "ease")]
    moves += [Move(move.word, move.levers, True) for move in moves]
    return [move for move in moves if not list(refusals(briefing, move))]


def some_game(data, tree, seed) -> Game:
    """A game played to some week with moves of both chairs."""
    game = Game(Scenario.from_table(tree), seed, "both")
    for _ in range(data.draw(st.integers(0, game.weeks))):
        game.play(**{who: data.draw(st.sampled_from(possible(game, who))) for who in game.chairs})
    return game


@examples(25)
@given(tree=worlds(), seed=SEEDS, run=st.integers(0, 2**31 - 1))
def test_left_to_the_policies_a_game_is_the_run_of_the_batch(tree, seed, run):
    scenario = Scenario.from_table(tree)
    game = Game(scenario, seed, "us", run)
    while not game.over:
        game.play()
    row = run_batch(scenario.compiled.params, seed, run, 1, 1, True).rows[0]
    trace.finish(game.state(), game._record)
    assert game._record.row[0] == row


@examples(25)
@given(data=st.data(), tree=worlds(), seed=SEEDS)
def test_replay_and_undo_give_the_same_game_to_the_bit(data, tree, seed):
    game = some_game(data, tree, seed)
    again = Game(game.scenario, seed, "both")
    for week in game.moves:
        again.play(**week)
    for week in range(game.week + 1):
        assert same(game.state(week), again.state(week))
    assert game.briefing("us") == again.briefing("us")
    back = data.draw(st.integers(0, game.week))
    again.undo(back)
    assert again.week == back
    for week in game.moves[back:]:
        again.play(**week)
    assert same(game.state(), again.state())
    assert game.trace() == again.trace()


@examples(15)
@given(data=st.data(), tree=worlds(), seed=SEEDS)
def test_saved_and_loaded_it_is_the_same_game(tmp_path_factory, data, tree, seed):
    game = some_game(data, tree, seed)
    path = tmp_path_factory.mktemp("game") / "game.toml"
    game.save(path)
    loaded = Game.load(path, game.scenario)
    assert loaded.moves == game.moves
    assert (loaded.seed, loaded.side, loaded.run) == (game.seed, game.side, game.run)
    assert same(loaded.state(), game.state())


def quiet(**top) -> Scenario:
    levers = {
        "us": {"chips": ban(notches=2, level=1, obligation=1), "eda": ban(severity=4.0)},
        "cn": {"ores": ban(notches=2), "visas": ban()},
    }
    us = {"policy": script("H"), "stride": 2}
    return Scenario.from_table(table(levers, us=us, weeks=6, **top))


def test_named_levers_move_and_nothing_else():
    game = Game(quiet(), 3, "us")
    game.play("pull chips eda")
    assert game.state().levers.level.tolist() == [2, 1, 0, 0]
    game.play("hold")
    game.play("ease eda")
    assert game.state().levers.level.tolist() == [2, 0, 0, 0]
    assert [str(week["us"]) for week in game.moves] == ["pull chips eda", "hold", "ease eda"]


def test_the_same_lever_named_twice_moves_twice():
    game = Game(quiet(), 3, "cn")
    game.play("pull ores ores") if game.briefing().most_pulls > 1 else game.play("pull ores")
    assert game.state().levers.level[2] == min(2, game.briefing().most_pulls)


def test_a_call_for_talks_brings_talks():
    talks = {"talks_rate": 0.0, "talks_pressure": 1.0, "cooldown_weeks": 2}
    game = Game(quiet(talks=talks), 3, "us")
    game.play("hold, talks")
    assert game.briefing().news == ("the two sides held talks",)
    assert game.briefing().talks_from == 4
    quiet_game = Game(quiet(talks=talks), 3, "us")
    quiet_game.play("hold")
    assert quiet_game.briefing().news == ()


@pytest.mark.parametrize(
    ("text", "found", "allowed"),
    [
        ("fly", '"fly"', "hold, pull, ease, retaliate, auto, talks"),
        ("pul chips", '"pul"', "did you mean pull?"),
        ("pull cips", '"cips"', "did you mean chips?"),
        ("pull", "no lever", "chips, eda"),
        ("pull chips chips", "pull chips by 2", "1 of its 2 notches are left"),
        ("pull chips eda eda", "3 notches", "at most 2 a week"),
        ("ease chips", "it is where it is owed to be", "none of your levers, now: hold"),
        ("ease chips eda", "2 levers", "one lever a week"),
        ("hold chips", 'hold with "chips"', "hold alone"),
        ("hold, pull chips", "hold and pull", "one move a week"),
        ("pull ores", '"ores"', "chips, eda"),
        ("", "nothing", "hold, pull"),
    ],
)
def test_a_wrong_move_is_refused_and_nothing_is_lost(text, found, allowed):
    game = Game(quiet(), 3, "us")
    game.play("hold")
    before = game.state()
    with pytest.raises(GameError) as refused:
        game.play(text)
    assert found in str(refused.value)
    assert allowed in str(refused.value)
    assert game.week == 1
    assert same(game.state(), before)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(GameError) as refused:
        Game(quiet(), 3, "us").play("pull cips edaa")
    assert len(refused.value.problems) == 2


def test_words_are_read_leniently():
    game = Game(quiet(), 3, "us")
    for text in ("PULL us.chips", "pull  Chips ", "talks; pull chips"):
        assert game.parse(text).levers == ("chips",)
    assert game.parse("talks") == Move("hold", (), True)


def test_after_the_last_week_nothing_can_be_played_but_undone():
    game = Game(quiet(), 3, "us")
    while not game.over:
        last = game.play("hold")
    assert last is None
    with pytest.raises(GameError, match="the game is over"):
        game.play("hold")
    game.undo()
    assert game.week == 5
    with pytest.raises(GameError, match="0 to 5"):
        game.undo(6)


def test_a_chair_that_is_not_there_is_refused():
    with pytest.raises(GameError, match="did you mean|us, cn, both"):
        Game(quiet(), 3, "china")
    with pytest.raises(GameError, match="us, cn"):
        Game(quiet(), 3, "both").briefing()
    with pytest.raises(GameError, match="us"):
        Game(quiet(), 3, "us").play(cn="hold")
    with pytest.raises(ValueError, match="0 to 2"):
        Game(quiet(), 3, "us", 2**31)


def test_the_story_of_a_game_tells_orders_from_rules():
    game = Game("geneva-2025", 7, "us")
    for move in ("hold", "pull eda", "auto", "hold"):
        game.play(move)
    assert [week.us.ordered for week in game.trace().weeks] == [True, True, False, True]
    assert not any(week.cn.ordered for week in game.trace().weeks)
    text = render(tell(game.trace(), but_for=False), "text")
    assert "on a player's order, not by its rule" in " ".join(text.split())
    assert "player" not in render(tell(trace_run(game.scenario, 7, 0), but_for=False), "text")


def test_the_adviser_changes_nothing_and_weighs_every_move():
    game = Game("geneva-2025", 7, "us")
    game.play("hold")
    before = game.state()
    advice = game.adviser(runs=300)
    assert same(game.state(), before)
    assert list(advice.odds) == ["retaliate", "hold", "concede", "auto"]
    for odds in advice.odds.values():
        assert set(odds.shares) == set(NAMES)
        assert (odds.truce.n, odds.read) == (300, 13)
    assert sum(advice.policy) == pytest.approx(1)
    assert "95 % intervals" in str(advice)
    assert "300 continuations" in str(advice)


def test_advice_is_what_becomes_of_the_move():
    """A side that retaliates breaks a truce that breaks after one violation of its own."""
    scenario = quiet(truce={"term_weeks": 6, "unilateral_after": 1})
    odds = Game(scenario, 3, "us").adviser(runs=50).odds
    assert odds["hold"].truce.p == 1.0
    assert odds["retaliate"].truce.p == 0.0
    assert odds["auto"].truce.p == 1.0


def test_the_debriefing_tells_the_truth():
    game = Game("geneva-2025", 7, "us")
    while game.week < 8:
        game.play("hold")
    told = game.debriefing(runs=200)
    weeks = game.trace().weeks
    for week, true in zip(told.weeks, weeks, strict=True):
        (chair,) = week.chairs
        assert chair.saw_bad == true.us.reading.saw_bad
        assert chair.violated == (true.cn.rung > 0)
        assert chair.did == "hold"
    assert all(abs(change) <= 1 for _, change in told.turns)
    assert str(told).count("Week ") == 8
    assert "Misread:" in str(told)


PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-play.md"
SHOWN = re.compile(r"```python\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)


def test_a_ten_line_program_sits_in_a_chair():
    found = SHOWN.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    program, said = found.groups()
    assert len([line for line in program.splitlines() if line.strip()]) <= 10
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, str(PAGE), "exec"), {})
    assert printed.getvalue() == said
