"""Two scenarios with common random numbers, run by run: what differs, by how much, and how surely.

Draws are keyed by seed, run, week and purpose, so run r of the one and run r of the other are
the same run but for what was changed. With independent numbers the second plays the runs that
follow those of the first: no run of the one is any run of the other. Differences are second
minus first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch import run_parts
from sim.engines.counts import amounts
from sim.engines.setting import Record
from sim.engines.trace import recorder
from sim.errors import Problem, ResultError, ScenarioError
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import counted, holds_at, term_of, undefined
from sim.report.text import InNotebook, in_a_line
from sim.scenario.compile import Compiled
from sim.studies.changes import (
    Curve,
    MeanChange,
    ShareChange,
    curves,
    mean_change,
    share_change,
)
from sim.studies.pair import Margin
from sim.world.outcomes import ONCE, all_names, outcome_of

#: Runs looked at week by week: the earliest and the median week need no more.
MOST_TRACED = 200


@dataclass(frozen=True)
class Divergence:
    """The first week in which the two part, over the first `runs` runs.

    Of those, `parted` ever do; `earliest` and `median` are over them, None if there are none.
    `run` is the lowest run that parts in the earliest week.
    """

    runs: int
    parted: int
    earliest: int | None
    median: float | None
    run: int | None


def divergence(first: Compiled, second: Compiled, seed: int, runs: int) -> Divergence:
    """Plays the first runs (at most MOST_TRACED) of both and looks for the weeks they part in."""
    looked = min(runs, MOST_TRACED)
    both = [name for name in first.levers if name in second.levers]
    columns = tuple([world.levers.index(name) for name in both] for world in (first, second))
    one, two = recorder(first, seed), recorder(second, seed)
    parted = (first_difference(one(run), two(run), columns) for run in range(looked))
    weeks = np.fromiter(parted, int)
    came = weeks[weeks > 0]
    if came.size == 0:
        return Divergence(looked, 0, None, None, None)
    earliest = int(came.min())
    run = int(np.flatnonzero(weeks == earliest)[0])
    return Divergence(looked, int(came.size), earliest, float(np.median(came)), run)


def first_difference(one: Record, two: Record, columns: Sequence[list[int]]) -> int:
    """The first week, from 1, in which two records of one run differ in what is done; 0: none.

    `columns` are the levers to compare, by index in the one and in the other.
    """
    differs = (one.levels[:, :, columns[0]] != two.levels[:, :, columns[1]]).any(axis=(1, 2))
    differs |= (one.rungs != two.rungs).any(axis=(1, 2))
    differs |= (one.memory["own_bad"] != two.memory["own_bad"]).any(axis=1)
    differs |= np.asarray(one.run["talks_count"] != two.run["talks_count"])
    weeks = np.flatnonzero(differs[1:])
    return int(weeks[0]) + 1 if weeks.size else 0


@dataclass(frozen=True, repr=False)
class Comparison(InNotebook):
    """Everything `detente compare` prints; changes are second minus first.

    outcomes: each that both scenarios define, at the end of the common term and at the horizon;
    talks: runs with talks by then; amounts: payoff and harm of each side, discounted totals of
    whole runs; number_of_talks in a run; first_talks: week of the first talks, over the runs
    with talks in both (with fresh random numbers, in each; None: fewer than two); curves: outcomes
    week by week; divergence: None if independent; notes: what the reader must know; margin:
    the headline's difference over the plausible ranges, where that was asked for.
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
        at = f"{top.outcome} at week {top.week}, B - A {top.difference}, n = {self.n:,}"
        return in_a_line(self, "of two scenarios", at, f"seed {self.seed}")

    @property
    def horizon(self) -> int:
        """The last week simulated."""
        return self.first.weeks


