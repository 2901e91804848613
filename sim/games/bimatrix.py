"""A game of two sides in strategic form: what each policy earns against each of the other's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import DetenteError, Problem

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

#: Payoffs nearer than this share of a side's largest difference count as equal.
TIE = 1e-5
ROUNDING = 1e-9


class GameError(DetenteError):
    """A game that makes no sense or cannot be solved as asked: what was found, what is allowed."""

    def __init__(self, what: str, found: str, allowed: str) -> None:
        super().__init__([Problem("detente games", None, what, found, allowed)])
        self.reason = f"{found}; allowed: {allowed}"


@dataclass(frozen=True)
class Bimatrix:
    """Utilities of the row side (us) and the column side (cn), both of shape (rows, columns)."""

    us: Matrix
    cn: Matrix
    rows: tuple[str, ...]
    columns: tuple[str, ...]

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
        )

    def scaled(self) -> tuple[Matrix, Matrix]:
        """Both utilities moved to 1 .. 2, which leaves every comparison as it is."""
        return _scaled(self.us), _scaled(self.cn)


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


def _scaled(utility: Matrix) -> Matrix:
    low, high = utility.min(), utility.max()
    if high == low:
        return np.ones_like(utility)
    return 1.0 + (utility - low) / (high - low)


def gains(game: Bimatrix, x: Vector, y: Vector) -> tuple[float, float]:
    """The most that each side could gain by another policy, the other keeping its mix; 0 or more.

    0 for both is a Nash equilibrium (Nash 1951); gains below ROUNDING of the range are 0.
    """
    against, facing = game.us @ y, x @ game.cn
    return (
        _unless_rounding(float(against.max() - x @ against), game.us),
        _unless_rounding(float(facing.max() - facing @ y), game.cn),
    )


def _unless_rounding(gain: float, utility: Matrix) -> float:
    return gain if gain > ROUNDING * float(np.ptp(utility)) else 0.0


def regrets(game: Bimatrix) -> tuple[Matrix, Matrix]:
    """In every cell, what each side would gain by its best reply; both of the game's shape."""
    best_us = game.us.max(axis=0, keepdims=True)
    best_cn = game.cn.max(axis=1, keepdims=True)
    return best_us - game.us, best_cn - game.cn
