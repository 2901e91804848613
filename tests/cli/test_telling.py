"""What is printed: tables that are not cut, bars on a terminal, streams that nobody reads."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.console import Console

from sim.cli import progress
from sim.cli.main import app
from sim.cli.telling import out
from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from sim.report.content import NAME, Section, columns
from sim.report.terminal import section
from sim.scenario import Scenario
from tests.everyday import one_in

NUMBERS = ("-0.123456", "1,234,567.89", "0.061 (0.049 to 0.078)")
POLICY = "contrite_generous_tit_for_tat"


def table():
    heads = columns(("policy", NAME), "harm", "runs", "share (95 %)")
    return section(Section("What came out", (), heads, ((POLICY, *NUMBERS),), ("all of them",)))


def printed(width, boundless=False):
    console = Console(width=width, color_system=None, highlight=False)
    console.boundless = boundless
    with console.capture() as captured:
        console.print(*table(), crop=not boundless)
    return captured.get()


@pytest.mark.parametrize("width", [20, 40, 60, 79, 120])
def test_no_number_and_no_name_is_cut_at_any_width(width):
    text = printed(width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    joined = re.sub(r"\s+", "", text)
    for whole in (POLICY, *NUMBERS, "all of them", "What came out"):
        assert re.sub(r"\s+", "", whole) in joined


def test_what_fits_is_a_table_and_what_does_not_is_stacked():
    wide, narrow = printed(100), printed(60)
    assert f"{POLICY}   {NUMBERS[0]}   {NUMBERS[1]}   {NUMBERS[2]}" in wide
    assert f"{POLICY}\n" in narrow
    assert f"  share (95 %): {NUMBERS[2]}\n" in narrow


def test_where_there_is_no_terminal_it_is_as_wide_as_it_needs_to_be():
    assert f"{POLICY}   {NUMBERS[0]}   {NUMBERS[1]}   {NUMBERS[2]}" in printed(30, boundless=True)


def test_a_file_has_no_width_and_a_terminal_has(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert out().boundless
    monkeypatch.setenv("COLUMNS", "80")
    assert not out().boundless


SHOWN = [("show",), ("show", "geneva-2025"), ("show", "generous_tit_for_tat")]


@pytest.mark.usefixtures("coarse_borders")
@pytest.mark.parametrize(
    ("words", "columns"),
    [
        *((words, columns) for words in SHOWN for columns in ("60",)),
        *(
            pytest.param(words, columns, marks=pytest.mark.slow)
            for words in SHOWN
            for columns in ("0", "80", None)
        ),
        (("games", "geneva-2025", "classify", "--years", "1"), "60"),
    ],
)
def test_commands_cut_nothing(detente, monkeypatch, words, columns):
    monkeypatch.setenv("COLUMNS", columns) if columns else monkeypatch.delenv("COLUMNS", False)
    told = detente(*words)
    assert told.exit_code == 0
    assert told.stdout.strip()
    assert "…" not in told.stdout


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 120 columns that is read afterwards."""
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    return console.file


def test_a_terminal_sees_runs_rate_and_time_left(screen):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(200)
        tell(700)
        tell.refresh()
    shown = screen.getvalue()
    assert "700 of 1,000 runs" in shown
    assert "run-weeks/s" in shown
    assert "0:00:0" in shown


def test_it_says_what_comes_after_the_runs(screen):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(1_000)
        tell.refresh()
    assert "but-for shares" in screen.getvalue()


def test_with_until_the_number_is_a_limit(screen):
    with progress.RunProgress(1_000, weeks=26, at_most=True) as tell:
        tell(500)
        tell.refresh()
    assert "500 of at most 1,000 runs" in screen.getvalue()


def test_elsewhere_it_is_silent(capsys):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(1_000)
    assert capsys.readouterr() == ("", "")


