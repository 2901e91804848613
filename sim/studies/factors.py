"""One thing that an experiment varies, and the values it takes."""

from dataclasses import dataclass
from math import floor
from typing import Any, NamedTuple

from sim.scenario.distribution import Distribution

#: Digits kept of a value between two ends, so that 0.7 is not 0.7000000000000001.
DIGITS = 12
#: The path of a factor that chooses among whole scenarios.
SCENARIO = "scenario"


class Level(NamedTuple):
    """One value of a factor: what a table shows of it, and what is written into the scenario."""

    label: Any  # number, text or truth value
    value: Any


@dataclass(frozen=True)
class Factor:
    """A key path and its values: `levels`, or everything from `low` to `high`, or both.

    With a `distribution`, shares are of its mass rather than of the way from `low` to `high`.
    `whole` says that only whole numbers fit; factors of the same `link` move together.
    """

    name: str
    path: str
    levels: tuple[Level, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    link: str = ""
    line: int | None = None
    distribution: Distribution | None = None

    def level(self, index: int) -> Level:
        """The value at a place of a grid."""
        return self.levels[index]

    def at(self, share: float) -> Level:
        """The value at a share of the way, 0 <= share < 1; levels have equal parts of it."""
        if self.low is None or self.high is None:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        if self.distribution is not None:
            quantile = float(self.distribution.at(share, self.whole))
            rounded = int(quantile) if self.whole else round(quantile, DIGITS)
            return Level(rounded, rounded)
        if self.whole:
            steps = int(self.high) - int(self.low)
            value: float = int(self.low) + min(int(share * (steps + 1)), steps)
        else:
            value = round(self.low + share * (self.high - self.low), DIGITS)
        return Level(value, value)


def steps_between(low: float, high: float, steps: int, whole: bool) -> tuple[Level, ...]:
    """`steps` values from `low` to `high`, both among them, at equal distances."""
    between = (low + (high - low) * index / (steps - 1) for index in range(steps))
    values = (floor(v + 0.5) if whole else round(v, DIGITS) for v in between)
    return tuple(Level(value, value) for value in values)
