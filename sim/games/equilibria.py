"""All Nash equilibria of a game of two sides, as connected sets with their extreme points.

Every equilibrium is a mix of extreme ones, which are the fully labelled pairs of vertices of the
two best-response polytopes {z >= 0, M z <= 1} (nashpy; von Stengel 2007, Algorithm 3.5). Ties make
the set infinite: extreme equilibria that share a side's mix are then joined (Avis, Rosenberg,
Savani and von Stengel 2010), and a connected set is reported whole instead of one arbitrary point
of it. Which payoffs are tied is settled once (bimatrix.TIE); from there on every comparison is
exact: every float is a fraction, so what qhull finds can be checked without rounding, and small
polytopes need no qhull at all (Avis et al., section 3).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, islice
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.extras import need
from sim.games.bimatrix import (
    Bimatrix,
    Elimination,
    Matrix,
    UnsolvedError,
    Vector,
    eliminate,
    regrets,
)

#: Policies of a side left after dominance, at most: 14 x 14 take about 10 s, 15 x 15 30 s.
MOST_POLICIES = 14
FEWER = "fewer policies: choose them with --us and --cn"
TOO_ALIKE = "payoffs that differ too little to be solved"
#: Up to so many bases (6 x 6 policies have 924) every one is solved: a second at most.
MOST_BASES = 1_000
#: So many ways to choose among constraints that qhull cannot tell apart are tried.
MOST_CHOICES = 200

Labels = NDArray[np.int64]
Exact = list[list[Fraction]]


@dataclass(frozen=True)
class Component:
    """A connected set of equilibria.

    `points` are its extreme equilibria, pairs of mixes over all policies of the game. With one
    point it is an isolated equilibrium. `product` says that any mix of the first sides of its
    points with any mix of their second sides is an equilibrium; else it is a union of such sets.
    """

    points: tuple[tuple[Vector, Vector], ...]
    product: bool

    @property
    def isolated(self) -> bool:
        """Whether it is a single equilibrium."""
        return len(self.points) == 1

    @property
    def pure(self) -> bool:
        """Whether it is a single equilibrium in which nobody mixes."""
        return self.isolated and all(len(side) == 1 for side in self.support)

    @property
    def support(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The policies of each side that are played somewhere in it."""
        first, second = (np.max([point[side] for point in self.points], axis=0) for side in (0, 1))
        return support_of(first, second)

    @property
    def centre(self) -> tuple[Vector, Vector]:
        """One point of it: the mean of the extreme mixes of each side if a product, else a point.

        For numbers that need a single mix; what it is must be said beside them.
        """
        if not self.product:
            return self.points[0]
        first, second = (
            {point[side].tobytes(): point[side] for point in self.points} for side in (0, 1)
        )
        return np.mean([*first.values()], axis=0), np.mean([*second.values()], axis=0)


def support_of(x: Vector, y: Vector) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The policies that two mixes play, by index."""
    first, second = (np.flatnonzero(mix > 0.0) for mix in (x, y))
    return tuple(map(int, first)), tuple(map(int, second))


def equilibria(game: Bimatrix, reduced: Elimination | None = None) -> list[Component]:
    """Every equilibrium of the game, in the order of its policies.

    Raises UnsolvedError if more than MOST_POLICIES policies of a side are not strictly dominated,
    MissingPackageError if nashpy is not installed.
    """
    need("nashpy", "equilibria")
    left = eliminate(game, mixed=max(game.shape) > MOST_POLICIES) if reduced is None else reduced
    _check_limit(left)
    mixes, matched = _extreme(game.only(left.rows, left.columns))
    first, second = (np.zeros((len(xs), size)) for xs, size in zip(mixes, game.shape, strict=True))
    first[:, left.rows], second[:, left.columns] = mixes
    components = []
    for xs, ys in _connected(matched):
        inside = matched[np.ix_(xs, ys)]
        points = zip(*np.nonzero(inside), strict=True)
        pairs = tuple((first[xs[a]], second[ys[b]]) for a, b in points)
        components.append(Component(pairs, bool(inside.all())))
    supports = [support_of(*point) for component in components for point in component.points]
    # too flat for qhull to resolve, if some pure equilibrium is no extreme point of what was found
    if not components or any(((i,), (j,)) not in supports for i, j in pure_equilibria(game)):
        raise UnsolvedError("equilibria", TOO_ALIKE, FEWER)
    return sorted(components, key=lambda component: (not component.pure, component.support))


def _check_limit(left: Elimination) -> None:
    rows, columns = len(left.rows), len(left.columns)
    if max(rows, columns) > MOST_POLICIES:
        found = f"{rows} x {columns} policies left after strict dominance"
        allowed = f"at most {MOST_POLICIES} x {MOST_POLICIES}, {FEWER}"
        raise UnsolvedError("equilibria", found, allowed)


def pure_equilibria(game: Bimatrix) -> list[tuple[int, int]]:
    """The cells in which neither side gains by another policy; ties count. No limit of size."""
    us, cn = regrets(game)
    return [(int(i), int(j)) for i, j in np.argwhere((us == 0.0) & (cn == 0.0))]


def _extreme(game: Bimatrix) -> tuple[tuple[Matrix, Matrix], NDArray[np.bool_]]:
    """Vertices of both polytopes as mixes, and which pairs of them carry every label."""
    from scipy.spatial import QhullError

    rows, columns = game.shape
    settled = game.settled
    try:
        first = _Polytope.of(settled.cn.T, [*range(rows, rows + columns), *range(rows)])
        second = _Polytope.of(settled.us, list(range(rows + columns)))
    except QhullError as error:
        raise UnsolvedError("equilibria", TOO_ALIKE, FEWER) from error
    if not (_few_bases(first.levels) and _few_bases(second.levels)):
        met = _complete(first.labels(), second.labels(), rows + columns)
        first, second = first.only(met.max(axis=1)), second.only(met.max(axis=0))
    xs, x_labels = first.mixes()
    ys, y_labels = second.mixes()
    return (xs, ys), _complete(x_labels, y_labels, rows + columns)


def _complete(first: Labels, second: Labels, count: int) -> NDArray[np.bool_]:
    """Which pairs of vertices carry all of `count` labels between them."""
    return np.asarray((first[:, None] | second[None, :]) == (1 << count) - 1)


def _connected(matched: NDArray[np.bool_]) -> list[tuple[Labels, Labels]]:
    """Groups of vertices joined by equilibria: (first sides, second sides) of each group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = np.nonzero(matched)
    size = sum(matched.shape)
    ends = (first, second + matched.shape[0])
    graph = coo_array((np.ones(len(first)), ends), shape=(size, size))
    group = connected_components(graph, directed=False)[1][first]
    return [
        (np.unique(first[group == number]), np.unique(second[group == number]))
        for number in np.unique(group)
    ]


