"""Compares week.c with the Python kernel, run by run and count by count; then times both.

    python -m benchmarks.floor.compare geneva-2025 --runs 20000
    python -m benchmarks.floor.compare geneva-2025 --set actors.us.slip=0.2
    python -m benchmarks.floor.compare geneva-2025 --bench
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.floor.export import dump
from sim.engines.batch import run_batch
from sim.engines.tally import ROW, Tally, new_tally
from sim.scenario.overrides import parse_setting
from sim.scenario.scenario import Scenario
from sim.world.params import Params

SOURCE = Path(__file__).with_name("week.c")
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off")
#: Payoffs go through log and pow of the C library; all else must be equal to the bit.
ROUNDED = ("payoff_us", "payoff_cn", "harm_us", "harm_cn")
#: Fields of the tally that hold sums of rounded payoffs, or of the leverage made from them.
ROUNDED_COUNTS = ("payoffs", "bands_sum")
TOLERANCE = 1e-12
#: What docs/model.md leaves undefined where there is no truce.
TRUCE_FIELDS = ("standing_week", "core_week", "cause", "cause_who", "cause_item", "cause_week")
TRUCE_COUNTS = ("ended", "trigger")


@dataclass(frozen=True)
class Program:
    """The compiled C program and a folder for its files."""

    folder: Path

    @classmethod
    def build(cls, folder: Path) -> "Program":
        compiler = os.environ.get("CC", "cc")
        target = folder / "week"
        subprocess.run([compiler, *FLAGS, "-o", str(target), str(SOURCE), "-lm"], check=True)
        return cls(folder)

    def play(self, params: Params, seed: int, first: int, runs: int, *mode: str) -> str:
        """Output of the program on `params`."""
        tables = self.folder / "params.bin"
        tables.write_bytes(dump(params))
        command = [self.folder / "week", tables, seed, first, runs, *mode]
        done = subprocess.run([str(word) for word in command], check=True, capture_output=True)
        return done.stdout.decode()

    def rows(self, params: Params, seed: int, first: int, runs: int) -> np.ndarray:
        """ROW records of `runs` runs."""
        file = self.folder / "rows.bin"
        self.play(params, seed, first, runs, "--rows", str(file))
        return np.fromfile(file, ROW)

    def tally(self, params: Params, seed: int, first: int, runs: int) -> Tally:
        """Counts of `runs` runs."""
        file = self.folder / "tally.bin"
        self.play(params, seed, first, runs, "--tally", str(file))
        flat, fields = np.fromfile(file, np.int64), []
        for field in new_tally(params):
            fields.append(flat[: field.size].reshape(field.shape))
            flat = flat[field.size :]
        return Tally(*fields)


def differences(program: Program, params: Params, seed: int, runs: int) -> list[str]:
    """What differs between the two programs, one line each; none if they agree."""
    theirs = run_batch(params, seed, 0, runs, keep=True)
    assert theirs.rows is not None
    skipped = () if params.rules[0].has_truce else TRUCE_FIELDS + TRUCE_COUNTS
    rows = rows_apart(program.rows(params, seed, 0, runs), theirs.rows, skipped)
    return rows + counts_apart(program.tally(params, seed, 0, runs), theirs.tally, skipped)


def rows_apart(ours: np.ndarray, theirs: np.ndarray, skipped: Sequence[str]) -> list[str]:
    """One line for each field of ROW that differs in some run."""
    found = []
    for name in [name for name in ROW.names if name not in skipped]:
        a, b = ours[name], theirs[name]
        tolerance = TOLERANCE if name in ROUNDED else 0.0
        apart = np.flatnonzero(np.abs(a - b) > tolerance * np.maximum(1.0, np.abs(b)))
        if apart.size:
            run = int(apart[0])
            found.append(f"row.{name}: {apart.size} runs, first {run}: C {a[run]}, Python {b[run]}")
    return found


def counts_apart(ours: Tally, theirs: Tally, skipped: Sequence[str]) -> list[str]:
    """One line for each field of the tally that differs."""
    found = []
    for name, a, b in zip(Tally._fields, ours, theirs, strict=True):
        if name in skipped:
            continue
        allowed = int(theirs.counts[0]) if name in ROUNDED_COUNTS else 0
        apart = np.argwhere(np.abs(a - b) > allowed)
        if name == "payoffs":  # squares are kept in halves; their sums are those of the rows
            apart = apart[apart[:, 2] == 0]
        if apart.size:
            at = tuple(int(n) for n in apart[0])
            found.append(f"tally.{name}: {len(apart)} cells, first {at}: C {a[at]}, Python {b[at]}")
    return found


def timed_pairs(program: Program, params: Params, runs: int, pairs: int) -> np.ndarray:
    """ns per run-week of C and of Python on one thread, taken in turns: (pairs, 2)."""
    run_batch(params, 1, 0, 1000, threads=1)
    times = []
    for pair in range(pairs):
        ours = float(program.play(params, pair, 0, runs, "--bench"))
        before = time.perf_counter()
        run_batch(params, pair, 0, runs, threads=1)
        spent = time.perf_counter() - before
        times.append((ours, 1e9 * spent / runs / int(params.rules[0].weeks)))
    return np.array(times)


def bench(program: Program, params: Params, runs: int, pairs: int) -> str:
    """The best of each and the ratio of the two."""
    times = timed_pairs(program, params, runs, pairs)
    ours, theirs = times.min(axis=0)
    middle = statistics.median(times[:, 1] / times[:, 0])
    return (
        f"C {ours:.0f} ns, Python {theirs:.0f} ns a run-week (best of {pairs}); "
        f"ratio {theirs / ours:.2f} of the best, {middle:.2f} median of pairs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--bench", action="store_true")
    given = parser.parse_args()
    scenario = Scenario.load(given.scenario)
    if given.set:
        scenario = scenario.override(dict(parse_setting(text) for text in given.set))
    params = scenario.compiled.params
    with tempfile.TemporaryDirectory() as folder:
        program = Program.build(Path(folder))
        if given.bench:
            print(bench(program, params, given.runs, given.pairs))
            return
        found = differences(program, params, given.seed, given.runs)
    print("\n".join(found) or f"{given.runs} runs agree")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
