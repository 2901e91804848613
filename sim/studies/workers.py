"""Playing a study on other processes: of this machine, or of a Dask cluster. The rows are the same.

Workers only play; the folder is written here. A group whose worker dies is played again by
another, so it costs the group and nothing else. Processes of this machine are reached by pipes
that only they hold, not by a port: nobody else on the machine can send them anything.
"""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import islice
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sim.errors import ExperimentError, Problem, ResultError, ResultWriteError, quoted
from sim.extensions import load, loaded
from sim.extras import need
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.plan import SOURCES, code_hash
from sim.studies.runner import Advance, Coming, Played, play_point, together
from sim.studies.tables import Group

#: Groups sent for each process, or each thread of a cluster: one to play, one that waits.
GROUPS_EACH = 2
#: So many times processes may die, one after the other, with no group finished in between.
LIVES = 5
#: What a terminal sends to all processes at once; the one that writes the folder answers.
_FROM_TERMINAL = {signal.SIGINT, signal.SIGHUP}
#: Seconds in which a cluster must answer and show a worker.
PATIENCE = 6


class Sent:
    """Something pickled for workers, which must run the same code: that of `sources`."""

    def __init__(self, pickled: bytes, code: str, sources: tuple[str, ...] = SOURCES) -> None:
        self.pickled = pickled
        self.code = code
        self.sources = sources

    @property
    def content(self) -> Any:
        """What was sent, unpickled once a process. Raises ResultError for other code."""
        code = code_hash(self.sources)
        if code != self.code:
            from socket import gethostname

            raise ResultError(
                f"the worker on {gethostname()} has another version of detente (code {code}, "
                f"here {self.code}); install the same one on every machine"
            )
        return _unpickled(self.pickled)


@lru_cache(maxsize=2)
def _unpickled(pickled: bytes) -> Any:
    return pickle.loads(pickled)


def play_group(sent: Sent, points: Sequence[Point], first: int) -> Played:
    """Called on a worker: the rows of the points `first` and following of an experiment, on one
    thread."""
    experiment: Experiment = sent.content
    return together(
        play_point(experiment, point, number, threads=1)
        for number, point in enumerate(points, start=first)
    )


class WorkersLostError(ResultWriteError):
    """The processes died again and again; nobody's bad input, so the exit code is 1."""


class Processes:
    """Plays groups on `count` new processes of one thread each; the rows are those of `Threads`."""

    def __init__(self, experiment: Experiment, points: Sequence[Point], count: int) -> None:
        self.points = points
        self.count = count
        self.study = Sent(pickle.dumps(experiment), code_hash())

    def play(self, groups: Sequence[Group], advance: Advance) -> Coming:
        """Each group with its rows, as it comes back; raises WorkersLostError when none will."""
        left, died = dict.fromkeys(groups), 0
        while left:
            try:
                for group, played in self._played(list(left)):
                    del left[group]
                    died = 0
                    advance(len(group), played.run_weeks)
                    yield group, played
            except BrokenProcessPool as problem:
                died += 1
                if died >= LIVES:
                    raise WorkersLostError(
                        f"{LIVES} times processes died over the same points (too little "
                        f"memory?); what was finished is kept, --resume continues"
                    ) from problem

    def _played(self, groups: Sequence[Group]) -> Coming:
        with new_processes(self.count) as pool:
            waiting = iter(groups)
            ahead = islice(waiting, GROUPS_EACH * self.count)
            flying = {self._sent(pool, group): group for group in ahead}
            while flying:
                finished, _ = wait(flying, return_when=FIRST_COMPLETED)
                for future in finished:
                    group, played = flying.pop(future), future.result()
                    flying |= {self._sent(pool, more): more for more in islice(waiting, 1)}
                    yield group, played

    def _sent(self, pool: ProcessPoolExecutor, group: Group) -> Future[Played]:
        chosen = [self.points[number] for number in group]
        with held_back():
            return pool.submit(play_group, self.study, chosen, group.start)


@contextmanager
def new_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this block, also in the middle of their work."""
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, _begin, (loaded(),))
    try:
        yield pool
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def held_back() -> Iterator[None]:
    """Holds back what a terminal sends: a process begun meanwhile never hears of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FROM_TERMINAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(extensions: Sequence[Path]) -> None:
    """Called first in each process: it ends with the one that began it, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("called in the process that began the others")

    def end_with(parent: BaseProcess) -> None:
        with suppress(OSError):
            parent.join()
        os._exit(1)

    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    for file in extensions:
        load(file)


class ClusterLostError(ResultWriteError):
    """The cluster went away during a study; nobody's bad input, so the exit code is 1."""


@contextmanager
def cluster_at(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address, which has workers.

    Raises ExperimentError if there is no answer, or no worker, within some seconds.
    """
    distributed = _distributed()
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its words would stand among ours
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


@contextmanager
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
            self._sent(group, study): group for group in islice(waiting, GROUPS_EACH * threads)
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
                advance(len(group), played.run_weeks)
                yield group, played
        finally:  # takes back what was sent, unless there is nobody left to tell
            with suppress(OSError, TimeoutError, RuntimeError):
                if self.client.status == "running":
                    self.client.cancel(list(flying), force=True)

    def _sent(self, group: Group, study: Any) -> Any:
        chosen = [self.points[number] for number in group]
        return self.client.submit(play_group, study, chosen, group.start, pure=False)
