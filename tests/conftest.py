"""What every test shares: the same random examples everywhere, Ctrl-C heard, kernels compiled."""

import contextlib
import gc
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

# As the command line has it, and before numpy is loaded: see sim.cli.main.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Two workers and a hundred programs import the same files: each is compiled once, even where the
# environment would have nothing kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import pytest  # noqa: E402

from sim.native import Program, build  # noqa: E402
from sim.report import side_by_side  # noqa: E402
from tests.examples import load_profile  # noqa: E402
from tests.kernels import compile_all  # noqa: E402

#: Where the workers find the week in C.
IN_C = "DETENTE_WEEK_IN_C"
#: Objects made and not yet freed, before Python looks for those that only hold each other.
MANY = 50_000

# In the background of a script SIGINT is ignored, below nohup SIGHUP is, and programs started from
# there ignore them too.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
gc.set_threshold(MANY)
load_profile()
# A copy of this process, which is large with tests, costs more than most of what copies do here.
# What they make is the same; they are tested where `copies` is asked for, and by every program.
_cores = side_by_side.cores
side_by_side.cores = lambda: 1


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The week in C, compiled once for all workers, with a folder of its own for its files."""
    if IN_C in os.environ:
        folder = tmp_path_factory.mktemp("week-in-c")
        shutil.copy(Path(os.environ[IN_C]) / "week", folder)
        return Program(folder)
    built = build()
    if built is None:
        pytest.skip("no C compiler: set CC")
    return built


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is shared with copies of this process, as in a program of its own."""
    monkeypatch.setattr(side_by_side, "cores", _cores)


@pytest.fixture
def coarse_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of few pixels, where it is asked whether they are there, not how they look."""
    monkeypatch.setattr("sim.plots.style.RESOLUTION", 40)


@pytest.fixture
def coarse_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    """The borders of a game are sought in few steps, and found to a hundredth: where something
    else of the game is asked for. What they are is tested in tests/games."""
    monkeypatch.setattr("sim.games.classify._STEPS", 2)
    monkeypatch.setattr("sim.games.classify._FINE", 1e-2)


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the process that starts the workers, and only there."""
    if getattr(session.config.option, "numprocesses", None):
        compile_all()
        # A compiler that fails is an error of the tests that ask for `program`, not of all.
        with contextlib.suppress(subprocess.CalledProcessError):
            if program := build():
                os.environ[IN_C] = str(program.folder)


def pytest_collection_finish() -> None:
    """Tests stay to the end: to look through all of them again and again costs more than most."""
    gc.freeze()
