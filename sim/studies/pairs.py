"""Two scenarios under the same luck, run by run: what differs, by how much, and how surely.

Draws are keyed by seed, run, week and purpose, so run r of the one and run r of the other are
the same run but for what was changed. Differences are second minus first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch import run_batch
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import OUTCOMES, undefined
from sim.outcomes.errors import ResultError
from sim.outcomes.kept import holds_at
from sim.scenario.compile import Compiled
from sim.studies.alike import common_term, notes
from sim.studies.changes import MeanChange, ShareChange, mean_change, share_change
from sim.studies.parting import Parting, parting

AMOUNTS = ("payoff_us", "payoff_cn", "harm_us", "harm_cn")


@dataclass(frozen=True)
class Comparison:
    """Everything `detente compare` prints; changes are second minus first.

    outcomes: each that both scenarios define, at the end of the common term and at the horizon;
    talks: runs with talks by then; amounts: payoff and harm of each side, discounted totals of
    whole runs; number_of_talks in a run; first_talks: week of the first talks, over the runs
    with talks in both (None: fewer than two); notes: what the reader must know of the pair.
    """

    first: Compiled
    second: Compiled
    seed: int
    n: int
    term: int | None
    outcomes: tuple[ShareChange, ...]
    talks: tuple[ShareChange, ...]
    amounts: tuple[MeanChange, ...]
    number_of_talks: MeanChange
    first_talks: MeanChange | None
    parting: Parting
    notes: tuple[str, ...]

    @property
    def horizon(self) -> int:
        """The last week simulated."""
        return self.first.weeks


def compare(
    first: Compiled,
    second: Compiled,
    runs: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Play runs 0 .. runs - 1 of both and compare them one by one.

    `progress` is told the runs done, of 2 * runs. Raises ScenarioError if the horizons differ.
    """
    remarks = notes(first, second)
    told = None if progress is None else lambda done: progress(runs + done)
    one = played(first, runs, seed, threads, progress)
    two = played(second, runs, seed, threads, told)
    term = common_term(first, second)
    weeks = sorted({term or first.weeks, first.weeks})
    return Comparison(
        first=first,
        second=second,
        seed=seed,
        n=runs,
        term=term,
        outcomes=tuple(_outcomes(first, second, one, two, term, weeks)),
        talks=tuple(share_change("talks", w, _talked(one, w), _talked(two, w)) for w in weeks),
        amounts=tuple(mean_change(name, one[name], two[name]) for name in AMOUNTS),
        number_of_talks=mean_change("talks", one["talks_count"], two["talks_count"]),
        first_talks=_first_talks(one["first_talks"], two["first_talks"]),
        parting=parting(first, second, seed, runs),
        notes=remarks,
    )


def played(
    world: Compiled,
    runs: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """The rows of runs 0 .. runs - 1 (dtype ROW), in order."""
    params = without_bands(world.params)
    rows = run_batch(params, seed, 0, runs, threads, keep=True, progress=progress).rows
    if rows is None:
        raise ResultError("the engine kept no rows to compare run by run")
    return rows


def _outcomes(
    first: Compiled,
    second: Compiled,
    one: np.ndarray,
    two: np.ndarray,
    term: int | None,
    weeks: list[int],
) -> Iterator[ShareChange]:
    for outcome in OUTCOMES:
        if any(undefined(outcome, world.params.rules[0], world.weeks) for world in (first, second)):
            continue
        if outcome != "extended":
            for week in weeks:
                held = (holds_at(rows, outcome, week) for rows in (one, two))
                yield share_change(outcome, week, *held)
        elif term is not None:
            yield share_change(outcome, term, one["extended"] > 0, two["extended"] > 0)


def _talked(rows: np.ndarray, week: int) -> NDArray[np.bool_]:
    met = rows["first_talks"]
    return np.asarray((met > 0) & (met <= week))


def _first_talks(one: NDArray[np.int32], two: NDArray[np.int32]) -> MeanChange | None:
    both = (one > 0) & (two > 0)
    if np.count_nonzero(both) < 2:
        return None
    return mean_change("first_talks_week", one[both], two[both])
