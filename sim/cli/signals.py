"""What ends a command from outside, in the first moment too: needs nothing but the system."""

import signal
from types import FrameType

#: Exit code of a command that was interrupted.
INTERRUPTED = 130
NOTHING_KEPT = "interrupted; nothing was kept"


def end_like_ctrl_c() -> None:
    """Lets SIGTERM and SIGHUP end a command as Ctrl-C does, unless they are ignored (nohup)."""

    def interrupt(number: int, where: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
