"""Bounds on one input: ten seconds and a gigabyte, kept by the system, not by a clock.

The seconds are those of the processor, so that other work on the machine takes none of them; what
waits for something is ended by the clock after ten minutes.
"""

import contextlib
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

SECONDS, BYTES = 10, 2**30
WAITING = 600


class TooLong(BaseException):
    """Ten seconds have gone by; no `except Exception` may take it for an error of its own."""


def _too_long(number: int, _: object) -> None:
    worked = number == signal.SIGPROF
    raise TooLong(f"more than {SECONDS} s of work" if worked else f"more than {WAITING} s")


def _data() -> int:
    """Bytes of private memory of this process now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if "VmData" in line))


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """TooLong after ten seconds, MemoryError beyond a gigabyte more than there was."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    before = {
        number: signal.signal(number, _too_long) for number in (signal.SIGPROF, signal.SIGALRM)
    }
    resource.setrlimit(resource.RLIMIT_DATA, (_data() + BYTES, hard))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(WAITING)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        for number, handler in before.items():
            signal.signal(number, handler)
