"""Compares week.c with the Python kernel, run by run and count by count, or times both by turns.

python -m benchmarks.floor geneva-2025 --runs 20000
python -m benchmarks.floor geneva-2025 --set actors.us.slip=0.2
python -m benchmarks.floor geneva-2025 --bench --runs 40000
python -m benchmarks.floor geneva-2025 --dump geneva.bin    (the tables for week.c)
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.engines.batch import run_batch
from sim.engines.counts import ROW, Tally
from sim.native import Program, build, dump, player
from sim.scenario.overrides import parse_setting
from sim.scenario.scenario import Scenario
from sim.world.params import Params

#: Payoffs go through log and exp of the C library; all else must be equal to the bit.
ROUNDED = ("payoff_us", "payoff_cn", "harm_us", "harm_cn")
TOLERANCE = 1e-12
#: Fields of the tally that hold sums of payoffs, or of leverage, which is made like them.
ROUNDED_COUNTS = ("payoffs", "bands_sum")
#: What docs/model.md leaves undefined where there is no truce.
TRUCE_FIELDS = ("standing_week", "core_week", "cause", "cause_who", "cause_item", "cause_week")
TRUCE_COUNTS = ("ended", "trigger")


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


def bench(program: Program, params: Params, runs: int, pairs: int) -> str:
    """ns per run-week of C and of Python on one thread, taken in turns, and their ratio."""
    play, run_weeks = player(program, params, runs), runs * int(params.rules[0].weeks)
    run_batch(params, 1, 0, 1000, threads=1)
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(play())
        before = time.perf_counter()
        run_batch(params, 1, 0, runs, threads=1)
        theirs.append(1e9 * (time.perf_counter() - before) / run_weeks)
    middle = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    return (
        f"C {min(ours):.0f} ns, Python {min(theirs):.0f} ns a run-week (best of {pairs}); "
        f"Python over C: {min(theirs) / min(ours):.2f} of the best, {middle:.2f} median of pairs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="week.c against the Python kernel")
    parser.add_argument("scenario")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--bench", action="store_true")
    parser.add_argument("--dump", type=Path, metavar="FILE")
    given = parser.parse_args()
    scenario = Scenario.load(given.scenario)
    if given.set:
        scenario = scenario.override(dict(parse_setting(text) for text in given.set))
    params = scenario.compiled.params
    if given.dump:
        given.dump.write_bytes(dump(params))
        return
    program = build()
    if program is None:
        raise SystemExit("no C compiler: set CC")
    if given.bench:
        print(bench(program, params, given.runs, given.pairs))
        return
    found = differences(program, params, given.seed, given.runs)
    print("\n".join(found) or f"{given.runs} runs agree")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
