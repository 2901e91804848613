"""The best answer to the other side's machine that was found, and what named policies lack of it.

Searched: every deterministic machine of up to three states that reacts to the signal; machines
that also know their own conduct, by single changes; memory-one machines; the named policies. The
choice is made on the runs of one seed, what is reported comes from those of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.games.bimatrix import UnsolvedError
from sim.games.ranking import mean_interval
from sim.games.responding import ExactValuation, Question, Valuation, valuation_of
from sim.games.searches import (
    Space,
    Watcher,
    climb,
    memory_one_search,
    race,
    signal_machines,
    starts_of,
)
from sim.policies.machine import Machine

SIGNAL_ONLY, OWN_CONDUCT, MEMORY_ONE, NAMED = "signal-only", "own conduct", "memory-one", "named"
PLAINEST = (MEMORY_ONE, OWN_CONDUCT, SIGNAL_ONLY, NAMED)
LABELS = {
    SIGNAL_ONLY: "best that reacts to the signal",
    OWN_CONDUCT: "best that knows its own conduct",
    MEMORY_ONE: "best of memory one",
}
#: Values closer than this are one value, in exact arithmetic.
TIE = 1e-9

Candidate = tuple[str, str, Machine]  # label, kind, machine


@dataclass(frozen=True)
class Entry:
    """One machine: its value and how far it is below the best response, with 95 % intervals.

    Exact numbers have low = value = high. The gap is paired: with common random numbers.
    """

    label: str
    kind: str
    machine: Machine
    value: float
    low: float
    high: float
    gap: float
    gap_low: float
    gap_high: float


@dataclass(frozen=True)
class Response:
    """The best response to a question, and everything it was compared with, best first.

    `n` runs of each machine (0: exact) from `seed`; the choice was made on those of
    `chosen_on`. `space` is what was searched in full.
    """

    question: Question
    n: int
    seed: int
    chosen_on: int
    space: Space
    best: Entry
    entries: tuple[Entry, ...]
    obstacles: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether all numbers are exact."""
        return self.n == 0


def best_response(
    question: Question, runs: int, seed: int, watcher: Watcher, threads: int | None = None
) -> Response:
    """Search, choose on the luck of `seed`, and report on the luck of the next seed.

    Raises UnsolvedError for a utility that is the same whatever the side plays.
    """
    valuation, obstacles = valuation_of(question, threads)
    space = signal_machines(question.states)
    finalists = race(valuation, space.machines, runs, seed, watcher)
    worst = [space.machines[0], space.machines[-1], *question.named.values()]
    _check_varies(valuation, [finalists[0], *worst], runs, seed)
    climbed = climb(valuation, starts_of(finalists[0], question.states, seed), runs, seed, watcher)
    tuned = memory_one_search(valuation, runs, seed, watcher)
    others: list[Candidate] = [
        (LABELS[OWN_CONDUCT], OWN_CONDUCT, climbed),
        (LABELS[MEMORY_ONE], MEMORY_ONE, tuned),
        *((label, NAMED, machine) for label, machine in question.named.items()),
    ]
    signal: list[Candidate] = [(LABELS[SIGNAL_ONLY], SIGNAL_ONLY, found) for found in finalists]
    chosen = [*signal, *others]
    watcher.progress("finalists", 0, 1)
    scores = valuation.values([machine for _, _, machine in chosen], runs, seed)
    best_signal = signal[int(np.argmax(scores[: len(signal)]))]
    # of equals the simplest to tell: a named one, then one that needs the signal alone
    winner = max(
        range(len(chosen)),
        key=lambda k: (round(float(scores[k]) / TIE), PLAINEST.index(chosen[k][1]), -k),
    )
    reported = seed if valuation.exact else seed + 1
    entries = _entries(valuation, [best_signal, *others], chosen[winner][2], runs, reported)
    return Response(
        question,
        n=0 if valuation.exact else runs,
        seed=reported,
        chosen_on=seed,
        space=space,
        best=next(entry for entry in entries if entry.label == chosen[winner][0]),
        entries=tuple(sorted(entries, key=lambda entry: -entry.value)),
        obstacles=tuple(obstacles),
    )


def _check_varies(valuation: Valuation, machines: Sequence[Machine], runs: int, seed: int) -> None:
    values = valuation.values(machines, min(runs, 1_000), seed)
    if np.ptp(values) <= TIE * max(1.0, float(np.abs(values).max())):
        utility = valuation.question.utility
        found = f"{utility}, which is {values[0]:.6g} whatever this side plays"
        raise UnsolvedError("--utility", found, "one that depends on what it plays")


def _entries(
    valuation: Valuation, rows: Sequence[Candidate], winner: Machine, runs: int, seed: int
) -> list[Entry]:
    """Values and gaps to the winner: exact, or means with normal intervals, gaps paired."""
    if isinstance(valuation, ExactValuation):
        top = valuation.value(winner)
        values = [valuation.value(machine) for _, _, machine in rows]
        return [
            Entry(*row, *[value] * 3, *[max(0.0, top - value)] * 3)
            for row, value in zip(rows, values, strict=True)
        ]
    winning = valuation.by_run(winner, runs, seed)
    entries = []
    for row in rows:  # one machine's runs in memory at a time
        by_run = valuation.by_run(row[2], runs, seed)
        numbers = (*mean_interval(by_run), *mean_interval(winning - by_run))
        entries.append(Entry(*row, *map(float, numbers)))
    return entries
