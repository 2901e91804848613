"""The one-shot game of good and bad conduct that a scenario implies, and its name.

A side's payoffs are those of the textbook: T (temptation: I am bad, the other good), R (reward:
both good), P (punishment: both bad), S (sucker: I am good, the other bad). Four signs name the
game (Rapoport and Guyer 1966; Robinson and Goforth 2005): of T - R, of P - S and of R - P, and
of R - S where a side would do the opposite of the other.

Conduct is held for a year. Good: every lever at its obligation, and every listed licence office
serving at least the share that its owner calls compliance (`promised_by_owner`). Bad: from there
levers are pulled, best scored first as the scenario's governments choose them, until the rung
reached is at least the one asked for; offices stay as they are staffed. A cell is the mean weekly
payoff of 52 weeks of it, discounted, by the world's own supply and payoffs: no noise, so exact.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engines.frozen_conduct import frozen_payoffs, pulled_levels
from sim.errors import Problem, ScenarioError
from sim.games.bimatrix import Array, Bimatrix, bimatrix
from sim.scenario import Scenario
from sim.scenario.sides import DEFAULT
from sim.world.params import Params

#: Differences below this share of a side's largest payoff are ties.
TIE = 1e-9
DILEMMA, BAD_PAIR, REVERSED = "prisoner's dilemma", "coordination on bad", "reversed dilemma"
OPPOSITE, TIED = "leader or hero", "on a border"
#: The name of a game by whether T > R, P > S and R > P.
_NAMES = {
    (True, True, True): DILEMMA,
    (True, True, False): "deadlock",
    (True, False, True): "chicken",
    (True, False, False): OPPOSITE,
    (False, True, True): "stag hunt",
    (False, True, False): BAD_PAIR,
    (False, False, True): "harmony",
    (False, False, False): REVERSED,
}
#: What each name means, in the order of the four letters.
MEANINGS = {
    DILEMMA: "T > R > P > S: bad pays whatever the other does, yet both good is better",
    "deadlock": "T > R, P > S and P > R: bad pays whatever the other does, and both bad is better",
    "chicken": "T > R > S > P: bad pays against good, and giving way is better than both bad",
    "stag hunt": "R > T and P > S, R > P: each would do as the other does, and both good is better",
    "harmony": "R > T, S > P and R > P: good pays whatever the other does",
    OPPOSITE: "T > R and S > P, S > R or P > R: each would do the opposite of the other",
    BAD_PAIR: "R > T and P > S, P > R: each would do as the other does, and both bad is better",
    REVERSED: "R > T, S > P and P > R: good pays whatever the other does, yet both bad is better",
    TIED: "a tie among T, R, P, S",
}
YEAR = 52  # weeks
#: The grade of the near-embargo on rare earths of April 2025: the gravest act on record is 5.
GRAVEST_ACT = 5.0
EVERYTHING = math.inf
#: A rung that the first notch of any lever reaches.
ONE_NOTCH = 1e-9


@dataclass(frozen=True)
class Side:
    """One side's payoffs a week."""

    temptation: float
    reward: float
    punishment: float
    sucker: float

    @classmethod
    def of(cls, payoffs: Array) -> "Side":
        """From its 2 x 2 payoffs by own conduct, then the other's, good first."""
        (reward, sucker), (temptation, punishment) = payoffs.tolist()
        return cls(temptation, reward, punishment, sucker)

    @property
    def tempts(self) -> float:
        """T - R: what being bad adds against a good side."""
        return self.temptation - self.reward

    @property
    def protects(self) -> float:
        """P - S: what being bad adds against a bad side."""
        return self.punishment - self.sucker

    @property
    def binds(self) -> float:
        """R - P: what both being good is worth over both being bad."""
        return self.reward - self.punishment

    @property
    def additive(self) -> bool:
        """Whether T + S = R + P: conduct is worth the same whatever the other does."""
        return abs(self.tempts - self.protects) <= self._tie

    @property
    def _tie(self) -> float:
        values = (self.temptation, self.reward, self.punishment, self.sucker)
        return TIE * max(abs(value) for value in values)

    @property
    def name(self) -> str:
        """The name of the game from this side."""
        signs = [self.tempts, self.protects, self.binds]
        opposite, spared = self.tempts > 0 > self.protects, self.reward - self.sucker
        if min(map(abs, [*signs, spared] if opposite else signs)) <= self._tie:
            return TIED
        if opposite and spared < 0:
            return OPPOSITE
        return _NAMES[self.tempts > 0, self.protects > 0, self.binds > 0]


