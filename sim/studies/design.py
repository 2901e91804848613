"""Where the points of an experiment lie: every combination, side by side, or spread evenly."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.spread import latin_hypercube
from sim.scenario.distribution import Distribution
from sim.scenario.key_paths import path_parts
from sim.scenario.registry import below_policy, entry_at, parameters_called
from sim.scenario.sides import DEFAULT, Sides

GRID, LIST, LATIN_HYPERCUBE, SOBOL = "grid", "list", "latin_hypercube", "sobol"
SALTELLI, MORRIS = "saltelli", "morris"
KINDS = (GRID, LIST, LATIN_HYPERCUBE, SOBOL, SALTELLI, MORRIS)
#: Designs that spread points over ranges, rather than take values one by one.
SAMPLED = (LATIN_HYPERCUBE, SOBOL, SALTELLI, MORRIS)
#: What makes the number of points where neither the factors nor `points` do.
_SIZES = {SALTELLI: ("samples", "second_order"), MORRIS: ("trajectories", "levels")}
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


Point = tuple[Level, ...]  # one level a factor


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

    def at(self, share: float) -> Level:
        """The value at a share of the way, 0 <= share < 1; levels have equal parts of it."""
        if self.low is None or self.high is None:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        if self.distribution is not None:
            value = float(self.distribution.at(share, self.whole))
        elif self.whole:
            steps = int(self.high) - int(self.low)
            value = int(self.low) + min(int(share * (steps + 1)), steps)
        else:
            value = self.low + share * (self.high - self.low)
        value = int(value) if self.whole else round(value, DIGITS)
        return Level(value, value)


def steps_between(low: float, high: float, steps: int, whole: bool) -> tuple[Level, ...]:
    """`steps` values from `low` to `high`, both among them, at equal distances."""
    between = (low + (high - low) * index / (steps - 1) for index in range(steps))
    values = (math.floor(v + 0.5) if whole else round(v, DIGITS) for v in between)
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
    if len(below_policy(parts)) == 1:
        parameter = next(parameters_called(parts[3]), None)
        return Meaning(_title(parts, sides), parameter.meaning if parameter else "", "")
    entry = entry_at(parts)
    text, unit = ("", "") if entry is None else (entry.meaning, entry.unit)
    return Meaning(_title(parts, sides), text, unit)


def _title(parts: tuple[str, ...], sides: Sides) -> str:
    """A key path as words: levers.cn.rare_earths.capacity is China's rare earths capacity."""
    words = " ".join(part.replace("_", " ") for part in parts[2:])
    if parts[0] in ("actors", "levers") and len(parts) > 2 and parts[1] in sides.ids:
        return f"{sides.of(parts[1]).possessive} {words}"
    inside = parts[1:] if parts[0] in ("truce", "talks") and len(parts) > 1 else parts
    return " ".join(part.replace("_", " ") for part in inside)


@dataclass(frozen=True)
class Design:
    """A kind of design, and of what size where that is not settled by the factors.

    `points` for latin_hypercube and sobol; `samples` (N, rows of each of the two matrices) and
    `second_order` for saltelli; `trajectories` and `levels` for morris.
    """

    kind: str
    points: int | None = None
    samples: int = 0
    second_order: bool = False
    trajectories: int = 0
    levels: int = 0

    def table(self, points: int) -> dict[str, Any]:
        """What a plan keeps of it: the kind, the number of points, and what made that number."""
        sizes = _SIZES.get(self.kind, ())
        return {"kind": self.kind, "points": points} | {key: getattr(self, key) for key in sizes}

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Design":
        """The design of which a plan keeps this."""
        points = table["points"] if table["kind"] in (LATIN_HYPERCUBE, SOBOL) else None
        return cls(**{**table, "points": points})


def axes(factors: Sequence[Factor], design: Design) -> list[list[int]]:
    """The factors (by index) that move together, in the order of the file."""
    if design.kind == LIST:
        return [list(range(len(factors)))]
    groups: dict[str, list[int]] = {}
    for index, factor in enumerate(factors):
        groups.setdefault(factor.link or f"\0{index}", []).append(index)
    return list(groups.values())


def size(factors: Sequence[Factor], design: Design) -> int:
    """How many points, without making them."""
    groups = axes(factors, design)
    if design.kind == SALTELLI:  # a row of the matrices, or a trajectory, is several points
        return design.samples * (len(groups) * (1 + design.second_order) + 2)
    if design.kind == MORRIS:
        return design.trajectories * (len(groups) + 1)
    if design.points is not None:
        return design.points
    return math.prod(len(factors[group[0]].levels) for group in groups)


def points(factors: Sequence[Factor], design: Design, seed: int) -> Iterator[Point]:
    """The points in order; the last factor of a grid changes fastest."""
    groups = axes(factors, design)
    if design.kind in SAMPLED:
        for row in shares(design, len(groups), seed):
            yield _point(factors, groups, [float(share) for share in row])
        return
    lengths = [len(factors[group[0]].levels) for group in groups]
    for place in np.ndindex(*lengths):
        yield _point(factors, groups, place)


def _point(
    factors: Sequence[Factor], groups: list[list[int]], where: Sequence[int | float]
) -> Point:
    """One level a factor: by index where `where` holds whole numbers, else by share."""
    levels: dict[int, Level] = {}
    for group, place in zip(groups, where, strict=True):
        for index in group:
            factor = factors[index]
            level = factor.levels[place] if isinstance(place, int) else factor.at(place)
            levels[index] = level
    return tuple(levels[index] for index in range(len(factors)))


def shares(design: Design, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Points of the unit cube, shape (points, dimensions), the same for the same seed.

    Of saltelli two Sobol matrices A and B, and A with one column of B at a time (Saltelli, 2002;
    2010); of morris trajectories that change one factor at a time by half the levels (1991).
    """
    problem = unit_problem([str(index) for index in range(dimensions)])
    if design.kind == SALTELLI:
        from SALib.sample import sobol

        second = design.second_order
        return sobol.sample(problem, design.samples, calc_second_order=second, seed=seed)
    if design.kind == MORRIS:
        from SALib.sample import morris

        return morris.sample(problem, design.trajectories, num_levels=design.levels, seed=seed)
    if design.points is None:
        raise ValueError(f"a design of kind {design.kind} needs a number of points")
    if design.kind == LATIN_HYPERCUBE:
        return latin_hypercube(design.points, dimensions, seed)
    from scipy.stats import qmc

    return qmc.Sobol(dimensions, seed=seed).random(design.points)


def unit_problem(names: Sequence[str]) -> dict[str, Any]:
    """Independent uniform factors on [0, 1], as SALib describes a problem."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
