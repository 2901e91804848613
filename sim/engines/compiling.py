"""Not waiting for the compiler: kernels compiled ahead, side by side, or one run played without.

A kernel is compiled when it is first called. Called here with no run to play, each in a process of
its own, they are compiled at the same time and lie in the cache for whoever comes next.

A result tells one run of its own with everything kept: to compile the kernel that keeps it takes a
minute, to play it by the world as plain Python, in a process that has no compiler, half a second.
Other processes take turns; what they share is only a pipe.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.world.caching import cache_folder, is_cached, why_not_kept

if TYPE_CHECKING:
    from sim.engines.setting import Record
    from sim.world.params import Params

#: Kernels by name, as "block.run_block": the module below sim.engines and its function.
BLOCK, TRACE, WEEK = "block.run_block", "trace.play_weeks", "trace.play_week"
STAGES = "steps.play"
#: A world with next to nothing in it; every scenario has tables of the same layout.
QUIET = "textbook/quiet"
#: Longer than any machine takes for one kernel.
SECONDS = 3_600
#: Longer than any single run takes.
SECONDS_OF_A_RUN = 600


def missing(*names: str) -> list[str]:
    """Those of some kernels that have to be compiled."""
    return [name for name in names if not is_loaded(name) and not is_cached(name)]


def is_loaded(name: str) -> bool:
    """Whether this process has compiled a kernel, or taken it from the cache."""
    module, _, function = name.partition(".")
    # none where another thread is importing the module this very moment
    kernel: Any = getattr(sys.modules.get(f"sim.engines.{module}"), function, None)
    return kernel is not None and bool(getattr(kernel, "signatures", True))


def compile_ahead(names: Sequence[str]) -> None:
    """Compiles kernels, all but the last in processes of their own where they can be kept."""
    if why_not_kept(cache_folder()):
        return  # nothing to be shared: each is compiled when it is called
    words = (sys.executable, "-m", "sim.engines.compiling")
    others = [subprocess.Popen([*words, name], stdout=subprocess.DEVNULL) for name in names[:-1]]
    try:
        for name in names[-1:]:
            compile_one(name)
        for other in others:
            other.wait(SECONDS)
    finally:
        for other in others:
            other.kill()
            other.wait()


def compile_one(name: str) -> None:
    """Compiles one kernel in this process, by a call that plays next to nothing."""
    from sim.engines.block import CompiledHand
    from sim.engines.setting import new_record, scratch
    from sim.scenario import Scenario

    params = Scenario.load(QUIET).compiled.params
    if name == BLOCK:
        CompiledHand(params, (0, 0)).play(0, 0, False)
        return
    if name == STAGES:
        steps = import_module("sim.engines.steps")
        steps.play(params, scratch(params), 0, steps.START, 0)
        return
    trace = import_module("sim.engines.trace")
    state = scratch(params)
    record = new_record(params, len(state.struck))
    trace.play_weeks(params, state, record, 0, 0, 0)
    if name == WEEK:
        trace.play_week(params, state, record, 1)


def plain_is_quicker() -> bool:
    """Whether a run kept whole would wait for the compiler, or for its library to be loaded."""
    trace = sys.modules.get("sim.engines.trace")
    return trace is None or trace.needs_compiling()


def record_plainly(params: "Params", seed: int, run: int) -> "Record":
    """`record_run` (sim/engines/trace.py) without the compiler: the same steps and luck.

    Payoffs may differ in the last bit. Raises ResultError if the other process fails.
    """
    if _is_a_copy():
        from sim.engines.trace import record_run

        return record_run(params, seed, run)
    from sim.engines.setting import Record

    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "sim.engines.compiling"],
        input=pickle.dumps((tuple(params), seed, run)),
        capture_output=True,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths},
        timeout=SECONDS_OF_A_RUN,
        check=False,
    )
    if done.returncode != 0:
        raise ResultError(f"run {run} could not be played: {done.stderr.decode()[-500:]}")
    return Record(*pickle.loads(done.stdout))


def _is_a_copy() -> bool:
    """Whether this is a copy of a process, for one piece of work, that has no compiler yet.

    It then goes without one: no other process is needed.
    """
    if not current_process().daemon or "sim.world.compiled" in sys.modules:
        return False
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    return True


def _play_what_comes_in() -> None:
    """Plays the run that comes in on the standard input, and writes its record."""
    from sim.engines.trace import record_run
    from sim.world.params import Params

    tables, seed, run = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(tuple(record_run(Params(*tables), seed, run))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        compile_one(sys.argv[1])
    else:
        _play_what_comes_in()
