"""The joint Markov chain of two machines in the one-notch world, as sparse matrices.

A state is what next week's moves depend on: both machines' states, the pairs (own conduct, saw)
that a delayed side has yet to react to, and, where a machine may hold, last week's conduct.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.engines.reduction import OneNotchGame, Player
from sim.errors import Problem, ScenarioError

#: A scipy.sparse.csr_array; its published types do not follow sums, products and slices.
Sparse = Any

PAIRS = 4  # (own conduct, saw): 2 * (own bad) + (saw bad)
#: Joint states beyond this are refused: memory and time grow with them.
MOST_STATES = 150_000
#: Joint states are numbered in 64 bits.
LARGEST_CODE = 2**62


class TooManyStatesError(ScenarioError):
    """The chain is larger than MOST_STATES; `sizes` are its factors: (states, queues) of a side."""

    def __init__(self, sizes: Sequence[int]) -> None:
        us, us_queues, cn, cn_queues, _ = sizes
        found = (
            f"more than {MOST_STATES:,} joint states: of {us:,} and {cn:,} of the two machines, "
            f"times {_size(us_queues)} and {_size(cn_queues)} for what they have yet to react to"
        )
        wanted = f"exact: at most {MOST_STATES:,}; simpler machines, or a shorter reaction_delay"
        super().__init__([Problem("--engine exact", None, "actors", found, wanted)])
        self.sizes = tuple(sizes)


def _size(count: int) -> str:
    return f"{count:,}" if count < MOST_STATES else f"{count:.1e}"


@dataclass(frozen=True)
class Chain:
    """N joint states. steps[c] (N, N): P(conduct pair c this week and next week's state).

    Conduct pairs c = 2 * (us bad) + (cn bad); the sum over c is the transition matrix. start (N,).
    """

    steps: tuple[Sparse, ...]
    start: NDArray[np.float64]

    @property
    def transition(self) -> Sparse:
        """P(next week's state), rows sum to 1."""
        return added(self.steps)


def added(matrices: Sequence[Sparse]) -> Sparse:
    """Sum of sparse matrices of the same shape."""
    return reduce(add, matrices)


@dataclass(frozen=True)
class _Memory:
    """What one side remembers, as whole numbers: its machine's state and a queue of pairs.

    Pairs after which the machine does the same from every state are one `kind`; with `kinds` of
    them a queue of `delay` pairs is a number in base kinds + 1, the last digit meaning none yet.
    """

    player: Player
    kind: NDArray[np.int64]  # (PAIRS,)
    following: NDArray[np.int64]  # (S, kinds + 1), the last column: stays

    @property
    def base(self) -> int:
        return self.following.shape[1]

    @property
    def queues(self) -> int:
        return self.base**self.player.delay

    def react(
        self, state: NDArray[np.int64], queue: NDArray[np.int64], pair: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """State and queue after this week's pair: the oldest pair moves the machine on."""
        kind = self.kind[pair]
        if self.player.delay == 0:
            return self.following[state, kind], queue
        older = self.queues // self.base
        return self.following[state, queue // older], queue % older * self.base + kind


def _memory(player: Player) -> _Memory:
    columns, kind = np.unique(player.following, axis=1, return_inverse=True)
    stays = np.arange(len(player.moves))[:, None]
    return _Memory(player, kind.reshape(PAIRS), np.hstack([columns, stays]))


@dataclass(frozen=True)
class _Codes:
    """Joint states as whole numbers, mixed radix: state and queue of us, of cn, last conduct."""

    game: OneNotchGame
    memories: tuple[_Memory, _Memory]

    @property
    def sizes(self) -> tuple[int, ...]:
        us, cn = self.memories
        last = 4 if self.may_hold else 1
        return len(us.following), us.queues, len(cn.following), cn.queues, last

    @property
    def may_hold(self) -> bool:
        """Whether next week's conduct may depend on this week's."""
        return any(bool((player.moves[:, 1] > 0.0).any()) for player in self.game.players)

    def join(self, parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.ravel_multi_index(tuple(parts), self.sizes)

    def split(self, codes: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        return list(np.unravel_index(codes, self.sizes))


#: Ways that a week can go: from, to, probability, conduct pair.
_Branch = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]


def build(game: OneNotchGame) -> Chain:
    """The chain of a game, over the states that can be reached. Raises TooManyStatesError."""
    us, cn = game.players
    codes = _Codes(game, (_memory(us), _memory(cn)))
    if prod(codes.sizes) > LARGEST_CODE:
        raise TooManyStatesError(codes.sizes)
    first, law = _start(codes)
    known = np.unique(first)
    fresh = known
    pieces: list[_Branch] = []
    while len(fresh):
        branches = _branches(codes, fresh)
        pieces += branches
        met = np.unique(np.concatenate([after for _, after, _, _ in branches]))
        fresh = np.setdiff1d(met, known, assume_unique=True)
        known = np.union1d(known, fresh)
        if len(known) > MOST_STATES:
            raise TooManyStatesError(codes.sizes)
    start = np.zeros(len(known))
    np.add.at(start, np.searchsorted(known, first), law)
    return Chain(_matrices(known, pieces), start)


def _start(codes: _Codes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Codes and probabilities of the states before week 1: empty queues, good conduct."""
    us, cn = codes.game.players
    rows, columns = np.meshgrid(np.nonzero(us.starts)[0], np.nonzero(cn.starts)[0])
    states = [rows.ravel(), columns.ravel()]
    blank = [np.full(states[0].size, memory.queues - 1) for memory in codes.memories]
    parts = [states[0], blank[0], states[1], blank[1], np.zeros(states[0].size, np.int64)]
    return codes.join(parts), us.starts[states[0]] * cn.starts[states[1]]


def _branches(codes: _Codes, here: NDArray[np.int64]) -> list[_Branch]:
    """Every way a week can go from the states `here`."""
    us, cn = codes.game.players
    of_us, of_cn = codes.memories
    m_us, q_us, m_cn, q_cn, last = codes.split(here)
    found = []
    for pair in range(4):
        us_bad, cn_bad = pair >> 1, pair & 1
        act = acts(us, m_us, last >> 1, us_bad) * acts(cn, m_cn, last & 1, cn_bad)
        for seen in range(4):
            us_saw, cn_saw = seen >> 1, seen & 1
            chance = act * sees(us, cn_bad, us_saw) * sees(cn, us_bad, cn_saw)
            some = chance > 0.0
            parts = [
                *of_us.react(m_us[some], q_us[some], 2 * us_bad + us_saw),
                *of_cn.react(m_cn[some], q_cn[some], 2 * cn_bad + cn_saw),
                np.full(int(some.sum()), pair if codes.may_hold else 0),
            ]
            found.append((here[some], codes.join(parts), chance[some], pair))
    return found


def acts(
    player: Player, state: NDArray[np.int64], was_bad: NDArray[np.int64], bad: int
) -> NDArray[np.float64]:
    """P(its lever ends the week up, or down): a slip executes the opposite, a hold keeps it.

    Neither is taken from 1, so that a chance of 1e-13 has all its digits.
    """
    retaliate, hold, concede = player.moves[state].T
    slip, does = player.slip, 1.0 - player.slip
    if bad:
        return retaliate * does + concede * slip + hold * np.where(was_bad == 1, 1.0, slip)
    return retaliate * slip + concede * does + hold * np.where(was_bad == 1, 0.0, does)


def sees(player: Player, other_bad: int, saw_bad: int) -> float:
    """P(signal | the other's conduct)."""
    wrong = player.miss if other_bad else player.false_alarm
    return 1.0 - wrong if saw_bad == other_bad else wrong


def _matrices(known: NDArray[np.int64], pieces: list[_Branch]) -> tuple[Sparse, ...]:
    """One matrix a conduct pair, its rows and columns in the order of `known`."""
    shape = (len(known), len(known))
    matrices = []
    for pair in range(4):
        mine = [piece for piece in pieces if piece[3] == pair]
        rows = np.searchsorted(known, np.concatenate([here for here, _, _, _ in mine]))
        columns = np.searchsorted(known, np.concatenate([after for _, after, _, _ in mine]))
        chances = np.concatenate([chance for _, _, chance, _ in mine])
        matrices.append(sparse.csr_array((chances, (rows, columns)), shape=shape))
    return tuple(matrices)
