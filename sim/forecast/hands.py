"""Who evaluates the points of a fit: threads of this process, other processes, or a cluster.

The points go out in spells of a few, and come back in their order: a likelihood is a function of
point and seed alone, so the numbers are the same whoever evaluates them, and whoever dies.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.forecast.fitted import Likelihood
from sim.forecast.tempered import Evaluate
from sim.studies.plan import code_hash
from sim.studies.workers import (
    LIVES,
    Sent,
    WorkersLostError,
    cluster_at,
    cluster_losses_named,
    held_back,
    new_processes,
)

#: Points of a spell; between two, progress is reported and Ctrl-C is answered.
SPELL = 5

Points = NDArray[np.float64]
Progress = Callable[[int], None]
#: Makes that of a likelihood; `progress` is called with the number of points done each time.
Hand = Callable[[Likelihood, Progress | None], Evaluate]
Spell = tuple[Points, list[int]]


def spells(z: Points, seeds: Sequence[int]) -> list[Spell]:
    """The points in groups, each with its seeds."""
    firsts = range(0, len(z), SPELL)
    return [(z[first : first + SPELL], list(seeds[first : first + SPELL])) for first in firsts]


def on_threads(count: int | None = None) -> Hand:
    """So many threads of this process; every core by default."""

    def hand(likelihood: Likelihood, progress: Progress | None) -> Evaluate:
        def evaluate(z: Points, seeds: list[int]) -> NDArray[np.float64]:
            with ThreadPoolExecutor(count or os.cpu_count() or 1) as pool:
                futures = [pool.submit(likelihood, *spell) for spell in spells(z, seeds)]
                try:
                    return _joined(futures, progress)
                finally:
                    pool.shutdown(wait=True, cancel_futures=True)

        return evaluate

    return hand


def _joined(futures: Sequence[Any], progress: Progress | None) -> NDArray[np.float64]:
    """Results in their order, reported as they come."""
    parts = []
    for future in futures:
        parts.append(future.result())
        if progress is not None:
            progress(len(parts[-1]))
    return np.concatenate(parts)


def evaluated(sent: Sent, z: Points, seeds: list[int]) -> NDArray[np.float64]:
    """Called on a worker: a spell of points."""
    likelihood: Likelihood = sent.content
    return likelihood(z, seeds)


def sent(likelihood: Likelihood) -> Sent:
    """A likelihood as it goes to workers, which must run the same code."""
    return Sent(pickle.dumps(likelihood), code_hash())


@contextmanager
def on_processes(count: int) -> Iterator[Hand]:
    """New processes of this machine, of one thread each, which end with this block."""
    pool = ExitStack()
    executor = pool.enter_context(new_processes(count))

    def hand(likelihood: Likelihood, progress: Progress | None) -> Evaluate:
        package = sent(likelihood)

        def evaluate(z: Points, seeds: list[int]) -> NDArray[np.float64]:
            nonlocal executor
            for _ in range(LIVES):
                try:
                    with held_back():
                        futures: list[Future[Any]] = [
                            executor.submit(evaluated, package, *spell)
                            for spell in spells(z, seeds)
                        ]
                    return _joined(futures, progress)
                except BrokenProcessPool:
                    pool.close()
                    executor = pool.enter_context(new_processes(count))
            raise WorkersLostError(
                f"{LIVES} times processes died over the same points (too little memory?); every "
                "finished stage is kept, --resume continues"
            )

        return evaluate

    with pool:
        yield hand


@contextmanager
def on_cluster(address: str) -> Iterator[Hand]:
    """Workers of the Dask scheduler at an address. Raises ExperimentError if none answers."""
    with cluster_at(address) as client:

        def hand(likelihood: Likelihood, progress: Progress | None) -> Evaluate:
            def evaluate(z: Points, seeds: list[int]) -> NDArray[np.float64]:
                with cluster_losses_named():
                    pickled = sent(likelihood)
                    package = client.submit(Sent, pickled.pickled, pickled.code, pure=False)
                    futures = [
                        client.submit(evaluated, package, *spell, pure=False)
                        for spell in spells(z, seeds)
                    ]
                    return _joined(futures, progress)

            return evaluate

        yield hand
