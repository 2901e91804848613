"""How the world is compiled: two decorators, and a cache that knows all the sources.

With NUMBA_DISABLE_JIT=1 nothing is compiled, nor the compiler imported: every function is the plain
Python that it reads as. The cache folder is chosen here, before any decorator runs.
"""

import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from sim.world.caching import cache_folder, is_cached, why_not_kept

__all__ = ["is_ready", "kernel", "literal_unroll", "step", "vector_step"]


def _is_off() -> bool:
    """Whether the compiler is switched off, by the environment or in this process."""
    numba = sys.modules.get("numba")
    if numba is not None:
        return bool(numba.config.DISABLE_JIT)
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def _as_it_is(function: Any) -> Any:
    """What stands in for each decorator where nothing is compiled."""
    return function


def is_ready(function: Any, name: str) -> bool:
    """Whether a kernel needs no compiling, which takes tens of seconds.

    `name` as "block.run_block".
    """
    return not hasattr(function, "signatures") or bool(function.signatures) or is_cached(name)


if _is_off():
    step = vector_step = kernel = literal_unroll = _as_it_is
else:
    import numba
    from numba import literal_unroll

    # Where that folder cannot be written numba would keep its code beside the source of each
    # kernel, by the date of that one file: an edit of any other would leave the old code running.
    # So nothing is kept then.
    _PROBLEM = why_not_kept(cache_folder())
    if _PROBLEM:
        warnings.warn(f"compiled code is not kept for the next run: {_PROBLEM}", stacklevel=2)
    else:
        numba.config.CACHE_DIR = str(cache_folder())

    # Nothing in the world allocates, so it is compiled without numba's runtime (`_nrt`): counting
    # the references of some thirty arrays at every call took sixteen times as long as the week
    # itself. The flag is numba's own, if not public; `pip` pins the version it was tried with.

    from sim.world.merging import Merging, MergingLanes, Whole

    # Nobody calls a function of the world from Python, so none is given a way in from there: to
    # unpack every table for each of them took more than half of the compiler's time.
    _INNER = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}

    def step(function: Callable[..., object], compiler: Any = Merging) -> Any:
        """A function of the world: merged into the kernel, plain Python when the JIT is off."""
        options = {"error_model": "numpy", "_nrt": False, "pipeline_class": compiler}
        merged = numba.njit(**options, **_INNER)(function)
        merged.add_overload = partial(_known_to_kernels, merged)
        merged._compile_for_args = partial(_refuse, function.__name__)
        return merged

    #: A function of the world with a loop that is to be done several turns at a time.
    vector_step = partial(step, compiler=MergingLanes)

    def kernel(function: Callable[..., object]) -> Callable[..., object]:
        """Compile an entry point that other threads may run beside, cached on disk if possible.

        Not where it stands in no module that can be imported: its cache would ask for that.
        """
        cached = not _PROBLEM and function.__module__ in sys.modules
        options = {"error_model": "numpy", "_nrt": False, "nogil": True, "cache": cached}
        options |= {"no_cfunc_wrapper": True, "pipeline_class": Whole}
        compiled = numba.njit(**options)(function)
        if cached:
            compiled._cache.load_overload = _made_again_if_unreadable(compiled._cache)
        return compiled


def _known_to_kernels(merged: Any, compiled: Any) -> None:
    """What numba does with a function it has compiled, but for the way in that is not there."""
    merged.overloads[tuple(compiled.signature.args)] = compiled


def _refuse(name: str, *_: object) -> None:
    raise TypeError(f"{name} is merged into kernels: only they, or plain Python, can call it")


def _made_again_if_unreadable(cache: Any) -> Callable[..., Any]:
    """numba's way to take a kernel from its cache; what cannot be read is thrown away, and said.

    Whatever is wrong with a file there (it is empty, cut short, of other bytes), numba would fail
    on it for ever.
    """
    found: Callable[..., Any] = cache.load_overload

    def load(*wanted: Any) -> Any:
        try:
            return found(*wanted)
        except Exception as problem:
            reason = str(problem) or type(problem).__name__
            warnings.warn(
                f"compiled code in {cache.cache_path} cannot be read ({reason}): it is made again",
                stacklevel=2,
            )
            cache.flush()
            return None

    return load
