"""A tournament: a study of each policy of one side against each of the other, and its runs.

Every run of every cell is kept, so that policies are compared run by run afterwards.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.counts import amounts
from sim.errors import ExperimentError, Problem
from sim.games.bimatrix import Array, UnsolvedError
from sim.games.lineup import Lineup, Policies, own_label
from sim.games.ranking import mean_interval
from sim.games.sizes import HARM, PAYOFF
from sim.outcomes.definitions import all_defined, week_read
from sim.outcomes.estimates import wilson
from sim.scenario import Scenario
from sim.scenario.sides import DEFAULT, Sides
from sim.studies.design import GRID, Design, Factor, Level
from sim.studies.experiment import Experiment
from sim.world.outcomes import OUTCOMES, all_names, outcome_of, own_outcomes

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.study import Study

KEEP = ("runs",)
#: Runs of all cells together: what is compared is held in memory, 64 bytes a run and as much again.
MOST_RUNS_IN_ALL = 10_000_000


def tournament(scenario: Scenario, lineup: Lineup, runs: int, seed: int) -> Experiment:
    """The experiment that plays every pair of a line-up in a scenario."""
    paths = policy_paths(scenario).items()
    factors = tuple(
        Factor(side, path, tuple(Level(name, label) for name, label in policies.items()))
        for (side, path), policies in zip(paths, (lineup.us, lineup.cn), strict=True)
    )
    return Experiment(
        name=f"{scenario.name.replace('/', '-')}-tournament",
        file="detente games",
        question=f"How do {len(lineup.us)} x {len(lineup.cn)} policies fare in {scenario.name}?",
        base=scenario.name,
        worlds={scenario.name: scenario},
        runs=runs,
        seed=seed,
        design=Design(GRID),
        factors=factors,
        keep=KEEP,
    )


def policy_paths(scenario: Scenario) -> dict[str, str]:
    """The path of each side's policy, by its id."""
    return {side: f"actors.{side}.policy" for side in scenario.sides.ids}


def as_tournament(experiment: Experiment) -> Experiment:
    """An experiment of a file as a tournament, its cells in the order of the two sides.

    Raises ExperimentError if it is no grid of two policies with common random numbers.
    """
    problems = []

    def wrong(path: str, found: str, allowed: str, line: int | None = None) -> None:
        problems.append(Problem(experiment.file, line, path, found, allowed))

    needed = policy_paths(experiment.worlds[experiment.base])
    paths = {factor.path: factor for factor in experiment.factors}
    if sorted(paths) != sorted(needed.values()) or experiment.design.kind != GRID:
        allowed = f"a grid of two factors, {' and '.join(needed.values())}"
        wrong("factors", f"a {experiment.design.kind} of {', '.join(paths)}", allowed)
    for path, factor in paths.items():
        if path in needed.values() and len(factor.levels) < 2:
            wrong(path, f"{len(factor.levels)} policy", "two or more", factor.line)
    if any(factor.link for factor in experiment.factors):
        wrong("factors", "linked factors", "no link")
    for key, value in (("fresh_luck", experiment.fresh_luck), ("until", experiment.until)):
        if value:
            allowed = "nothing: cells are compared with common random numbers, run by run"
            wrong(key, str(value), allowed)
    if problems:
        raise ExperimentError(problems)
    factors = tuple(replace(paths[path], name=side) for side, path in needed.items())
    keep = tuple(dict.fromkeys((*experiment.keep, *KEEP)))
    return replace(experiment, factors=factors, keep=keep)


def check_size(experiment: Experiment) -> None:
    """Raises ExperimentError if all its runs together are more than can be compared at once."""
    runs = experiment.size * experiment.runs
    if runs > MOST_RUNS_IN_ALL:
        found = f"{experiment.size:,} pairs x {experiment.runs:,} runs = {runs:,}"
        allowed = f"at most {MOST_RUNS_IN_ALL:,} in all: fewer runs or fewer policies"
        raise ExperimentError([Problem(experiment.file, None, "runs", found, allowed)])


