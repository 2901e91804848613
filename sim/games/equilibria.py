"""All Nash equilibria of a game of two sides, as connected sets with their extreme points.

Every equilibrium is a mix of extreme ones, which are the fully labelled pairs of vertices of the
two best-response polytopes (nashpy; von Stengel 2007, Algorithm 3.5). Ties make the set infinite:
extreme equilibria that share a side's mix are then joined (Avis, Rosenberg, Savani and von
Stengel 2010), and a connected set is reported whole instead of one arbitrary point of it.
Which payoffs are tied is settled once (bimatrix.TIE); from there on every comparison is exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.extras import need
from sim.games.bimatrix import Bimatrix, Elimination, GameError, Matrix, Vector, eliminate, regrets
from sim.games.vertices import TightPlace, as_mix, few_bases, levelled, places, vertices

#: Policies of a side left after dominance, at most: 14 x 14 take about 10 s, 15 x 15 30 s.
MOST_POLICIES = 14
FEWER = "fewer policies: choose them with --us and --cn"
TOO_ALIKE = "payoffs that differ too little to be solved"

Labels = NDArray[np.int64]


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
        first, second = (_distinct([point[side] for point in self.points]) for side in (0, 1))
        return np.mean(first, axis=0), np.mean(second, axis=0)


def support_of(x: Vector, y: Vector) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The policies that two mixes play, by index."""
    first, second = (np.flatnonzero(mix > 0.0) for mix in (x, y))
    return tuple(map(int, first)), tuple(map(int, second))


def equilibria(game: Bimatrix, reduced: Elimination | None = None) -> list[Component]:
    """Every equilibrium of the game, in the order of its policies.

    Raises GameError if more than MOST_POLICIES policies of a side are not strictly dominated,
    MissingPackageError if nashpy is not installed.
    """
    need("nashpy", "equilibria")
    left = eliminate(game, mixed=max(game.shape) > MOST_POLICIES) if reduced is None else reduced
    check_limit(left)
    small = game.only(left.rows, left.columns)
    pairs, matched = _extreme(small)
    components = []
    for members in _connected(matched):
        xs, ys = members
        inside = matched[np.ix_(xs, ys)]
        points = tuple(
            (
                _widened(pairs[0][xs[a]], left.rows, game.shape[0]),
                _widened(pairs[1][ys[b]], left.columns, game.shape[1]),
            )
            for a, b in zip(*np.nonzero(inside), strict=True)
        )
        components.append(Component(points, bool(inside.all())))
    if not components or not _holds_all_pure(components, game):  # too flat for qhull to resolve
        raise GameError("equilibria", TOO_ALIKE, FEWER)
    return sorted(components, key=lambda component: (not component.pure, component.support))


def _holds_all_pure(components: list[Component], game: Bimatrix) -> bool:
    """Whether each pure equilibrium is an extreme point of what was found."""
    points = [support_of(*point) for component in components for point in component.points]
    return all(((i,), (j,)) in points for i, j in pure_equilibria(game))


def check_limit(left: Elimination) -> None:
    """Raises GameError if too many policies are left for all equilibria to be found."""
    rows, columns = len(left.rows), len(left.columns)
    if max(rows, columns) > MOST_POLICIES:
        found = f"{rows} x {columns} policies left after strict dominance"
        allowed = f"at most {MOST_POLICIES} x {MOST_POLICIES}, {FEWER}"
        raise GameError("equilibria", found, allowed)


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
        raise GameError("equilibria", TOO_ALIKE, FEWER) from error
    if not (few_bases(first.levels) and few_bases(second.levels)):
        met = _complete(first.labels(), second.labels(), rows + columns)
        first, second = first.only(met.max(axis=1)), second.only(met.max(axis=0))
    xs, x_labels = first.mixes()
    ys, y_labels = second.mixes()
    return (xs, ys), _complete(x_labels, y_labels, rows + columns)


def _complete(first: Labels, second: Labels, count: int) -> NDArray[np.bool_]:
    """Which pairs of vertices carry all of `count` labels between them."""
    return np.asarray((first[:, None] | second[None, :]) == (1 << count) - 1)


@dataclass(frozen=True)
class _Polytope:
    """A side's best-response polytope: its levelled utilities, and where its vertices may be.

    Labels are bits: constraint c of (utilities, then weights) has the bit names[c].
    """

    levels: list[list[Fraction]]
    factors: list[Fraction]
    names: list[int]
    places: list[TightPlace]

    @classmethod
    def of(cls, utility: Matrix, names: list[int]) -> "_Polytope":
        levels, factors = levelled(utility)
        return cls(levels, factors, names, places(levels))

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
        by_labels = {
            self._bits(tight): z for tight, z in vertices(self.levels, self.places).items()
        }
        keys = sorted(by_labels)
        mixes = [as_mix(by_labels[key], self.factors) for key in keys]
        return np.array(mixes).reshape(len(keys), len(self.factors)), np.array(keys, np.int64)


def _connected(matched: NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Groups of vertices joined by equilibria: (first sides, second sides) of each group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = matched.shape[0]
    first, second = np.nonzero(matched)
    size = sum(matched.shape)
    graph = coo_array((np.ones(len(first)), (first, second + count)), shape=(size, size))
    _, group = connected_components(graph, directed=False)
    return [
        (
            sorted({int(i) for i in first[group[first] == number]}),
            sorted({int(j) for j in second[group[first] == number]}),
        )
        for number in sorted({int(g) for g in group[first]})
    ]


def _widened(mix: Vector, support: tuple[int, ...], size: int) -> Vector:
    """A mix over the policies kept as one over all."""
    whole = np.zeros(size)
    whole[list(support)] = mix
    return whole


def _distinct(mixes: list[Vector]) -> list[Vector]:
    return list({mix.tobytes(): mix for mix in mixes}.values())
