"""`detente play`: a game in the terminal, kept whatever happens."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import play as command
from sim.cli.main import app
from sim.play import Game
from sim.play.game import DEFAULT_SEED
from tests.everyday import one_in

SHORT = 'title = "Short"\nextends = "geneva-2025"\nweeks = 3\n'


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Plays the lines given, in a folder with a scenario of three weeks."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    Path("short.toml").write_text(SHORT, encoding="utf-8")

    def call(*options, lines=()):
        text = "".join(f"{line}\n" for line in lines)
        return CliRunner().invoke(app, ["play", *options], input=text)

    return call


def moves(file="game-short-1.toml"):
    """The moves in a saved game."""
    return [week["us"] for week in tomllib.loads(Path(file).read_text("utf-8")).get("week", [])]


def test_a_game_is_played_to_its_debriefing(table):
    told = table("short.toml", lines=["hold", "pull chips", "auto, talks"])
    assert told.exit_code == 0, told.output
    assert "The US: week 1 of 3, from 12 May 2025" in told.output
    assert "Your levers: pull at most" in told.output
    assert "The game is over." in told.output
    assert "Misread:" in told.output
    assert "kept in game-short-1.toml" in told.output
    assert moves() == ["hold", "pull chips", "auto, talks"]


def test_the_briefing_shows_nothing_of_the_other_sides_levers(table):
    told = table("short.toml", "--as", "cn", lines=["hold", "quit"])
    rows = [line for line in told.output.splitlines() if "chip equipment" in line]
    assert rows
    assert all("normal demand came" in line for line in rows)
    assert "rare_earths" in told.output


def test_before_the_first_week_it_is_said_what_waits_and_nothing_has_come(table):
    told = table("short.toml", lines=["hold", "quit"])
    first, second = told.output.split("The US: week 2")
    assert "China's rare earths: 5.0 weeks of applications wait; stocks for" in first
    assert "normal demand came" not in first
    assert "of normal demand came, " in second


def test_a_wrong_word_is_answered_and_nothing_is_lost(table):
    lines = ["hold", "hodl", "pull cips", "undoo", "", "undo x", "undo 9", "save", "hold", "quit"]
    told = table("short.toml", lines=lines)
    assert told.exit_code == 0
    for meant in ("did you mean hold?", "did you mean chips?", "did you mean undo?"):
        assert meant in told.output
    assert "allowed: the number of a week, 0 to 1" in told.output
    assert "0 to 1, the weeks played" in told.output
    assert "the name of a new file" in told.output
    assert moves() == ["hold", "hold"]


def test_a_word_of_the_same_meaning_is_understood_and_an_early_call_is_answered(table):
    told = table("short.toml", lines=["tighten chips", "concede", "talks", "quit"])
    assert "did you mean pull?" in told.output
    assert "did you mean ease?" in told.output
    assert "a call before it has a chance of 3% a week at most" in told.output
    assert "Your call for talks brought none." in told.output


def test_undo_save_resume(table):
    told = table("short.toml", lines=["hold", "pull eda", "undo 1", "save copy.toml", "quit"])
    assert "the game is kept at week 1 of 3" in told.output
    assert "detente play --resume game-short-1.toml" in told.output
    assert moves() == moves("copy.toml") == ["hold"]
    went_on = table("--resume", "game-short-1.toml", lines=["ease", "hold"])
    assert went_on.exit_code == 0, went_on.output
    assert "week 2 of 3" in went_on.output
    assert moves() == ["hold", "ease", "hold"]
    assert Game.load("game-short-1.toml").over


def test_the_adviser_answers_or_is_switched_off(table):
    told = table("short.toml", lines=["?", "help", "briefing"])
    assert "Share of 2,000 continuations each" in told.output
    assert "the truce still stands" in told.output
    assert "Your policy would" in told.output
    assert "call for talks" in told.output
    silent = table("short.toml", "--no-adviser", lines=["?"])
    assert "switched off" in silent.output
    assert "continuations" not in silent.output


def test_two_people_play_by_turns(table):
    lines = ["", "hold", "", "pull unreliable_entities", "", "hold", "", "quit"]
    told = table("short.toml", "--as", "both", lines=lines)
    assert "The US, take the chair and press Enter" in told.output
    assert "China, take the chair and press Enter" in told.output
    saved = tomllib.loads(Path("game-short-1.toml").read_text("utf-8"))
    assert saved["week"] == [{"us": "hold", "cn": "pull unreliable_entities"}]


def test_the_end_of_the_input_keeps_the_game(table):
    told = table("short.toml", "--save", "mine.toml", lines=["hold"])
    assert told.exit_code == 0
    assert "kept at week 1 of 3" in told.output
    assert moves("mine.toml") == ["hold"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "a scenario, or --resume"),
        (("short.toml", "--as", "uss"), "did you mean us?"),
        (("short.toml", "--seed", "-1"), "--seed"),
        (("short.toml", "--save", "short.toml"), "a new file"),
        (("short.toml", "--save", "no/such/game.toml"), "a folder that exists"),
        (("short.toml", "--resume", "short.toml"), "both"),
        (("--resume", "short.toml"), "as `detente play` writes it"),
        (("shrot.toml",), "shrot"),
    ],
)
def test_bad_input_is_refused_and_nothing_written(table, options, said):
    told = table(*options, lines=["hold"])
    assert told.exit_code == 2
    assert said in told.output
    assert [path.name for path in Path().iterdir()] == ["short.toml"]


def test_a_game_of_a_changed_scenario_is_refused(table):
    table("short.toml", lines=["hold", "quit"])
    Path("short.toml").write_text(SHORT + "[actors.cn]\nslip = 0.5\n", encoding="utf-8")
    told = table("--resume", "game-short-1.toml", lines=["hold"])
    assert told.exit_code == 2
    assert "has changed since the game was saved: actors.cn" in told.output
    assert moves() == ["hold"]


@pytest.mark.parametrize("number", one_in(2, [signal.SIGINT, signal.SIGHUP]))
def test_ctrl_c_and_a_closed_terminal_keep_the_game(tmp_path, number):
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    words = [sys.executable, "-m", "sim", "play", "short.toml"]
    environment = os.environ | {"PYTHONPATH": str(Path(command.__file__).parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, cwd=tmp_path, text=True, env=environment, **pipes) as playing:
        assert playing.stdin is not None
        playing.stdin.write("hold\n")
        playing.stdin.flush()
        file = tmp_path / "game-short-1.toml"
        for _ in range(1200):
            if file.exists() and "[[week]]" in file.read_text("utf-8"):
                break
            time.sleep(0.1)
        playing.send_signal(number)
        _, said = playing.communicate(timeout=60)
    assert playing.returncode == 130, said
    assert "the game is kept at week 1 of 3" in said
    assert [str(week["us"]) for week in Game.load(file, tmp_path / "short.toml").moves] == ["hold"]


def test_the_options_are_those_of_the_game():
    assert command.DEFAULT_SEED == DEFAULT_SEED


def test_what_is_left_to_the_policy_is_what_its_draw_was(table):
    """Whether restraint then holds a move back or not; and a tariff is trade, with no stocks."""
    told = table("geneva-2025", "--seed", "7", lines=["auto"] * 26)
    assert "In 26 of 26 moves you did what your policy's draw was" in told.stdout
    assert "26 of them left to it" in told.stdout
    lines = [line for line in told.stdout.splitlines() if "China's tariffs:" in line]
    assert lines
    assert not any("stocks" in line for line in lines)
    assert all("trade under it is" in line for line in lines)


def test_the_example_of_a_move_is_of_ones_own_levers(table):
    told = table("short.toml", "--as", "cn", lines=["help", "quit"])
    assert "a move is as: hold | pull rare_earths | ease | auto" in told.stdout
    assert "As: pull rare_earths critical_minerals, talks" in told.stdout
