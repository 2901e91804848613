"""What the mechanisms of the articles' story cost the kernel: on, off, and before there were any.

*Before* is the last commit without them, checked out beside this one; *off* is the same world in
the kernel of now (nulls/geneva-first-settings), *on* is geneva-2025. Each plays in a process of
its own, by turns, and tells its CPU time, so that a busy machine stretches none of them alone.
Outside a git checkout that knows the commit only on and off are compared, and that is said.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from benchmarks import clock
from benchmarks.before import MECHANISMS as BEFORE
from benchmarks.before import ROOT, checked_out

RUNS, TURNS = 40_000, 15
PLAYER = """
import sys, time
from sim.engines.batch import run_batch
from sim.scenario import Scenario
params = Scenario.load(sys.argv[1]).compiled.params
play = lambda runs: run_batch(params, 1, 0, runs, threads=1)
play(100)
print("ready", int(params.rules[0].weeks), flush=True)
for line in sys.stdin:
    start = time.process_time()
    play(int(line))
    print(time.process_time() - start, flush=True)
"""


class Player:
    """A process that plays a scenario of one checkout when asked."""

    def __init__(self, folder: Path, scenario: str, stack: ExitStack) -> None:
        command = [sys.executable, "-c", PLAYER, str(folder / "scenarios" / scenario)]
        environment = os.environ | {"PYTHONPATH": str(folder)}
        self.process = stack.enter_context(
            subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        # Until it has compiled, so that the next finds what this one has compiled.
        self.weeks = int(_pipe(self.process.stdout).readline().split()[1])

    def seconds(self, runs: int) -> float:
        """CPU seconds of so many runs."""
        asking = _pipe(self.process.stdin)
        asking.write(f"{runs}\n")
        asking.flush()
        return float(_pipe(self.process.stdout).readline())

    def leave(self) -> None:
        """Ends the process."""
        _pipe(self.process.stdin).close()
        self.process.wait(timeout=60)


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("the process has no such stream")
    return stream


def measure() -> Iterator[str]:
    """Ratios of CPU time, turn by turn."""
    with ExitStack() as stack:
        before = checked_out(BEFORE, stack)
        players = {
            "on": Player(ROOT, "geneva-2025.toml", stack),
            "off": Player(ROOT, "nulls/geneva-first-settings.toml", stack),
        }
        if before is not None:
            players["before"] = Player(before, "geneva-2025.toml", stack)
        spent: dict[str, list[float]] = {name: [] for name in players}
        for _ in range(TURNS):
            for name, player in players.items():
                spent[name].append(player.seconds(RUNS))
        for player in players.values():
            player.leave()
    yield from told(spent, RUNS * players["on"].weeks)


def told(spent: dict[str, list[float]], run_weeks: int) -> Iterator[str]:
    """Nanoseconds of each, and the ratios that matter."""
    for name, seconds in spent.items():
        yield f"{name}: {min(seconds) * 1e9 / run_weeks:.0f} ns of CPU per run-week (best)"
    yield f"on over off: {clock.ratio(spent['on'], spent['off'])}"
    if "before" not in spent:
        yield f"no git checkout with commit {BEFORE}: off over before was not measured"
        return
    yield f"off over before ({BEFORE}): {clock.ratio(spent['off'], spent['before'])}"
    yield f"on over before: {clock.ratio(spent['on'], spent['before'])}"
