"""The batch kernel: nanoseconds per run-week, against the C floor, and one core against all.

The floor is `sim/native/week.c`, an independent translation of docs/model.md compiled with -O3; it
counts the same things. Without a C compiler that line is left out, and said so. How much two
busy processes slow each other on this machine is measured beside the threads, since shared
machines rarely give two full cores.
"""

import statistics
from collections.abc import Iterator
from multiprocessing import get_context

from benchmarks import clock
from sim import native, threads
from sim.engines.batch import run_batch
from sim.scenario import Scenario

SCENARIO = "scenarios/geneva-2025.toml"
RUNS = 40_000
TURNS = 7
SPINS = 20_000_000


def spin(rounds: int = SPINS) -> int:
    """Plain work that needs one core and no memory."""
    total = 0
    for value in range(rounds):
        total += value
    return total


def gain_of_loops(cores: int) -> float:
    """What all cores give of the same plain work, in times one core; 1.0 to `cores`."""
    with get_context("spawn").Pool(cores) as pool:
        work = {
            "one": lambda: pool.apply(spin),
            "all": lambda: pool.map(spin, [SPINS] * cores, chunksize=1),
        }
        seconds = clock.by_turns(work, 3)
    return statistics.median(
        cores * a / b for a, b in zip(seconds["one"], seconds["all"], strict=True)
    )


def measure() -> Iterator[str]:
    """Lines that tell the speed of the kernel."""
    params = Scenario.load(SCENARIO).compiled.params
    cores = threads.cores()
    run_weeks = RUNS * int(params.rules[0].weeks)
    work = {
        "one": lambda: run_batch(params, 1, 0, RUNS, threads=1),
        "all": lambda: run_batch(params, 1, 0, RUNS * cores, threads=cores),
    }
    program = native.build()
    if program is not None:
        work["floor"] = native.player(program, params, RUNS)
    seconds = clock.by_turns(work, TURNS)
    best = {name: min(times) * 1e9 / run_weeks for name, times in seconds.items()}
    yield f"one core: {best['one']:.0f} ns per run-week ({SCENARIO}, full tallies, best of {TURNS})"
    yield f"all {cores} cores: {best['all'] / cores:.0f} ns per run-week"
    gain = [cores * a / b for a, b in zip(seconds["one"], seconds["all"], strict=True)]
    yield f"{cores} cores give {statistics.median(gain):.2f} times one"
    yield f"(two plain loops give {gain_of_loops(cores):.2f} times one on these {cores} cores)"
    if program is None:
        yield "no C compiler: the floor was not measured"
    else:
        over = clock.ratio(seconds["one"], seconds["floor"])
        yield f"C floor: {best['floor']:.0f} ns; kernel over floor {over}"
