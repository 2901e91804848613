"""Studies: a sweep against the kernel alone, one opened again, workers against threads.

The kernel plays the same runs of the same compiled points, one point a thread at a time, and
keeps nothing; the sweep compiles each point, counts, writes its parts to the disk and compacts
them. Both count no trajectories, since the sweep keeps none. They take turns.
"""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from benchmarks import clock
from sim.engines.batch import run_batch
from sim.outcomes.butfor import without_bands
from sim.studies.experiment import Experiment
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.study import load_study

THREADS = 2
TURNS = 3
EXPERIMENT = """# How fast is a sweep?
scenario = "geneva-2025"
runs = {runs}
design = {{ kind = "latin_hypercube", points = {points} }}
[[factors]]
path = "levers.cn.rare_earths.capacity"
low = 0.1
high = 1.0
[[factors]]
path = "actors.us.policy.generosity"
low = 0.0
high = 1.0
[[factors]]
path = "actors.us.slip"
low = 0.0
high = 0.1
"""


def experiment(folder: Path, points: int, runs: int) -> Experiment:
    file = folder / f"speed-{points}-{runs}.toml"
    file.write_text(EXPERIMENT.format(points=points, runs=runs))
    return read_experiment(file)


def kernel(study: Experiment) -> None:
    """The runs alone, of worlds compiled before."""
    worlds = [study.compiled_at(point) for point in study.points()]
    params = [without_bands(world.params) for world in worlds]
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda p: run_batch(p, study.seed, 0, study.runs, threads=1), params))
    kernel.seconds = time.perf_counter() - started  # type: ignore[attr-defined]


def measure() -> Iterator[str]:
    """Lines that tell the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from sweep_against_kernel(folder)
        yield from opened_again(folder)


def sweep_against_kernel(folder: Path) -> Iterator[str]:
    study = experiment(folder, 1_000, 2_000)
    points = check_points(study)
    turn = count()

    def sweep() -> None:
        target = StudyFolder(folder / f"turn-{next(turn)}", study.name, plan_table(study))
        run_study(study, points, target, THREADS)

    alone: list[float] = []
    swept: list[float] = []
    for number in range(TURNS + 1):
        kernel(study)
        started = time.perf_counter()
        sweep()
        if number:
            alone.append(kernel.seconds)  # type: ignore[attr-defined]
            swept.append(time.perf_counter() - started)
    rate = study.run_weeks / min(swept) / 1e6
    yield f"1,000 points x 2,000 runs x {study.weeks} weeks on {THREADS} threads, checkpoints too"
    yield f"sweep {min(swept):.1f} s, {rate:.1f}M run-weeks a second; kernel {min(alone):.1f} s"
    yield f"the sweep keeps {clock.ratio(alone, swept)} of the kernel's speed (aim: at least 0.85)"


def opened_again(folder: Path) -> Iterator[str]:
    study = experiment(folder, 1_000, 2_000)
    target = StudyFolder(folder / "turn-0", study.name, plan_table(study))
    started = time.perf_counter()
    target.check()
    rows = len(load_study(target.path).headline())
    yield f"the headline of its {rows:,} points read back in {time.perf_counter() - started:.2f} s"
