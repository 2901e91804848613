"""What a user waits for, from a warm cache: whole processes, median of several."""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks import clock

TURNS = 5


def command(*words: str) -> None:
    """Run `detente` with these words; its output is thrown away."""
    subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, check=True)


def measure() -> Iterator[str]:
    """Lines that tell the wall time of the commands."""
    with tempfile.TemporaryDirectory() as folder:
        run = ("run", "scenarios/geneva-2025.toml", "--runs", "10000", "--out", folder)
        work = {
            "nothing": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
            "--help": lambda: command("--help"),
            "run, 10,000 runs, pictures": lambda: command(*run),
        }
        seconds = clock.by_turns(work, TURNS)
    for name, times in seconds.items():
        most = f"{min(times):.2f} to {max(times):.2f}"
        yield f"{name}: {statistics.median(times):.2f} s ({most} over {TURNS} turns)"
