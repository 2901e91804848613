"""Two scenarios with common random numbers, run by run: what differs, by how much, and how surely.

Draws are keyed by seed, run, week and purpose, so run r of the one and run r of the other are
the same run but for what was changed. With independent numbers the second plays the runs that
follow those of the first: no run of the one is any run of the other. Differences are second
minus first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch import run_parts
from sim.engines.rows import amounts
from sim.errors import ResultError
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import holds_at, undefined
from sim.report.notebook import InNotebook, in_a_line
from sim.report.numbers import ends as ends_of
from sim.scenario.compile import Compiled
from sim.studies.changes import (
    MeanChange,
    ShareChange,
    independent_mean_change,
    independent_share_change,
    mean_change,
    share_change,
)
from sim.studies.comparability import common_term, notes
from sim.studies.curves import Curve, curves
from sim.studies.divergence import Divergence, divergence
from sim.studies.margin import Margin
from sim.world.outcomes import NAMES, outcome_of


@dataclass(frozen=True, repr=False)
class Comparison(InNotebook):
    """Everything `detente compare` prints; changes are second minus first.

    outcomes: each that both scenarios define, at the end of the common term and at the horizon;
    talks: runs with talks by then; amounts: payoff and harm of each side, discounted totals of
    whole runs; number_of_talks in a run; first_talks: week of the first talks, over the runs
    with talks in both (with fresh random numbers, in each; None: fewer than two); curves: outcomes
    week by week; divergence: None if independent; notes: what the reader must know; margin:
    the headline's difference over the stated ranges, where that was asked for.
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
    curves: tuple[Curve, ...]
    divergence: Divergence | None
    notes: tuple[str, ...]
    independent: bool = False
    margin: Margin | None = None

    def __repr__(self) -> str:
        top = self.outcomes[0]
        change = top.difference
        ends = ends_of(change.value, change.low, change.high, "+.3f")
        at = f"{top.outcome} at week {top.week}, B - A {ends}, n = {self.n:,}"
        return in_a_line(self, "of two scenarios", at, f"seed {self.seed}")

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
    independent: bool = False,
) -> Comparison:
    """Play runs 0 .. runs - 1 of both and compare them one by one.

    `independent`: the second plays runs `runs` .. 2 * runs - 1 instead, and samples are
    compared. `progress` gets the runs done, of 2 * runs. Raises ScenarioError if the
    horizons differ.
    """
    remarks = notes(first, second)
    second_half = None if progress is None else lambda runs_done: progress(runs + runs_done)
    rows_a = played_rows(first, runs, seed, threads, progress)
    rows_b = played_rows(second, runs, seed, threads, second_half, runs if independent else 0)
    term = common_term(first, second)
    weeks = sorted({term or first.weeks, first.weeks})
    share = independent_share_change if independent else share_change
    mean = independent_mean_change if independent else mean_change
    return Comparison(
        first=first,
        second=second,
        seed=seed,
        n=runs,
        term=term,
        outcomes=tuple(_outcomes(first, second, rows_a, rows_b, term, weeks, share)),
        talks=tuple(share("talks", w, _talked(rows_a, w), _talked(rows_b, w)) for w in weeks),
        amounts=tuple(
            mean(name, rows_a[field], rows_b[field])
            for name, field in amounts(first.sides.ids).items()
        ),
        number_of_talks=mean("talks", rows_a["talks_count"], rows_b["talks_count"]),
        first_talks=_first_talks(rows_a["first_talks"], rows_b["first_talks"], independent),
        curves=curves(rows_a, rows_b, first.weeks, _compared(first, second), independent),
        divergence=None if independent else divergence(first, second, seed, runs),
        notes=remarks,
        independent=independent,
    )


def played_rows(
    world: Compiled,
    runs: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    start: int = 0,
) -> np.ndarray:
    """The rows of runs start .. start + runs - 1 (dtype ROW), in order."""
    parts = [part.changed(without_bands) for part in world.parts]
    rows = run_parts(parts, seed, start, runs, threads, keep=True, progress=progress).rows
    if rows is None:
        raise ResultError("the engine kept no rows to compare run by run")
    return rows


def _compared(first: Compiled, second: Compiled) -> list[str]:
    """The outcomes that both define."""
    worlds = (first, second)
    return [
        outcome
        for outcome in NAMES
        if not any(undefined(outcome, world.params.rules[0], world.weeks) for world in worlds)
    ]


def _outcomes(
    first: Compiled,
    second: Compiled,
    rows_a: np.ndarray,
    rows_b: np.ndarray,
    term: int | None,
    weeks: list[int],
    change: Callable[..., ShareChange],
) -> Iterator[ShareChange]:
    for outcome in _compared(first, second):
        once = [] if term is None else [term]
        for week in once if outcome_of(outcome).once else weeks:
            holding = (holds_at(rows, outcome, week) for rows in (rows_a, rows_b))
            yield change(outcome, week, *holding)


def _talked(rows: np.ndarray, week: int) -> NDArray[np.bool_]:
    met = rows["first_talks"]
    return np.asarray((met > 0) & (met <= week))


def _first_talks(
    weeks_a: NDArray[np.int32], weeks_b: NDArray[np.int32], independent: bool
) -> MeanChange | None:
    name = "first_talks_week"
    if independent:
        met = weeks_a[weeks_a > 0], weeks_b[weeks_b > 0]
        return independent_mean_change(name, *met) if min(map(len, met)) > 1 else None
    both = (weeks_a > 0) & (weeks_b > 0)
    return mean_change(name, weeks_a[both], weeks_b[both]) if np.count_nonzero(both) > 1 else None
