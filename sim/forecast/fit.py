"""Which settings the record prefers: a fit of several truces at once, kept stage by stage.

Its points are evaluated by threads of this process, other processes, or a cluster. They go out in
spells of a few, and come back in their order: a likelihood is a function of point and seed alone,
so the numbers are the same whoever evaluates them, and whoever dies.
"""

import pickle
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.forecast.fit_store import SOURCES, FitFolder
from sim.forecast.fitted import Fit, Likelihood
from sim.forecast.observations import ACT, Date, ForecastError, observations
from sim.forecast.priors import OWN, SHARED, prior_of
from sim.forecast.sizes import (
    CODINGS,
    COPIES,
    MOST_COPIES,
    MOST_MOVES,
    MOST_POINTS,
    MOST_STAGES,
    MOVES,
    POINTS,
    STAGES,
)
from sim.forecast.tempered import Particles, Plan, begin, onward
from sim.history.record import Record
from sim.numbers import DEFAULT_SEED, MOST_SEEDS
from sim.outcomes.simulate import whole
from sim.studies.plan import code_hash
from sim.studies.workers import Hands, Sent
from sim.threads import by_threads
from sim.world.philox import normals, seeds

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: Points of a spell; between two, progress is reported and Ctrl-C is answered.
SPELL = 5

Points = NDArray[np.float64]
Progress = Callable[[int], None]
#: Evaluates a likelihood at points with their seeds; `progress` is called with how many are done
#: each time.
Hand = Callable[[Likelihood, Progress | None, Points, list[int]], NDArray[np.float64]]


def spells(z: Points, seeds: Sequence[int]) -> list[tuple[Points, list[int]]]:
    """The points in groups, each with its seeds."""
    firsts = range(0, len(z), SPELL)
    return [(z[first : first + SPELL], list(seeds[first : first + SPELL])) for first in firsts]


def on_threads(count: int | None = None) -> Hand:
    """So many threads of this process; every core by default."""

    def hand(
        likelihood: Likelihood, progress: Progress | None, z: Points, seeds: list[int]
    ) -> NDArray[np.float64]:
        def came(parts: list[NDArray[np.float64]]) -> None:
            if progress is not None:
                progress(len(parts[-1]))

        groups = spells(z, seeds)
        return np.concatenate(by_threads(lambda group: likelihood(*group), groups, count, came))

    return hand


def evaluated(sent: Sent, z: Points, seeds: list[int]) -> NDArray[np.float64]:
    """Called on a worker: a spell of points."""
    likelihood: Likelihood = sent.content
    return likelihood(z, seeds)


def sent(likelihood: Likelihood) -> Sent:
    """A likelihood as it goes to workers, which must run the same code."""
    return Sent(pickle.dumps(likelihood), code_hash(SOURCES), SOURCES)


def on_workers(hands: Hands) -> Hand:
    """Processes of this machine, or the workers of a cluster."""

    def hand(
        likelihood: Likelihood, progress: Progress | None, z: Points, seeds: list[int]
    ) -> NDArray[np.float64]:
        groups = spells(z, seeds)
        parts = dict[int, NDArray[np.float64]]()
        for place, part in hands.results(sent(likelihood), evaluated, groups):
            parts[place] = part
            if progress is not None:
                progress(len(part))
        return np.concatenate([parts[place] for place in range(len(groups))])

    return hand


#: Points that are tried to tell what a fit costs.
_TRIED = 20

#: Called after each stage with its points.
OnStage = Callable[[Particles], None]


