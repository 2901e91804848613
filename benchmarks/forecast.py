"""The filter against the batch kernel, the odds of every week, and what a fit costs.

Filter and kernel take turns on one thread, by processor time; their ratio is that of run-weeks a
second. The kernel counts as it plays (full tallies), the filter weighs. Of commands processor time
stands beside the clock, which other programs of a shared machine lengthen.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks import clock
from sim.engines.batch import run_batch
from sim.engines.setting import seed_words
from sim.forecast.filter import Island, facts_table, new_pool
from sim.forecast.fit import new_fit
from sim.forecast.observations import observations
from sim.forecast.sizes import COPIES
from sim.scenario import Scenario
from sim.threads import cores
from sim.world.philox import normals, seeds

SCENARIO = "geneva-2025"
TRUCES = ("geneva-2025-readings", "london-2025", "busan-2025", "april-2025")
#: As many filters of a fit's size as make a tenth of a second.
FILTERS, TURNS, TRIED = 40, 7, 40


def measure() -> Iterator[str]:
    """Lines that tell the ratios and the costs."""
    yield from filter_over_kernel()
    yield from odds_of_every_week()
    yield from cost_of_a_fit()


def filter_over_kernel() -> Iterator[str]:
    """Run-weeks a second of the filter with facts, over those of the batch kernel."""
    compiled = Scenario.load(SCENARIO).compiled
    seen = observations(Scenario.load(SCENARIO))
    facts = facts_table(compiled, seen)

    def follow() -> None:
        for place in range(FILTERS):
            pool = new_pool(compiled.params, facts, COPIES)
            Island(compiled.params, facts, pool, seed_words(1), place * COPIES).play_to(seen.weeks)

    work = {
        "filter": follow,
        "kernel": lambda: run_batch(compiled.params, 1, 0, FILTERS * COPIES, threads=1),
    }
    seconds = clock.by_turns(work, TURNS, time.process_time)
    run_weeks = FILTERS * COPIES * seen.weeks
    for name, times in seconds.items():
        each = 1e9 * min(times) / run_weeks
        yield f"{name}: {each:.0f} ns of processor time a run-week (best of {TURNS})"
    rate = clock.ratio(seconds["kernel"], seconds["filter"])
    yield f"the filter plays {rate} of the kernel's run-weeks a second"


def odds_of_every_week() -> Iterator[str]:
    """The command, from a warm cache."""
    with tempfile.TemporaryDirectory() as folder:
        words = ("odds", SCENARIO, "--every", "week", "--out", folder)
        for _ in range(2):
            wall, used = command(*words)
    yield f"odds {SCENARIO} --every week: {wall:.1f} s, {used:.1f} s of processor time"


def command(*words: str) -> tuple[float, float]:
    """Seconds by the clock and of processor time of `detente` with these words."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, check=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cost_of_a_fit() -> Iterator[str]:
    """What an evaluation of four truces costs, and all of a fit of the default size."""
    fit = new_fit([Scenario.load(name) for name in TRUCES])
    likelihood = fit.likelihood
    z, luck = normals(fit.plan.key, TRIED, 0, fit.prior.size), seeds(fit.plan.key, TRIED, 0)
    likelihood(z[:1], luck[:1])
    began = time.process_time()
    likelihood(z, luck)
    each = (time.process_time() - began) / TRIED
    whole = each * fit.plan.evaluations
    yield (
        f"a point of {len(TRUCES)} truces: {1000 * each:.1f} ms of processor time; a fit's "
        f"{fit.plan.evaluations:,}: {whole / 60:.1f} min, on {cores()} cores at best "
        f"{whole / 60 / cores():.1f} min"
    )
