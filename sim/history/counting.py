"""The command line of the modules that count something on the record to a day."""

import argparse
from collections.abc import Callable, Iterable
from datetime import date

from sim.history.record import shipped


def print_counts(what: str, lines: Callable[[date], Iterable[str]]) -> None:
    """Prints the counts of a day, `--until`; by default the last of the record."""
    parser = argparse.ArgumentParser(description=f"{what}, counted on the record")
    first, last = shipped().extent
    parser.add_argument("--until", type=date.fromisoformat, default=last, metavar="DATE")
    until = parser.parse_args().until
    if not first <= until <= last:
        parser.error(f"argument --until: {until}; allowed: {first} to {last}")
    print("\n".join(lines(until)))
