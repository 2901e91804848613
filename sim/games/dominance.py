"""Iterated strict dominance: policies that no belief about the other side makes worth playing.

Only strict dominance is used: it never removes an equilibrium, and the order does not matter
(Gilboa, Kalai and Zemel 1990). A policy may be dominated by a mix of others, found by linear
programming.
"""

from dataclasses import dataclass

import numpy as np

from sim.games.bimatrix import Bimatrix, Matrix, Vector

#: Weights of a dominating mix below this are left out.
SMALLEST_WEIGHT = 1e-6
#: A mix must beat a policy by this share of each column's range: the linear programme is right to
#: a tenth of it. What is dominated by less stays, which costs time and no equilibrium.
SURELY = 1e-6


@dataclass(frozen=True)
class Dominated:
    """One policy struck out: in which round, of which side, by which policies with what weight."""

    round: int
    side: str
    policy: str
    by: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Elimination:
    """What is left, by index into the game, and the steps that led there."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    steps: tuple[Dominated, ...]


def eliminate(game: Bimatrix, mixed: bool = True) -> Elimination:
    """Strike out strictly dominated policies until none is left; by pure ones only if asked."""
    us, cn = _levelled(game.settled.us), _levelled(game.settled.cn.T).T
    rows, columns = list(range(game.shape[0])), list(range(game.shape[1]))
    steps: list[Dominated] = []
    number = 0
    while True:
        number += 1
        dominated_us = _dominated(us[np.ix_(rows, columns)], mixed)
        other = _dominated(cn[np.ix_(rows, columns)].T, mixed)
        if not dominated_us and not other:
            return Elimination(tuple(rows), tuple(columns), tuple(steps))
        steps += _steps(number, game.ids[0], dominated_us, [game.rows[i] for i in rows])
        steps += _steps(number, game.ids[1], other, [game.columns[j] for j in columns])
        rows = [i for place, i in enumerate(rows) if place not in dominated_us]
        columns = [j for place, j in enumerate(columns) if place not in other]


def _levelled(payoffs: Matrix) -> Matrix:
    """Each column from 0 to 1, which leaves dominance as it is."""
    wide = np.ptp(payoffs, axis=0)
    return (payoffs - payoffs.min(axis=0)) / np.where(wide > 0.0, wide, 1.0)


def _steps(
    number: int, side: str, dominated: dict[int, Vector], names: list[str]
) -> list[Dominated]:
    return [
        Dominated(
            number,
            side,
            names[place],
            tuple((names[i], float(w)) for i, w in enumerate(by) if w > SMALLEST_WEIGHT),
        )
        for place, by in dominated.items()
    ]


def _dominated(payoffs: Matrix, mixed: bool) -> dict[int, Vector]:
    """The rows that others dominate, each with the weights of those; all in one round."""
    dominated: dict[int, Vector] = {}
    # [k, i]: k beats i everywhere
    better = np.asarray((payoffs[:, None, :] > payoffs[None, :, :]).all(axis=2))
    for i in range(len(payoffs)):
        if better[:, i].any():
            # the dominating policy may be dominated too: the best of them is not
            candidates = np.flatnonzero(better[:, i])
            best = candidates[np.argmax(payoffs[candidates].sum(axis=1))]
            dominated[i] = np.eye(len(payoffs))[best]
    if mixed and not dominated:
        for i in range(len(payoffs)):
            weights = _dominating_mix(payoffs, i)
            if weights is not None:
                dominated[i] = weights
    return dominated


def _dominating_mix(payoffs: Matrix, i: int) -> Vector | None:
    """Weights of the mix that beats row i by the most in the worst column, if it beats it."""
    from scipy.optimize import linprog

    count, columns = payoffs.shape
    if count < 3 or columns < 2:
        return None  # a mix of one is pure; against one policy some pure one is best
    worst = np.append(np.zeros(count), -1.0)
    above = np.column_stack((-(payoffs - payoffs[i]).T, np.ones(columns)))
    total = np.append(np.ones(count), 0.0)[None, :]
    bounds = [(0.0, 0.0 if k == i else 1.0) for k in range(count)] + [(None, None)]
    solution = linprog(worst, above, np.zeros(columns), total, [1.0], bounds)
    if not solution.success or solution.x is None or solution.x[-1] <= SURELY:
        return None
    return np.asarray(solution.x[:-1], float)