@dataclass(frozen=True)
class PairRuns:
    """Runs of all pairs of policies with common random numbers.

    `measures` holds, by name, arrays of shape (policies of us, policies of cn, runs): the
    outcomes that are defined as 0 or 1 at the end of `week`, payoffs and harms as discounted
    totals of whole runs. Run r meets the same random numbers in every cell.
    """

    us: tuple[str, ...]
    cn: tuple[str, ...]
    week: int
    measures: dict[str, Array]
    sides: Sides = DEFAULT

    @property
    def amounts(self) -> tuple[str, ...]:
        """The payoffs and harms among its measures."""
        return tuple(amounts(self.sides.ids))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of policies of each side."""
        return len(self.us), len(self.cn)

    @property
    def n(self) -> int:
        """Runs in each cell."""
        return int(next(iter(self.measures.values())).shape[2])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are defined."""
        return tuple(name for name in all_names() if name in self.measures)

    def utility(self, name: str, side: str) -> Array:
        """A side's utility of each run, shape (us, cn, runs).

        Raises UnsolvedError if it is not defined here, or is the same whatever the two play.
        """
        if name not in (PAYOFF, HARM, *self.outcomes):
            allowed = ", ".join((PAYOFF, HARM, *self.outcomes))
            raise UnsolvedError(
                "--utility", f"{name}, which is not defined in this scenario", allowed
            )
        values = self.measures[name if name in self.measures else f"{name}_{side}"]
        values = -values if name == HARM else values
        means = values.mean(axis=2)
        if np.ptp(means) == 0:
            constant = f"{name} of {side}, {means.flat[0]:.4g} in every cell"
            raise UnsolvedError("--utility", constant, "one that depends on what the two play")
        return values

    def utilities(self, names: tuple[str, str]) -> tuple[Array, Array]:
        """The utilities of both sides; raises as `utility`."""
        us, cn = map(self.utility, names, self.sides.ids)
        return us, cn


def read_played(experiment: Experiment, study: "Study") -> PairRuns:
    """The tournament of a finished study."""
    world = experiment.worlds[experiment.base]
    ids, rules = world.sides.ids, world.compiled.params.rules[0]
    outcomes = (*OUTCOMES, *own_outcomes())
    columns = ["point", "run", *(outcome.column for outcome in outcomes), *amounts(ids)]
    frame = study.table("runs", columns=columns)  # a row a point and run, in their order
    week = week_read(rules)
    rows, across = (tuple(str(level.label) for level in f.levels) for f in experiment.factors)
    shape = len(rows), len(across), experiment.runs

    def table(values: "pd.Series[float]") -> Array:
        return np.asarray(values.astype("float64"), np.float64).reshape(shape)

    measures = {}
    for outcome in all_defined(rules):
        ends = table(frame[outcome_of(outcome).column])
        holds = ends if outcome_of(outcome).once else np.isnan(ends) | (ends > week)
        measures[outcome] = holds.astype(float)
    measures |= {name: table(frame[name]) for name in amounts(ids)}
    return PairRuns(rows, across, week, measures, world.sides)


def cell_rows(played: PairRuns) -> list[dict[str, Any]]:
    """A row a cell: the policy of each side by its id, n, each measure with its 95 % interval.

    Shares have Wilson intervals, payoffs and harms the normal interval of a mean.
    """
    names = (*played.outcomes, *played.amounts)
    columns = {name: _interval(played, name) for name in names}
    rows = []
    for i, j in np.ndindex(*played.shape):
        row: dict[str, Any] = dict(
            zip(played.sides.ids, (played.us[i], played.cn[j]), strict=True), n=played.n
        )
        for name, (mean, low, high) in columns.items():
            row[name] = float(mean[i, j])
            row[f"{name}_low"] = float(low[i, j])
            row[f"{name}_high"] = float(high[i, j])
        rows.append(row)
    return rows


def _interval(played: PairRuns, name: str) -> tuple[Array, ...]:
    """Mean and 95 % interval of a measure, each of the table's shape."""
    values = played.measures[name]
    if name not in all_names():
        return mean_interval(values)
    return values.mean(axis=2), *wilson(values.sum(axis=2), values.shape[2])


def widest(played: PairRuns, name: str) -> float:
    """Half the width of the widest 95 % interval of a measure, over all cells."""
    _, low, high = _interval(played, name)
    return float(np.max(high - low) / 2)


@dataclass(frozen=True)
class PlayedTournament:
    """A tournament that was asked for, as its pages, pictures and JSON begin."""

    experiment: Experiment
    played: PairRuns
    folder: Path

    @property
    def world(self) -> Scenario:
        """The scenario it is played in."""
        return self.experiment.worlds[self.experiment.base]

    def content(self) -> dict[str, Any]:
        """What was played, as plain values."""
        world = self.world
        return {
            "scenario": world.name,
            "title": world.title,
            "hash": world.hash,
            "seed": self.experiment.seed,
            "n": self.played.n,
            "week": self.played.week,
            "horizon": world.spec.weeks,
            "policies": self.policies,
            "as_shipped": dict(zip(world.sides.ids, self.own, strict=True)),
            "folder": str(self.folder),
        }

    @property
    def policies(self) -> dict[str, Policies]:
        """What each side may play, by label."""
        return {
            factor.name: {str(level.label): level.value for level in factor.levels}
            for factor in self.experiment.factors
        }

    @property
    def own(self) -> tuple[str | None, str | None]:
        """The labels under which the scenario's own policies play."""
        us, cn = (own_label(self.world, *policies) for policies in self.policies.items())
        return us, cn

    @property
    def source(self) -> str:
        """Where a picture of it comes from."""
        us, cn = self.played.shape
        return (
            f"Source: detente, scenario {self.world.name} ({self.world.hash[:8]}), {us} x {cn} "
            f"policies, {self.played.n:,} runs each, seed {self.experiment.seed}, batch engine."
        )
