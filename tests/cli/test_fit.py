"""`detente fit`: the cost before, the page after, killed and gone on with, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SMALL = (
    "--as-of",
    "2025-06-15",
    "--points",
    "8",
    "--stages",
    "2",
    "--moves",
    "1",
    "--copies",
    "10",
)
TREE = Path(__file__).resolve().parents[2]


def test_a_small_fit(detente, tmp_path):
    printed = detente("fit", "geneva-2025", *SMALL)
    assert printed.exit_code == 0, printed.output
    told = " ".join(printed.output.split())
    assert "24 evaluations of" in told
    assert "stage 2 of 2" in told
    assert "The record says nothing about" in told
    (folder,) = (tmp_path / "results").iterdir()
    names = {path.name for path in folder.iterdir()}
    assert {"settings.csv", "points.csv", "truces.csv", "plan.json", "manifest.json"} <= names
    assert (folder / "figures" / "fit.png").stat().st_size > 5_000
    drawn = detente("plot", folder.name, "--format", "svg")
    assert drawn.exit_code == 0, drawn.output
    assert (folder / "figures" / "fit.svg").is_file()
    again = detente("fit", "geneva-2025", *SMALL, "--json", "--no-pictures")
    assert json.loads(again.stdout)["until"] == "2025-06-15"


def test_what_is_refused(detente, tmp_path):
    for words, said in (
        (("geneva-2025", "geneva-2025"), "each truce once"),
        (("geneva-2025", "--as-of", "2025-05-13"), "a day after the first week"),
        (("geneva-2025", "--as-of", "may", "--points", "0"), "--points"),
        (("geneva-2024",), "geneva-2025"),
        (("geneva-2025", "--workers", "2", "--threads", "2"), "one of them: threads, processes"),
        (("geneva-2025", "--cluster", "tcp://127.0.0.1:9"), "no scheduler answers"),
    ):
        refused = detente("fit", *words)
        assert refused.exit_code == 2
        assert said in refused.output
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_killed_and_gone_on_with(tmp_path):
    """kill -9 after the first stage that is kept, then --resume on processes: the same bytes."""
    words = [sys.executable, "-m", "sim", "fit", "geneva-2025", *SMALL[:2], "--no-pictures"]
    words += ["--points", "16", "--stages", "5", "--moves", "1", "--copies", "20"]
    env = {**os.environ, "PYTHONPATH": str(TREE)}

    def fit(out, *more):
        return subprocess.Popen(
            [*words, "--out", str(tmp_path / out), *more], env=env, cwd=tmp_path
        )

    assert fit("whole").wait(timeout=120) == 0
    killed = fit("killed")
    deadline = time.monotonic() + 100
    while not list((tmp_path / "killed").glob("*/cloud.npz")) and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=20)
    assert fit("killed", "--resume", "--workers", "2").wait(timeout=120) == 0
    (one,), (two,) = (list((tmp_path / out).iterdir()) for out in ("whole", "killed"))
    for name in ("settings.csv", "points.csv", "truces.csv", "cloud.npz"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