class _Place(NamedTuple):
    """Where there may be a vertex: constraints of M that may be tight, weights that may not be 0.

    Of bases that are all to be tried, just as many of one as of the other; as qhull sees it, with
    some tight ones too many where it cannot tell them apart.
    """

    tight: tuple[int, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True)
class _Polytope:
    """A side's best-response polytope: its levelled utilities, and where its vertices may be.

    Labels are bits: constraint c of (utilities, then weights) has the bit names[c].
    """

    levels: Exact
    factors: list[Fraction]
    names: list[int]
    places: list[_Place]

    @classmethod
    def of(cls, utility: Matrix, names: list[int]) -> "_Polytope":
        levels, factors = _levelled(utility)
        places = _every_basis(levels) if _few_bases(levels) else _seen_by_qhull(levels)
        return cls(levels, factors, names, list(places))

    def only(self, chosen: NDArray[np.bool_]) -> "_Polytope":
        """With only these of its places."""
        return replace(self, places=[self.places[place] for place in np.flatnonzero(chosen)])

    def labels(self) -> Labels:
        """The labels of each place, some too many where qhull cannot tell."""
        rows, columns = len(self.levels), len(self.levels[0])
        labels = []
        for place in self.places:
            zero = [rows + j for j in range(columns) if j not in place.weights]
            labels.append(self._bits([*place.tight, *zero]))
        return np.array(labels, np.int64)

    def _bits(self, labels: Iterable[int]) -> int:
        return sum(1 << self.names[label] for label in labels)

    def mixes(self) -> tuple[Matrix, Labels]:
        """The vertices as mixes, exact but for their last digit, and their labels."""
        by_labels = {self._bits(tight): z for tight, z in self._vertices()}
        keys = sorted(by_labels)
        mixes = np.empty((len(keys), len(self.factors)))
        for row, key in zip(mixes, keys, strict=True):
            weights = [z / factor for z, factor in zip(by_labels[key], self.factors, strict=True)]
            total = sum(weights)
            row[:] = [float(weight / total) for weight in weights]
        return mixes, np.array(keys, np.int64)

    def _vertices(self) -> Iterator[tuple[list[int], list[Fraction]]]:
        """The vertices at its places but the origin, each with the constraints tight in it."""
        for tight, weights in self.places:
            for rows in islice(combinations(tight, len(weights)), MOST_CHOICES):
                solution = _solved([[self.levels[i][j] for j in weights] for i in rows])
                if solution is None:
                    continue
                z = [Fraction(0)] * len(self.factors)
                for j, weight in zip(weights, solution, strict=True):
                    z[j] = weight
                labels = _tight(self.levels, z)
                if labels is not None:
                    yield labels, z


def _levelled(utility: Matrix) -> tuple[Exact, list[Fraction]]:
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


def _few_bases(M: Exact) -> bool:
    """Whether all bases are tried, so that nothing depends on what qhull sees."""
    return comb(len(M) + len(M[0]), len(M)) <= MOST_BASES


def _every_basis(M: Exact) -> Iterator[_Place]:
    """As many constraints as weights that are not 0, in every way."""
    rows, columns = len(M), len(M[0])
    for size in range(1, min(rows, columns) + 1):
        for tight in combinations(range(rows), size):
            for weights in combinations(range(columns), size):
                yield _Place(tight, weights)


def _seen_by_qhull(M: Exact) -> Iterator[_Place]:
    from nashpy.polytope import build_halfspaces, non_trivial_vertices

    rows, columns = len(M), len(M[0])
    for _, tight in non_trivial_vertices(build_halfspaces(np.array(M, float))):
        labels = {int(label) for label in tight}
        yield _Place(
            tuple(i for i in range(rows) if i in labels),
            tuple(j for j in range(columns) if rows + j not in labels),
        )


def _tight(M: Exact, z: Sequence[Fraction]) -> list[int] | None:
    """The constraints of M, then those of z >= 0, that are tight in z; None if some is broken."""
    if min(z) < 0:
        return None
    values = [sum(a * b for a, b in zip(row, z, strict=True) if b) for row in M]
    if max(values) > 1:
        return None
    tight = [i for i, value in enumerate(values) if value == 1]
    return [*tight, *(len(M) + j for j, weight in enumerate(z) if weight == 0)]


def _solved(matrix: Exact) -> list[Fraction] | None:
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
    return None if any(row[-1] for row in rows[size:]) else [row[-1] for row in rows[:size]]
