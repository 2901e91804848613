"""Three searches for a good answer: a race of every small machine, steps, and a continuous one.

None sees the runs on which its find is reported: what wins a race is in part lucky, and only
runs of the next seed say how good it is (the winner's curse; Capen, Clapp and Campbell 1971).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.games.machine_space import any_machine, neighbours
from sim.games.responding import Valuation
from sim.policies.machine import Machine
from sim.policies.named import memory_one
from sim.world.array_draws import words
from sim.world.purposes import RESTART

#: A race keeps one machine in so many from each round to the next, which has as many times the
#: runs (successive halving; Karnin, Koren and Somekh 2013).
KEEPS = 4
FIRST_RUNS = 100
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


class Watcher(Protocol):
    """Is called with how a search gets on."""

    def progress(self, task: str, done: int, of: int) -> None:
        """`done` of `of` parts of what is being done are done."""

    def leads(self, machine: Machine) -> None:
        """The best machine so far."""


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
        values = valuation.values(
            left, playing, seed, partial(_report_progress, watcher, task, size)
        )
        order = np.argsort(-values, kind="stable")
        watcher.leads(left[order[0]])
        if valuation.exact or playing >= runs or size <= FINALISTS:
            return [left[k] for k in order[:FINALISTS]]
        left = [left[k] for k in order[: max(FINALISTS, size // KEEPS)]]
        playing = min(playing * KEEPS, runs)


def _report_progress(watcher: Watcher, task: str, of: int, done: int) -> None:
    watcher.progress(task, done, of)


def climb(
    valuation: Valuation, starts: Sequence[Machine], runs: int, seed: int, watcher: Watcher
) -> Machine:
    """The best machine reached by single changes, each the best there is, from several starts.

    Machines of the starts' sizes whose next state may also depend on own conduct. A local
    search: it may miss a better machine that no single change leads to.
    """
    playing = min(runs, STEP_RUNS)
    tops: list[tuple[float, Machine]] = []
    for number, start in enumerate(starts, start=1):
        machine = start
        value = float(valuation.values([machine], playing, seed)[0])
        for _ in range(MOST_STEPS):
            watcher.progress("single changes, own conduct distinguished", number - 1, len(starts))
            near = list(neighbours(machine))
            values = valuation.values(near, playing, seed)
            best = int(np.argmax(values))
            if values[best] <= value + SMALLEST:
                break
            machine, value = near[best], float(values[best])
        tops.append((value, machine))
    return max(tops, key=lambda top: top[0])[1]


def starts_of(best: Machine, states: int, seed: int) -> list[Machine]:
    """Where to begin to climb: the best machine so far, and some drawn by the seed."""
    drawn = words(seed_words(seed), RESTARTS, 0, RESTART, 5 * states).astype(np.int64)
    return [best, *(any_machine(states, numbers) for numbers in drawn)]


def memory_one_search(valuation: Valuation, runs: int, seed: int, watcher: Watcher) -> Machine:
    """The best memory-one machine found: differential evolution (Storn and Price 1997), polished.

    The four chances to concede after each outcome of last week, rounded to DIGITS; the opening
    concedes. The evolution's draws are scipy's own, of a generator that it makes from `seed`.
    """
    from scipy import optimize

    search: Any = optimize  # its stubs know no losses of many columns

    playing = min(runs, STEP_RUNS)
    rounds = [0]

    def losses(columns: NDArray[np.float64]) -> Any:  # one loss a column
        rounds[0] += 1
        watcher.progress("memory-one, by generations", min(rounds[0], GENERATIONS), GENERATIONS)
        machines = [_memory_one(column) for column in np.atleast_2d(columns.T)]
        return -valuation.values(machines, playing, seed)

    evolved = search.differential_evolution(
        losses,
        [(0.0, 1.0)] * 4,
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
        bounds=[(0.0, 1.0)] * 4,
        options={"maxfev": POLISHING, "xatol": 10.0**-DIGITS},
    )
    return _memory_one(polished.x if polished.fun < evolved.fun else evolved.x)


def _memory_one(chances: NDArray[np.float64]) -> Machine:
    rounded = np.clip(np.round(chances, DIGITS), 0.0, 1.0)
    return memory_one(*(float(chance) for chance in rounded))
