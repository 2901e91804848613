"""All benchmarks in one table: `make bench`. It is printed as it grows, and kept in LATEST.

What a user waits for against the commit of before; the kernel against native C and against the
module that stands in for it; a point of a study; peers (Mesa, axelrod), all in one run.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import clock, waited
from benchmarks.rows import Row, machine, markdown, ratios

LATEST = Path(__file__).with_name("latest.md")
RUNS, TURNS, POINTS = 40_000, 5, 300


def engines() -> Iterator[Row]:
    """One core of the kernel, of native C and of the module: time a run-week, and ratios."""
    from sim import native
    from sim.engines import host
    from sim.engines.block import CompiledHand
    from sim.scenario import Scenario

    params = Scenario.load("geneva-2025").compiled.params
    run_weeks = RUNS * int(params.rules[0]["weeks"])
    compiled = CompiledHand(params, (1, 0))
    work: dict[str, Callable[[], object]] = {"kernel": lambda: compiled.play(0, RUNS, False)}
    if host.is_usable():
        hand = host.HostHand(params, (1, 0))
        work["wasm"] = lambda: hand.play(0, RUNS, False)
    if (program := native.build()) is not None:
        work["C"] = native.player(program, params, RUNS)
    seconds = clock.by_turns(work, TURNS)
    for name, times in seconds.items():
        yield Row(f"{name}, one core, a run-week", [1e9 * t / run_weeks for t in times], "ns")
    if "C" in seconds:
        yield Row("kernel over native C", ratios(seconds["kernel"], seconds["C"]), most=0.6)
        if "wasm" in seconds:
            yield Row("wasm over native C", ratios(seconds["wasm"], seconds["C"]), most=1.5)


def peers() -> Iterator[Row]:
    """One core against Mesa's batch_run and axelrod's Match, where they are installed."""
    from benchmarks import axelrod_match, mesa_batch_run

    for name, module, least in (
        ("run-weeks a second, over mesa.batch_run", mesa_batch_run, 300),
        ("weeks a second, over axelrod.Match", axelrod_match, 50),
    ):
        if (found := module.speeds()) is not None:
            yield Row(name, ratios(*found), least=least)


def points() -> Iterator[Row]:
    """What a point of a study costs beside its runs: changed and made into tables.

    Before the first run all points are checked at once, which costs another third of that.
    Python's collector looks as rarely as in a command.
    """
    import gc
    import tempfile

    from benchmarks.studies import EXPERIMENT
    from sim.__main__ import MANY
    from sim.studies.reading import read_experiment

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.toml"
        file.write_text(EXPERIMENT.format(runs=100, points=POINTS), encoding="utf-8")
        study = read_experiment(file)
        drawn = list(study.points())
    study.compiled_at(drawn[0])
    usual = gc.get_threshold()
    gc.set_threshold(MANY)
    times = []
    for point in drawn:
        started = time.process_time()
        study.compiled_at(point)
        times.append(1000 * (time.process_time() - started))
    gc.set_threshold(*usual)
    yield Row("a study's point of three factors, beside its runs", times, "ms", most=0.3)


#: The parts of the table, in its order.
PARTS: tuple[Callable[[], Iterator[Row]], ...] = (waited.rows, engines, points, peers)


def measure() -> Iterator[str]:
    """The table line by line, as it is measured; at the end it is kept."""
    started = time.perf_counter()
    found: list[Row] = []
    for part in PARTS:
        for row in part():
            found.append(row)
            yield "  ".join(cell for cell in row.cells if cell)
    took = (time.perf_counter() - started) / 60
    head = f'Measured by turns on {machine()}; {took:.1f} minutes. "x": a ratio.'
    LATEST.write_text("\n".join((head, "", *markdown(found), "")), encoding="utf-8")
    yield head
    yield f"kept in {LATEST.parent.name}/{LATEST.name}"


def main() -> int:
    """Prints the table."""
    for line in measure():
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
