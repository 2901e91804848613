"""All Nash equilibria of a game of two sides, as connected sets with their extreme points.

Every equilibrium is a mix of extreme ones, which are the fully labelled pairs of vertices of the
two best-response polytopes (nashpy; von Stengel 2007, Algorithm 3.5). Ties make the set infinite:
extreme equilibria that share a side's mix are then joined (Avis, Rosenberg, Savani and von
Stengel 2010), and a connected set is reported whole instead of one arbitrary point of it.
"""

import importlib.util
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import TIE, Bimatrix, GameError, Matrix, Vector
from sim.games.dominance import Elimination, eliminate

#: Policies of a side left after dominance, at most: 14 x 14 take about 10 s, 15 x 15 30 s.
MOST_POLICIES = 14
FEWER = "fewer policies: choose them with --us and --cn"
TOO_ALIKE = "payoffs that differ too little to be solved"
#: A weight below this is none.
SMALLEST_WEIGHT = 1e-7


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
    first, second = (np.flatnonzero(mix > SMALLEST_WEIGHT) for mix in (x, y))
    return tuple(map(int, first)), tuple(map(int, second))


def equilibria(game: Bimatrix, reduced: Elimination | None = None) -> list[Component]:
    """Every equilibrium of the game, in the order of its policies.

    Raises GameError if more than MOST_POLICIES policies of a side are not strictly dominated, or
    if nashpy is not installed.
    """
    if importlib.util.find_spec("nashpy") is None:
        raise GameError("equilibria", "no nashpy", "pip install 'detente[games]'")
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
    if not components:  # every game has one (Nash 1951): the polytopes were too flat to resolve
        raise GameError("equilibria", TOO_ALIKE, FEWER)
    return sorted(components, key=lambda one: (not one.pure, one.support))


def check_limit(left: Elimination) -> None:
    """Raises GameError if too many policies are left for all equilibria to be found."""
    rows, columns = len(left.rows), len(left.columns)
    if max(rows, columns) > MOST_POLICIES:
        found = f"{rows} x {columns} policies left after strict dominance"
        allowed = f"at most {MOST_POLICIES} x {MOST_POLICIES}, {FEWER}"
        raise GameError("equilibria", found, allowed)


def pure_equilibria(game: Bimatrix) -> list[tuple[int, int]]:
    """The cells in which neither side gains by another policy; ties count. No limit of size."""
    us, cn = game.scaled()
    stable = (us >= us.max(axis=0, keepdims=True) - TIE) & (cn >= cn.max(1, keepdims=True) - TIE)
    return [(int(i), int(j)) for i, j in zip(*np.nonzero(stable), strict=True)]


def _extreme(game: Bimatrix) -> tuple[tuple[Matrix, Matrix], NDArray[np.bool_]]:
    """Vertices of both polytopes as mixes, and which pairs of them carry every label."""
    us, cn = game.scaled()
    rows, columns = game.shape
    every = (1 << (rows + columns)) - 1
    xs, x_labels = _vertices(cn.T, [*range(rows, rows + columns), *range(rows)])
    ys, y_labels = _vertices(us, list(range(rows + columns)))
    return (xs, ys), (x_labels[:, None] | y_labels[None, :]) == every


def _vertices(M: Matrix, names: list[int]) -> tuple[Matrix, NDArray[np.int64]]:
    """Vertices of {z >= 0, M z <= 1} but the origin, each scaled to a mix, and its labels.

    Labels are bits: constraint c of (M, then z >= 0) has the bit names[c].
    """
    from nashpy.polytope import build_halfspaces, non_trivial_vertices
    from nashpy.polytope.polytope import labels
    from scipy.spatial import QhullError

    halfspaces = build_halfspaces(M)
    if M.shape[1] == 1:  # qhull needs two dimensions
        only = np.array([1.0 / M.max()])
        found = [(only, labels(only, halfspaces))]
    else:
        try:
            found = list(non_trivial_vertices(halfspaces))
        except QhullError as error:
            raise GameError("equilibria", TOO_ALIKE, FEWER) from error
    # a vertex is known by its labels: ties make qhull name one more than once
    by_labels = {sum(1 << names[int(c)] for c in tight): vertex for vertex, tight in found}
    keys = sorted(by_labels)
    mixes = np.array([by_labels[key] / by_labels[key].sum() for key in keys])
    mixes[mixes < SMALLEST_WEIGHT] = 0.0
    return mixes / mixes.sum(axis=1, keepdims=True), np.array(keys, np.int64)


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
            sorted({int(i) for i in first[group[first] == one]}),
            sorted({int(j) for j in second[group[first] == one]}),
        )
        for one in sorted({int(g) for g in group[first]})
    ]


def _widened(mix: Vector, kept: tuple[int, ...], size: int) -> Vector:
    """A mix over the policies kept as one over all."""
    whole = np.zeros(size)
    whole[list(kept)] = mix
    return whole


def _distinct(mixes: list[Vector]) -> list[Vector]:
    return list({mix.tobytes(): mix for mix in mixes}.values())
