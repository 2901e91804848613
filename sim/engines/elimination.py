"""Elimination without subtraction, which loses no digit however rarely a chain is left.

1 - (1 - 1e-13) has three right digits; so the chance of leaving a state is never got by taking
away from 1, but added up from the ways out of it (Grassmann, Taksar and Heyman, "Regenerative
analysis and steady state distributions for Markov chains", Operations Research 33, 1985). Each
number that comes out is then right to about as many roundings as there are states (O'Cinneide,
Numerische Mathematik 65, 1993), whatever the condition of the system.
"""

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


def until_left(inside: Table, leak: Table, gains: Table) -> Table:
    """What is gathered from each state until the chain is left: (I - inside)^-1 gains.

    inside (N, N): chances to go on to each state; leak (N,): to leave; gains (N, M): gathered in
    a week in each state; none of them negative. Every state must be left in the end.
    """
    within, out, gathered = inside.copy(), leak.copy(), gains.copy()
    leaving = np.zeros(len(out))
    for k in range(len(out) - 1, -1, -1):
        leaving[k] = out[k] + within[k, :k].sum()
        entering = within[:k, k] / leaving[k]
        within[:k, :k] += np.outer(entering, within[k, :k])
        out[:k] += entering * out[k]
        gathered[:k] += np.outer(entering, gathered[k])
    for k in range(len(out)):
        gathered[k] = (gathered[k] + within[k, :k] @ gathered[:k]) / leaving[k]
    return gathered


def stationary_law(matrix: Table) -> Table:
    """The law that one irreducible class keeps: matrix (N, N), chances to go on to each state."""
    within = matrix.copy()
    size = len(within)
    for k in range(size - 1, 0, -1):
        within[:k, k] /= within[k, :k].sum()
        within[:k, :k] += np.outer(within[:k, k], within[k, :k])
    law = np.ones(size)
    for k in range(1, size):
        law[k] = law[:k] @ within[:k, k]
        law /= law.max()  # shares of rare states would overflow before they are added up
    return law / law.sum()
