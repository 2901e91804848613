"""Every deterministic machine of a few states that reacts to the signal alone, each once.

A machine of S states plays one of three moves in each and goes to one of S states after a good
and a bad signal: (3 S^2)^S tables, 19,683 of three states. Most say the same: states that are
never reached, other names of the same states, two states that behave alike. What is left is each
behaviour once (minimal Moore machines; Moore 1956).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from sim.policies.machine import MOVES, Machine

#: Tables of this many states and more are too many to try one by one.
MOST_STATES = 3
_RETALIATE, _HOLD, _CONCEDE = range(len(MOVES))
#: What a state is called, by what it does.
_NAMES = {_RETALIATE: "hard", _HOLD: "firm", _CONCEDE: "calm"}

Table = tuple[tuple[int, int, int], ...]  # a state: its move, next state if good, if bad


@dataclass(frozen=True)
class Space:
    """The machines of up to `states` states; `tables` is how many tables were looked at."""

    states: int
    tables: int
    machines: tuple[Machine, ...]


def signal_machines(states: int) -> Space:
    """Every behaviour of a deterministic signal-only machine of 1 to `states` states, once.

    Starts in its first state; the others are in the order in which a run of good, then bad
    signals first reaches them. Raises ValueError outside 1..MOST_STATES.
    """
    if not 1 <= states <= MOST_STATES:
        raise ValueError(f"machines of {states} states; allowed: 1 to {MOST_STATES}")
    looked, machines = 0, []
    for size in range(1, states + 1):
        for table in _tables(size):
            looked += 1
            if _in_order(table) and _minimal(table):
                machines.append(machine_of(table))
    return Space(states, looked, tuple(machines))


def _tables(size: int) -> Iterator[Table]:
    rows = list(product(range(len(MOVES)), range(size), range(size)))
    return product(rows, repeat=size)


def _in_order(table: Table) -> bool:
    """Whether all states are reached, in the order of their numbers (one naming of each)."""
    met = [0]
    for state in met:
        for after in table[state][1:]:
            if after not in met:
                met.append(after)
    return met == list(range(len(table)))


def _minimal(table: Table) -> bool:
    """Whether no two states behave alike: Moore's partition, refined until it stays."""
    kinds = [move for move, _, _ in table]
    while True:
        finer = [
            (kinds[state], *(kinds[after] for after in row[1:])) for state, row in enumerate(table)
        ]
        names = {kind: number for number, kind in enumerate(dict.fromkeys(finer))}
        numbered = [names[kind] for kind in finer]
        if len(names) == len(set(kinds)):
            return len(names) == len(table)
        kinds = numbered


def machine_of(table: Table) -> Machine:
    """The machine of a table; its states are named by what they do."""
    moves = np.zeros((len(table), len(MOVES)))
    following = np.zeros((len(table), 4), np.int64)
    for state, (move, good, bad) in enumerate(table):
        moves[state, move] = 1.0
        following[state] = (good, bad, good, bad)
    return Machine(state_names([move for move, _, _ in table]), moves, following)


def state_names(moves: list[int]) -> tuple[str, ...]:
    """Names of states by their moves: "calm", "hard", "hard_2"."""
    counts: dict[int, int] = {}
    names = []
    for move in moves:
        counts[move] = counts.get(move, 0) + 1
        names.append(_NAMES[move] if counts[move] == 1 else f"{_NAMES[move]}_{counts[move]}")
    return tuple(names)


def neighbours(machine: Machine) -> Iterator[Machine]:
    """Every machine that differs in its start, one move or one next state.

    Own conduct is distinguished.
    """
    size = len(machine.states)
    for state in range(size):
        if state != machine.starts[0][0]:
            yield replace(machine, starts=((state, 1.0),))
    played = machine.moves.argmax(axis=1)
    for state in range(size):
        for move in range(len(MOVES)):
            if move != played[state]:
                moves = machine.moves.copy()
                moves[state] = np.eye(len(MOVES))[move]
                yield _with(machine, moves, machine.following)
        for case, after in product(range(4), range(size)):
            if after != machine.following[state, case]:
                following = machine.following.copy()
                following[state, case] = after
                yield _with(machine, machine.moves, following)


def _with(machine: Machine, moves: np.ndarray, following: np.ndarray) -> Machine:
    return replace(machine, states=_names_by(moves), moves=moves, following=following)


def _names_by(moves: np.ndarray) -> tuple[str, ...]:
    return state_names([int(move) for move in moves.argmax(axis=1)])


def any_machine(states: int, words: np.ndarray) -> Machine:
    """A deterministic machine from 5 words of 32 bits a state: a place for a search to begin.

    By their remainders: none of S is likelier than another by more than S in 2^32 parts.
    """
    draws = words.reshape(states, 5)
    moves = np.eye(len(MOVES))[draws[:, 0] % len(MOVES)]
    return Machine(_names_by(moves), moves, draws[:, 1:] % states)
