"""What a user waits for, whole commands, now and at the last commit that waited for the compiler.

By turns; beside the clock, processor time, which other programs on the machine stretch less. The
first run of each is from an empty cache; before, that compiled the kernel.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.before import ROOT, WAITED, checked_out
from benchmarks.rows import Row, ratios

RUN = ("run", "geneva-2025", "--runs", "10000")
COMMANDS = {
    "run, three pictures": (*RUN,),
    "run --brief --no-pictures": (*RUN, "--brief", "--no-pictures"),
    "--help": ("--help",),
}


class Aim(NamedTuple):
    """At most: seconds by the clock, on two quiet cores; ratios to before, of both clocks."""

    seconds: float | None = None
    clock: float | None = None
    processor: float | None = None


FIRST = Aim(clock=0.3, processor=0.3)
AIMS = {
    "run, three pictures": Aim(clock=0.4),
    "run --brief --no-pictures": Aim(seconds=1.0),
    "--help": Aim(seconds=0.25),
}
TURNS = 5


class Used(NamedTuple):
    """Seconds of one command: by the clock, and of processor time."""

    clock: float
    processor: float


class Clone:
    """A folder with the code, and a cache and results of its own."""

    def __init__(self, folder: Path, place: str) -> None:
        self.folder, self.place = folder, place

    def used(self, words: Sequence[str]) -> Used:
        """What one command takes."""
        out = ("--out", f"{self.place}/results") if words[0] == "run" else ()
        own = {"PYTHONPATH": str(self.folder), "DETENTE_CACHE": f"{self.place}/cache"}
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sim", *words, *out],
            capture_output=True,
            check=True,
            cwd=self.folder,
            env=os.environ | own,
        )
        clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Used(clock, used)


def rows(turns: int = TURNS) -> Iterator[Row]:
    """A row a command and clock; against before where git knows that commit."""
    with ExitStack() as stack:
        clones = {"now": Clone(ROOT, stack.enter_context(TemporaryDirectory()))}
        folder = checked_out(WAITED, stack)
        if folder is not None:
            clones["before"] = Clone(folder, stack.enter_context(TemporaryDirectory()))
        first = {
            name: clone.used(COMMANDS["run, three pictures"]) for name, clone in clones.items()
        }
        yield from _told("first run, empty cache", {k: [used] for k, used in first.items()}, FIRST)
        for what, words in COMMANDS.items():
            found: dict[str, list[Used]] = {name: [] for name in clones}
            for _ in range(turns):
                for name, clone in clones.items():
                    found[name].append(clone.used(words))
            yield from _told(what, found, AIMS[what])


def _told(what: str, found: dict[str, list[Used]], aim: Aim) -> Iterator[Row]:
    now, before = found["now"], found.get("before")
    yield Row(what, [used.clock for used in now], "s", most=aim.seconds)
    yield Row(f"{what}, processor", [used.processor for used in now], "s")
    if before is None:
        return
    clocks = {"by the clock": aim.clock, "processor time": aim.processor}
    for place, (how, most) in enumerate(clocks.items()):
        over = ratios([used[place] for used in now], [used[place] for used in before])
        yield Row(f"{what}, over {WAITED}, {how}", over, most=most)
