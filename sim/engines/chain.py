"""The joint Markov chain of two machines in the one-notch world, as sparse matrices.

A state is what next week's moves depend on: both machines' states, the pairs (own conduct, saw)
that a delayed side has yet to react to, and, where a machine may hold, last week's conduct.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.engines.reduction import Game, Player

#: A scipy.sparse.csr_array; its published types do not follow sums, products and slices.
Sparse = Any

BLANK = 4  # a pair not yet made: before the first week
PAIRS = 5
#: Joint states beyond this are refused: memory and time grow with them.
MOST_STATES = 150_000


class TooManyStatesError(ValueError):
    """The chain is larger than MOST_STATES; `found` states had been met."""

    def __init__(self, found: int) -> None:
        super().__init__(f"more than {found:,} joint states")
        self.found = found


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
        return sparse.csr_array(sum(self.steps))


@dataclass(frozen=True)
class _Codes:
    """Joint states as whole numbers, mixed radix: machine and queue of us, of cn, last conduct."""

    game: Game

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        us, cn = self.game.players
        return len(us.moves), PAIRS**us.delay, len(cn.moves), PAIRS**cn.delay, 4

    def join(self, parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.ravel_multi_index(tuple(parts), self.sizes)

    def split(self, codes: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        return list(np.unravel_index(codes, self.sizes))


def build(game: Game) -> Chain:
    """The chain of a game, over the states that can be reached. Raises TooManyStatesError."""
    codes = _Codes(game)
    first, law = _start(game, codes)
    known = np.unique(first)
    fresh = known
    pieces: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]] = []
    while len(fresh):
        branches = _branches(game, codes, fresh)
        pieces += branches
        met = np.unique(np.concatenate([after for _, after, _, _ in branches]))
        fresh = np.setdiff1d(met, known, assume_unique=True)
        known = np.union1d(known, fresh)
        if len(known) > MOST_STATES:
            raise TooManyStatesError(MOST_STATES)
    start = np.zeros(len(known))
    np.add.at(start, np.searchsorted(known, first), law)
    return Chain(_matrices(known, pieces), start)


def _start(game: Game, codes: _Codes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Codes and probabilities of the states before week 1: empty queues, good conduct."""
    us, cn = game.players
    rows, columns = np.meshgrid(np.nonzero(us.starts)[0], np.nonzero(cn.starts)[0])
    states = [rows.ravel(), columns.ravel()]
    blank = [np.full(states[0].size, PAIRS**player.delay - 1) for player in game.players]
    parts = [states[0], blank[0], states[1], blank[1], np.zeros(states[0].size, np.int64)]
    return codes.join(parts), us.starts[states[0]] * cn.starts[states[1]]


def _branches(
    game: Game, codes: _Codes, here: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]]:
    """Every way a week can go from the states `here`: (from, to, probability, conduct pair)."""
    us, cn = game.players
    m_us, q_us, m_cn, q_cn, last = codes.split(here)
    found = []
    for pair in range(4):
        us_bad, cn_bad = pair >> 1, pair & 1
        acts = _acts(us, m_us, last >> 1, us_bad) * _acts(cn, m_cn, last & 1, cn_bad)
        for seen in range(4):
            us_saw, cn_saw = seen >> 1, seen & 1
            chance = acts * _sees(us, cn_bad, us_saw) * _sees(cn, us_bad, cn_saw)
            some = chance > 0.0
            parts = [
                *_react(us, m_us[some], q_us[some], 2 * us_bad + us_saw),
                *_react(cn, m_cn[some], q_cn[some], 2 * cn_bad + cn_saw),
                np.full(int(some.sum()), pair if _may_hold(game) else 0),
            ]
            found.append((here[some], codes.join(parts), chance[some], pair))
    return found


def _may_hold(game: Game) -> bool:
    return any((player.moves[:, 1] > 0.0).any() for player in game.players)


def _acts(
    player: Player, state: NDArray[np.int64], was_bad: NDArray[np.int64], bad: int
) -> NDArray[np.float64]:
    """P(its lever ends the week up, or down): a slip executes the opposite, a hold keeps it."""
    retaliate, hold, concede = player.moves[state].T
    kept = np.where(was_bad == 1, 1.0, player.slip)
    up = retaliate * (1.0 - player.slip) + concede * player.slip + hold * kept
    return up if bad else 1.0 - up


def _sees(player: Player, other_bad: int, saw_bad: int) -> float:
    """P(signal | the other's conduct)."""
    bad = 1.0 - player.miss if other_bad else player.false_alarm
    return bad if saw_bad else 1.0 - bad


def _react(
    player: Player, state: NDArray[np.int64], queue: NDArray[np.int64], pair: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Machine state and queue after this week's pair: the oldest pair moves the machine on."""
    if player.delay == 0:
        return player.following[state, pair], queue
    oldest = queue // PAIRS ** (player.delay - 1)
    moved = player.following[state, np.minimum(oldest, BLANK - 1)]
    rest = (queue % PAIRS ** (player.delay - 1)) * PAIRS + pair
    return np.where(oldest == BLANK, state, moved), rest


def _matrices(
    known: NDArray[np.int64],
    pieces: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]],
) -> tuple[Sparse, ...]:
    shape = (len(known), len(known))
    matrices = []
    for pair in range(4):
        mine = [piece for piece in pieces if piece[3] == pair]
        rows = np.searchsorted(known, np.concatenate([here for here, _, _, _ in mine]))
        columns = np.searchsorted(known, np.concatenate([after for _, after, _, _ in mine]))
        chances = np.concatenate([chance for _, _, chance, _ in mine])
        matrices.append(sparse.csr_array((chances, (rows, columns)), shape=shape))
    return tuple(matrices)
