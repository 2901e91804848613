"""Threads of this process: how many cores there are for them, and work shared out to them."""

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many cores this process may use: those it is bound to, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def by_threads(
    work: Callable[[T], R],
    things: Iterable[T],
    threads: int | None = None,
    came: Callable[[list[R]], object] | None = None,
) -> list[R]:
    """What `work` makes of each thing, in their order, by so many threads; one a core by default.

    came: called with what came so far, whenever the next in order has. What is not begun is dropped
    on a failure, which is raised, and on Ctrl-C.
    """
    from concurrent.futures import ThreadPoolExecutor  # a command's help has no use for it

    pool = ThreadPoolExecutor(threads or cores())
    results: list[R] = []
    try:
        for result in pool.map(work, things):
            results.append(result)
            if came is not None:
                came(results)
        return results
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
