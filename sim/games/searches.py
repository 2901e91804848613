"""Searches for a good answer: a race of every small machine, single changes, and a continuous one.

None sees the runs on which its find is reported: what wins a race is in part lucky, and only
runs of the next seed say how good it is (the winner's curse; Capen, Clapp and Campbell 1971).

The race is of every deterministic machine of a few states that reacts to the signal alone. One of
S states plays one of three moves in each and goes to one of S states after a good and a bad
signal: (3 S^2)^S tables, 19,683 of three states. Most say the same: states that are never reached,
other names of the same states, two states that behave alike. What is left is each behaviour once
(minimal Moore machines; Moore 1956).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.games.bimatrix import Array
from sim.games.responding import Valuation
from sim.games.sizes import FIRST_RUNS, MOST_STATES
from sim.policies.machine import MOVES, Machine
from sim.policies.named import memory_one
from sim.world.philox import words
from sim.world.purposes import RESTART

#: What a state is called, by what it does: retaliate, hold, concede.
_NAMES = ("hard", "firm", "calm")
#: A race keeps one machine in so many from each round to the next, which has as many times the
#: runs (successive halving; Karnin, Koren and Somekh 2013).
KEEPS = 4
FINALISTS = 8
#: Runs of each machine in the other two searches.
STEP_RUNS = 1_600
MOST_STEPS = 20
RESTARTS = 2
POPULATION = 6  # times four probabilities
GENERATIONS = 20
POLISHING = 160
DIGITS = 4
#: Less than this is no improvement.
SMALLEST = 1e-12

Table = tuple[tuple[int, int, int], ...]  # a state: its move, next state if good, if bad


@dataclass
class Watcher:
    """How a search gets on: `show` is called with it, if given; `leader` is the best so far."""

    show: Callable[[str, int, int], None] | None = None
    leader: Machine | None = None

    def progress(self, task: str, done: int, of: int) -> None:
        """`done` of `of` parts of what is being done are done."""
        if self.show is not None:
            self.show(task, done, of)


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
        rows = product(range(len(MOVES)), range(size), range(size))
        for table in product(rows, repeat=size):
            looked += 1
            if _in_order(table) and _minimal(table):
                machines.append(machine_of(table))
    return Space(states, looked, tuple(machines))


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
            (kind, kinds[good], kinds[bad])
            for kind, (_, good, bad) in zip(kinds, table, strict=True)
        ]
        numbers = {kind: number for number, kind in enumerate(dict.fromkeys(finer))}
        if len(numbers) == len(set(kinds)):
            return len(numbers) == len(table)
        kinds = [numbers[kind] for kind in finer]


def machine_of(table: Table) -> Machine:
    """The machine of a table; its states are named by what they do."""
    moves = np.eye(len(MOVES))[[move for move, _, _ in table]]
    return _named(moves, np.array([(good, bad, good, bad) for _, good, bad in table]))


def _named(
    moves: Array, following: NDArray[np.int64], starts: tuple[tuple[int, float], ...] = ((0, 1.0),)
) -> Machine:
    """A deterministic machine, its states named by their moves: "calm", "hard", "hard_2"."""
    names: list[str] = []
    played = moves.argmax(axis=1).tolist()
    for place, move in enumerate(played):
        before = played[:place].count(move)
        names.append(f"{_NAMES[move]}_{before + 1}" if before else _NAMES[move])
    return Machine(tuple(names), moves, following, starts)


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
                yield _named(moves, machine.following, machine.starts)
        for case, after in product(range(4), range(size)):
            if after != machine.following[state, case]:
                following = machine.following.copy()
                following[state, case] = after
                yield _named(machine.moves, following, machine.starts)


def race(
    valuation: Valuation, machines: Sequence[Machine], runs: int, seed: int, watcher: Watcher
) -> list[Machine]:
    """The machines that are best in the last round, best first, at most FINALISTS.

    Exact values need one round. By runs, every machine is played FIRST_RUNS times, the best
    quarter four times as often, and so on up to `runs`.
    """
    left = list(machines)
    playing = runs if valuation.exact else min(FIRST_RUNS, runs)
    while True:
        size = len(left)
        task = f"{size:,} machines" if valuation.exact else f"{size:,} machines x {playing:,} runs"
        values = valuation.values(left, playing, seed, partial(watcher.progress, task, of=size))
        order = np.argsort(-values, kind="stable")
        watcher.leader = left[order[0]]
        if valuation.exact or playing >= runs or size <= FINALISTS:
            return [left[k] for k in order[:FINALISTS]]
        left = [left[k] for k in order[: max(FINALISTS, size // KEEPS)]]
        playing = min(playing * KEEPS, runs)


def climb(
    valuation: Valuation, starts: Sequence[Machine], runs: int, seed: int, watcher: Watcher
) -> Machine:
    """The best machine reached by single changes, each the best there is, from several starts.

    Machines of the starts' sizes whose next state may also depend on own conduct. A local
    search: it may miss a better machine that no single change leads to.
    """
    playing = min(runs, STEP_RUNS)
    tops: list[tuple[float, Machine]] = []
    for number, start in enumerate(starts):
        machine = start
        value = float(valuation.values([machine], playing, seed)[0])
        for _ in range(MOST_STEPS):
            watcher.progress("single changes, own conduct distinguished", number, len(starts))
            near = list(neighbours(machine))
            values = valuation.values(near, playing, seed)
            best = int(np.argmax(values))
            if values[best] <= value + SMALLEST:
                break
            machine, value = near[best], float(values[best])
        tops.append((value, machine))
    return max(tops, key=lambda top: top[0])[1]


def starts_of(best: Machine, states: int, seed: int) -> list[Machine]:
    """Where to begin to climb: the best machine so far, and some drawn by the seed.

    A machine is drawn from 5 words of 32 bits a state by their remainders: none of S is likelier
    than another by more than S in 2^32 parts.
    """
    numbers = words(seed_words(seed), RESTARTS, 0, RESTART, 5 * states).astype(np.int64)
    drawn = numbers.reshape(RESTARTS, states, 5)
    moves = np.eye(len(MOVES))[drawn[..., 0] % len(MOVES)]
    return [best, *map(_named, moves, drawn[..., 1:] % states)]


def memory_one_search(valuation: Valuation, runs: int, seed: int, watcher: Watcher) -> Machine:
    """The best memory-one machine found: differential evolution (Storn and Price 1997), polished.

    The four chances to concede after each outcome of last week, rounded to DIGITS; the opening
    concedes. The evolution's draws are scipy's own, of a generator that it makes from `seed`.
    """
    from scipy import optimize

    search: Any = optimize  # its stubs know no losses of many columns
    playing, bounds = min(runs, STEP_RUNS), [(0.0, 1.0)] * 4
    rounds = [0]

    def losses(columns: Array) -> Any:  # one loss a column
        rounds[0] += 1
        watcher.progress("memory-one, by generations", min(rounds[0], GENERATIONS), GENERATIONS)
        machines = [_memory_one(column) for column in np.atleast_2d(columns.T)]
        return -valuation.values(machines, playing, seed)

    evolved = search.differential_evolution(
        losses,
        bounds,
        maxiter=GENERATIONS,
        popsize=POPULATION,
        rng=seed,
        polish=False,
        vectorized=True,
        updating="deferred",
    )
    polished = search.minimize(
        lambda chances: float(losses(chances)[0]),
        evolved.x,
        method="Nelder-Mead",
        bounds=bounds,
        options={"maxfev": POLISHING, "xatol": 10.0**-DIGITS},
    )
    return _memory_one(polished.x if polished.fun < evolved.fun else evolved.x)


def _memory_one(chances: Array) -> Machine:
    rounded = np.clip(np.round(chances, DIGITS), 0.0, 1.0)
    return memory_one(*(float(chance) for chance in rounded))
