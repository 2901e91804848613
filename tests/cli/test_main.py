"""The command line as a whole: what there is, that it answers at once, its version."""

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest
import typer

from sim import __version__
from sim.cli.forecast import Fit, Odds
from sim.cli.games import Equilibria, Replicator, Response, Tournament
from sim.cli.main import LIBRARIES, app

COMMANDS = tuple(typer.main.get_command(app).commands)
HEAVY = ("numpy", "numba", "pandas", "pydantic", "matplotlib", "scipy", "mesa", "pyarrow")


def test_the_commands_are_those_of_the_interface():
    analysis = ("run", "check", "compare", "sweep", "merge", "analyze", "explain", "play")
    shown = ("plot", "report", "page", "serve", "show", "new", "export", "games")
    record = ("record", "odds", "fit", "backtest", "score")
    assert (*analysis, *shown, *record, "reproduce", "version") == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_options(detente, command):
    told = detente(command, "--help")
    assert told.exit_code == 0
    parsed = typer.main.get_command(app).commands[command]
    assert parsed.help
    assert all(parameter.help for parameter in parsed.params), "an option without help"


def test_help_lists_every_command(detente):
    told = detente("--help")
    assert told.exit_code == 0
    assert all(command in told.stdout for command in COMMANDS)


def test_version(detente):
    told = detente("--version")
    assert (told.exit_code, told.stdout) == (0, f"detente {__version__}\n")


@pytest.mark.parametrize("words", [("simulate",), ("run",), ("run", "geneva-2025", "--nonsense")])
def test_usage_errors_exit_with_2(detente, words):
    told = detente(*words)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr


def test_nothing_heavy_is_imported_before_a_command_needs_it():
    program = f"import sys, sim, sim.cli.main; print([m for m in {HEAVY} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert found.stdout.strip() == "[]", found.stderr


def test_python_m_sim_is_detente():
    words = [sys.executable, "-m", "sim", "--version"]
    found = subprocess.run(words, capture_output=True, timeout=60)
    assert (found.returncode, found.stdout.decode()) == (0, f"detente {__version__}\n")


def test_a_bug_is_not_dressed_up_as_bad_input(detente, monkeypatch):
    def broken():
        raise RuntimeError("a bug")

    monkeypatch.setattr("sim.scenario.loading.list_shipped", broken)
    told = detente("show")
    assert told.exit_code == 1
    assert isinstance(told.exception, RuntimeError)


def test_an_interrupt_exits_with_130_and_says_so(detente, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.loading.list_shipped", interrupted)
    told = detente("show")
    assert told.exit_code == 130
    assert told.stderr == "interrupted; nothing was kept\n"


def test_a_file_that_cannot_be_read_exits_with_1(detente, monkeypatch):
    def unreadable():
        raise PermissionError(13, "Permission denied", "scenarios")

    monkeypatch.setattr("sim.scenario.loading.list_shipped", unreadable)
    told = detente("show")
    assert told.exit_code == 1
    assert "Permission denied" in told.stderr


def test_a_command_is_imported_when_it_is_typed():
    program = (
        "import sys; from typer.main import get_command; from sim.cli.main import COMMANDS, app;"
        "get_command(app).commands['check'];"
        "print(*{*COMMANDS.values()} & {*sys.modules} - {'sim.cli.main'})"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert found.stdout.strip() == "sim.cli.files", found.stderr


def test_help_prints_square_brackets_as_they_stand(detente):
    told = detente("games", "geneva-2025", "tournament", "--help")
    assert "[us], [cn] or [both]" in " ".join(told.stdout.split())


def test_a_file_of_ones_own_is_loaded_before_the_command(detente, tmp_path):
    told = detente("--extension", str(tmp_path / "missing.py"), "show")
    assert told.exit_code == 2
    assert "missing.py" in told.stderr


ENCODINGS = [
    (encoding, columns)
    for encoding in ("cp1252", "ascii", "latin-1", "utf-8")
    for columns in ("0", "20", "200")
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "columns"),
    [("ascii", "20"), *(pytest.param(*pair, marks=pytest.mark.slow) for pair in ENCODINGS)],
)
def test_any_encoding_and_width_prints_the_list(encoding, columns):
    surroundings = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": columns}
    done = subprocess.run(
        [sys.executable, "-m", "sim", "show", "geneva-2025"],
        capture_output=True,
        env=surroundings,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "generosity" in done.stdout.decode(encoding)


@pytest.mark.parametrize("command", ["run", "plot", "reproduce", "fit", "merge"])
def test_of_an_argument_that_is_missing_is_said_what_it_is(command, detente):
    refused = detente(command)
    assert refused.exit_code == 2
    assert "Missing argument" in refused.stderr
    assert len(refused.stderr.rsplit("'. ")[-1]) > 20


def test_alone_it_is_the_version(detente):
    assert detente("version").stdout == f"detente {__version__}\n"


def test_all_tells_code_machine_and_libraries(detente):
    told = dict(re.findall(r"^(\w+) +(.+)$", detente("version", "--all").stdout, re.M))
    assert told["detente"] == __version__
    assert re.fullmatch("[0-9a-f]{16}", told["code"])
    assert set(LIBRARIES) | {"python", "system", "cores", "kernel"} <= set(told)
    assert re.match(r"\d+\.\d+", told["numpy"])


def test_what_a_command_declares_is_among_the_options_it_shows():
    for command in (Odds, Fit, Tournament, Equilibria, Replicator, Response):
        own = vars(command).get("__annotations__", {})
        assert {*own} <= {*command.order.split()} <= {each.name for each in fields(command)}
