"""Compiling ahead: the kernels that a command will need, before it begins, side by side.

A kernel is compiled when it is first called. Called here with no run to play, each in a process of
its own, they are compiled at the same time and lie in the cache for whoever comes next.
"""

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sim.world.caching import cache_folder, is_cached, why_not_kept

#: Kernels by name, as "block.run_block": the module below sim.engines and its function.
BLOCK, TRACE, WEEK = "block.run_block", "trace.play_weeks", "trace.play_week"
STAGES = "steps.play"
#: A world with next to nothing in it; every scenario has tables of the same layout.
QUIET = "textbook/quiet"
#: Longer than any machine takes for one kernel.
SECONDS = 3_600


def missing(*names: str) -> list[str]:
    """Those of some kernels that have to be compiled."""
    return [name for name in names if not _is_loaded(name) and not is_cached(name)]


def _is_loaded(name: str) -> bool:
    module, _, function = name.partition(".")
    there: Any = sys.modules.get(f"sim.engines.{module}")
    return there is not None and bool(getattr(getattr(there, function), "signatures", True))


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
    from sim.engines.record import new_record
    from sim.engines.setting import scratch
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


if __name__ == "__main__":
    compile_one(sys.argv[1])
