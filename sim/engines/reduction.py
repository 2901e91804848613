"""Whether a scenario reduces to the one-notch world, and the little that is left of it if so.

One lever of one notch a side, textbook noise, nothing else on: then a week is a round of the
noisy iterated game (model.md section 6) and the two machines make a finite Markov chain.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.scenario.errors import Problem, ScenarioError, spelled
from sim.world.payoffs import harm_curve

if TYPE_CHECKING:
    from sim.scenario import Scenario

SIDES = ("us", "cn")


@dataclass(frozen=True)
class Player:
    """One side of the game.

    moves (S, 3): P(retaliate), P(hold), P(concede) by state; following (S, 4): next state by
    2 * (own bad) + (saw bad); starts (S,): start law; slip, false_alarm, miss: per week;
    delay: weeks between a week and the first move that knows of it, less one.
    """

    moves: NDArray[np.float64]
    following: NDArray[np.int64]
    starts: NDArray[np.float64]
    slip: float
    false_alarm: float
    miss: float
    delay: int


@dataclass(frozen=True)
class Game:
    """The one-notch world: two players, payoffs (2, 4) by 2 * (own bad) + (other bad) of a week.

    `payoffs` is None where a week's payoff depends on more than the week's conduct.
    """

    players: tuple[Player, Player]
    payoffs: NDArray[np.float64] | None
    breakdown_after: int


def reduce(scenario: "Scenario") -> Game:
    """The game a scenario is; ScenarioError naming every setting in the way, if it is none."""
    problems = [
        Problem(scenario.name, scenario.line(path), path, f"{spelled(found)}", allowed)
        for path, found, allowed in obstacles(scenario)
    ]
    if problems:
        raise ScenarioError(problems)
    players = (_player(scenario, 0), _player(scenario, 1))
    breakdown = scenario.spec.truce.breakdown_after if scenario.spec.truce else 2
    return Game(players, _payoffs(scenario), breakdown)


Obstacle = tuple[str, object, str]


def obstacles(scenario: "Scenario") -> list[Obstacle]:
    """(path, value, what would remove it) of every setting that the exact engine cannot have."""
    spec = scenario.spec
    found: list[Obstacle] = []
    if spec.noise != "flip":
        found.append(("noise", spec.noise, 'exact: noise = "flip"'))
    for name in ("shocks", "deals"):
        if getattr(spec, name):
            found.append((name, f"{len(getattr(spec, name))} of them", f"exact: {name} = []"))
    found += _of_truce(scenario) + _of_talks(scenario)
    for side in SIDES:
        found += _of_actor(scenario, side) + _of_levers(scenario, side)
    return found


def _of_truce(scenario: "Scenario") -> list[Obstacle]:
    truce = scenario.spec.truce
    if truce is None:
        return []
    found: list[Obstacle] = []
    if truce.unilateral_after:
        found.append(("truce.unilateral_after", truce.unilateral_after, "exact: 0 (never)"))
    if truce.core:
        found.append(("truce.core", list(truce.core), "exact: core = []"))
    if truce.term_weeks is not None and truce.term_weeks < scenario.spec.weeks:
        allowed = f"exact: none, or at least the horizon ({scenario.spec.weeks})"
        found.append(("truce.term_weeks", truce.term_weeks, allowed))
    return found


def _of_talks(scenario: "Scenario") -> list[Obstacle]:
    talks = scenario.spec.talks
    values = {"talks_rate": talks.talks_rate, "talks_pressure": talks.talks_pressure}
    return [(f"talks.{key}", value, "exact: 0") for key, value in values.items() if value > 0]


def _of_actor(scenario: "Scenario", side: str) -> list[Obstacle]:
    actor = scenario.spec.actors[side]
    record = scenario.compiled.params.actors[SIDES.index(side)]
    found: list[Obstacle] = []
    if actor.proportionality < 1.0:
        path = f"actors.{side}.proportionality"
        found.append((path, actor.proportionality, "exact: at least 1, so that one notch answers"))
    if record.sensor != 0:
        found.append((f"actors.{side}.policy.sensor", "not the signal", 'exact: sensor = "signal"'))
    return found


def _of_levers(scenario: "Scenario", side: str) -> list[Obstacle]:
    levers = scenario.spec.levers[side]
    if len(levers) != 1:
        return [(f"levers.{side}", f"{len(levers)} levers", "exact: one lever a side")]
    ((name, lever),) = levers.items()
    actor = scenario.spec.actors[side]
    wanted = {"notches": 1, "level": 0, "severity": 1.0, "friction": 0.0, "due_weeks": 0}
    found: list[Obstacle] = [
        (f"levers.{side}.{name}.{key}", getattr(lever, key), f"exact: {value}")
        for key, value in wanted.items()
        if getattr(lever, key) != value
    ]
    if lever.control == "licence":
        path = f"levers.{side}.{name}.control"
        found.append((path, lever.control, 'exact: "ban" or "tariff" (no queue)'))
    if lever.obligation not in (None, 0):
        found.append((f"levers.{side}.{name}.obligation", lever.obligation, "exact: 0"))
    if actor.retention * max(lever.believed_value, actor.value_learning) > 0.0:
        found.append((f"actors.{side}.retention", actor.retention, "exact: 0"))
    return found


def _player(scenario: "Scenario", i: int) -> Player:
    params = scenario.compiled.params
    actor = params.actors[i]
    starts = params.starts[actor.first_start : actor.first_start + actor.n_starts]
    states = np.unique(_reachable(params.following, starts.state))
    number = {int(state): row for row, state in enumerate(states)}
    law = np.zeros(len(states))
    for row, share in zip(starts.state, np.diff(starts.cumulative, prepend=0.0), strict=True):
        law[number[int(row)]] += share
    retaliate, up_to_hold = params.moves[states].T
    moves = np.stack([retaliate, up_to_hold - retaliate, 1.0 - up_to_hold], axis=1)
    following = np.vectorize(number.__getitem__, otypes=[np.int64])(params.following[states])
    return Player(
        moves,
        following,
        law,
        float(actor.slip),
        float(actor.false_alarm),
        float(actor.miss),
        int(actor.reaction_delay),
    )


def _reachable(following: NDArray[np.int32], starts: NDArray[np.int32]) -> list[int]:
    """States of a machine that can follow from its starts."""
    found = [int(state) for state in starts]
    for state in found:
        found += [int(after) for after in set(following[state].tolist()) if after not in found]
    return found


def _payoffs(scenario: "Scenario") -> NDArray[np.float64] | None:
    """Payoff of a week by conduct, where it depends on nothing else."""
    params = scenario.compiled.params
    if params.rules[0].stage:
        return np.array(params.stage, dtype=float)
    levers = params.levers
    steady = (levers.stock_cap <= 0).all() and (levers.decay_from > params.rules[0].weeks).all()
    if not steady or len(params.programmes) or (params.actors.audience_cost > 0).any():
        return None
    table = np.zeros((2, 4))
    for i in range(2):
        own, other = levers[i], levers[1 - i]
        gain = own.harm_weight * (own.own_gain - own.own_cost * own.bite)
        shortage = other.dependence * other.bite
        harm = other.harm_weight * harm_curve(float(shortage), float(other.convexity))
        table[i] = [own_bad * gain - other_bad * harm for own_bad in (0, 1) for other_bad in (0, 1)]
    return table
