"""Readings: several ways to read what the sources leave open, each with its share of the runs.

Run r belongs to the reading whose slots hold r modulo SLOTS: a fixed, stratified allocation, so
that a run is one run whatever else is played, and the shares are exact in every hundred runs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import Problem

if TYPE_CHECKING:
    from sim.scenario.schema import ScenarioSpec

#: Runs in which every reading has its exact share.
SLOTS = 100
#: What a reading may not change: it would no longer be the same question.
FIXED = ("title", "description", "start", "as_of", "weeks", "readings", "ranges", "sources")


@dataclass(frozen=True)
class Slots:
    """The runs of a reading: those with first <= run modulo SLOTS < last."""

    first: int
    last: int

    @property
    def share(self) -> float:
        """Share of the runs."""
        return (self.last - self.first) / SLOTS

    def __contains__(self, run: int) -> bool:
        return self.first <= run % SLOTS < self.last

    def blocks(self, first: int, runs: int, size: int) -> Iterator[tuple[int, int]]:
        """The runs among first .. first + runs - 1, as (start, how many) of at most `size`."""
        end = first + runs
        if self == ALL:
            yield from ((at, min(size, end - at)) for at in range(first, end, size))
            return
        for hundred in range(first - first % SLOTS, end, SLOTS):
            begin, stop = max(first, hundred + self.first), min(end, hundred + self.last)
            yield from ((at, min(size, stop - at)) for at in range(begin, stop, size))


#: Every run.
ALL = Slots(0, SLOTS)


def slots_of(weights: Mapping[str, float]) -> dict[str, Slots]:
    """By reading, its slots: in the order written, as many hundredths as its weight."""
    slots, first = {}, 0
    for name, weight in weights.items():
        last = first + round(weight * SLOTS)
        slots[name] = Slots(first, last)
        first = last
    return slots


def reading_findings(spec: "ScenarioSpec") -> Iterator[Problem]:
    """Weights are whole hundredths and sum to one; nothing that makes the question is changed."""
    if spec.readings is None:
        return
    weights = [reading.weight for reading in spec.readings.values()]
    if abs(sum(weights) - 1) > 1e-9:
        found = " + ".join(f"{weight:g}" for weight in weights) or "none"
        text = f"weights {found} = {sum(weights):g}"
        yield Problem.at(("readings",), text, "weights that sum to 1")
    for name, reading in spec.readings.items():
        here = ("readings", name)
        if abs(reading.weight * SLOTS - round(reading.weight * SLOTS)) > 1e-9:
            yield Problem.at((*here, "weight"), f"{reading.weight:g}", "whole hundredths, as 0.35")
        for text in reading.values:
            if text.partition(".")[0] in FIXED:
                allowed = "a value of the world: actors, levers, talks, truce, allies, shocks"
                yield Problem.at((*here, "values", text), "not for a reading to change", allowed)
