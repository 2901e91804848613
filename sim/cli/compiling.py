"""Waiting for the compiler: said once, by a line that moves where there is a terminal."""

import sys

from sim.cli.failure import say
from sim.cli.telling import waiting
from sim.engines.compiling import compile_ahead, missing


def compiling(kernel: str) -> str:
    """What is said while something is compiled; the time is that of one free core."""
    return f"compiling the {kernel}, once (half a minute or more) ..."


def announce_filter() -> None:
    """Says that the filter of `detente odds` and `fit` must be compiled, if it must."""
    from sim.forecast.filter import needs_compiling

    if needs_compiling():
        say(compiling("filter"))


def compile_first(*kernels: str) -> None:
    """Compiles what is missing of some kernels (sim/engines/compiling.py), before all else."""
    uncompiled = missing(*kernels)
    if not uncompiled:
        return
    words = compiling("simulator")
    if not sys.stderr.isatty():
        say(words)
    with waiting(words):
        compile_ahead(uncompiled)
