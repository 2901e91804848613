"""`detente games SCENARIO classify`: what it prints, draws and refuses."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.games.classify_page import ONE_WEEK

WORDS = ("games", "geneva-2025", "classify")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The game of a year, drawn into a folder that it has to make."""
    path = tmp_path_factory.mktemp("drawn") / "new" / "game.svg"
    told = CliRunner().invoke(app, [*WORDS, "--years", "1", "--plot", str(path)])
    assert told.exit_code == 0, told.stderr
    assert path.stat().st_size > 10_000
    assert str(path) in told.stderr
    return told


def test_it_names_the_game_and_says_it_is_exact(told):
    assert "What game is this? Prisoner's dilemma (exact)" in told.stdout
    assert "us.eda 0→1, us.engines 0→1, cn.rare_earths 0→2" in " ".join(told.stdout.split())
    assert "chicken and stag hunt" in told.stdout
    assert "levers.us.*.own_gain" in told.stdout


def test_a_matrix_of_its_own_is_named_without_readings_and_years(detente):
    told = detente("games", "textbook/stag-hunt", "classify")
    assert told.exit_code == 0, told.stderr
    assert "Stag hunt (exact)" in told.stdout
    assert "By how bad" not in told.stdout
    assert "us good with p 0.667, cn with p 0.667" in " ".join(told.stdout.split())


@pytest.mark.usefixtures("coarse_borders")
def test_json_carries_the_same(detente):
    told = detente(*WORDS, "--json", "--bad", "everything", "--years", "2", "--set", "weeks=4")
    found = json.loads(told.stdout)
    assert found["exact"] is True
    assert found["name"] == "prisoner's dilemma"
    assert found["bad"] == "everything"
    assert [row["year"] for row in found["by_year"]] == [0, 1, 2]
    assert found["sides"]["us"]["T-R"] == pytest.approx(
        found["sides"]["us"]["temptation"] - found["sides"]["us"]["reward"]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--bad", "lots"), "a rung above 0, as 5, or everything"),
        (("--bad", "0"), "a rung above 0, as 5, or everything"),
        (("--bad", "nan"), "a rung above 0, as 5, or everything"),
        (("--years", "-1"), "a whole number from 0 to 50"),
        (("--plot", "game.gif"), "png, svg, pdf"),
    ],
)
def test_bad_options_are_refused_with_what_is_allowed(detente, words, message):
    told = detente(*WORDS, *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert message in told.stderr
    assert told.stderr.startswith("detente games: ")


def test_a_side_without_room_is_refused(detente):
    levers = [f"levers.cn.{name}.level=4" for name in ("probes", "unreliable_entities")]
    texts = [*levers, "levers.cn.critical_minerals.level=3", "levers.cn.tariffs.level=3"]
    texts += ["levers.cn.rare_earths.obligation=3"]
    texts += [text.replace("level", "obligation") for text in texts[:4]]
    told = detente(*WORDS, *(word for text in texts for word in ("--set", text)))
    assert told.exit_code == 2
    assert "levers.cn\n  found:   no lever that can stand above its obligation" in told.stderr
    assert told.stdout == ""


def test_it_says_how_a_dilemma_and_conceding_go_together(told):
    assert f"{ONE_WEEK} (docs/howto-best-response.md)." in " ".join(told.stdout.split())
