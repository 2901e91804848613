"""Replicator dynamics: policies spread in proportion to how much better they fare than the mean.

A teaching device: governments are few and do not breed. It shows which policies would be left if
success were copied, and from where.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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

    def change(_: Any, shares: Vector) -> Vector:
        x = _whole(shares)
        fitness = utility @ x
        return np.asarray(x * (fitness - x @ fitness))

    times, shares = _integrated(change, start, horizon)
    return Path(times, shares, shares)


def double(us: Matrix, cn: Matrix, starts: tuple[Vector, Vector], horizon: float) -> Path:
    """Two populations, each playing the other (Taylor 1979).

    x_i' = x_i ((A y)_i - x A y), y_j' = y_j ((x B)_j - x B y).
    """
    count = len(us)

    def change(_: Any, shares: Vector) -> Vector:
        x, y = _whole(shares[:count]), _whole(shares[count:])
        first, second = us @ y, x @ cn
        return np.concatenate([x * (first - x @ first), y * (second - second @ y)])

    times, shares = _integrated(change, np.concatenate(starts), horizon)
    return Path(times, shares[:, :count], shares[:, count:])


def _whole(shares: Vector) -> Vector:
    """Shares of 0 or more that sum to 1, which rounding leads away from.

    Where payoffs are negative the dynamics would carry them ever farther: the sum s changes by
    (1 - s) times the mean payoff.
    """
    kept = np.maximum(shares, 0.0)
    return np.asarray(kept / kept.sum())


def _integrated(
    change: Callable[[Any, Vector], Any], start: Vector, horizon: float
) -> tuple[Vector, Matrix]:
    """Times and shares, shape (times, shares). Raises GameError if the solver gives up."""
    from scipy.integrate import solve_ivp

    times = np.linspace(0.0, horizon, POINTS)
    found = solve_ivp(
        change,
        (0.0, horizon),
        start,
        method="LSODA",
        t_eval=times,
        rtol=TOLERANCE,
        atol=TOLERANCE,
    )
    if not found.success:
        raise GameError("replicator", f"no solution: {found.message}", "a shorter --time")
    return times, np.clip(found.y.T, 0.0, 1.0)


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

    found = []
    for size in range(1, len(utility) + 1):
        for face in combinations(range(len(utility)), size):
            mix = interior_rest(utility[np.ix_(face, face)])
            if mix is not None:
                whole = np.zeros(len(utility))
                whole[list(face)] = mix
                found.append((whole, _stable(utility, whole)))
    return found


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
