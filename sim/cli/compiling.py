"""Waiting for the compiler: said once, by a line that moves where there is a terminal."""

import sys

from sim.cli.failure import say
from sim.cli.waiting import waiting
from sim.engines.compiling import compile_ahead, missing

TOLD = "compiling the simulator, once (a minute or two) ..."


def compile_first(*kernels: str) -> None:
    """Compiles what is missing of some kernels (sim/engines/compiling.py), before all else."""
    wanted = missing(*kernels)
    if not wanted:
        return
    if not sys.stderr.isatty():
        say(TOLD)
    with waiting(TOLD):
        compile_ahead(wanted)
