"""The best answer to the other side's machine that was found, and what named policies lack of it.

Searched: every deterministic machine of up to three states that reacts to the signal; machines
that also know their own conduct, by single changes; memory-one machines; the named policies. The
choice is made on the runs of one seed, what is reported comes from those of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.reduction import NotReducibleError, reduce
from sim.games.bimatrix import GameError
from sim.games.machine_space import MOST_STATES, Space, signal_machines
from sim.games.ranking import standard_error
from sim.games.responding import (
    ExactValuation,
    SimulatedValuation,
    Valuation,
    check_utility,
)
from sim.games.searches import Watcher, climb, memory_one_search, race, starts_of
from sim.outcomes.estimates import quantile_of_normal
from sim.policies.machine import SENSORS, Machine
from sim.scenario import Scenario
from sim.scenario.compile_actors import machines_of

SIGNAL_ONLY, OWN_CONDUCT, MEMORY_ONE, NAMED = KINDS = (
    "signal-only",
    "own conduct",
    "memory-one",
    "named",
)
PLAINEST = (MEMORY_ONE, OWN_CONDUCT, SIGNAL_ONLY, NAMED)
LABELS = {
    SIGNAL_ONLY: "best that reacts to the signal",
    OWN_CONDUCT: "best that knows its own conduct",
    MEMORY_ONE: "best of memory one",
}
#: Values closer than this are one value, in exact arithmetic.
TIE = 1e-9


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
class Question:
    """Who answers whom, and what for.

    `scenario` has the machine to answer in the other side's seat; `named` are the policies to
    hold against the best response, by label; `states` is how large a machine is searched in full.
    """

    scenario: Scenario
    side: str
    named: dict[str, Machine]
    utility: str = "payoff"
    forever: bool = False
    states: int = MOST_STATES
    against: str = ""


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


def valuation_of(question: Question, threads: int | None = None) -> tuple[Valuation, list[str]]:
    """Exact where the scenario reduces to the one-notch world, by runs where it does not.

    Also returns the settings in the way of an exact answer. Raises GameError for a utility that
    is none here, for --forever without a discount below 1, or where values are not exact.
    """
    side = question.scenario.sides.ids.index(question.side)
    try:
        game = reduce(_with_signal(question))
    except NotReducibleError as error:
        if question.forever:
            raise GameError(
                "--forever", "a scenario without an exact solution", "one of textbook/*"
            ) from None
        check_utility(question.scenario, question.utility, False)
        us, cn = machines_of(question.scenario.spec)
        simulated = SimulatedValuation(question.scenario, (us, cn), side, question.utility, threads)
        return simulated, [problem.path for problem in error.problems]
    check_utility(question.scenario, question.utility, True)
    exact = ExactValuation(question.scenario, game, side, question.utility, question.forever)
    if question.forever and not (question.utility == "payoff" and exact.discount < 1.0):
        found = f"utility {question.utility}, discount {exact.discount:g}"
        raise GameError("--forever", found, "utility payoff with a discount below 1")
    sensing = [label for label, machine in question.named.items() if machine.sensor != SENSORS[0]]
    if sensing:
        raise GameError("--policies", f"{sensing[0]} on another sensor", "the sensor signal")
    return exact, []


def _with_signal(question: Question) -> Scenario:
    """The scenario with a policy on the signal in the seat to fill: its own does not matter."""
    return question.scenario.override(
        {f"actors.{question.side}.policy": {"name": "tit_for_tat"}}, "--side"
    )


def best_response(
    question: Question,
    runs: int,
    seed: int,
    watcher: Watcher,
    threads: int | None = None,
) -> Response:
    """Search, choose on the luck of `seed`, and report on the luck of the next seed.

    Raises GameError for a utility that is the same whatever the side plays.
    """
    valuation, obstacles = valuation_of(question, threads)
    space = signal_machines(question.states)
    finalists = race(valuation, space.machines, runs, seed, watcher)
    worst = [space.machines[0], space.machines[-1], *question.named.values()]
    _check_varies(valuation, [finalists[0], *worst], runs, seed, question.utility)
    climbed = climb(valuation, starts_of(finalists[0], question.states, seed), runs, seed, watcher)
    tuned = memory_one_search(valuation, runs, seed, watcher)
    bests = [(LABELS[OWN_CONDUCT], OWN_CONDUCT, climbed), (LABELS[MEMORY_ONE], MEMORY_ONE, tuned)]
    named_machines = [(label, NAMED, machine) for label, machine in question.named.items()]
    signal = [(LABELS[SIGNAL_ONLY], SIGNAL_ONLY, machine) for machine in finalists]
    chosen = [*signal, *bests, *named_machines]
    watcher.progress("finalists", 0, 1)
    scores = valuation.values([machine for _, _, machine in chosen], runs, seed)
    best_signal = signal[int(np.argmax(scores[: len(signal)]))]
    # of equals the simplest to tell: a named one, then one that needs the signal alone
    winner = max(
        range(len(chosen)),
        key=lambda k: (round(float(scores[k]) / TIE), PLAINEST.index(chosen[k][1]), -k),
    )
    reported = seed if valuation.exact else seed + 1
    rows = [best_signal, *bests, *named_machines]
    entries = _entries(valuation, rows, chosen[winner], runs, reported)
    best = next(entry for entry in entries if entry.label == chosen[winner][0])
    return Response(
        question,
        0 if valuation.exact else runs,
        reported,
        seed,
        space,
        best,
        tuple(sorted(entries, key=lambda entry: -entry.value)),
        tuple(obstacles),
    )


def _check_varies(
    valuation: Valuation, machines: Sequence[Machine], runs: int, seed: int, utility: str
) -> None:
    values = valuation.values(machines, min(runs, 1_000), seed)
    if np.ptp(values) <= TIE * max(1.0, float(np.abs(values).max())):
        raise GameError(
            "--utility",
            f"{utility}, which is {values[0]:.6g} whatever this side plays",
            "one that depends on what it plays",
        )


def _entries(
    valuation: Valuation,
    rows: Sequence[tuple[str, str, Machine]],
    winner: tuple[str, str, Machine],
    runs: int,
    seed: int,
) -> list[Entry]:
    if isinstance(valuation, SimulatedValuation):
        return _simulated_entries(valuation, rows, winner, runs, seed)
    values = valuation.values([machine for _, _, machine in rows], runs, seed)
    top = float(valuation.values([winner[2]], runs, seed)[0])
    return [
        Entry(*row, float(v), float(v), float(v), *[max(0.0, top - float(v))] * 3)
        for row, v in zip(rows, values, strict=True)
    ]


def _simulated_entries(
    valuation: SimulatedValuation,
    rows: Sequence[tuple[str, str, Machine]],
    winner: tuple[str, str, Machine],
    runs: int,
    seed: int,
) -> list[Entry]:
    """Means and paired gaps with normal intervals, one machine's runs in memory at a time."""
    top = valuation.by_run(winner[2], runs, seed)
    entries = []
    for row in rows:
        values = valuation.by_run(row[2], runs, seed)
        entries.append(Entry(*row, *_mean(values), *_mean(top - values)))
    return entries


def _mean(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean of runs with its normal interval of 95 %."""
    mean, half = float(values.mean()), quantile_of_normal(0.95) * float(standard_error(values))
    return mean, mean - half, mean + half
