"""`detente sweep` as a process that is interrupted or runs out of room, and then resumed."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from tests.studies.experiments import GRID, written

TABLES = ("bands.parquet", "outcomes.parquet", "points.parquet")
#: Two parts, a second or so each.
LONG = GRID.replace("runs = 200", 'keep = ["bands"]\nruns = 20_000').replace(
    "steps = 3", "steps = 8"
)


def sweep(folder, *options, limit=None, session=False):
    """A process of its own; with a limit, no file may grow beyond so many bytes."""

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", "small.toml", *options],
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


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The tables of a sweep that nothing disturbed."""
    root = tmp_path_factory.mktemp("whole")
    written(root, LONG)
    process = sweep(root)
    _, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    return tables(root)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_a_signal_says_what_is_kept_and_resume_ends_with_the_same_bytes(whole, tmp_path, number):
    written(tmp_path, LONG)
    process = sweep(tmp_path)
    waited_for(tmp_path, 1)
    process.send_signal(number)
    out, told = process.communicate(timeout=100)
    assert process.returncode == 130, told
    assert "of 16 points are kept" in told
    assert "; 0 of 16" not in told
    assert "Traceback" not in told
    assert out == ""
    resumed(tmp_path)
    assert tables(tmp_path) == whole


@pytest.mark.slow
def test_ctrl_c_reaches_workers_too_and_they_say_nothing(tmp_path):
    """As a terminal sends it: to the command and to its two workers."""
    written(tmp_path, LONG.replace("steps = 8", "steps = 30"))
    process = sweep(tmp_path, "--workers", "2", session=True)
    waited_for(tmp_path, 1)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=100)
    assert process.returncode == 130, told
    assert "of 60 points are kept" in told
    assert "; 0 of 60" not in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_final_table_that_does_not_fit_leaves_all_parts(whole, tmp_path):
    """One byte less than the largest needs: every part is smaller."""
    written(tmp_path, LONG)
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
    written(tmp_path, LONG)
    process = sweep(tmp_path, limit=100)
    _, told = process.communicate(timeout=200)
    assert process.returncode == 1, told
    assert "could not be written" in told
    assert list(the_folder(tmp_path).iterdir()) == []
    resumed(tmp_path)
    assert tables(tmp_path) == whole


def resumed(root):
    process = sweep(root, "--resume")
    _, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    left = {path.name for path in the_folder(root).iterdir()}
    assert left == {"figures", "manifest.json", *TABLES}


@pytest.mark.slow
def test_a_second_sweep_of_the_same_folder_says_who_is_at_work_and_harms_nothing(tmp_path, whole):
    written(tmp_path, LONG)
    first = sweep(tmp_path, "--yes")
    waited_for(tmp_path, 1)
    first.send_signal(signal.SIGSTOP)
    second = sweep(tmp_path, "--yes", "--resume")
    _, said = second.communicate(timeout=120)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 2
    assert f"another process (number {first.pid})" in said
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert tables(tmp_path) == whole