def notes(first: Compiled, second: Compiled) -> Iterator[str]:
    """What is different about the two that bears on reading the differences.

    Raises ScenarioError if their horizons differ: whole runs could not be compared.
    """
    if first.weeks != second.weeks:
        found = f"{first.weeks} weeks in the first scenario, {second.weeks} in the second"
        allowed = f"one horizon for both, as --set weeks={first.weeks} for the second"
        raise ScenarioError([Problem("detente compare", None, "weeks", found, allowed)])
    terms = _terms(first, second)
    if terms[0] != terms[1]:
        words = " and ".join("none" if t is None else f"{t} weeks" for t in terms)
        once = " and ".join(outcome.name for outcome in ONCE)
        yield f"the terms differ ({words}): outcomes are read at the horizon, {once} not at all"
    if first.start != second.start:
        yield f"week 1 begins on {first.start} and {second.start}: weeks are compared, not dates"
    missing: dict[str, list[str]] = {}
    for outcome in all_names():
        if reason := _undefined(outcome, first, second):
            missing.setdefault(reason, []).append(outcome)
        elif counted(first, outcome) != counted(second, outcome):
            both = " | ".join(counted(world, outcome) for world in (first, second))
            yield f"{outcome} is counted differently in the two: {both}"
    for reason, outcomes in missing.items():
        yield f"not compared: {', '.join(outcomes)} ({reason})"
    # draws go by the place of levers, allies, chance shocks; agencies pick one of so many
    for kind, (names, others) in {
        "levers": (first.levers, second.levers),
        "allies": (first.allies, second.allies),
        "shocks by chance": (_by_chance(first), _by_chance(second)),
    }.items():
        if names != others:
            yield f"their {kind} differ in name, number or order: so do some of the random numbers"


def _terms(first: Compiled, second: Compiled) -> list[int | None]:
    return [term_of(world.params.rules[0]) for world in (first, second)]


def _undefined(outcome: str, first: Compiled, second: Compiled) -> str | None:
    """Why an outcome is not defined in both; None if it is."""
    worlds = first, second
    reasons = (undefined(outcome, world.params.rules[0]) for world in worlds)
    return next(filter(None, reasons), None)


def _by_chance(world: Compiled) -> tuple[str, ...]:
    """Shocks drawn by chance, each with the place that keys its draw."""
    chances = world.params.shocks["chance"]
    return tuple(f"{place}:{name}" for place, name in enumerate(world.shocks) if chances[place] > 0)


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
    remarks = tuple(notes(first, second))
    second_half = None if progress is None else lambda runs_done: progress(runs + runs_done)
    rows_a = played_rows(first, runs, seed, threads, progress)
    rows_b = played_rows(second, runs, seed, threads, second_half, runs if independent else 0)
    terms = _terms(first, second)
    term = terms[0] if terms[0] == terms[1] else None
    weeks = sorted({term or first.weeks, first.weeks})
    names = [outcome for outcome in all_names() if not _undefined(outcome, first, second)]
    once = [] if term is None else [term]
    share = partial(share_change, independent=independent)
    mean = partial(mean_change, independent=independent)
    return Comparison(
        first=first,
        second=second,
        seed=seed,
        n=runs,
        term=term,
        outcomes=tuple(
            share(outcome, week, *(holds_at(rows, outcome, week) for rows in (rows_a, rows_b)))
            for outcome in names
            for week in (once if outcome_of(outcome).once else weeks)
        ),
        talks=tuple(share("talks", w, _talked(rows_a, w), _talked(rows_b, w)) for w in weeks),
        amounts=tuple(
            mean(name, rows_a[field], rows_b[field])
            for name, field in amounts(first.sides.ids).items()
        ),
        number_of_talks=mean("talks", rows_a["talks_count"], rows_b["talks_count"]),
        first_talks=_first_talks(rows_a["first_talks"], rows_b["first_talks"], independent),
        curves=curves(rows_a, rows_b, first.weeks, names, independent),
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


def _talked(rows: np.ndarray, week: int) -> NDArray[np.bool_]:
    met = rows["first_talks"]
    return np.asarray((met > 0) & (met <= week))


def _first_talks(
    weeks_a: NDArray[np.int32], weeks_b: NDArray[np.int32], independent: bool
) -> MeanChange | None:
    came_a, came_b = weeks_a > 0, weeks_b > 0
    if not independent:
        came_a = came_b = came_a & came_b
    met = weeks_a[came_a], weeks_b[came_b]
    few = min(map(len, met)) < 2
    return None if few else mean_change("first_talks_week", *met, independent)