def new_fit(
    scenarios: "Sequence[Scenario]",
    *,
    as_of: Date | None = None,
    record: Record | None = None,
    seed: int = DEFAULT_SEED,
    points: int = POINTS,
    stages: int = STAGES,
    moves: int = MOVES,
    copies: int = COPIES,
    tolerance: float = 1.0,
    codings: int = CODINGS,
    shared: Sequence[str] = SHARED,
    own: Sequence[str] = OWN,
) -> Fit:
    """A fit that is yet to be made.

    as_of: the last day whose facts it sees; the record's last by default. shared, own: patterns of
    the settings with one value for all scenarios, and with one for each. Raises ForecastError for
    scenarios that the record is not about or of which nothing is believed, ResultError for sizes
    out of range.
    """
    for name, value, low, high in (
        ("points", points, 4, MOST_POINTS),
        ("stages", stages, 1, MOST_STAGES),
        ("moves", moves, 1, MOST_MOVES),
        ("copies", copies, 2, MOST_COPIES),
        ("seed", seed, 0, MOST_SEEDS - 1),
    ):
        whole(name, value, low, high)
    prior = prior_of(scenarios, shared, own)
    if not prior.size:
        raise ForecastError.single("settings", "none is varied", "scenarios with [ranges]")
    whole("codings", codings, 1, CODINGS)
    observed = tuple(observations(scenario, record, as_of, codings) for scenario in scenarios)
    until = as_of or max(table.until for table in observed)
    for scenario, table in zip(scenarios, observed, strict=True):
        table.known_on(until)
        if not table.weeks:
            allowed = f"a day after the first week of {scenario.name}, {scenario.spec.start}"
            raise ForecastError.single("--as-of", f"{until}", allowed)
    plan = Plan(points, stages, moves, seed_words(seed))
    on_record = tuple(
        (table.weeks, sum(1 for fact in table.of(ACT) if fact.value)) for table in observed
    )
    return Fit(
        prior, observed, plan, copies, tolerance, codings, seed, until, on_record, record=record
    )


def seconds_each(fit: Fit, hand: Hand | None = None) -> float:
    """Seconds by the clock that one evaluation takes, of a few points of the prior."""
    evaluate = partial(hand or on_threads(), fit.likelihood, None)
    z, luck = normals(fit.plan.key, _TRIED, 0, fit.size), seeds(fit.plan.key, _TRIED, 0)
    evaluate(z, luck)  # what is compiled or loaded once, in every process
    begun = time.perf_counter()
    evaluate(z, luck)
    return (time.perf_counter() - begun) / _TRIED


def make(
    fit: Fit,
    out: Path,
    *,
    resume: bool = False,
    hand: Hand | None = None,
    on_stage: OnStage | None = None,
    progress: Progress | None = None,
) -> Path:
    """Makes a fit and its folder in `out`, which it returns.

    Every stage is kept, so that `resume` goes on after the last one: the same bytes in the end.
    hand: who evaluates the points, by default the threads of this process; the bytes are the same.
    on_stage: called with the points after each stage; progress: with the points evaluated since.
    Raises ResultError for a folder that was begun, without `resume`, holds something else, was
    begun by other code, or is being written by another process, and ForecastError where no point
    can follow the record; ResultWriteError if a file cannot be written.
    """
    folder = FitFolder(out, fit)
    folder.refuse_to_mix(resume)
    if not folder.finished:
        with folder.locked():
            if not folder.finished:  # by another process, while this one was getting ready
                _fill(folder, hand, on_stage, progress)
    return folder.path


def _fill(
    folder: FitFolder, hand: Hand | None, on_stage: OnStage | None, progress: Progress | None
) -> None:
    """Every stage that is missing, then the tables."""
    fit = folder.fit
    folder.begin()
    evaluate = partial(hand or on_threads(), fit.likelihood, progress)
    cloud = folder.stored_cloud()
    if cloud is None:
        cloud = begin(fit.plan, fit.size, evaluate)
        if not np.isfinite(cloud.log_likelihood).any():
            found = f"none of {len(cloud.z):,} points of the prior can follow the record"
            allowed = "more points, wider [ranges], a larger tolerance"
            raise ForecastError.single("fit", found, allowed)
        folder.keep(cloud)
    for after in onward(fit.plan, cloud, evaluate):
        cloud = after
        folder.keep(cloud)
        if on_stage is not None:
            on_stage(cloud)
    folder.finish(cloud)
