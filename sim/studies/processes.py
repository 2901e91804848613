"""Playing a study on other processes of this machine: the same groups, the same rows.

They are reached by pipes that only they hold, not by a port: nobody else on the machine can send
them anything. A process that dies costs the groups under way, which new ones play again.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from sim.errors import ResultWriteError
from sim.extensions import load, loaded
from sim.studies.design import Point
from sim.studies.experiment import Experiment
from sim.studies.parts import Group
from sim.studies.plan import code_hash
from sim.studies.play import Advance, Coming, Played
from sim.studies.worker import Sent, play_group

#: Groups sent for each process: one to play, one that waits.
GROUPS_A_PROCESS = 2
#: So many times processes may die, one after the other, with no group finished in between.
LIVES = 5
#: What a terminal sends to all processes at once; the one that writes the folder answers.
_FROM_TERMINAL = {signal.SIGINT, signal.SIGHUP}


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
                    advance(group.count, played.run_weeks)
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
            ahead = islice(waiting, GROUPS_A_PROCESS * self.count)
            flying = {self._sent(pool, group): group for group in ahead}
            while flying:
                finished, _ = wait(flying, return_when=FIRST_COMPLETED)
                for future in finished:
                    group, played = flying.pop(future), future.result()
                    flying |= {self._sent(pool, more): more for more in islice(waiting, 1)}
                    yield group, played

    def _sent(self, pool: ProcessPoolExecutor, group: Group) -> Future[Played]:
        chosen = [self.points[number] for number in group.points]
        with held_back():
            return pool.submit(play_group, self.study, chosen, group.first)


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
    threading.Thread(target=_end_with, args=(_parent_ends(),), daemon=True).start()
    for file in extensions:
        load(file)


def _parent_ends() -> Callable[[], None]:
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("called in the process that began the others")
    return parent.join


def _end_with(parent_ends: Callable[[], None]) -> None:
    with suppress(OSError):
        parent_ends()
    os._exit(1)
