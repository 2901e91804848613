"""Playing a study on dask.distributed: the same groups, the same rows, on other processes.

Workers only play; the folder is written here. A group whose worker dies is played again by
another, so it costs the group and nothing else.
"""

import contextlib
import logging
import pickle
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sim.errors import ExperimentError, Problem, ResultWriteError, quoted
from sim.extras import need
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.parts import Group
from sim.studies.plan import code_hash
from sim.studies.play import Advance, Coming
from sim.studies.worker import Sent, play_group

#: Seconds in which a cluster must answer and show a worker.
PATIENCE = 6
#: Groups sent for each thread of the workers: one to play, one that waits.
GROUPS_A_THREAD = 2


class ClusterLostError(ResultWriteError):
    """The cluster went away during a study; nobody's bad input, so the exit code is 1."""


@contextlib.contextmanager
def cluster_at(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address, which has workers.

    Raises ExperimentError if there is no answer, or no worker, within some seconds.
    """
    distributed = _distributed()
    _quiet()
    protocol, _, place = address.partition("://")
    if place and protocol not in distributed.comm.registry.backends:
        raise _unreachable(address, f"no way to speak {quoted(protocol)}")
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError, TypeError, ImportError, RuntimeError) as problem:
        # The last three: an address that asks for keys or for a library that are not there.
        reason = str(problem).split("\n", 1)[0] or type(problem).__name__
        raise _unreachable(address, f"no scheduler answers ({reason})") from problem
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as problem:
            raise _unreachable(address, "a scheduler without workers") from problem
        yield client


def _unreachable(address: str, found: str) -> ExperimentError:
    allowed = "the address of a scheduler with workers, as tcp://10.0.0.5:8786; nothing was run"
    return ExperimentError([Problem("--cluster", None, address, found, allowed)])


def _distributed() -> Any:
    need("distributed", "--cluster")
    import distributed

    return distributed


def _quiet() -> None:
    """Its own words on lost connections would stand among ours."""
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@contextlib.contextmanager
def cluster_losses_named() -> Iterator[None]:
    """Turns what a lost cluster raises into words."""
    from concurrent.futures import CancelledError

    distributed = _distributed()
    rest = "what was finished is kept, --resume continues"
    try:
        yield
    except distributed.KilledWorker as problem:
        raise ClusterLostError(
            f"several workers died one after the other over the same points "
            f"(too little memory?); {rest}"
        ) from problem
    except (CancelledError, distributed.comm.CommClosedError, TimeoutError) as problem:
        raise ClusterLostError(f"the cluster went away; {rest}") from problem


class Cluster:
    """Plays groups on the workers of a client; the rows are those of `Threads`."""

    def __init__(self, experiment: Experiment, points: Sequence[Point], client: Any) -> None:
        self.points = points
        self.client = client
        self.study = pickle.dumps(experiment)

    def play(self, groups: Sequence[Group], advance: Advance) -> Coming:
        """Each group with its rows, as it comes back; raises ClusterLostError when none will."""
        if not groups:
            return
        with cluster_losses_named():
            # a task and not scattered data: it is made again when the worker that holds it dies
            study = self.client.submit(Sent, self.study, code_hash(), pure=False)
            yield from self._collected(iter(groups), study, advance)

    def _collected(self, waiting: Iterator[Group], study: Any, advance: Advance) -> Coming:
        threads = max(1, sum(self.client.nthreads().values()))
        flying = {
            self._sent(group, study): group for group in islice(waiting, GROUPS_A_THREAD * threads)
        }
        coming = _distributed().as_completed(list(flying))
        try:
            for future in coming:
                group = flying.pop(future)
                played = future.result()
                for more in islice(waiting, 1):
                    sent = self._sent(more, study)
                    flying[sent] = more
                    coming.add(sent)
                advance(group.count, played.run_weeks)
                yield group, played
        finally:
            self._drop(list(flying))

    def _sent(self, group: Group, study: Any) -> Any:
        chosen = [self.points[number] for number in group.points]
        return self.client.submit(play_group, study, chosen, group.first, pure=False)

    def _drop(self, futures: list[Any]) -> None:
        """Takes back what was sent, unless there is nobody left to tell."""
        with contextlib.suppress(OSError, TimeoutError, RuntimeError):
            if self.client.status == "running":
                self.client.cancel(futures, force=True)
