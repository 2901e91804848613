"""`python -m sim` is `detente`: the command line, which ends well from its first moment on."""

import atexit
import gc
import os
import sys

from sim.cli.signals import INTERRUPTED, NOTHING_KEPT, end_like_ctrl_c, was_interrupted

#: Objects made and not yet freed, before Python looks for those that only hold each other.
MANY = 50_000


class _End:
    """What is called when all else is done: leaves at once, with the code known by then.

    Python would take all modules apart first, as long as a fifth of a short command. It does so
    where the end is not a plain one, or what was printed cannot be written.
    """

    code: object = ""  # of exit; not known yet

    def __call__(self) -> None:
        """Ends the process, where that can be."""
        gc.freeze()
        code = 0 if self.code is None else self.code
        if not isinstance(code, int) or sys.stdout is None or sys.stderr is None:
            return
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):  # Python says so, and gives the code it has for that
            return
        os._exit(code & 0xFF)


def main() -> None:
    """Runs the command line and exits; see sim.cli.main."""
    end_like_ctrl_c()
    # What a command imports stays to its end. To look through it again and again for what could be
    # freed took a sixth of a short command, and most of that when all was done.
    gc.set_threshold(MANY)
    end = _End()
    atexit.register(end)  # first, so that it is called last
    try:
        from sim.cli.main import main as command_line

        command_line()
    except SystemExit as stop:
        end.code = stop.code
        raise
    except (KeyboardInterrupt, Exception) as error:  # while what commands need is imported
        if not was_interrupted(error):
            raise
        sys.stderr.write(f"{NOTHING_KEPT}\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
