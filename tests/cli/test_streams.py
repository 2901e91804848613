"""Names that no file can have, and streams that nobody reads."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from sim.scenario import Scenario
from tests.everyday import one_in

LONG = "a" * 5000
LINES = [
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


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line)[:40].replace("\0", "NUL"))
def test_a_name_that_no_file_can_have_is_bad_input(detente, line):
    told = detente(*line)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "allowed:" in told.stderr
    assert len(told.stderr) < 2_000


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
