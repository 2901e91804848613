"""One thing that an experiment varies: the values it takes, and what it means."""

from dataclasses import dataclass
from math import floor
from typing import Any, NamedTuple

from sim.scenario.distribution import Distribution
from sim.scenario.key_paths import path_parts
from sim.scenario.registry import below_policy, entry_at, parameters_called
from sim.scenario.sides import DEFAULT, Sides

#: Digits kept of a value between two ends, so that 0.7 is not 0.7000000000000001.
DIGITS = 12
#: The path of a factor that chooses among whole scenarios.
SCENARIO = "scenario"
_SHARES = ("share", "probability", "0..1")
#: Units that say what a share is of, rather than of what it is a count.
_OF = {"normal weekly demand": "normal weekly demand", "share of w": "w"}


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


class Meaning(NamedTuple):
    """A factor for a reader: what it is called in a sentence, what it means, its unit."""

    title: str
    text: str
    unit: str

    def value(self, number: float) -> str:
        """A value with its unit, as a sentence writes it."""
        if self.unit in _SHARES:
            return f"{_two(100 * number)} %"
        if self.unit in _OF:
            return f"{_two(100 * number)} % of {_OF[self.unit]}"
        if self.unit.startswith("probability a "):
            return f"{_two(100 * number)} % {self.unit.removeprefix('probability ')}"
        return f"{_two(number)} {self.unit}".strip()


def _two(number: float) -> str:
    """Two digits, or all before the point."""
    return f"{number:.2g}" if abs(number) < 99.5 else f"{number:.0f}"


def meaning(path: str, sides: Sides = DEFAULT) -> Meaning:
    """What a key path means; of one that the registry does not know, the path alone."""
    parts = path_parts(path)
    title = _title(parts, sides)
    if len(below_policy(parts)) == 1:
        parameter = next(parameters_called(parts[3]), None)
        return Meaning(title, parameter.meaning if parameter else "", "")
    entry = entry_at(parts)
    if entry is None:
        return Meaning(title, "", "")
    return Meaning(title, entry.meaning, entry.unit)


def _title(parts: tuple[str, ...], sides: Sides) -> str:
    """A key path as words: levers.cn.rare_earths.capacity is China's rare earths capacity."""
    words = " ".join(part.replace("_", " ") for part in parts[2:])
    if parts[0] in ("actors", "levers") and len(parts) > 2 and parts[1] in sides.ids:
        return f"{sides.of(parts[1]).possessive} {words}"
    inside = parts[1:] if parts[0] in ("truce", "talks") and len(parts) > 1 else parts
    return " ".join(part.replace("_", " ") for part in inside)
