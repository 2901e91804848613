"""A tournament as a study: every policy of one side against every policy of the other.

The study keeps every run of every cell, so that policies are compared run by run afterwards.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.rows import amounts
from sim.errors import ExperimentError, Problem
from sim.games.lineup import Lineup
from sim.games.played import Played
from sim.outcomes.definitions import defined, term_of
from sim.scenario import Scenario
from sim.studies.design import GRID, Design
from sim.studies.experiment import Experiment
from sim.studies.factors import Factor, Level
from sim.world.outcomes import OUTCOMES, outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.study import Study

KEEP = ("runs",)
#: Runs of all cells together: what is compared is held in memory, 64 bytes a run and as much again.
MOST_RUNS_IN_ALL = 10_000_000


def tournament(scenario: Scenario, lineup: Lineup, runs: int, seed: int) -> Experiment:
    """The experiment that plays every pair of a line-up in a scenario."""
    factors = tuple(
        Factor(side, path, tuple(Level(name, label) for name, label in policies.items()))
        for (side, path), policies in zip(
            policy_paths(scenario).items(), (lineup.us, lineup.cn), strict=True
        )
    )
    name = scenario.name.replace("/", "-")
    return Experiment(
        name=f"{name}-tournament",
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
    paths_needed = policy_paths(experiment.worlds[experiment.base])
    paths = {factor.path: factor for factor in experiment.factors}
    if sorted(paths) != sorted(paths_needed.values()) or experiment.design.kind != GRID:
        found = f"a {experiment.design.kind} of {', '.join(paths)}"
        allowed = f"a grid of two factors, {' and '.join(paths_needed.values())}"
        problems.append(Problem(experiment.file, None, "factors", found, allowed))
    for path, factor in paths.items():
        if path in paths_needed.values() and len(factor.levels) < 2:
            found = f"{len(factor.levels)} policy"
            problems.append(Problem(experiment.file, factor.line, path, found, "two or more"))
    if any(factor.link for factor in experiment.factors):
        problems.append(Problem(experiment.file, None, "factors", "linked factors", "no link"))
    for key, value in (("fresh_luck", experiment.fresh_luck), ("until", experiment.until)):
        if value:
            allowed = "nothing: cells are compared with common random numbers, run by run"
            problems.append(Problem(experiment.file, None, key, str(value), allowed))
    if problems:
        raise ExperimentError(problems)
    factors = tuple(replace(paths[path], name=side) for side, path in paths_needed.items())
    keep = tuple(dict.fromkeys((*experiment.keep, *KEEP)))
    return replace(experiment, factors=factors, keep=keep)


def check_size(experiment: Experiment) -> None:
    """Raises ExperimentError if all its runs together are more than can be compared at once."""
    runs = experiment.size * experiment.runs
    if runs > MOST_RUNS_IN_ALL:
        found = f"{experiment.size:,} pairs x {experiment.runs:,} runs = {runs:,}"
        allowed = f"at most {MOST_RUNS_IN_ALL:,} in all: fewer runs or fewer policies"
        raise ExperimentError([Problem(experiment.file, None, "runs", found, allowed)])


def read_played(experiment: Experiment, study: "Study") -> Played:
    """The tournament of a finished study."""
    ids = experiment.worlds[experiment.base].sides.ids
    columns = ["point", "run", *(outcome.column for outcome in OUTCOMES), *amounts(ids)]
    frame = study.table("runs", columns=columns)
    return from_runs(experiment, frame)


def from_runs(experiment: Experiment, frame: "pd.DataFrame") -> Played:
    """The tournament in a table of runs, a row a point and run, in their order."""
    world = experiment.worlds[experiment.base]
    rules = world.compiled.params.rules[0]
    horizon = int(rules["weeks"])
    week = term_of(rules, horizon) or horizon
    rows, across = (tuple(str(level.label) for level in f.levels) for f in experiment.factors)
    shape = len(rows), len(across), experiment.runs

    def table(values: "pd.Series[float]") -> NDArray[np.float64]:
        return np.asarray(values.astype("float64"), np.float64).reshape(shape)

    measures = {}
    for outcome in defined(rules, horizon):
        ends = table(frame[outcome_of(outcome).column])
        holds = ends if outcome_of(outcome).once else np.isnan(ends) | (ends > week)
        measures[outcome] = holds.astype(float)
    measures |= {name: table(frame[name]) for name in amounts(world.sides.ids)}
    return Played(rows, across, week, measures, world.sides)
