"""What a billion runs cost: measured on ten million by the command itself, and multiplied.

Peak memory and the size of the folder are the same for few runs and for many, which is measured
too; what grows is the processor time.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

RUNS = (10_000, 10_000_000)
WANTED = 1_000_000_000
COMMAND = ("run", "geneva-2025", "--no-pictures", "--ranges", "off")


@dataclass(frozen=True)
class Used:
    """What one command used: runs, megabytes at most, processor seconds, bytes on disk."""

    runs: int
    megabytes: float
    seconds: float
    bytes: int


@dataclass(frozen=True)
class Cost:
    """What so many runs would use."""

    core_hours: float
    megabytes: float
    bytes: int


def cost(few: Used, many: Used, runs: int = WANTED) -> Cost:
    """The cost of `runs`: time in proportion beyond what few runs take, memory and disk as is."""
    each = (many.seconds - few.seconds) / (many.runs - few.runs)
    seconds = few.seconds + each * (runs - few.runs)
    return Cost(seconds / 3600, max(few.megabytes, many.megabytes), max(few.bytes, many.bytes))


def used(runs: int) -> Used:
    """Plays so many runs as a user does, in a process whose child is measured alone."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.billion", str(runs)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Used(**json.loads(done.stdout))


def child(runs: int) -> Used:
    """The command as a child of this process, which has no other."""
    with tempfile.TemporaryDirectory() as place:
        words = [*COMMAND, "--runs", str(runs), "--out", place]
        subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, check=True)
        use = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())
    return Used(runs, use.ru_maxrss / 1024, use.ru_utime + use.ru_stime, size)


def measure() -> Iterator[str]:
    """Lines that tell what was measured and what follows."""
    child(1)  # compiles, if it must: that is no part of a run
    few, many = (used(runs) for runs in RUNS)
    for one in (few, many):
        yield (
            f"{one.runs:,} runs: {one.megabytes:.0f} MB at most, {one.seconds:.1f} s of processor "
            f"time, {one.bytes / 1e3:.0f} kB on disk"
        )
    total = cost(few, many)
    yield (
        f"{WANTED:,} runs: {total.core_hours:.1f} core-hours, {total.megabytes:.0f} MB, "
        f"{total.bytes / 1e3:.0f} kB on disk"
    )


if __name__ == "__main__":
    print(json.dumps(asdict(child(int(sys.argv[1])))))
