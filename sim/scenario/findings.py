"""What a check says: a key path and what is wrong there, before it is placed in a file."""

from typing import NamedTuple

from sim.scenario.lines import KeyPath


class Finding(NamedTuple):
    """One thing a check found.

    `nearest` is the valid name that was probably meant. A finding that is `fatal` is an error;
    the others are warnings.
    """

    path: KeyPath
    found: str
    allowed: str
    nearest: str | None = None
    fatal: bool = True


def warning(path: KeyPath, found: str, advice: str) -> Finding:
    """A finding that does not keep the scenario from running."""
    return Finding(path, found, advice, fatal=False)
