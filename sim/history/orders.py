"""From order to done: how long removals took on record, by kind of lever, and the friction of it.

    python -m sim.history.orders                         the whole record
    python -m sim.history.orders --until 2025-05-12      what was done by that day

A removal takes as many weeks as have begun by the day it is done, one at least. With friction chi,
the chance that an ordered removal does not happen in a week, n removals over W weeks are n
successes in W trials: under Jeffreys' prior chi is Beta(W - n + 1/2, n + 1/2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from sim.history.answers import DAYS_A_WEEK, Chance, print_counts
from sim.history.record import Date, events
from sim.history.rows import read_table


@dataclass(frozen=True)
class Removal:
    """One measure taken back: ordered and done on these days."""

    kind: str
    ordered: Date
    done: Date

    @property
    def days(self) -> int:
        """From order to done."""
        return (self.done - self.ordered).days

    @property
    def weeks(self) -> int:
        """Weekly chances it took, one at least."""
        return max(1, ceil(self.days / DAYS_A_WEEK))


def removals(until: Date | None = None) -> tuple[Removal, ...]:
    """Removals done by a day, in the order of the table."""
    days = {event.name: event.day for event in events()}
    all_removals = (
        Removal(row["kind"], days[row["order_event"]], days[row["done_event"]])
        for row in read_table("orders")
    )
    return tuple(removal for removal in all_removals if until is None or removal.done <= until)


def friction(kind: str | None = None, until: Date | None = None) -> Chance:
    """The chance that an ordered removal fails in a week, of a kind of lever or of all together."""
    weeks = [removal.weeks for removal in removals(until) if kind in (None, removal.kind)]
    return Chance(sum(weeks) - len(weeks), sum(weeks))


def lines(until: Date) -> Iterator[str]:
    """The counts, a kind a line."""
    yield f"Removals done by {until}, from order to done; Jeffreys, 90 % intervals."
    for kind in (*dict.fromkeys(removal.kind for removal in removals(until)), None):
        fails = friction(kind, until)
        days = [str(removal.days) for removal in removals(until) if kind in (None, removal.kind)]
        low, high = fails.interval((0.05, 0.95))
        yield (
            f"  {kind or 'all together'}: {len(days)} in {fails.weeks} weeks (days "
            f"{', '.join(days)}): friction {fails.mean:.2f} ({low:.2f} to {high:.2f})"
        )


if __name__ == "__main__":
    print_counts("from order to done", lines)
