"""Replicator dynamics: policies spread in proportion to how much better they fare than the mean.

A teaching device: governments are few and do not breed. It shows which policies would be left if
success were copied, and from where.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.games.bimatrix import GameError, Matrix, Vector

#: Integration error, absolute and relative, of a share.
TOLERANCE = 1e-9
POINTS = 801
#: Shares and speeds below this (speeds as a share of the range of payoffs) are rounding.
REST = 1e-9


@dataclass(frozen=True)
class Path:
    """Shares over time: `times` (T,), `us` (T, policies of us), `cn` (T, policies of cn).

    Of a single population `cn` is the same array as `us`.
    """

    times: Vector
    us: Matrix
    cn: Matrix


def single(utility: Matrix, start: Vector, horizon: float) -> Path:
    """One population that plays itself: x_i' = x_i ((A x)_i - x A x) (Taylor and Jonker 1978)."""
    times, (shares,) = _integrated(lambda mixes: [utility @ mixes[0]], [start], horizon)
    return Path(times, shares, shares)


def double(us: Matrix, cn: Matrix, starts: tuple[Vector, Vector], horizon: float) -> Path:
    """Two populations, each playing the other (Taylor 1979).

    x_i' = x_i ((A y)_i - x A y), y_j' = y_j ((x B)_j - x B y).
    """
    times, (first, second) = _integrated(
        lambda mixes: [us @ mixes[1], mixes[0] @ cn], starts, horizon
    )
    return Path(times, first, second)


def _integrated(
    fitness: Callable[[list[Vector]], list[Vector]], starts: Sequence[Vector], horizon: float
) -> tuple[Vector, list[Matrix]]:
    """Times, and of each population the shares over time, shape (times, policies).

    Integrated are the logarithms of shares up to a constant, u_i' = (A y)_i, of which shares are
    the softmax: they sum to 1 whatever the payoffs, where shares themselves leave the simplex
    exponentially fast as soon as mean payoffs are below zero. Raises GameError if the solver
    gives up.
    """
    from scipy.integrate import solve_ivp
    from scipy.special import softmax

    ends = np.cumsum([len(start) for start in starts])[:-1]
    with np.errstate(divide="ignore"):
        begun = np.log(np.concatenate(starts))  # -inf: never there, never born

    def shares(gained: Matrix) -> list[Matrix]:
        """Of what each policy (row) has gained, the shares of each population."""
        parts = np.split((begun + gained.T).T, ends)
        return [np.asarray(softmax(part, axis=0)) for part in parts]

    def change(_: float, gained: Vector) -> Vector:
        speeds = fitness(shares(gained))
        return np.concatenate([speed - speed.mean() for speed in speeds])

    times = np.linspace(0.0, horizon, POINTS)
    path = solve_ivp(
        change,
        (0.0, horizon),
        np.zeros(len(begun)),
        method="LSODA",
        t_eval=times,
        rtol=TOLERANCE,
        atol=TOLERANCE,
    )
    if not path.success:
        raise GameError("replicator", f"no solution: {path.message}", "a shorter --time")
    return times, [part.T for part in shares(path.y)]


def symmetrised(us: Matrix, cn: Matrix) -> Matrix:
    """The payoff of a policy that plays either side equally often (Selten 1980)."""
    return np.asarray((us + cn.T) / 2)


def interior_rest(utility: Matrix) -> Vector | None:
    """The mix of all policies at which each fares alike; None if there is none or not just one.

    On a face of the simplex: that of the game of its policies.
    """
    count = len(utility)
    system = np.zeros((count + 1, count + 1))
    system[:count, :count] = utility
    system[:count, count] = -1.0
    system[count, :count] = 1.0
    if np.linalg.matrix_rank(system) <= count:
        return None
    mix = np.linalg.solve(system, np.append(np.zeros(count), 1.0))[:count]
    return mix if bool((mix > REST).all()) else None


def rest_points(utility: Matrix) -> list[tuple[Vector, bool]]:
    """Isolated rest points of one population of up to 6 policies, and whether each is stable.

    One candidate a face of the simplex. Stable: the linearised flow within the simplex shrinks
    in every direction (eigenvalues with negative real parts); a rest point that is neutral in
    some direction counts as not stable.
    """
    from itertools import combinations

    points = []
    for size in range(1, len(utility) + 1):
        for face in combinations(range(len(utility)), size):
            mix = interior_rest(utility[np.ix_(face, face)])
            if mix is not None:
                whole = np.zeros(len(utility))
                whole[list(face)] = mix
                points.append((whole, _stable(utility, whole)))
    return points


def _stable(utility: Matrix, x: Vector) -> bool:
    """Whether the flow near a rest point returns to it."""
    fitness = utility @ x
    mean = x @ fitness
    jacobian = np.diag(fitness - mean) + x[:, None] * (utility - (fitness + utility.T @ x)[None, :])
    count = len(x)
    if count == 1:
        return True
    # directions that keep the sum of shares
    basis = np.linalg.qr(np.column_stack((np.ones(count), np.eye(count)[:, : count - 1])))[0][:, 1:]
    speeds = np.linalg.eigvals(basis.T @ jacobian @ basis).real
    return bool((speeds < -REST * max(1.0, float(np.ptp(utility)))).all())
