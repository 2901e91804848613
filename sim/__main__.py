"""`python -m sim` is `detente`: the command line, which ends well from its first moment on."""

import atexit
import gc
import sys

from sim.cli.signals import INTERRUPTED, NOTHING_KEPT, end_like_ctrl_c

#: Objects made and not yet freed, before Python looks for those that only hold each other.
MANY = 50_000


def main() -> None:
    """Runs the command line and exits; see sim.cli.main."""
    end_like_ctrl_c()
    # What a command imports stays to its end. To look through it again and again for what could be
    # freed took a sixth of a short command, and most of that when all was done.
    gc.set_threshold(MANY)
    atexit.register(gc.freeze)
    try:
        from sim.cli.main import main as command_line

        command_line()
    except KeyboardInterrupt:  # while what every command needs was being imported
        sys.stderr.write(f"{NOTHING_KEPT}\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
