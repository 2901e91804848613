"""What a factor is in words: whose it is, what it means and in which unit, from the registry."""

from typing import NamedTuple

from sim.scenario.policy_parameters import below_policy, parameters_called
from sim.scenario.registry import entry_at
from sim.scenario.sides import DEFAULT, Sides
from sim.scenario.tree import path_parts

_SHARES = ("share", "probability", "0..1")
#: Units that say what a share is of, rather than of what it is a count.
_OF = {"normal weekly demand": "normal weekly demand", "share of w": "w"}


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
