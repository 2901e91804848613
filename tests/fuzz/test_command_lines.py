"""Any command line: an answer, or words and exit code 2; never a traceback, never a hang.

Commands and options are read off the application, so that new ones are tried too.
"""

from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli.main import app
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.studies.reading import shipped_experiments
from tests.fuzz.bounds import bounded
from tests.fuzz.test_files import EVERYDAY, SLOW, play

ROOT = typer.main.get_command(app)
#: What would serve until it is ended, or follow records at length, is not for this test.
LEFT_OUT = ("serve", "fit")
FEW = "grim,tit_for_tat"
#: Options that make a command quick; the last of two counts.
QUICK = {
    "run": ["--runs", "3", "--ranges", "off", "--no-pictures", "--engine", "batch"],
    "compare": ["--runs", "5", "--ranges", "off"],
    "explain": ["--runs", "50"],
    "sweep": ["--dry-run"],
    "backtest": ["--runs", "3"],
    "score": ["--runs", "50", "--ledger", "."],
    "odds": ["--particles", "40", "--runs", "40", "--anyway", "--no-pictures"],
    **dict.fromkeys(("tournament", "equilibria"), ["--us", FEW, "--cn", FEW, "--runs", "2"]),
    "replicator": ["--policies", FEW, "--runs", "2", "--no-pictures"],
    "response": ["--states", "1", "--runs", "100", "--no-pictures"],
}
#: What each loads and compiles once is not part of an answer's time.
WARMING = (
    ("games", "textbook/tft-noise", "classify"),
    ("compare", "textbook/tft-noise", "--set", "actors.us.slip=.1", "--runs", "5"),
    ("odds", "geneva-2025", *QUICK["odds"]),
    ("explain", "textbook/tft-noise", "--find", "breakdown", "--runs", "50"),
    ("sweep", "slow-licensing", "--dry-run"),
    ("play", "textbook/tft-noise"),
)
#: Not with junk before them: they would make a quick command slow again, or open a cluster.
NOT_TRIED = ("--workers", "--cluster", "--engine", "--extension", "--install-completion")

NAMES = st.sampled_from(
    [
        *("geneva-2025", "textbook/tft-noise", "geneva_2025", "Geneva-2025", "grim", "tft"),
        *("slow-licensing", "results", ".", "..", "/", "/proc/kmsg", "/dev/null", "no-such"),
        *("", " ", "-", "--", "-x", "--no-such", "a" * 5000, "\x00", "\x1b[2J", "[red]", "$x$"),
        *("日本", "a\nb", "mine.toml", "broken.toml", "*", "%s", "{}", "=", "a=b", "weeks=3"),
        "game-tft-noise-1.toml",
    ]
)
NUMBERS = st.sampled_from(
    [*("0", "1", "2", "3", "-1", "1e0", "2_0", "3.0", "1.5", "1e400", "nan", "inf", "-inf"),
     *(str(2**64), str(10**40), "0x10", "٣", "1e-9", "0.01", "")]
)  # fmt: skip
SETTINGS = st.sampled_from(
    [
        *(
            "weeks=3",
            "weeks=0",
            "weeks=1e400",
            "actors.us.slip=.1",
            "actors.us.slip=nan",
            "capacity=1",
        ),
        *(
            "actors.us.policy=grim",
            "actors.us.policy.name=grim",
            "truce=none",
            "=",
            "a",
            "a=",
            "=1",
        ),
        *("x=" + "[" * 300, "x=" + "[" * 3000 + "]" * 3000, "title=a\nb", 'title="\\u001b[2J"'),
        *("ranges=none", "+shocks=[]", "a" * 3000 + "=1", ".".join("a" * 3000) + "=1"),
        *("actors.us.slip={ beta = [2, 38] }", "weeks=1979-05-27", "levers.us.chips.level=9"),
    ]
)
WORDS = NAMES | NUMBERS | SETTINGS


def leaves(group, before=()):
    """Every command with the words that lead to it."""
    for name in group.commands:
        command = group.commands[name]
        if name in LEFT_OUT:
            continue
        if hasattr(command, "commands"):
            yield from leaves(command, (*before, name))
        else:
            yield (*before, name), command


COMMANDS = dict(leaves(ROOT))


@st.composite
def command_lines(draw) -> list[str]:
    """A command with some of its options, each with junk or sense."""
    words = draw(st.sampled_from(sorted(COMMANDS)))
    command = COMMANDS[words]
    line = list(words)
    if len(words) > 1 and draw(st.booleans()):
        line.insert(1, draw(NAMES))
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            line += draw(st.lists(NAMES, max_size=2))
            continue
        option = draw(st.sampled_from(parameter.opts))
        if option in NOT_TRIED or draw(st.integers(0, 3)):
            continue
        line.append(option)
        if not parameter.is_flag:
            line.append(draw(SETTINGS if option == "--set" else WORDS))
    if draw(st.integers(0, 9)) == 0:
        line.insert(draw(st.integers(0, len(line))), draw(WORDS))
    return line + QUICK.get(words[-1], [])


def tried(line: list[str]) -> None:
    with bounded():
        told = CliRunner().invoke(app, line)
    error = told.exception
    if error is not None and not isinstance(error, SystemExit):
        raise AssertionError(f"{line}: {error!r}") from error
    assert told.exit_code in (0, 2), (line, told.output[-500:])
    if told.exit_code == 2:
        assert told.stderr or told.output, line  # and in words


def attack(folder: Path, monkeypatch: pytest.MonkeyPatch, profile: settings) -> None:
    monkeypatch.chdir(folder)
    (folder / "mine.toml").write_text('title = "mine"\nextends = "textbook/tft-noise"\n')
    (folder / "broken.toml").write_text("title = \n")
    play(Scenario.load("geneva-2025"))
    for line in WARMING:
        CliRunner().invoke(app, line)

    @profile
    @given(command_lines())
    def one(line: list[str]) -> None:
        tried(line)

    one()


def test_a_command_line_ends_with_words(tmp_path, monkeypatch):
    attack(tmp_path, monkeypatch, EVERYDAY)


@pytest.mark.attack
def test_ten_thousand_command_lines(tmp_path, monkeypatch):
    attack(tmp_path, monkeypatch, SLOW)


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_every_help_is_whole(words):
    """No bracket is eaten as markup, no option is without a word, none is cut."""
    told = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "400"})
    assert told.exit_code == 0
    text = " ".join(told.output.split())
    for parameter in COMMANDS[words].params:
        if getattr(parameter, "hidden", False):
            continue
        assert parameter.help, parameter.name
        assert " ".join(parameter.help.split()) in text, parameter.name
    assert " ".join((COMMANDS[words].help or "").split()) in text


@pytest.mark.parametrize("name", sorted(QUICK))
def test_what_makes_a_command_quick_is_not_what_it_refuses(name):
    (words,) = [words for words in COMMANDS if words[-1] == name]
    named = ["no-such"] * (2 if name == "compare" else 1)
    refused = CliRunner().invoke(app, [words[0], *named, *words[1:], *QUICK[name]])
    assert refused.exit_code == 2
    assert "no-such" in refused.stderr
    assert not [option for option in QUICK[name] if option[:2] == "--" and option in refused.stderr]


def test_shipped_names_are_tried():
    names = {one.name for one in list_shipped()} | shipped_experiments().keys()
    assert {"geneva-2025", "textbook/tft-noise", "slow-licensing"} <= names
