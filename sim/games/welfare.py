"""What both sides together could have: the Pareto frontier and the price of distrust."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Matrix, Vector
from sim.games.equilibria import Component
from sim.games.resampling import ends

_CHUNK = 50  # resamples compared at once


def frontier(us: NDArray[np.float64], cn: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The cells that no other cell matches for one side and beats for the other (Pareto 1906).

    Of shape (..., us, cn), each table for itself.
    """
    shape = us.shape
    a, b = us.reshape(-1, shape[-2] * shape[-1]), cn.reshape(-1, shape[-2] * shape[-1])
    unmatched = np.zeros(a.shape, bool)
    for first in range(0, len(a), _CHUNK):
        x, y = a[first : first + _CHUNK], b[first : first + _CHUNK]
        as_good = (x[:, :, None] >= x[:, None, :]) & (y[:, :, None] >= y[:, None, :])
        better = (x[:, :, None] > x[:, None, :]) | (y[:, :, None] > y[:, None, :])
        unmatched[first : first + _CHUNK] = ~(as_good & better).any(axis=1)
    return unmatched.reshape(shape)


@dataclass(frozen=True)
class Price:
    """The best joint utility against that of an equilibrium, with bootstrap intervals of 95 %.

    `difference` is best less equilibrium, 0 or more, and does not depend on where 0 lies.
    `ratio` is None unless all of it has one sign: of gains best / equilibrium (Koutsoupias and
    Papadimitriou 1999), of losses equilibrium / best; 1 or more, how many times better off both
    together could be, and only as meaningful as the zero of the utility.
    """

    which: str
    best: float
    best_low: float
    best_high: float
    equilibrium: float
    equilibrium_low: float
    equilibrium_high: float
    difference: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


def joint_of(point: tuple[Vector, Vector], joint: Matrix) -> float:
    """Joint utility of a pair of mixes."""
    return float(point[0] @ joint @ point[1])


def prices(
    joint: Matrix,
    resampled: NDArray[np.float64],
    components: list[Component],
    shipped: tuple[Vector, Vector] | None = None,
) -> list[Price]:
    """The price at the worst and at the best equilibrium (one row if they are the same).

    With `shipped`, the policies of the scenario itself, also what those cost; they need not be
    an equilibrium.

    `resampled` are resamples of `joint`. Cell and mixes are held as found in all runs.
    """
    points = [point for component in components for point in component.points]
    values = [joint_of(point, joint) for point in points]
    worst, best = points[int(np.argmin(values))], points[int(np.argmax(values))]
    rows = {"worst equilibrium": worst, "best equilibrium": best}
    if min(values) == max(values):
        rows = {"equilibrium": worst}
    if shipped is not None:
        rows["scenario as shipped"] = shipped
    return [_price(which, point, joint, resampled) for which, point in rows.items()]


def _price(
    which: str, point: tuple[Vector, Vector], joint: Matrix, resampled: NDArray[np.float64]
) -> Price:
    cell = np.unravel_index(int(np.argmax(joint)), joint.shape)
    top, value_there = float(joint[cell]), joint_of(point, joint)
    tops = resampled[:, cell[0], cell[1]]
    theres = np.einsum("i,bij,j->b", point[0], resampled, point[1])
    ratio: tuple[float | None, ...] = (None, None, None)
    if min(top, value_there, tops.min(), theres.min()) > 0:
        ratio = (top / value_there, *ends(tops / theres))
    elif max(top, value_there, tops.max(), theres.max()) < 0:
        ratio = (value_there / top, *ends(theres / tops))
    return Price(
        which,
        *(top, *ends(tops)),
        *(value_there, *ends(theres)),
        *(top - value_there, *ends(tops - theres)),
        *ratio,
    )
