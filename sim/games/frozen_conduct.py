"""The one-shot game that a scenario implies: good or bad conduct of each side, held for a year.

Good conduct: every lever at its obligation, and every listed licence office serving at least the
share that its owner calls compliance (`promised_by_owner`). Bad conduct: from there levers are
pulled, best scored first as the scenario's governments choose them, until the rung reached is at
least the one asked for; offices stay as they are staffed. A cell is the mean weekly payoff of 52
weeks of it, discounted, by the world's own supply and payoffs: no noise, so exact.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.frozen_conduct import frozen_payoffs, pulled_levels
from sim.errors import Problem, ScenarioError
from sim.games.stage_game import StageGame
from sim.world.params import Params

if TYPE_CHECKING:
    from sim.scenario import Scenario

YEAR = 52  # weeks
#: The grade of the near-embargo on rare earths of April 2025: the gravest act on record is 5.
GRAVEST_ACT = 5.0
EVERYTHING = math.inf
#: A rung that the first notch of any lever reaches.
ONE_NOTCH = 1e-9


@dataclass(frozen=True)
class Conduct:
    """Where the levers stand: `good` and `bad` (K,), those of us first."""

    good: NDArray[np.int32]
    bad: NDArray[np.int32]

    @property
    def pulled(self) -> list[int]:
        """The levers in which the two differ."""
        return [int(k) for k in np.flatnonzero(self.good != self.bad)]

    def described(self, names: tuple[str, ...]) -> dict[str, list[int]]:
        """Level in good and in bad conduct of each lever pulled, by its name."""
        return {names[k]: [int(self.good[k]), int(self.bad[k])] for k in self.pulled}


def conduct_of(scenario: "Scenario", rung: float = GRAVEST_ACT) -> Conduct:
    """Good conduct, and bad conduct at a rung of at least `rung`, or as far as the levers go.

    Raises ScenarioError if a side has no lever with room, as then it cannot be bad.
    """
    params = scenario.compiled.params
    good = np.array(params.levers["obligation"], np.int32)
    bad = pulled_levels(_calm(params), (rung, rung)).astype(np.int32)
    idle = []
    for i, side in enumerate(scenario.spec.ids):
        mine = params.levers["owner"] == i
        if not (bad[mine] > good[mine]).any():
            path, found = f"levers.{side}", "no lever that can stand above its obligation"
            idle.append(Problem(scenario.name, None, path, found, "at least one, to be bad with"))
    if idle and scenario.spec.stage_payoffs is None:
        raise ScenarioError(idle)
    return Conduct(good, bad)


def implied_game(scenario: "Scenario", conduct: Conduct, lead: int = 0) -> StageGame:
    """The game whose cells hold conduct for a year, after `lead` weeks of good conduct by both.

    With `stage_payoffs` it is that matrix, whatever the conduct and the lead.
    """
    return StageGame.of(cell_payoffs(scenario, conduct, lead)[0], scenario.sides.ids)


def cell_payoffs(
    scenario: "Scenario", conduct: Conduct, lead: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Mean weekly payoffs and whether own conduct was bad at the end, (2 sides, own, other's)."""
    params = scenario.compiled.params
    own_bad = np.zeros((2, 2, 2), bool)
    own_bad[:, 1, :] = True
    if params.rules[0].stage:
        return np.array(params.stage).reshape(2, 2, 2), own_bad
    weighed = _calm(params, _weights(scenario, lead))
    total = weighed.discounting.sum(axis=1)
    payoffs = np.zeros((2, 2, 2))
    offices = _offices(params)
    for us in range(2):
        for cn in range(2):
            levels, capacity = _tables(params, conduct, offices, (us, cn))
            earned, bad = frozen_payoffs(weighed, levels, capacity, lead)
            payoffs[0, us, cn], payoffs[1, cn, us] = earned / total
            own_bad[0, us, cn], own_bad[1, cn, us] = bad
    return payoffs, own_bad


def games_by_year(scenario: "Scenario", conduct: Conduct, years: int) -> list[StageGame]:
    """The game begun after 0, 1, ..., `years` years of good conduct by both.

    Meanwhile dependence halves, programmes come online, stocks fill.
    """
    return [implied_game(scenario, conduct, YEAR * year) for year in range(years + 1)]


def _weights(scenario: "Scenario", lead: int) -> NDArray[np.float64]:
    """What a week counts, (2, lead + 53): nothing before the year, then the side's discount."""
    table = np.zeros((2, lead + YEAR + 1))
    for i, side in enumerate(scenario.spec.ids):
        table[i, lead + 1 :] = scenario.spec.actors[side].discount ** np.arange(YEAR)
    return table


def _calm(params: Params, weights: NDArray[np.float64] | None = None) -> Params:
    """The tables without luck: mean demand and no taste in the choice of levers."""
    levers, rules = params.levers.copy(), params.rules.copy()
    levers["demand_row"] = -1
    levers["temperature"] = 0.0
    if weights is None:
        return params._replace(levers=levers)
    rules["weeks"] = weights.shape[1] - 1
    every_week = np.ones(weights.shape[1], np.int8)
    return params._replace(levers=levers, rules=rules, discounting=weights, calendar=every_week)


def _offices(params: Params) -> NDArray[np.float64]:
    """Capacities (2, K) in good and in bad conduct."""
    levers = params.levers
    open_capacity = np.maximum(levers["capacity"], levers["promised"])
    return np.array(
        [np.where(levers["listed"] == 1, open_capacity, levers["capacity"]), levers["capacity"]]
    )


def _tables(
    params: Params, conduct: Conduct, offices: NDArray[np.float64], pair: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Levels and capacities (2, K) before and during the year, for a pair of conducts (1: bad)."""
    bad = np.array(pair)[params.levers["owner"]] == 1
    levels = np.array([conduct.good, np.where(bad, conduct.bad, conduct.good)], np.int32)
    return levels, np.array([offices[0], np.where(bad, offices[1], offices[0])])
