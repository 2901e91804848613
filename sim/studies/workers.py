"""Work on other processes: of this machine, or of a Dask cluster. What comes of it is the same.

Workers only compute; folders are written here. A task whose worker dies is done again by another,
so it costs the task and nothing else. Processes of this machine are reached by pipes that only
they hold, not by a port: nobody else on the machine can send them anything.
"""

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache, partial
from itertools import islice
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, Self

from sim.errors import ExperimentError, Problem, ResultError, ResultWriteError, quoted
from sim.extensions import load, loaded
from sim.extras import need
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.plan import SOURCES, code_hash
from sim.studies.runner import Advance, Coming, PlayedPoints, play_point, together
from sim.studies.tables import Group

#: Tasks sent to each process, or each thread of a cluster: one to do, one that waits.
TASKS_EACH = 2
#: So many times processes may die, one after the other, with no task finished in between.
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


#: What is sent with each task, then the task's own arguments.
Work = Callable[..., Any]
Tasks = Sequence[tuple[Any, ...]]


class Hands(Protocol):
    """Who does tasks: processes of this machine, or the workers of a cluster."""

    def results(self, package: Sent, work: Work, tasks: Tasks) -> Iterator[tuple[int, Any]]:
        """What `work` makes of what is sent and of each task, as it comes back, with the task's
        place. Raises ResultWriteError when none will."""


@contextmanager
def hands_of(workers: int | None, cluster: str | None) -> Iterator[Hands | None]:
    """So many new processes, or the workers of a cluster at an address; None of neither."""
    if cluster is not None:
        with cluster_at(cluster) as client:
            yield Cluster(client)
    elif workers is not None:
        with Processes(workers) as hands:
            yield hands
    else:
        yield None


def _collected(
    submit: Callable[..., Future[Any]], tasks: Mapping[int, tuple[Any, ...]], ahead: int
) -> Iterator[tuple[int, Any]]:
    """The result of each task, as it comes back; so many are sent before the first has."""
    waiting = iter(tasks.items())
    flying = {submit(*task): place for place, task in islice(waiting, ahead)}
    while flying:
        finished, _ = wait(flying, return_when=FIRST_COMPLETED)
        for future in finished:
            place, result = flying.pop(future), future.result()
            flying |= {submit(*task): more for more, task in islice(waiting, 1)}
            yield place, result


def play_group(sent: Sent, points: Sequence[Point], first: int) -> PlayedPoints:
    """Called on a worker: the rows of the points `first` and following of an experiment, on one
    thread."""
    experiment: Experiment = sent.content
    return together(
        play_point(experiment, point, number, threads=1)
        for number, point in enumerate(points, start=first)
    )


class Workers:
    """Plays groups of a study on other processes; the rows are those of `Threads`."""

    def __init__(self, experiment: Experiment, points: Sequence[Point], hands: Hands) -> None:
        self.experiment = experiment
        self.points = points
        self.hands = hands

    def play(self, groups: Sequence[Group], advance: Advance) -> Coming:
        """Each group with its rows, as it comes back; raises ResultWriteError when none will."""
        sent = Sent(pickle.dumps(self.experiment), code_hash())
        tasks = [([self.points[number] for number in group], group.start) for group in groups]
        for place, played in self.hands.results(sent, play_group, tasks):
            advance(len(groups[place]), played.run_weeks)
            yield groups[place], played


class WorkersLostError(ResultWriteError):
    """The processes died again and again; nobody's bad input, so the exit code is 1."""


class Processes:
    """New processes of this machine, `count` of one thread each, which end with this block."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.room = ExitStack()
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.close()

    def results(self, package: Sent, work: Work, tasks: Tasks) -> Iterator[tuple[int, Any]]:
        """As `Hands`; raises WorkersLostError."""
        send = partial(self._sent, work, package)
        left, died = dict(enumerate(tasks)), 0
        while left:
            try:
                for place, result in _collected(send, dict(left), TASKS_EACH * self.count):
                    del left[place]
                    died = 0
                    yield place, result
            except BrokenProcessPool as problem:
                self.pool = None
                self.room.close()
                died += 1
                if died >= LIVES:
                    raise WorkersLostError(
                        f"{LIVES} times processes died over the same points (too little "
                        f"memory?); what was finished is kept, --resume continues"
                    ) from problem

    def _sent(self, work: Work, package: Sent, *task: Any) -> Future[Any]:
        self.pool = self.pool or self.room.enter_context(new_processes(self.count))
        with held_back():
            return self.pool.submit(work, package, *task)


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
    """The workers of a client."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def results(self, package: Sent, work: Work, tasks: Tasks) -> Iterator[tuple[int, Any]]:
        """As `Hands`; raises ClusterLostError."""
        if not tasks:
            return
        with cluster_losses_named():
            threads = max(1, sum(self.client.nthreads().values()))
            executor = self.client.get_executor(pure=False)
            # a task and not scattered data: it is made again when the worker that holds it dies
            there = self.client.submit(Sent, *vars(package).values(), pure=False)
            send = partial(executor.submit, work, there)
            try:
                yield from _collected(send, dict(enumerate(tasks)), TASKS_EACH * threads)
            finally:  # takes back what was sent, unless there is nobody left to tell
                with suppress(OSError, TimeoutError, RuntimeError):
                    if self.client.status == "running":
                        executor.shutdown(wait=False)
