"""A game of two sides in strategic form: its ties, and what strict dominance leaves of it.

Only strict dominance is used: it never removes an equilibrium, and the order does not matter
(Gilboa, Kalai and Zemel 1990). A policy may be dominated by a mix of others, found by linear
programming.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import DetenteError, Problem
from sim.scenario.sides import DEFAULT

Array = NDArray[np.float64]
Matrix = Array
Vector = Array

#: Two payoffs that are compared count as equal when they differ by at most this share of the
#: larger: what sums of 64-bit numbers may lose. No other payoff of the game has a say in it.
TIE = 1e-12
#: Weights of a dominating mix below this are left out.
SMALLEST_WEIGHT = 1e-6
#: A mix must beat a policy by this share of each column's range: the linear programme is right to
#: a tenth of it. What is dominated by less stays, which costs time and no equilibrium.
SURELY = 1e-6


class UnsolvedError(DetenteError):
    """A game that makes no sense or cannot be solved as asked: what was found, what is allowed.

    (`sim.errors.GameError` is of a game that is played at the table.)
    """

    def __init__(self, what: str, found: str, allowed: str) -> None:
        super().__init__([Problem("detente games", None, what, found, allowed)])
        self.reason = f"{found}; allowed: {allowed}"


@dataclass(frozen=True)
class Bimatrix:
    """Utilities of the row side (us) and the column side (cn), both of shape (rows, columns).

    `ids` are those of the two sides.
    """

    us: Matrix
    cn: Matrix
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    ids: tuple[str, str] = DEFAULT.ids

    @property
    def shape(self) -> tuple[int, int]:
        """Number of policies of each side."""
        return len(self.rows), len(self.columns)

    def only(self, rows: Sequence[int], columns: Sequence[int]) -> "Bimatrix":
        """The game restricted to these policies."""
        place = np.ix_(rows, columns)
        return Bimatrix(
            self.us[place],
            self.cn[place],
            tuple(self.rows[i] for i in rows),
            tuple(self.columns[j] for j in columns),
            self.ids,
        )

    @cached_property
    def settled(self) -> "Bimatrix":
        """The same game with tied payoffs made equal, so that all who compare them agree.

        Compared are the payoffs of us in one column, and those of cn in one row.
        """
        return replace(self, us=_settled(self.us.T).T, cn=_settled(self.cn))


def bimatrix(
    us: Sequence[Sequence[float]] | Matrix,
    cn: Sequence[Sequence[float]] | Matrix,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
) -> Bimatrix:
    """A game from two tables, with policies named C, D for two of them, else by number."""
    first, second = np.asarray(us, float), np.asarray(cn, float)
    if first.ndim != 2 or first.shape != second.shape:
        raise ValueError(f"two tables of one shape are needed, not {first.shape}, {second.shape}")
    names = tuple(tuple("CD") if n == 2 else tuple(map(str, range(n))) for n in first.shape)
    return Bimatrix(first, second, tuple(rows or names[0]), tuple(columns or names[1]))


def _settled(utility: Matrix) -> Matrix:
    """Each row with its ties made equal: chains of near values become the largest of them."""
    settled = np.array(utility, float)
    for row in settled:
        order = np.argsort(-row, kind="stable")
        for before, present in zip(order[:-1], order[1:], strict=True):
            if tied(row[before], row[present]):
                row[present] = row[before]
    return settled


def tied(one: Matrix | float, two: Matrix | float) -> Any:
    """Whether two payoffs count as equal."""
    return np.abs(np.subtract(one, two)) <= TIE * np.maximum(np.abs(one), np.abs(two))


def mix_of(names: Sequence[str], weights: Vector) -> dict[str, float]:
    """The policies that a mix plays, with their weights."""
    return {name: float(w) for name, w in zip(names, weights, strict=True) if w > 0.0}


def gains(game: Bimatrix, x: Vector, y: Vector) -> tuple[float, float]:
    """The most that each side could gain by another policy, the other keeping its mix; 0 or more.

    0 for both is a Nash equilibrium (Nash 1951). A gain that is less than TIE of what is weighed
    against each other is 0.
    """
    return _gain(game.settled.us, x, y), _gain(game.settled.cn.T, y, x)


def _gain(own: Matrix, mine: Vector, other: Vector) -> float:
    replies = own @ other
    gain = float(replies.max() - mine @ replies)
    return gain if gain > TIE * float((np.abs(own) @ other).max()) else 0.0


def regrets(game: Bimatrix) -> tuple[Matrix, Matrix]:
    """In every cell, what each side would gain by its best reply; both of the game's shape."""
    us, cn = game.settled.us, game.settled.cn
    return us.max(axis=0, keepdims=True) - us, cn.max(axis=1, keepdims=True) - cn


@dataclass(frozen=True)
class Dominated:
    """One policy struck out: in which round, of which side, by which policies with what weight."""

    round: int
    side: str
    policy: str
    by: dict[str, float]


@dataclass(frozen=True)
class Elimination:
    """What is left, by index into the game, and the steps that led there."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    steps: tuple[Dominated, ...]


def eliminate(game: Bimatrix, mixed: bool = True) -> Elimination:
    """Strike out strictly dominated policies until none is left; by pure ones only if asked."""
    us, cn = levelled(game.settled.us, 0), levelled(game.settled.cn, 1)
    left: tuple[list[int], list[int]] = list(range(game.shape[0])), list(range(game.shape[1]))
    steps: list[Dominated] = []
    number = 0
    while True:
        number += 1
        place = np.ix_(*left)
        dominated = _dominated(us[place], mixed), _dominated(cn[place].T, mixed)
        if not any(dominated):
            return Elimination(tuple(left[0]), tuple(left[1]), tuple(steps))
        for side, policies, indices, out in zip(
            game.ids, (game.rows, game.columns), left, dominated, strict=True
        ):
            names = [policies[i] for i in indices]
            for k, weights in out.items():
                mix = mix_of(names, np.where(weights > SMALLEST_WEIGHT, weights, 0.0))
                steps.append(Dominated(number, side, names[k], mix))
            indices[:] = [i for k, i in enumerate(indices) if k not in out]


def levelled(payoffs: Matrix, axis: int) -> Matrix:
    """Payoffs from 0 to 1 along an axis of what is compared, which leaves dominance as it is."""
    least = payoffs.min(axis=axis, keepdims=True)
    wide = np.ptp(payoffs, axis=axis, keepdims=True)
    return np.asarray((payoffs - least) / np.where(wide > 0.0, wide, 1.0))


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
