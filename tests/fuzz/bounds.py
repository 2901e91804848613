"""Bounds on one input: ten seconds and a gigabyte, kept by the system, not by a clock."""

import contextlib
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

SECONDS, BYTES = 10, 2**30


class TooLong(BaseException):
    """Ten seconds have gone by; no `except Exception` may take it for an error of its own."""


def _too_long(*_: object) -> None:
    raise TooLong(f"more than {SECONDS} s")


def _data() -> int:
    """Bytes of private memory of this process now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if "VmData" in line))


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """TooLong after ten seconds, MemoryError beyond a gigabyte more than there was."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    before = signal.signal(signal.SIGALRM, _too_long)
    resource.setrlimit(resource.RLIMIT_DATA, (_data() + BYTES, hard))
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
        signal.signal(signal.SIGALRM, before)
