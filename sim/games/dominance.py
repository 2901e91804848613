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
        own = _dominated(us[np.ix_(rows, columns)], mixed)
        other = _dominated(cn[np.ix_(rows, columns)].T, mixed)
        if not own and not other:
            return Elimination(tuple(rows), tuple(columns), tuple(steps))
        steps += _steps(number, game.ids[0], own, [game.rows[i] for i in rows])
        steps += _steps(number, game.ids[1], other, [game.columns[j] for j in columns])
        rows = [i for place, i in enumerate(rows) if place not in own]
        columns = [j for place, j in enumerate(columns) if place not in other]


def _levelled(own: Matrix) -> Matrix:
    """Each column from 0 to 1, which leaves dominance as it is."""
    wide = np.ptp(own, axis=0)
    return (own - own.min(axis=0)) / np.where(wide > 0.0, wide, 1.0)


def _steps(number: int, side: str, found: dict[int, Vector], names: list[str]) -> list[Dominated]:
    return [
        Dominated(
            number,
            side,
            names[place],
            tuple((names[i], float(w)) for i, w in enumerate(by) if w > SMALLEST_WEIGHT),
        )
        for place, by in found.items()
    ]


def _dominated(own: Matrix, mixed: bool) -> dict[int, Vector]:
    """The rows that others dominate, each with the weights of those; all in one round."""
    found: dict[int, Vector] = {}
    # [k, i]: k beats i everywhere
    better = np.asarray((own[:, None, :] > own[None, :, :]).all(axis=2))
    for i in range(len(own)):
        if better[:, i].any():
            # the dominating policy may be dominated too: the best of them is not
            candidates = np.flatnonzero(better[:, i])
            best = candidates[np.argmax(own[candidates].sum(axis=1))]
            found[i] = np.eye(len(own))[best]
    if mixed and not found:
        for i in range(len(own)):
            weights = _dominating_mix(own, i)
            if weights is not None:
                found[i] = weights
    return found


def _dominating_mix(own: Matrix, i: int) -> Vector | None:
    """Weights of the mix that beats row i by the most in the worst column, if it beats it."""
    from scipy.optimize import linprog

    count, columns = own.shape
    if count < 3 or columns < 2:
        return None  # a mix of one is pure; against one policy some pure one is best
    worst = np.append(np.zeros(count), -1.0)
    above = np.column_stack((-(own - own[i]).T, np.ones(columns)))
    total = np.append(np.ones(count), 0.0)[None, :]
    bounds = [(0.0, 0.0 if k == i else 1.0) for k in range(count)] + [(None, None)]
    found = linprog(worst, above, np.zeros(columns), total, [1.0], bounds)
    if not found.success or found.x is None or found.x[-1] <= SURELY:
        return None
    return np.asarray(found.x[:-1], float)
