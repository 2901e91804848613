"""Linear algebra of a chain: its long-run law, and how long until something happens.

Direct sparse solves up to DIRECT states; above, iterations to a residual far below 1e-9.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph, linalg

from sim.engines.chain import Chain, Sparse

#: Above so many unknowns, elimination fills memory and iteration is used.
DIRECT = 5_000
RESIDUAL = 1e-13
ROUNDS = 1_000_000


def long_run_law(chain: Chain) -> NDArray[np.float64]:
    """Share of weeks spent in each state in the long run, from the chain's own start, shape (N,).

    Where several closed classes can be reached (absorbing machines) it is the mixture of their
    laws, each weighted with the probability of ending there: the limit of time averages.
    """
    matrix = chain.transition
    count, label = csgraph.connected_components(matrix, directed=True, connection="strong")
    closed = _closed_classes(matrix, label, count)
    law = np.zeros(len(chain.start))
    if len(closed) == 1:
        members = np.nonzero(label == closed[0])[0]
        law[members] = stationary(matrix[members][:, members])
        return law
    shares = absorption(matrix, chain.start, label, closed)
    for share, component in zip(shares, closed, strict=True):
        members = np.nonzero(label == component)[0]
        law[members] = share * stationary(matrix[members][:, members])
    return law


def _closed_classes(matrix: Sparse, label: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Strong components that are never left."""
    entries = matrix.tocoo()
    left = np.zeros(count, bool)
    left[label[entries.row[label[entries.row] != label[entries.col]]]] = True
    return np.nonzero(~left)[0]


def absorption(
    matrix: Sparse,
    start: NDArray[np.float64],
    label: NDArray[np.int32],
    closed: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Probability of ending in each closed class."""
    inside = np.isin(label, closed)
    passing = np.nonzero(~inside)[0]
    visits = np.zeros(len(start))
    if len(passing):
        visits[passing] = visits_before_leaving(matrix[passing][:, passing], start[passing])
    arriving = start * inside + np.where(inside, visits @ matrix, 0.0)
    return np.array([arriving[label == component].sum() for component in closed])


def stationary(matrix: Sparse) -> NDArray[np.float64]:
    """The law that one irreducible class keeps, shape (N,)."""
    size = matrix.shape[0]
    if size == 1:
        return np.ones(1)
    if size <= DIRECT:
        system = sparse.csc_array(sparse.eye_array(size) - matrix.T)
        rest = linalg.spsolve(system[1:, 1:], -system[1:, [0]].toarray().ravel())
        law = np.concatenate([[1.0], rest])
        return law / law.sum()
    # the lazy chain has the same law and no period
    law = np.full(size, 1.0 / size)
    backward = sparse.csr_array(matrix.T)
    for _ in range(ROUNDS):
        after = 0.5 * (law + backward @ law)
        if np.abs(after - law).sum() < RESIDUAL:
            break
        law = after
    return law / law.sum()


def visits_before_leaving(matrix: Sparse, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected number of weeks in each state before leaving for good: start (I - Q)^-1."""
    size = matrix.shape[0]
    if size <= DIRECT:
        system = sparse.csc_array(sparse.eye_array(size) - matrix.T)
        return np.atleast_1d(linalg.spsolve(system, start))
    visits = np.zeros(size)
    now = start.copy()
    backward = sparse.csr_array(matrix.T)
    for _ in range(ROUNDS):
        visits += now
        now = backward @ now
        if now.sum() < RESIDUAL:
            break
    return visits
