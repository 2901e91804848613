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

from sim.history.counting import print_counts
from sim.history.record import Date, events
from sim.history.rows import read_table

DAYS_A_WEEK = 7
#: Of a 90 % interval.
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Removal:
    """One measure taken back: ordered and done on these days."""

    kind: str
    ordered: Date
    done: Date
    order_event: str
    done_event: str

    @property
    def days(self) -> int:
        """From order to done."""
        return (self.done - self.ordered).days

    @property
    def weeks(self) -> int:
        """Weekly chances it took, one at least."""
        return max(1, ceil(self.days / DAYS_A_WEEK))


@dataclass(frozen=True)
class Friction:
    """What removals say of one kind of lever: `n` of them done in `weeks` weekly chances."""

    n: int
    weeks: int

    @property
    def beta(self) -> tuple[float, float]:
        """a and b of the Beta law of friction."""
        return self.weeks - self.n + 0.5, self.n + 0.5

    @property
    def mean(self) -> float:
        """The mean of that law."""
        a, b = self.beta
        return a / (a + b)

    @property
    def interval(self) -> tuple[float, float]:
        """Its central 90 %."""
        from scipy.stats import beta

        low, high = beta(*self.beta).ppf(ENDS)
        return float(low), float(high)


def removals(until: Date | None = None) -> tuple[Removal, ...]:
    """Removals done by a day, in the order of the table."""
    days = {event.name: event.day for event in events()}
    done_removals = (
        Removal(
            row["kind"],
            days[row["order_event"]],
            days[row["done_event"]],
            row["order_event"],
            row["done_event"],
        )
        for row in read_table("orders")
    )
    return tuple(removal for removal in done_removals if until is None or removal.done <= until)


def friction(kind: str | None = None, until: Date | None = None) -> Friction:
    """What the record says of a kind of lever, or of all together."""
    taken_back = [removal for removal in removals(until) if kind in (None, removal.kind)]
    return Friction(len(taken_back), sum(removal.weeks for removal in taken_back))


def lines(until: Date) -> Iterator[str]:
    """The counts, a kind a line."""
    yield f"Removals done by {until}, from order to done; Jeffreys, 90 % intervals."
    kinds = dict.fromkeys(removal.kind for removal in removals(until))
    for kind in (*kinds, None):
        measured = friction(kind, until)
        days = [str(removal.days) for removal in removals(until) if kind in (None, removal.kind)]
        low, high = measured.interval
        name = kind or "all together"
        yield (
            f"  {name}: {measured.n} in {measured.weeks} weeks (days {', '.join(days)}): "
            f"friction {measured.mean:.2f} ({low:.2f} to {high:.2f})"
        )


if __name__ == "__main__":
    print_counts("from order to done", lines)
