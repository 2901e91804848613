"""Work shared out to threads: on the cores there are for it, in order, dropped where it must be."""

import os
import threading
import time
from pathlib import Path

import pytest

import sim
from sim.threads import by_threads, cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no cores to be bound to")
def test_cores_are_those_that_this_process_is_bound_to():
    bound = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(bound)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, bound)
    assert cores() == len(bound)


def test_nobody_else_counts_cores():
    sources = Path(sim.__file__).parent.rglob("*.py")
    found = {path.name for path in sources if "cpu_count" in path.read_text("utf-8")}
    assert found == {"threads.py"}


@pytest.mark.parametrize("threads", [1, 3, None])
def test_results_are_in_order_whoever_is_done_first(threads):
    lengths: list[int] = []

    def work(n: int) -> int:
        time.sleep(0.01 * (4 - n))
        return n * n

    assert by_threads(work, range(5), threads, lambda some: lengths.append(len(some))) == [
        0,
        1,
        4,
        9,
        16,
    ]
    assert lengths == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_not_begun_is_dropped(error):
    begun, go_on = [], threading.Event()

    def work(n: int) -> None:
        begun.append(n)
        if n:
            go_on.wait(0.2)

    def came(_: list[None]) -> None:
        raise error

    with pytest.raises(error):
        by_threads(work, range(100), 2, came)
    assert len(begun) < 10
