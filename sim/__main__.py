"""`python -m sim` is `detente`: the command line, which ends well from its first moment on."""

import sys

from sim.cli.signals import INTERRUPTED, NOTHING_KEPT, end_like_ctrl_c


def main() -> None:
    """Runs the command line and exits; see sim.cli.main."""
    end_like_ctrl_c()
    try:
        from sim.cli.main import main as command_line

        command_line()
    except KeyboardInterrupt:  # while what every command needs was being imported
        sys.stderr.write(f"{NOTHING_KEPT}\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
