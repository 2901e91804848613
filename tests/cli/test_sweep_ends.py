"""`detente sweep` as a process that is interrupted or runs out of room, and then resumed."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.studies import runner
from tests.studies.experiments import GRID, written

TABLES = ("bands.parquet", "outcomes.parquet", "points.parquet")
#: Sixteen points.
SMALL = GRID.replace("runs = 200", 'keep = ["bands"]\nruns = 200').replace("steps = 3", "steps = 8")
#: Two parts, half a second or so each: long enough to be met at work.
LONG = SMALL.replace("runs = 200", "runs = 20_000")
#: The command with eight points of the small study a part, of which the second never comes.
EIGHT = """
from sim.__main__ import main
from sim.studies import runner
runner.GROUP_RUN_WEEKS = 8 * 200 * 26
"""
HELD = """
import time
from sim.studies.store import StudyFolder
write = StudyFolder.write_part
def write_and_wait(*arguments):
    write(*arguments)
    for _ in range(3000):  # a signal that comes just before a sleep is heard after it
        time.sleep(0.1)
StudyFolder.write_part = write_and_wait
"""


def sweep(folder, *options, limit=None, session=False, small=True, held=False):
    """A process of its own; with a limit, no file may grow beyond so many bytes."""

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    script = EIGHT + HELD * held + "main()"
    return subprocess.Popen(
        [sys.executable, *(("-c", script) if small else ("-m", "sim"))]
        + ["sweep", "small.toml", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=session,
        preexec_fn=None if limit is None else limited,
    )


def the_folder(root):
    (folder,) = (root / "results").iterdir()
    return folder


def tables(root):
    return {name: (the_folder(root) / name).read_bytes() for name in TABLES}


def waited_for(root, count):
    """Waits until so many parts are kept."""
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        if len(list(root.glob("results/*/parts/part-*.bands.parquet"))) >= count:
            return
        time.sleep(0.005)
    raise AssertionError("no parts came")


def undisturbed(root, text, small):
    """The tables of a sweep that nothing disturbed."""
    written(root, text)
    to_the_end(root, small=small)
    return tables(root)


def to_the_end(root, *options, small=True):
    """A sweep in this process, which finishes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        if small:
            patch.setattr(runner, "GROUP_RUN_WEEKS", 8 * 200 * 26)
        told = CliRunner().invoke(app, ["sweep", "small.toml", *options])
    assert told.exit_code == 0, told.output


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return undisturbed(tmp_path_factory.mktemp("whole"), SMALL, small=True)


def ended(process, number):
    process.send_signal(number)
    out, told = process.communicate(timeout=100)
    assert process.returncode == 130, told
    assert "of 16 points are kept" in told
    assert "; 0 of 16" not in told
    assert "Traceback" not in told
    assert out == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_says_what_is_kept_and_resume_ends_with_the_same_bytes(whole, tmp_path, number):
    written(tmp_path, SMALL)
    process = sweep(tmp_path, held=True)
    waited_for(tmp_path, 1)
    ended(process, number)
    resumed(tmp_path)
    assert tables(tmp_path) == whole


@pytest.mark.slow
def test_a_signal_while_runs_are_played_does_so_too(tmp_path_factory, tmp_path):
    whole = undisturbed(tmp_path_factory.mktemp("long"), LONG, small=False)
    written(tmp_path, LONG)
    process = sweep(tmp_path, small=False)
    waited_for(tmp_path, 1)
    ended(process, signal.SIGINT)
    resumed(tmp_path, small=False)
    assert tables(tmp_path) == whole


@pytest.mark.slow
def test_ctrl_c_reaches_workers_too_and_they_say_nothing(tmp_path):
    """As a terminal sends it: to the command and to its two workers."""
    written(tmp_path, LONG.replace("steps = 8", "steps = 12"))
    process = sweep(tmp_path, "--workers", "2", session=True, small=False)
    waited_for(tmp_path, 1)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=100)
    assert process.returncode == 130, told
    assert "of 24 points are kept" in told
    assert "; 0 of 24" not in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_final_table_that_does_not_fit_leaves_all_parts(whole, tmp_path):
    """One byte less than the largest needs: every part is smaller."""
    written(tmp_path, SMALL)
    process = sweep(tmp_path, limit=len(whole["bands.parquet"]) - 1)
    _, told = process.communicate(timeout=200)
    assert process.returncode == 1, told
    assert "could not be written" in told
    assert "--resume continues" in told
    assert "Traceback" not in told
    folder = the_folder(tmp_path)
    assert not (folder / "bands.parquet").exists()
    assert len(list(folder.glob("parts/part-*.bands.parquet"))) == 2
    assert not list(folder.rglob("*.tmp"))
    resumed(tmp_path)
    assert tables(tmp_path) == whole


@pytest.mark.slow
def test_a_disk_that_is_full_from_the_start_is_told_and_the_study_begun_later(whole, tmp_path):
    written(tmp_path, SMALL)
    process = sweep(tmp_path, limit=100)
    _, told = process.communicate(timeout=200)
    assert process.returncode == 1, told
    assert "could not be written" in told
    assert list(the_folder(tmp_path).iterdir()) == []
    resumed(tmp_path)
    assert tables(tmp_path) == whole


def resumed(root, small=True):
    to_the_end(root, "--resume", small=small)
    left = {path.name for path in the_folder(root).iterdir()}
    assert left == {"figures", "manifest.json", *TABLES}


@pytest.mark.slow
def test_a_second_sweep_of_the_same_folder_says_who_is_at_work_and_harms_nothing(tmp_path, whole):
    written(tmp_path, SMALL)
    first = sweep(tmp_path, "--yes", held=True)
    waited_for(tmp_path, 1)
    second = sweep(tmp_path, "--yes", "--resume")
    _, said = second.communicate(timeout=120)
    assert second.returncode == 2
    assert f"another process (number {first.pid})" in said
    ended(first, signal.SIGTERM)
    resumed(tmp_path)
    assert tables(tmp_path) == whole
