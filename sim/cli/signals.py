"""What ends a command from outside, in the first moment too: needs nothing but the system."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer, main_thread
from types import FrameType
from typing import Any

#: Exit code of a command that was interrupted.
INTERRUPTED = 130
NOTHING_KEPT = "interrupted; nothing was kept"
ENDING = tuple(getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n))
#: Seconds after which an interrupt that got lost comes again (judgement: unnoticed, and past it).
SOON = 0.1


def end_like_ctrl_c() -> None:
    """Lets SIGTERM and SIGHUP end a command as Ctrl-C does, unless they are ignored (nohup)."""

    def interrupt(number: int, where: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
    if not isinstance(sys.unraisablehook, _Lost):
        sys.unraisablehook = _Lost(sys.unraisablehook)


class _Lost:
    """Interrupts that came where Python can raise nothing, and would only print them.

    That is in what runs at a fork, in a destructor, or in what the compiler calls back. They come
    again a moment later.
    """

    def __init__(self, before: Callable[[Any], Any]) -> None:
        self.before = before
        self.timer: Timer | None = None

    def __call__(self, unraisable: Any) -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            self.before(unraisable)
            return
        number = next(ending for ending in ENDING if callable(signal.getsignal(ending)))
        self.timer = Timer(SOON, _send, (number,))
        self.timer.daemon = True
        self.timer.start()


def _send(number: int) -> None:
    """A signal to the thread that runs the command, which ends its waiting."""
    here = main_thread().ident
    if here is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(here, number)
    else:
        signal.raise_signal(number)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Lets no second Ctrl-C, SIGTERM or SIGHUP end what keeps the work of an interrupted command.

    It must be short: only SIGKILL ends it.
    """
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def was_interrupted(error: BaseException) -> bool:
    """Whether an error is the doing of an interrupt, which then comes no more.

    One that got lost before it, or one that a library made an error of its own of: a library in C
    says ImportError when it is interrupted while it is loaded.
    """
    if any(isinstance(each, KeyboardInterrupt) for each in (error, error.__cause__)):
        return True
    lost = sys.unraisablehook
    if not isinstance(lost, _Lost) or lost.timer is None:
        return False
    lost.timer.cancel()
    return True
