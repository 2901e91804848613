"""Signals: while a command is imported, and at any moment of run, sweep and tournament."""

import os
import random
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest

from tests.everyday import one_in
from tests.studies.experiments import GRID, written


def interrupted(module, number, *command, wrapped=False):
    """`detente` with a command; it gets the signal when a module is first looked for.

    wrapped: as a library in C answers it, with an error of its own.
    """
    code = f"""
import os, runpy, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            try:
                os.kill(os.getpid(), {int(number)})
            except KeyboardInterrupt as interrupt:
                if {wrapped}:
                    raise ImportError("initialization failed") from interrupt
                raise

sys.meta_path.insert(0, Interrupting())
sys.argv = ["detente", *{command!r}]
runpy.run_module("sim", run_name="__main__")
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False
    )


NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MODULES = ("typer", "sim.cli.show", "pydantic")


@pytest.mark.parametrize("case", one_in(4, list(product(MODULES, NUMBERS))))
def test_the_first_second_counts_too(case):
    done = interrupted(*case, "show", "geneva-2025")
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted; nothing was kept\n"
    assert done.stdout == ""


@pytest.mark.parametrize("module", MODULES)
def test_an_interrupt_that_a_library_made_an_error_of_is_one(module):
    done = interrupted(module, signal.SIGTERM, "show", "geneva-2025", wrapped=True)
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted; nothing was kept\n"


LOST = """
import os, signal, sys, time
from sim.cli.signals import end_like_ctrl_c, was_interrupted

end_like_ctrl_c()
{ignored}

class Closed:
    def __del__(self):
        os.kill(os.getpid(), {number})
        time.sleep(0)

try:
    Closed()
    was_lost = was_interrupted(ValueError()) if {asked} else True
    if not {asked}:
        time.sleep(40)
except KeyboardInterrupt:
    sys.exit(130)
sys.exit(3 if was_lost else 4)
"""


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("asked", "code"), [(False, 130), (True, 3)])
def test_an_interrupt_where_nothing_can_be_raised_is_not_lost(number, asked, code):
    """Python drops what a destructor, a fork's hook or a compiler's call back raises."""
    ignored = "" if number == signal.SIGINT else "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    script = LOST.format(number=int(number), asked=asked, ignored=ignored)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
POLICIES = "grim,tit_for_tat"
#: Small commands in plain Python (nothing to compile): some seconds each.
COMMANDS = {
    "run": ("run", "textbook/tft-noise", "--runs", "60", "--threads", "1", "--no-pictures"),
    "sweep": ("sweep", "small.toml", "--threads", "1"),
    "part": ("sweep", "small.toml", "--threads", "1", "--part", "1/2"),
    "tournament": (
        *("games", "textbook/tft-noise", "tournament", "--us", POLICIES, "--cn", POLICIES),
        *("--runs", "8", "--resamples", "100", "--threads", "1", "--no-pictures"),
    ),
}
RESUMED = {"sweep": ("--resume",), "part": ("--resume",)}
#: A process whose parts of a study are of one point each, and that measures no speed first.
CODE = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started us may ignore them
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
try:
    from sim.cli.signals import end_like_ctrl_c
    end_like_ctrl_c()
    open("begun", "w").close()
    from sim.engines import batch
    from sim.studies import runner
    batch.needs_compiling = lambda *_: True
    runner.GROUP_RUN_WEEKS = 1
    sys.argv[0] = "detente"
    runpy.run_module("sim", run_name="__main__")
except KeyboardInterrupt:
    sys.stderr.write("interrupted")
    sys.exit(130)
"""


def begun(folder, words):
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *words],
        cwd=folder,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(folder, kind, *more):
    process = begun(folder, (*COMMANDS[kind], *more))
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The tables of each command that nobody interrupts, and the seconds it takes."""
    known = {}

    def of(kind):
        if kind not in known:
            root = tmp_path_factory.mktemp(kind)
            written(root, GRID.replace("runs = 200", "runs = 4"))
            started = time.monotonic()
            known[kind] = (finished(root, kind), time.monotonic() - started)
        return known[kind]

    return of


def interrupted_later(folder: Path, kind: str, number: int, moment: float) -> None:
    """One signal, so many seconds after Python has begun; what ended before is right too."""
    process = begun(folder, COMMANDS[kind])
    deadline = time.monotonic() + 60
    while not (folder / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(moment)
    process.send_signal(number)
    out, told = process.communicate(timeout=300)
    if out and process.returncode == -number:
        return  # all was done and told: Python itself was ending, and hears no signal any more
    expected = -signal.SIGKILL if number == signal.SIGKILL else 130
    assert process.returncode in (0, expected), told
    if number != signal.SIGKILL and process.returncode:
        assert "interrupted" in told
        assert "Traceback" not in told


def check(whole, folder, kind, number, share):
    tables, seconds = whole(kind)
    written(folder, GRID.replace("runs = 200", "runs = 4"))
    interrupted_later(folder, kind, number, share * seconds)
    again = finished(folder, kind, *RESUMED.get(kind, ()))
    if kind == "run":  # an interrupted_later run keeps the runs it finished, in a folder of its own
        again = {name: again[name] for name in tables if name in again}
        folders = [path for path in (folder / "results").iterdir() if path.is_dir()]
        assert any(
            all((path / name).read_bytes() == data for name, data in tables.items())
            for path in folders
        )
    else:
        assert again == tables
    left = [*folder.rglob(".*"), *folder.rglob("plan.json")]
    assert not left  # no draft, no lock, no plan of what is finished


@pytest.mark.slow
def test_one_signal_at_one_moment(whole, tmp_path):
    check(whole, tmp_path, "sweep", signal.SIGTERM, 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("number", SIGNALS)
def test_any_signal_to_any_command(whole, tmp_path, kind, number):
    check(whole, tmp_path, kind, number, random.Random(f"once {kind} {number}").random())


@pytest.mark.attack
@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("number", SIGNALS)
def test_any_signal_at_random_moments(whole, tmp_path, kind, number):
    moments = random.Random(f"{kind} {number}")
    for turn in range(3):
        folder = tmp_path / str(turn)
        folder.mkdir()
        check(whole, folder, kind, number, moments.random())
