"""Peak memory of a large batch against a small one, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator

RUNS = (10_000, 10_000_000)
PLAY = """
import resource, sys
from sim import Scenario
from sim.engines.batch import run_batch
run_batch(Scenario.load("scenarios/geneva-2025.toml").compiled.params, 1, 0, int(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(runs: int) -> float:
    """Peak resident memory in MB of a process that plays so many runs."""
    done = subprocess.run(
        [sys.executable, "-c", PLAY, str(runs)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def measure() -> Iterator[str]:
    """Lines that tell the peaks and their difference."""
    few, many = (peak(runs) for runs in RUNS)
    yield f"{RUNS[0]:,} runs: {few:.0f} MB; {RUNS[1]:,} runs: {many:.0f} MB"
    yield f"difference {many - few:+.0f} MB (aim: within 50)"
