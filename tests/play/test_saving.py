"""Saved games: small files, refused with all that is wrong, and with what differs."""

import pytest

from sim.errors import GameError, ScenarioError
from sim.play import Game
from sim.play.game import differences, read
from sim.scenario import Scenario

#: Contents that are no game, and what is said of them.
WRONG = (
    ("text", b"hello", "a TOML file"),
    ("bytes", b"\xff\xfe", "UTF-8"),
    ("huge", b" " * 6_000_000, "too large"),
    ("digits", b"seed = " + b"9" * 5_000, "too many digits"),
    ("deep", b"week = " + b"[" * 5_000 + b"]" * 5_000, "nested too deeply"),
    ("many", b"[[week]]\n" * 30_000, "more than 20,000 values"),
)


@pytest.fixture
def game(tmp_path):
    """A game of three weeks, and its file."""
    game = Game("geneva-2025", 7, "us", 4)
    for move in ("hold", "pull chips, talks", "auto"):
        game.play(move)
    path = tmp_path / "game.toml"
    game.save(path)
    return game, path


def test_a_game_is_a_small_file_that_names_its_scenario(game):
    played, path = game
    text = path.read_text(encoding="utf-8")
    assert len(text) < 4_000
    assert 'scenario = "geneva-2025"' in text
    assert played.scenario.hash in text
    assert 'us = "pull chips, talks"' in text
    assert Game.load(path).moves == played.moves


def test_a_scenario_of_ones_own_is_found_by_its_file(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('title = "Mine"\nextends = "geneva-2025"\n', encoding="utf-8")
    game = Game(own, 7, "cn")
    game.play("hold")
    game.save(tmp_path / "game.toml")
    assert Game.load(tmp_path / "game.toml").briefing() == game.briefing()


def test_a_game_of_a_changed_scenario_is_refused_with_what_differs(game):
    _, path = game
    changed = Scenario.load("geneva-2025").override(
        {"actors.cn.slip": 0.3, "levers.us.chips.friction": 0.1, "talks.cooldown_weeks": 3}
    )
    found = set(differences(read(path.read_text(encoding="utf-8"), "game"), changed))
    assert found == {"talks", "actors.cn", "levers.us.chips"}
    with pytest.raises(GameError) as refused:
        Game.load(path, changed)
    for part in ("talks", "actors.cn", "levers.us.chips", "has changed since", str(path)):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed = 7", 'seed = "seven"', "seed"),
        ("seed = 7\n", "", "seed"),
        ("format = 1", "format = 9", "format"),
        ('us = "hold"', 'us = "hodl"', "did you mean hold?"),
        ('us = "hold"', "us = 3", "week 1"),
        ('us = "hold"', 'cn = "hold"', "allowed: us"),
        ('side = "us"', 'side = "uk"', "us, cn, both"),
        ("run = 4", "run = -4", "not -4"),
        ("run = 4", "run = 4\nrunn = 5", "did you mean run?"),
        ("format = 1", "format = ", "a TOML file"),
        ('scenario = "geneva-2025"', 'scenario = "genva-2025"', "geneva-2025"),
    ],
)
def test_a_damaged_file_is_refused(game, old, new, said):
    _, path = game
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((GameError, ScenarioError)) as refused:
        Game.load(path)
    assert said in str(refused.value)


def test_more_weeks_than_the_scenario_has_are_refused(game):
    _, path = game
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[parts]", '[[week]]\nus = "hold"\n' * 30 + "[parts]"), "utf-8")
    with pytest.raises(GameError, match="the game is over"):
        Game.load(path)


def test_a_file_that_is_no_game_is_refused(tmp_path):
    for name, content, said in WRONG:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(GameError, match=said):
            Game.load(path)
    for name, said in (("none.toml", "No such file"), (".", "Is a directory")):
        with pytest.raises(GameError, match=said):
            Game.load(tmp_path / name)
