"""Studies: a sweep against the kernel alone, one opened again, workers against threads.

The kernel plays the same runs of points compiled before, one point a thread at a time, and keeps
nothing; the sweep compiles each point, counts, writes its parts to the disk and compacts them.
Both follow no trajectories, since the sweep keeps none. They take turns; beside the clock the
processor time is compared, which other programs of a shared machine do not lengthen.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from benchmarks import clock
from sim.engines.batch import run_batch
from sim.studies import runner
from sim.studies.experiment import Experiment
from sim.studies.plan import check_points, plan_table
from sim.studies.reading import read_experiment
from sim.studies.runner import Player, run_study
from sim.studies.store import StudyFolder
from sim.studies.workers import Processes, Workers

HANDS = 2
TURNS = 3
#: Points and runs: of the sweep against the kernel, and of workers against threads.
SWEEP = (1_000, 2_000)
CHUNKS = (8, 200_000)
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


class Sweeps:
    """One experiment run again and again, each time into a new folder."""

    def __init__(self, folder: Path, points: int, runs: int) -> None:
        file = folder / f"speed-{points}-{runs}.toml"
        file.write_text(EXPERIMENT.format(points=points, runs=runs))
        self.file = file
        self.folder = folder
        self.study: Experiment = read_experiment(file)
        self.points = check_points(self.study)
        self.turn = count()

    def run(self, player: Player | None = None) -> None:
        root = self.folder / f"turn-{next(self.turn)}"
        folder = StudyFolder(root, self.study.name, plan_table(self.study))
        run_study(self.study, self.points, folder, HANDS, player=player)

    def kernel(self) -> Callable[[], None]:
        """The runs alone, of points compiled before."""
        worlds = [self.study.compiled_at(point).params for point in self.points]
        seed, runs = self.study.seed, self.study.runs

        def play() -> None:
            with ThreadPoolExecutor(HANDS) as pool:
                list(pool.map(lambda params: run_batch(params, seed, 0, runs, threads=1), worlds))

        return play


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time of this process."""
    clocked, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clocked, time.process_time() - used


def measure() -> Iterator[str]:
    """Lines that tell the ratios."""
    with tempfile.TemporaryDirectory() as name:
        sweeps = Sweeps(Path(name), *SWEEP)
        yield from against_kernel(sweeps)
        yield from opened_again(sweeps)
    with tempfile.TemporaryDirectory() as name:
        yield from workers_against_threads(Sweeps(Path(name), *CHUNKS))


def against_kernel(sweeps: Sweeps) -> Iterator[str]:
    kernel = sweeps.kernel()
    turns = [(timed(kernel), timed(sweeps.run)) for _ in range(TURNS + 1)][1:]
    alone, swept = ([pair[which] for pair in turns] for which in (0, 1))
    best = min(seconds for seconds, _ in swept)
    rate = sweeps.study.run_weeks / best / 1e6
    size = f"{SWEEP[0]:,} points x {SWEEP[1]:,} runs x {sweeps.study.weeks} weeks"
    yield f"{size}, {HANDS} threads, checkpoints included: {best:.1f} s, {rate:.1f}M run-weeks/s"
    for index, what in enumerate(("speed by the clock", "speed by processor time")):
        one, two = ([pair[index] for pair in pairs] for pairs in (alone, swept))
        yield f"kept of the kernel's {what}: {clock.ratio(one, two)} (aim: at least 0.85)"


def opened_again(sweeps: Sweeps) -> Iterator[str]:
    """The whole command, Python's own start included."""
    root = sweeps.folder / "turn-0"
    words = ["sweep", str(sweeps.file), "--resume", "--out", str(root)]
    resume = [sys.executable, "-m", "sim", *words]
    seconds = []
    for _ in range(TURNS):
        started = time.perf_counter()
        subprocess.run(resume, capture_output=True, check=True)
        seconds.append(time.perf_counter() - started)
    yield f"detente sweep --resume of the finished study: {min(seconds):.2f} s (aim: below 2)"


def workers_against_threads(sweeps: Sweeps) -> Iterator[str]:
    seconds: dict[str, list[float]] = {}

    def on_processes() -> None:
        with Processes(HANDS) as hands:
            sweeps.run(Workers(sweeps.study, sweeps.points, hands))

    work = {"threads": sweeps.run, "workers": on_processes}
    seconds = clock.by_turns(work, TURNS)
    chunks = len(runner.groups(sweeps.study))
    each = HANDS * min(seconds["threads"]) / chunks
    yield f"{chunks} chunks of {each:.1f} s: {HANDS} threads {min(seconds['threads']):.1f} s"
    over = clock.ratio(seconds["workers"], seconds["threads"])
    yield f"{HANDS} processes over {HANDS} threads: {over} (aim: at most 1.15)"
