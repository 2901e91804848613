"""Linear algebra of a chain: its long-run law, and how long until something happens.

Sparse elimination up to DIRECT unknowns, GMRES with iterative refinement above.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph, linalg

from sim.engines.chain import Chain, Sparse

#: Above so many unknowns, elimination takes longer than iteration.
DIRECT = 2_000
#: Of a start of 1, at most so much may be left unexplained; else NotSolvedError. A mean number
#: of weeks is then as precise, relatively.
RESIDUAL = 1e-9
#: Plain steps of the chain before GMRES: whatever mixes fast is done with.
PLAIN_ROUNDS = 300
RESTART = 30
ROUNDS = 40
ENOUGH = 1e-14


class NotSolvedError(ArithmeticError):
    """So many weeks that 64-bit arithmetic cannot tell how many: some millions and more."""


@dataclass(frozen=True)
class LongRun:
    """Where a chain ends up from its own start.

    law (N,): share of weeks spent in each state, the limit of time averages. Where several
    closed classes can be reached (absorbing machines) it is the mixture of their laws, each
    weighted with the probability of ending there: shares.
    """

    law: NDArray[np.float64]
    shares: tuple[float, ...]


def long_run(chain: Chain) -> LongRun:
    """The long-run law of a chain, from its own start."""
    matrix = chain.transition
    count, label = csgraph.connected_components(matrix, directed=True, connection="strong")
    closed = _closed_classes(matrix, label, count)
    shares = np.ones(1)
    if len(closed) > 1:
        shares = absorption(matrix, chain.start, label, closed)
    law = np.zeros(len(chain.start))
    for share, component in zip(shares, closed, strict=True):
        members = np.nonzero(label == component)[0]
        law[members] = share * stationary(matrix[members][:, members])
    return LongRun(law, tuple(shares.tolist()))


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
    backward = sparse.csr_array(matrix.T)
    if size <= DIRECT:
        system = sparse.csc_array(sparse.eye_array(size) - backward)
        rest = linalg.spsolve(system[1:, 1:], -system[1:, [0]].toarray().ravel())
        law = np.concatenate([[1.0], np.atleast_1d(rest)])
        return law / law.sum()
    even = np.full(size, 1.0 / size)
    law = even
    for _ in range(PLAIN_ROUNDS):  # the lazy chain has the same law and no period
        law = 0.5 * (law + backward @ law)
    # x - P'x + u sum(x) = u has one solution, the law: u sums to 1, and x - P'x to 0
    law = _iterated(lambda x: x - backward @ x + even * x.sum(), even, law)
    return law / law.sum()


def visits_before_leaving(matrix: Sparse, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected number of weeks in each state before leaving for good: start (I - Q)^-1."""
    size = matrix.shape[0]
    backward = sparse.csr_array(matrix.T)
    if size <= DIRECT:
        system = sparse.csc_array(sparse.eye_array(size) - backward)
        visits = np.atleast_1d(linalg.spsolve(system, start))
        _check(system @ visits - start, start)
        return visits
    visits, now = np.zeros(size), start
    for _ in range(PLAIN_ROUNDS):
        visits = visits + now
        now = backward @ now
    return _iterated(lambda x: x - backward @ x, start, visits)


def _iterated(
    times: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    right: NDArray[np.float64],
    guess: NDArray[np.float64],
) -> NDArray[np.float64]:
    """x with times(x) = right: GMRES on what is left of a guess, until nothing more is gained."""
    operator = linalg.LinearOperator((len(right), len(right)), matvec=times, dtype=float)
    x = guess
    left = right - times(x)
    for _ in range(ROUNDS):
        if np.abs(left).sum() <= ENOUGH:
            break
        step, _ = linalg.gmres(operator, left, rtol=1e-6, restart=RESTART, maxiter=5)
        closer = x + step
        remains = right - times(closer)
        if np.abs(remains).sum() >= 0.5 * np.abs(left).sum():
            break
        x, left = closer, remains
    _check(left, right)
    return x


def _check(residual: NDArray[np.float64], right: NDArray[np.float64]) -> None:
    """Raises NotSolvedError for a solution that is none."""
    if not np.abs(residual).sum() <= RESIDUAL * right.sum():
        raise NotSolvedError("it takes so many weeks that rounding errors decide how many")