@dataclass(frozen=True)
class StageGame:
    """The game of both sides; `us` and `cn` are each one's view, `ids` what they are called."""

    us: Side
    cn: Side
    ids: tuple[str, str] = DEFAULT.ids

    @classmethod
    def of(cls, payoffs: Array, ids: tuple[str, str] = DEFAULT.ids) -> "StageGame":
        """From payoffs (2 sides, 2, 2) by side, own conduct and the other's, good first."""
        return cls(Side.of(payoffs[0]), Side.of(payoffs[1]), ids)

    @property
    def names(self) -> tuple[str, str]:
        """What us and cn each play."""
        return self.us.name, self.cn.name

    @property
    def name(self) -> str:
        """The name of the game if both sides see the same one, else both names."""
        us, cn = self.names
        return us if us == cn else f"{us} for {self.ids[0]}, {cn} for {self.ids[1]}"

    @property
    def bimatrix(self) -> Bimatrix:
        """Rows: conduct of us; columns: conduct of cn."""
        us, cn = (
            np.array([[s.reward, s.sucker], [s.temptation, s.punishment]])
            for s in (self.us, self.cn)
        )
        return bimatrix(us, cn.T, ("good", "bad"), ("good", "bad"))


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


def conduct_of(scenario: Scenario, rung: float = GRAVEST_ACT) -> Conduct:
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


def implied_game(scenario: Scenario, conduct: Conduct, lead: int = 0) -> StageGame:
    """The game whose cells hold conduct for a year, after `lead` weeks of good conduct by both.

    With `stage_payoffs` it is that matrix, whatever the conduct and the lead.
    """
    return StageGame.of(cell_payoffs(scenario, conduct, lead)[0], scenario.sides.ids)


def cell_payoffs(
    scenario: Scenario, conduct: Conduct, lead: int = 0
) -> tuple[Array, NDArray[np.bool_]]:
    """Mean weekly payoffs and whether own conduct was bad at the end, (2 sides, own, other's)."""
    params = scenario.compiled.params
    own_bad = np.zeros((2, 2, 2), bool)
    own_bad[:, 1, :] = True
    if params.rules[0].stage:
        return np.array(params.stage).reshape(2, 2, 2), own_bad
    weights = np.zeros((2, lead + YEAR + 1))  # nothing before the year, then the side's discount
    for i, side in enumerate(scenario.spec.ids):
        weights[i, lead + 1 :] = scenario.spec.actors[side].discount ** np.arange(YEAR)
    weighed = _calm(params, weights)
    levers = params.levers
    promised = np.maximum(levers["capacity"], levers["promised"])
    promising = np.where(levers["listed"] == 1, promised, levers["capacity"])
    payoffs = np.zeros((2, 2, 2))
    for us, cn in np.ndindex(2, 2):
        bad = np.array((us, cn))[levers["owner"]] == 1
        # before and during the year
        levels = np.array([conduct.good, np.where(bad, conduct.bad, conduct.good)], np.int32)
        capacity = np.array([promising, np.where(bad, levers["capacity"], promising)])
        earned, was_bad = frozen_payoffs(weighed, levels, capacity, lead)
        payoffs[0, us, cn], payoffs[1, cn, us] = earned / weights.sum(axis=1)
        own_bad[0, us, cn], own_bad[1, cn, us] = was_bad
    return payoffs, own_bad


def _calm(params: Params, weights: Array | None = None) -> Params:
    """The tables without luck: mean demand and no taste in the choice of levers."""
    levers, rules = params.levers.copy(), params.rules.copy()
    levers["demand_row"] = -1
    levers["temperature"] = 0.0
    if weights is None:
        return params._replace(levers=levers)
    rules["weeks"] = weights.shape[1] - 1
    every_week = np.ones(weights.shape[1], np.int8)
    return params._replace(levers=levers, rules=rules, discounting=weights, calendar=every_week)
