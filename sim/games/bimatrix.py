"""A game of two sides in strategic form: what each policy earns against each of the other's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import DetenteError, Problem
from sim.scenario.sides import DEFAULT

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

#: Two payoffs that are compared count as equal when they differ by at most this share of the
#: larger: what sums of 64-bit numbers may lose. No other payoff of the game has a say in it.
TIE = 1e-12


class GameError(DetenteError):
    """A game that makes no sense or cannot be solved as asked: what was found, what is allowed."""

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


def gains(game: Bimatrix, x: Vector, y: Vector) -> tuple[float, float]:
    """The most that each side could gain by another policy, the other keeping its mix; 0 or more.

    0 for both is a Nash equilibrium (Nash 1951). A gain that is less than TIE of what is weighed
    against each other is 0.
    """
    us, cn = game.settled.us, game.settled.cn
    return _gain(us, x, y), _gain(cn.T, y, x)


def _gain(own: Matrix, mine: Vector, other: Vector) -> float:
    replies = own @ other
    gain = float(replies.max() - mine @ replies)
    return gain if gain > TIE * float((np.abs(own) @ other).max()) else 0.0


def regrets(game: Bimatrix) -> tuple[Matrix, Matrix]:
    """In every cell, what each side would gain by its best reply; both of the game's shape."""
    us, cn = game.settled.us, game.settled.cn
    return us.max(axis=0, keepdims=True) - us, cn.max(axis=1, keepdims=True) - cn
