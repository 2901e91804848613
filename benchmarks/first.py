"""The first minute and the command after it: what a user waits for, by turns, as ratios.

Whole processes. The first run of a clone is measured with the module that stands in for the kernel
and without it, each in an empty cache; beside the clock processor time is told, which other
programs of a shared machine do not lengthen. So too what one override of a scenario costs.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from sim.scenario import Scenario

RUN = ("run", "geneva-2025", "--runs", "10000", "--out")
#: The same command where nothing stands in for the kernel.
COMPILED = """
import sys
from sim.engines import compiling, host
host.is_usable = lambda: False
compiling.plain_is_quicker = lambda: False
from sim.__main__ import main
main()
"""
#: The kernel is compiled once here: it takes minutes of a busy machine.
TURNS = 3
OVERRIDES = 50


def measured(words: tuple[str, ...], cache: str) -> tuple[float, float]:
    """Seconds by the clock and of processor time of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    environment = os.environ | {"DETENTE_CACHE": cache}
    subprocess.run([sys.executable, *words], capture_output=True, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, used


def measure() -> Iterator[str]:
    """Lines that tell the ratios."""
    with tempfile.TemporaryDirectory() as place:
        kept = f"{place}/kept"
        compiled = ("-c", COMPILED, *RUN, place)
        first = measured(compiled, kept)
        yield told("first run, the kernel compiled for it", first)
        quick = ("-m", "sim", *RUN, place)
        turns = [(measured(quick, f"{place}/{n}"), measured(compiled, kept)) for n in range(TURNS)]
        stands, warm = (min((turn[which] for turn in turns), key=sum) for which in (0, 1))
        yield told("first run, the module stands in", stands)
        yield over("  over the kernel compiled for it", stands, first)
        yield told("the same, the kernel on the disk", warm)
        yield over("  first run over it", stands, warm)
        brief = (*quick, "--brief", "--no-pictures")
        yield told("--brief --no-pictures", measured(brief, f"{place}/0"))
        yield told("--help", measured(("-m", "sim", "--help"), kept))
    yield f"Scenario.override: {override():.2f} ms of processor time"


def told(what: str, times: tuple[float, float]) -> str:
    """One measurement."""
    return f"{what}: {times[0]:.1f} s, {times[1]:.2f} s of processor time"


def over(what: str, one: tuple[float, float], two: tuple[float, float]) -> str:
    """A ratio of two measurements."""
    return f"{what}: {one[0] / two[0]:.3f} by the clock, {one[1] / two[1]:.3f} by processor time"


def override() -> float:
    """Milliseconds of processor time of one override."""
    world = Scenario.load("geneva-2025")
    started = time.process_time()
    for turn in range(OVERRIDES):
        world.override({"actors.us.slip": turn / 1000})
    return 1000 * (time.process_time() - started) / OVERRIDES
