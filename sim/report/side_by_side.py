"""Work of one thread, shared out to copies of this process where that can be done safely.

A copy (fork) has all that was imported and computed, so nothing is sent to it; only what it made
comes back, with the warnings it gave. Where there is one core, no fork, or another thread of
Python, the same is done one by one: the outcome is the same.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

from sim.threads import cores

T = TypeVar("T")
#: Bytes of a number of a share, and so many of them as any pipe takes at once.
_BYTES, MOST_SHARES = 2, 2_000


class _ShareResult(NamedTuple):
    values: list[Any]
    warnings: list[Warning]
    failure: Exception | None


class _Copy(NamedTuple):
    process: BaseProcess
    out: Connection


def side_by_side(
    work: Callable[[T], Any],
    things: Sequence[T],
    hands: int | None = None,
    late: Callable[[], None] | None = None,
) -> list[Any]:
    """What `work` makes of each thing, in order; a failure is raised.

    hands: at most so many processes, and never more than cores; whoever is done with some things
    takes the next, so that all end together. late: the last copy begins when this returns, as where
    a core is not free before. Copies end with what interrupts this one.
    """
    hands = min(hands or cores(), cores(), len(things))
    if hands < 2 or not may_fork():
        return [work(thing) for thing in things]

    def placed(place: Any) -> tuple[int, Any]:
        return place, work(things[place])

    with _Shares(len(things)) as shares:
        copies = [_begin(placed, shares) for _ in range(hands - 2)]
        copies.append(_begin(placed, shares if late is None else _late(late, shares)))
        try:
            results = [_do(placed, shares), *(copy.out.recv() for copy in copies)]
        except BaseException:
            for copy in copies:
                copy.process.terminate()
            raise
    for message in (message for result in results for message in result.warnings):
        warnings.warn(message, stacklevel=3)
    for failure in (result.failure for result in results if result.failure is not None):
        raise failure
    made = dict(pair for result in results for pair in result.values)
    return [made[place] for place in range(len(things))]


class _Shares:
    """The places of some things in shares, each given once: to the process that asks first.

    Their numbers lie in a pipe that nobody writes to any more, which all processes read.
    """

    def __init__(self, things: int) -> None:
        self.things, self.number = things, min(things, MOST_SHARES)
        self.out, into = os.pipe()
        numbers = range(self.number)
        os.write(into, b"".join(number.to_bytes(_BYTES, "big") for number in numbers))
        os.close(into)

    def __enter__(self) -> "_Shares":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.out)

    def __iter__(self) -> Iterator[int]:
        while number := os.read(self.out, _BYTES):
            yield from range(int.from_bytes(number, "big"), self.things, self.number)


def _late(wait: Callable[[], None], shares: _Shares) -> Iterator[int]:
    """Shares that are first asked for when something else is over."""
    wait()
    yield from shares


def meanwhile(work: Callable[[], T]) -> Callable[[], T]:
    """Begins work in a copy of this process, and gives what waits for it and hands it over.

    Where no copy can be made the work is done when it is waited for. What it warned of is said
    then, and what it raised is raised.
    """
    if cores() < 2 or not may_fork():
        return work
    return partial(_received, _begin(lambda each: each(), [work]))


def _received(copy: _Copy) -> Any:
    """Waits for the only thing that a copy makes."""
    result: _ShareResult = copy.out.recv()
    for message in result.warnings:
        warnings.warn(message, stacklevel=2)
    if result.failure is not None:
        raise result.failure
    return result.values[0]


class Expecting:
    """Work in two steps on what is still to come, by a copy of this process that prepares for it.

    `first` is done on the first thing handed over, `then` on what that made and on the second. What
    `made` gives is waited for; where no copy can be made (`copy` is None) all is done there.
    """

    def __init__(
        self,
        prepare: Callable[[], object],
        first: Callable[[Any], Any],
        then: Callable[[Any, Any], Any],
    ) -> None:
        self.first, self.then = first, then
        self.things: list[Any] = []
        self.copy: _Copy | None = None
        if cores() < 2 or not may_fork():
            return
        # A pipe would make the sender wait for the reader.
        self.files = [os.memfd_create("handed over") for _ in range(2)]
        handed_over, self.tell = get_context("fork").Pipe(duplex=False)
        self.busy, held = os.pipe()

        def received(file: int) -> Any:
            try:
                handed_over.recv()
            except EOFError:  # the first process has ended
                os._exit(0)
            with open(file, "rb", closefd=False) as handed:
                handed.seek(0)
                return pickle.load(handed)

        def work(_: None) -> Any:
            self.tell.close()  # else this copy would itself keep open what it waits at
            prepare()
            made = self.first(received(self.files[0]))
            os.close(held)
            return self.then(made, received(self.files[1]))

        self.copy = _begin(work, [None])
        handed_over.close()
        os.close(held)

    def hand_over(self, thing: Any) -> None:
        """The first thing, then the second."""
        if self.copy is None:
            self.things.append(thing)
            return
        with open(self.files.pop(0), "wb") as handing:  # noqa: PTH123
            pickle.dump(thing, handing, pickle.HIGHEST_PROTOCOL)
        with suppress(BrokenPipeError):  # it has failed: `made` says how
            self.tell.send(None)

    def wait(self) -> None:
        """Returns when the first step is over; in any copy made after this one."""
        os.read(self.busy, 1)

    def made(self) -> Any:
        """What both steps made; what they raised is raised."""
        if self.copy is None:
            return self.then(self.first(self.things[0]), self.things[1])
        return _received(self.copy)


def may_fork() -> bool:
    """Whether a copy of this process can be made safely."""
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    return sys.platform == "linux" and alone


def _begin(work: Callable[[T], Any], share: Iterable[T]) -> _Copy:
    """A copy of this process that does a share; what it made comes out of its connection."""
    context = get_context("fork")
    out, into = context.Pipe(duplex=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of libraries, which sleep
        process = context.Process(target=_send, args=(work, share, into), daemon=True)
        process.start()
    into.close()
    return _Copy(process, out)


def _send(work: Callable[[T], Any], share: Iterable[T], into: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # which ends its copies so when it ends
    into.send(_do(work, share))


def _do(work: Callable[[T], Any], share: Iterable[T]) -> _ShareResult:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        values: list[Any] = []
        failure = None
        try:
            values += [work(thing) for thing in share]
        except Exception as problem:
            failure = problem
    messages = [record.message for record in caught if isinstance(record.message, Warning)]
    return _ShareResult(values, messages, failure)
