"""Vertices of best-response polytopes, {z >= 0, M z <= 1}: by exact fractions, or by qhull.

Every float is a fraction, so what qhull finds can be checked without rounding, and small
polytopes need no qhull at all (Avis, Rosenberg, Savani and von Stengel 2010, section 3).
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Matrix

#: Up to so many bases (6 x 6 policies have 924) every one is solved: a second at most.
MOST_BASES = 1_000
#: So many ways to choose among constraints that qhull cannot tell apart are tried.
MOST_CHOICES = 200

Exact = list[list[Fraction]]
#: A vertex by what is tight in it: constraints of M, then those of z >= 0.
Vertices = dict[tuple[int, ...], list[Fraction]]


def levelled(utility: Matrix) -> tuple[Exact, list[Fraction]]:
    """The utilities with each column from 1 to 2, and how far each column was squeezed.

    Best replies stay what they are: adding to a column changes no comparison within it, and
    squeezing one only makes its weight larger, by the factor returned.
    """
    columns, factors = [], []
    for column in utility.T:
        values = [Fraction(float(value)) for value in column]
        least, wide = min(values), (max(values) - min(values)) or Fraction(1)
        columns.append([1 + (value - least) / wide for value in values])
        factors.append(wide)
    return [list(row) for row in zip(*columns, strict=True)], factors


class TightPlace(NamedTuple):
    """Where there may be a vertex: constraints of M that may be tight, weights that may not be 0.

    Of bases that are all to be tried, just as many of one as of the other; as qhull sees it, with
    some tight ones too many where it cannot tell them apart.
    """

    tight: tuple[int, ...]
    weights: tuple[int, ...]


def few_bases(M: Exact) -> bool:
    """Whether all bases are tried, so that nothing depends on what qhull sees."""
    return comb(len(M) + len(M[0]), len(M)) <= MOST_BASES


def places(M: Exact) -> list[TightPlace]:
    """Where the vertices of a polytope may be, but the origin."""
    return list(_every_basis(len(M), len(M[0])) if few_bases(M) else _seen_by_qhull(M))


def vertices(M: Exact, where: Iterable[TightPlace]) -> Vertices:
    """The vertices at these places, exactly; a place that has none is passed over."""
    found_vertices: Vertices = {}
    for tight, weights in where:
        for rows in islice(combinations(tight, len(weights)), MOST_CHOICES):
            z = solved([[M[i][j] for j in weights] for i in rows])
            if z is None:
                continue
            whole = _widened(z, weights, len(M[0]))
            labels = _tight(M, whole)
            if labels is not None:
                found_vertices[labels] = whole
    return found_vertices


def _every_basis(rows: int, columns: int) -> Iterator[TightPlace]:
    """As many constraints as weights that are not 0, in every way."""
    for size in range(1, min(rows, columns) + 1):
        for first in combinations(range(rows), size):
            for second in combinations(range(columns), size):
                yield TightPlace(first, second)


def _seen_by_qhull(M: Exact) -> Iterator[TightPlace]:
    from nashpy.polytope import build_halfspaces, non_trivial_vertices

    rows, columns = len(M), len(M[0])
    for _, tight in non_trivial_vertices(build_halfspaces(np.array(M, float))):
        labels = {int(label) for label in tight}
        yield TightPlace(
            tuple(i for i in range(rows) if i in labels),
            tuple(j for j in range(columns) if rows + j not in labels),
        )


def _widened(z: list[Fraction], columns: Sequence[int], size: int) -> list[Fraction]:
    whole = [Fraction(0)] * size
    for j, weight in zip(columns, z, strict=True):
        whole[j] = weight
    return whole


def _tight(M: Exact, z: list[Fraction]) -> tuple[int, ...] | None:
    """The constraints that are tight in z; None if some is broken."""
    if min(z) < 0:
        return None
    values = [sum(a * b for a, b in zip(row, z, strict=True) if b) for row in M]
    if max(values) > 1:
        return None
    tight = [i for i, value in enumerate(values) if value == 1]
    return (*tight, *(len(M) + j for j, weight in enumerate(z) if weight == 0))


def solved(matrix: Exact) -> list[Fraction] | None:
    """The one z with matrix z = 1 in every row; None if there is none, or more than one."""
    rows = [[*row, Fraction(1)] for row in matrix]
    size = len(rows[0]) - 1
    for i in range(size):
        pivot = next((k for k in range(i, len(rows)) if rows[k][i]), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        first = [value / rows[i][i] for value in rows[i]]
        rows[i] = first
        for k, row in enumerate(rows):
            if k != i and row[i]:
                rows[k] = [a - row[i] * b for a, b in zip(row, first, strict=True)]
    if any(row[-1] for row in rows[size:]):
        return None
    return [row[-1] for row in rows[:size]]


def as_mix(z: list[Fraction], factors: list[Fraction]) -> NDArray[np.float64]:
    """A vertex of a levelled game as a mix of the game itself."""
    weights = [weight / factor for weight, factor in zip(z, factors, strict=True)]
    total = sum(weights)
    return np.array([float(weight / total) for weight in weights])