#: How a bar or a spinner begins: the cursor is hidden while it turns.
TURNING = "\x1b[?25l"
TEXTBOOK = "textbook/tft-noise"
TWO = ("--us", "grim,tit_for_tat", "--cn", "grim,tit_for_tat")
FEW = ("--runs", "4", "--no-pictures")
STUDY = f"""# Does noise matter?
scenario = "{TEXTBOOK}"
runs = 2
seed = 3
[design]
kind = "grid"
[[factors]]
name = "slip"
path = "actors.us.slip"
values = [0.0, 0.2]
"""
COMMANDS = {
    "run": ("run", TEXTBOOK, *FEW),
    "sweep": ("sweep", "study.toml", "--yes"),
    "compare": ("compare", TEXTBOOK, "--set", "actors.us.slip=.2", "--runs", "4"),
    "explain": ("explain", TEXTBOOK, "--find", "slip", "--runs", "20"),
    "tournament": ("games", "tournament", TEXTBOOK, *TWO, *FEW, "--resamples", "100"),
    "equilibria": ("games", "equilibria", TEXTBOOK, *TWO, *FEW[:2], "--resamples", "100"),
    "replicator": ("games", "replicator", TEXTBOOK, "--policies", "grim,tit_for_tat", *FEW),
    "response": ("games", "response", TEXTBOOK, "--states", "1", "--runs", "100", FEW[2]),
    "classify": ("games", "classify", TEXTBOOK),
}


class Screen(io.StringIO):
    """A terminal that is read afterwards."""

    def isatty(self):
        return True


#: Cheap enough for every day.
EVERYDAY = ("compare",)


@pytest.mark.parametrize(
    "kind",
    [one if one in EVERYDAY else pytest.param(one, marks=pytest.mark.slow) for one in COMMANDS],
)
def test_a_command_that_takes_its_time_says_so(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY)
    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    code = typer.main.get_command(app).main([*COMMANDS[kind]], standalone_mode=False)
    assert not code, screen.getvalue()
    assert TURNING in screen.getvalue(), screen.getvalue()


LONG = "a" * 5000
UNUSABLE = [
    ("check", LONG),
    ("run", LONG),
    ("plot", LONG),
    ("sweep", LONG),
    ("run", "textbook/tft-noise", "--out", LONG),
    ("explain", "textbook/tft-noise", "--out", LONG),
    ("explain", "textbook/tft-noise", "--out", "/proc/x"),
    ("new", LONG),
    ("new", "x", "--out", "/proc/x.toml"),
    ("new", "\0"),
]


@pytest.mark.parametrize(
    "line", one_in(2, UNUSABLE), ids=lambda line: " ".join(line)[:40].replace("\0", "NUL")
)
def test_a_name_that_no_file_can_have_is_bad_input(detente, line):
    told = detente(*line)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "allowed:" in told.stderr
    assert len(told.stderr) < 2_000


@pytest.mark.slow
@pytest.mark.parametrize("closed", one_in(4, ["<&- >&- 2>&-", ">&-", "2>&-", ">&- 2>&-"]))
def test_with_closed_streams_all_is_done_and_written(tmp_path, closed):
    run = "run textbook/tft-noise --runs 20 --no-pictures --ranges off"
    line = f"exec {sys.executable} -m sim {run} --out {tmp_path} {closed}"
    ended = subprocess.run(["bash", "-c", line], timeout=300, capture_output=True, check=False)
    assert ended.returncode == 0
    assert len(list(tmp_path.glob("*/manifest.json"))) == 1


def test_a_reader_that_leaves_is_no_error(tmp_path):
    root = Path(__file__).resolve().parents[2]
    line = f"set -o pipefail; {sys.executable} -m sim show geneva-2025 | head -1"
    ended = subprocess.run(
        ["bash", "-c", line], timeout=300, capture_output=True, check=False, cwd=root
    )
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)


@pytest.mark.parametrize("line", [("--help",), ("run", "--help"), ("version", "--all")])
def test_output_that_cannot_be_written_is_told_without_a_traceback(line):
    command = [sys.executable, "-m", "sim", *line]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, timeout=300, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, "error: [Errno 28] No space left on device\n")


@pytest.mark.slow
def test_what_nobody_can_be_told_while_waiting_ends_nothing(tmp_path):
    result = simulate(Scenario.load("textbook/tft-noise"), runs=20)
    folder = write_result(result, tmp_path, pictures=())
    command = [sys.executable, "-m", "sim", "export", str(folder)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, timeout=300, stdout=subprocess.DEVNULL, stderr=full, check=False
        )
    assert ended.returncode == 0
    assert (folder / "csv" / "outcomes.csv").is_file()
