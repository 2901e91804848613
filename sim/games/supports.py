"""Whether policies carry an equilibrium: a mix of exactly these against a mix of exactly those."""

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Matrix, tied

#: Every policy of a support is played at least so often.
LEAST_WEIGHT = 1e-7
#: What linear solvers leave of an equality, of payoffs between 0 and 1.
SOLVED = 1e-9

Tables = NDArray[np.float64]  # utilities of many games, shape (games, us, cn)


def carry(
    us: Tables, cn: Tables, rows: tuple[int, ...], columns: tuple[int, ...]
) -> NDArray[np.bool_]:
    """In which of the games `rows` mixed with `columns` are a Nash equilibrium, all of them played.

    Ties count as in a single game (bimatrix.TIE), within what a linear solver can tell.
    """
    carried = _indifferent(us, rows, columns)
    carried[carried] = _indifferent(cn[carried].transpose(0, 2, 1), columns, rows)
    return carried


def _indifferent(
    payoffs: Tables, mine: tuple[int, ...], other: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Whether some mix of all of `other` makes every one of `mine` a best reply."""
    if not len(payoffs):
        return np.zeros(0, bool)
    if len(other) == 1:
        values = payoffs[:, :, other[0]]
        best = values.max(axis=1, keepdims=True)
        return np.asarray(tied(values, best)[:, mine].all(axis=1))
    payoffs = _levelled(payoffs)
    if len(mine) == len(other):
        try:
            return _solved(payoffs, mine, other)
        except np.linalg.LinAlgError:
            pass  # some game has a tie: many mixes do, and a linear programme finds one
    return np.array([_has_mix(table, mine, other) for table in payoffs], bool)


def _levelled(payoffs: Tables) -> Tables:
    """Each column of each game from 0 to 1: other mixes do the same, so it changes nothing here."""
    wide = np.ptp(payoffs, axis=1, keepdims=True)
    return np.asarray(
        (payoffs - payoffs.min(axis=1, keepdims=True)) / np.where(wide > 0.0, wide, 1.0)
    )


def _solved(payoffs: Tables, mine: tuple[int, ...], other: tuple[int, ...]) -> NDArray[np.bool_]:
    """The one mix that makes as many policies as it has indifferent, in all games at once."""
    games, count = len(payoffs), len(mine)
    system = np.zeros((games, count + 1, count + 1))
    system[:, :count, :count] = payoffs[:, mine][:, :, other]
    system[:, :count, count] = -1.0
    system[:, count, :count] = 1.0
    target = np.zeros((games, count + 1, 1))
    target[:, count] = 1.0
    solutions = np.linalg.solve(system, target)[..., 0]
    mix, value = solutions[:, :count], solutions[:, count]
    replies = np.einsum("gij,gj->gi", payoffs[:, :, other], mix)
    best = replies.max(axis=1) <= value + SOLVED
    return np.asarray(best & (mix >= LEAST_WEIGHT).all(axis=1))


def _has_mix(payoffs: Matrix, mine: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """The same for one game by linear programming: the mix whose smallest weight is largest."""
    from scipy.optimize import linprog

    rows, count = len(payoffs), len(other)
    inside = payoffs[:, other]
    # unknowns: the mix, the value of the best reply, the smallest weight
    at_most = np.column_stack((inside, -np.ones(rows), np.zeros(rows)))
    at_least = np.column_stack((-inside[list(mine)], np.ones(len(mine)), np.zeros(len(mine))))
    smallest = np.column_stack((-np.eye(count), np.zeros(count), np.ones(count)))
    limits = np.concatenate([np.zeros(rows), np.full(len(mine), SOLVED), np.zeros(count)])
    total = np.concatenate([np.ones(count), [0.0, 0.0]])[None, :]
    goal = np.concatenate([np.zeros(count + 1), [-1.0]])
    bounds = [(0.0, 1.0)] * count + [(None, None), (None, None)]
    solution = linprog(goal, np.vstack((at_most, at_least, smallest)), limits, total, [1.0], bounds)
    return bool(solution.success and solution.x is not None and solution.x[-1] >= LEAST_WEIGHT)
