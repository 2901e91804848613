"""Where the points of an experiment lie: every combination, side by side, or spread evenly."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.spread import latin_hypercube
from sim.studies.factors import Factor, Level

GRID, LIST, LATIN_HYPERCUBE, SOBOL = KINDS = ("grid", "list", "latin_hypercube", "sobol")
SAMPLED = (LATIN_HYPERCUBE, SOBOL)

Point = tuple[Level, ...]  # one level a factor


@dataclass(frozen=True)
class Design:
    """A kind of design; `points` only where it is not settled by the factors."""

    kind: str
    points: int | None = None


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
    if design.points is not None:
        return design.points
    return math.prod(len(factors[axis[0]].levels) for axis in axes(factors, design))


def points(factors: Sequence[Factor], design: Design, seed: int) -> Iterator[Point]:
    """The points in order; the last factor of a grid changes fastest."""
    groups = axes(factors, design)
    if design.kind in SAMPLED:
        for row in _shares(design, len(groups), seed):
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
            levels[index] = factor.level(place) if isinstance(place, int) else factor.at(place)
    return tuple(levels[index] for index in range(len(factors)))


def _shares(design: Design, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Points of the unit cube, shape (points, dimensions)."""
    if design.points is None:
        raise ValueError(f"a design of kind {design.kind} needs a number of points")
    if design.kind == LATIN_HYPERCUBE:
        return latin_hypercube(design.points, dimensions, seed)
    from scipy.stats import qmc

    return qmc.Sobol(dimensions, seed=seed).random(design.points)
