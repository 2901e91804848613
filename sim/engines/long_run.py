"""Linear algebra of a chain: its long-run law, and how long until something happens.

Elimination without subtraction up to DENSE unknowns, sparse elimination up to DIRECT, GMRES with
iterative refinement above. What is not exact by construction comes with a bound of its error.

Elimination without subtraction loses no digit however rarely a chain is left. 1 - (1 - 1e-13) has
three right digits; so the chance of leaving a state is never got by taking away from 1, but added
up from the ways out of it (Grassmann, Taksar and Heyman, "Regenerative analysis and steady state
distributions for Markov chains", Operations Research 33, 1985). Each number that comes out is then
right to about as many roundings as there are states (O'Cinneide, Numerische Mathematik 65, 1993),
whatever the condition of the system.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph, linalg

from sim.engines.chain import Chain, Sparse
from sim.errors import ResultError

Table = NDArray[np.float64]

#: Up to so many unknowns nothing is subtracted: a third of a second at most.
DENSE = 600
#: Above so many, elimination takes longer than iteration.
DIRECT = 2_000
#: Digits that are told of a mean, and the fewest that make one.
MOST_DIGITS, FEWEST_DIGITS = 12, 6
#: Plain steps of the chain before GMRES: whatever mixes fast is done with.
PLAIN_ROUNDS = 300
RESTART = 30
ROUNDS = 40
ENOUGH = 1e-14


class NotSolvedError(ResultError):
    """A system so ill-conditioned that 64-bit arithmetic cannot tell its answer."""


@dataclass(frozen=True)
class LongRun:
    """Where a chain ends up from its own start.

    law (N,): share of weeks spent in each state, the limit of time averages. Where several
    closed classes can be reached (absorbing machines) it is the mixture of their laws, each
    weighted with the probability of ending there: shares.
    """

    law: Table
    shares: tuple[float, ...]


def long_run(chain: Chain) -> LongRun:
    """The long-run law of a chain, from its own start."""
    matrix = chain.transition
    count, label = csgraph.connected_components(matrix, directed=True, connection="strong")
    entries = matrix.tocoo()
    left = np.zeros(count, bool)
    left[label[entries.row[label[entries.row] != label[entries.col]]]] = True
    closed = np.nonzero(~left)[0]  # strong components that are never left
    shares = np.ones(1)
    if len(closed) > 1:
        shares = absorption(matrix, chain.start, label, closed)
    law = np.zeros(len(chain.start))
    for share, component in zip(shares, closed, strict=True):
        members = np.nonzero(label == component)[0]
        law[members] = share * stationary(matrix[members][:, members])
    return LongRun(law, tuple(shares.tolist()))


def absorption(
    matrix: Sparse, start: Table, label: NDArray[np.int32], closed: NDArray[np.int64]
) -> Table:
    """Probability of ending in each closed class."""
    inside = np.isin(label, closed)
    passing = np.nonzero(~inside)[0]
    members = [np.nonzero(label == component)[0] for component in closed]
    shares = np.array([start[these].sum() for these in members])
    if not len(passing):
        return shares
    going = matrix[passing]
    entering = np.column_stack([going[:, these].sum(axis=1) for these in members])
    ends = gathered(going[:, passing], entering.sum(axis=1), entering)
    return np.asarray(shares + start[passing] @ ends.values)


def stationary(matrix: Sparse) -> Table:
    """The law that one irreducible class keeps, shape (N,).

    Raises NotSolvedError if fewer than FEWEST_DIGITS decimals of it are right.
    """
    size = matrix.shape[0]
    if size == 1:
        return np.ones(1)
    if size <= DENSE:
        return stationary_law(matrix.toarray())
    backward = sparse.csr_array(matrix.T)
    if size <= DIRECT:
        system = sparse.csc_array(sparse.eye_array(size) - backward)
        rest = linalg.spsolve(system[1:, 1:], -system[1:, [0]].toarray().ravel())
        law = np.concatenate([[1.0], np.atleast_1d(rest)])
    else:
        even = np.full(size, 1.0 / size)
        law = even
        for _ in range(PLAIN_ROUNDS):  # the lazy chain has the same law and no period
            law = 0.5 * (law + backward @ law)
        # x - P'x + u sum(x) = u has one solution, the law: u sums to 1, and x - P'x to 0
        law = _iterated(lambda x: x - backward @ x + even * x.sum(), even, law)
    law = law / law.sum()
    _check_law(matrix, law)
    return law


def _check_law(matrix: Sparse, law: Table) -> None:
    """Raises NotSolvedError if what is left over may stand for too much.

    The error of a law is at most its residual times twice the longest mean time to get to any
    one state (Cho and Meyer, Linear Algebra and its Applications 335, 2001).
    """
    usual = int(law.argmax())
    others = np.delete(np.arange(len(law)), usual)
    leak = matrix[others][:, [usual]].toarray().ravel()
    times = gathered(matrix[others][:, others], leak, np.ones((len(others), 1)))
    residual = float(np.abs(law @ matrix - law).sum()) + np.finfo(float).eps
    _digits(2.0 * float(times.values.max()) * residual, 2.0 * float(times.values.max()))


class Gathered(NamedTuple):
    """What is gathered from each state (N, M), and how far off it may be, relative to weeks."""

    values: Table
    error: Table  # (M,): at most so much in each state


def gathered(inside: Sparse, leak: Table, gains: Table) -> Gathered:
    """What is gathered until the chain is left, from each state: (I - inside)^-1 gains.

    A state that is never left must not be among them.
    """
    size = inside.shape[0]
    if size <= DENSE:
        values = until_left(inside.toarray(), leak, gains)
        if not np.isfinite(values).all():
            raise NotSolvedError("it takes more weeks than there are numbers for")
        return Gathered(values, np.zeros(gains.shape[1]))
    if size <= DIRECT:
        solver = linalg.splu(sparse.csc_array(sparse.eye_array(size) - inside))
        values = solver.solve(gains)
    else:
        columns = [_by_rounds(inside, column) for column in gains.T]
        values = np.column_stack(columns)
    left = np.abs(gains - (values - inside @ values)).max(axis=0)
    return Gathered(values, left + 4.0 * np.finfo(float).eps * np.abs(values).max(axis=0))


def _by_rounds(inside: Sparse, gain: Table) -> Table:
    total, now = np.zeros(len(gain)), gain
    for _ in range(PLAIN_ROUNDS):
        total = total + now
        now = inside @ now
    return _iterated(lambda x: x - inside @ x, gain, total)


class Weeks(NamedTuple):
    """A mean number of weeks, and how many of its digits are right."""

    weeks: float
    digits: int


def weeks_until_left(matrix: Sparse, leak: Table, start: Table) -> Weeks:
    """Weeks until a chain is left, counted from the first; inf if some of it never is.

    Raises NotSolvedError if fewer than FEWEST_DIGITS digits are right.
    """
    reached = np.nonzero(_closure(start > 0.0, lambda states: states @ matrix))[0]
    inside, out = matrix[reached][:, reached], leak[reached]
    if not _closure(out > 0.0, lambda states: inside @ states).all():
        return Weeks(float("inf"), MOST_DIGITS)
    found = gathered(inside, out, np.ones((len(reached), 1)))
    weeks, longest = float(start[reached] @ found.values[:, 0]), float(found.values.max())
    return Weeks(weeks, _digits(longest * float(found.error[0]) / weeks, 2.0 * longest))


def _digits(error: float, condition: float) -> int:
    """Digits that are right for a relative error; NotSolvedError if they are too few."""
    digits = 0
    if error < 1.0:  # not of a nan
        digits = int(min(MOST_DIGITS, -np.log10(max(error, np.finfo(float).tiny))))
    if digits < FEWEST_DIGITS:
        raise NotSolvedError(
            f"rounding errors decide more than the digit {FEWEST_DIGITS}: the condition number of "
            f"the system is about {condition:.0e}"
        )
    return digits


def _closure(first: NDArray[np.bool_], step: Callable[[Table], Table]) -> NDArray[np.bool_]:
    """All states that steps get to from the first ones, these counted."""
    known = first
    while True:
        wider = known | (step(known.astype(float)) > 0.0)
        if (wider == known).all():
            return known
        known = wider


def _iterated(times: Callable[[Table], Table], right: Table, guess: Table) -> Table:
    """x with times(x) = right: GMRES on what is left of a guess, until nothing more is gained."""
    operator = linalg.LinearOperator((len(right), len(right)), matvec=times, dtype=float)
    x = guess
    left = right - times(x)
    for _ in range(ROUNDS):
        if np.abs(left).sum() <= ENOUGH * np.abs(right).sum():
            break
        step, _ = linalg.gmres(operator, left, rtol=1e-6, restart=RESTART, maxiter=5)
        closer = x + step
        remains = right - times(closer)
        if np.abs(remains).sum() >= 0.5 * np.abs(left).sum():
            break
        x, left = closer, remains
    return x


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
