"""`detente games SCENARIO ...`: the layout of its subcommands and what is said of a wrong one."""

import pytest
import typer

from sim.cli.main import app

GAMES = typer.main.get_command(app).commands["games"]


@pytest.mark.parametrize("words", [(), ("--help",), ("geneva-2025", "--help")])
def test_help_lists_every_subcommand(detente, words):
    told = detente("games", *words)
    assert told.exit_code == (0 if words else 2)
    assert all(name in told.stdout + told.stderr for name in GAMES.commands)


@pytest.mark.parametrize("name", GAMES.commands)
def test_every_subcommand_explains_itself_and_its_options(detente, name):
    told = detente("games", "geneva-2025", name, "--help")
    assert told.exit_code == 0
    assert GAMES.commands[name].help
    assert all(parameter.help for parameter in GAMES.commands[name].params)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("geneva-2025",), "nothing after geneva-2025"),
        (("tournament",), "nothing before tournament"),
        (("geneva-2025", "turnament"), "did you mean tournament?"),
        (("geneva-2025", "equlibria"), "did you mean equilibria?"),
    ],
)
def test_what_is_missing_or_misspelt_is_said(detente, words, message):
    told = detente("games", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert message in told.stderr
    assert told.stderr.startswith("detente games: ")


@pytest.mark.parametrize("name", GAMES.commands)
def test_help_of_a_subcommand_needs_no_scenario(detente, name):
    told = detente("games", name, "--help")
    assert told.exit_code == 0
    assert told.stdout == detente("games", "geneva-2025", name, "--help").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("classify", "textbook/chicken", "--json"),
        ("classify", "--json", "textbook/chicken"),
        ("classify", "--years", "2", "textbook/chicken", "--json"),
        ("classify", "--years=2", "textbook/chicken", "--json"),
    ],
)
def test_the_scenario_may_follow_the_subcommand(detente, words):
    told = detente("games", *words)
    rest = [word for word in words if word not in ("classify", "textbook/chicken")]
    assert told.exit_code == 0, told.stderr
    assert told.stdout == detente("games", "textbook/chicken", "classify", *rest).stdout
