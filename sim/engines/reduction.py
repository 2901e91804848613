"""Whether a scenario reduces to the one-notch world, and the little that is left of it if so.

One lever of one notch a side, textbook noise, nothing else on: then a week is a round of the
noisy iterated game (model.md, what it reduces to) and the two machines make a finite Markov chain.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError, quoted
from sim.scenario.sides import DEFAULT
from sim.world.params import harm_curve
from sim.world.sensors import SENSE_SIGNAL, SENSORS

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: The rung of the one notch.
ONE_NOTCH = 1.0


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
class OneNotchGame:
    """The one-notch world: two players, payoffs (2, 4) by 2 * (own bad) + (other bad) of a week.

    `payoffs` is None where a week's payoff depends on more than the week's conduct.
    """

    players: tuple[Player, Player]
    payoffs: NDArray[np.float64] | None
    breakdown_after: int
    ids: tuple[str, str] = DEFAULT.ids


class NotReducibleError(ScenarioError):
    """A scenario that is not the one-notch world; `problems` has every setting in the way."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.name = name

    def __str__(self) -> str:
        rows = [(one.path, one.found, one.allowed) for one in self.problems]
        head = ("setting", "is", "must be")
        wide = [max(len(row[column]) for row in (head, *rows)) for column in (0, 1)]
        lines = (f"  {a:{wide[0]}}  {b:{wide[1]}}  {c}" for a, b, c in (head, *rows))
        return "\n".join(
            [
                f"{self.name} is no textbook game, so it has no exact solution. In the way:",
                "",
                *lines,
                "",
                "The batch engine plays it as it is. Games that can be solved: textbook/*.",
            ]
        )


def reduce(scenario: "Scenario") -> OneNotchGame:
    """The game a scenario is; NotReducibleError with every setting in the way, if it is none."""
    problems = [
        Problem(scenario.name, None, path, found, allowed)
        for path, found, allowed in obstacles(scenario)
    ]
    if problems:
        raise NotReducibleError(scenario.name, problems)
    players = (_player(scenario, 0), _player(scenario, 1))
    breakdown = scenario.spec.truce.breakdown_after if scenario.spec.truce else 2
    return OneNotchGame(players, _payoffs(scenario), breakdown, scenario.sides.ids)


_CHANCES = ("slip", "false_alarm", "slip_fail")
#: (path, its value, what it must be, both in words) of a setting in the way.
Obstacle = tuple[str, str, str]


def obstacles(scenario: "Scenario") -> list[Obstacle]:
    """Every setting in the way of an exact solution."""
    spec, actors = scenario.spec, scenario.compiled.params.actors
    slips, alarms, fails = ((actors[name] > 0.0).any() for name in _CHANCES)
    found: list[Obstacle] = []
    if spec.noise != "flip" and (slips or fails):
        found.append(("noise", quoted(spec.noise), '"flip", or every slip and slip_fail 0'))
    if spec.heat > 0.0 and (slips or alarms):
        found.append(("heat", str(spec.heat), "0"))
    if scenario.readings:
        found.append(("readings", quoted(list(scenario.readings)), "one reading, or none"))
    for name in ("shocks", "deals"):
        if there := getattr(spec, name):
            found.append((name, quoted([one.name for one in there]), "[]"))
    found += _of_truce(scenario)
    for name in ("talks_rate", "talks_pressure", "cooldown_rate"):
        if (value := getattr(spec.talks, name)) > 0.0:
            found.append((f"talks.{name}", str(value), "0"))
    for i in range(2):
        found += _of_actor(scenario, i) + _of_levers(scenario, i)
    return found


def _of_truce(scenario: "Scenario") -> list[Obstacle]:
    truce, weeks = scenario.spec.truce, scenario.spec.weeks
    if truce is None:
        return []
    found: list[Obstacle] = []
    if truce.term_weeks is not None and truce.term_weeks < weeks:
        wanted = f"at least weeks ({weeks}), so that nothing lapses before"
        found.append(("truce.term_weeks", str(truce.term_weeks), wanted))
    if truce.core:
        found.append(("truce.core", quoted(list(truce.core)), "[]"))
    if truce.rupture_rung > ONE_NOTCH:
        wanted = f"at most {ONE_NOTCH:g}, so that a rupture is violation by both"
        found.append(("truce.rupture_rung", f"{truce.rupture_rung:g}", wanted))
    if truce.unilateral_after:
        found.append(("truce.unilateral_after", str(truce.unilateral_after), "0 (never)"))
    return found


def _of_actor(scenario: "Scenario", i: int) -> list[Obstacle]:
    actor = scenario.spec.actors[scenario.sides.ids[i]]
    compiled = scenario.compiled.params
    record = compiled.actors[i]
    path = f"actors.{scenario.sides.ids[i]}"
    found: list[Obstacle] = []
    if actor.proportionality < 1.0:
        wanted = "at least 1, so that one notch is an answer"
        found.append((f"{path}.proportionality", str(actor.proportionality), wanted))
    if actor.insistence > 0.0 and actor.value_learning > 0.0:
        found.append((f"{path}.insistence", str(actor.insistence), "0"))
    if record.sensor != SENSE_SIGNAL:
        sensor = quoted([*SENSORS][int(record.sensor)])
        found.append((f"{path}.policy.sensor", sensor, '"signal"'))
    delay, weeks = actor.reaction_delay, scenario.spec.weeks
    if delay >= weeks and len(_states(scenario, i)) > 1:
        wanted = f"less than weeks ({weeks}): this side reacts to nothing before the horizon"
        found.append((f"{path}.reaction_delay", str(delay), wanted))
    return found


def _of_levers(scenario: "Scenario", i: int) -> list[Obstacle]:
    levers = scenario.spec.levers[scenario.sides.ids[i]]
    if len(levers) != 1:
        return [(f"levers.{scenario.sides.ids[i]}", f"{len(levers)} levers", "one lever")]
    ((name, lever),) = levers.items()
    path = f"levers.{scenario.sides.ids[i]}.{name}"
    rows = scenario.compiled.params.levers
    record = rows[np.flatnonzero(rows["owner"] == i)[0]]  # the other side may have any number
    compared = {
        "notches": (lever.notches, 1),
        "level": (int(record.level), 0),
        "obligation": (int(record.obligation), 0),
        "severity": (lever.severity, ONE_NOTCH),
        "friction": (lever.friction, 0.0),
    }
    found: list[Obstacle] = [
        (f"{path}.{key}", str(value), str(wanted))
        for key, (value, wanted) in compared.items()
        if value != wanted
    ]
    if lever.control == "licence":
        found.append(
            (f"{path}.control", quoted(lever.control), '"ban" or "tariff", which have no queue')
        )
    actor = scenario.spec.actors[scenario.sides.ids[i]]
    if actor.retention * max(lever.believed_value, actor.value_learning) > 0.0:
        found.append((f"actors.{scenario.sides.ids[i]}.retention", str(actor.retention), "0"))
    return found


def _states(scenario: "Scenario", i: int) -> NDArray[np.int64]:
    """States of a side's machine that it can be in, in order."""
    params = scenario.compiled.params
    actor = params.actors[i]
    starts = params.starts[actor.first_start : actor.first_start + actor.n_starts]
    found = [int(state) for state in starts["state"]]
    for state in found:
        found += [int(after) for after in set(params.following[state]) if int(after) not in found]
    return np.unique(np.array(found, dtype=np.int64))


def _player(scenario: "Scenario", i: int) -> Player:
    params = scenario.compiled.params
    actor = params.actors[i]
    states = _states(scenario, i)
    law = np.zeros(len(states))
    starts = params.starts[actor.first_start : actor.first_start + actor.n_starts]
    shares = np.diff(starts["cumulative"], prepend=0.0)
    np.add.at(law, np.searchsorted(states, starts["state"]), shares)
    retaliate, up_to_hold = params.moves[states].T
    return Player(
        moves=np.stack([retaliate, up_to_hold - retaliate, 1.0 - up_to_hold], axis=1),
        following=np.searchsorted(states, params.following[states]),
        starts=law,
        slip=float(actor.slip),
        false_alarm=float(actor.false_alarm),
        miss=float(actor.miss),
        # a machine of one state has nothing to react with
        delay=int(actor.reaction_delay) if len(states) > 1 else 0,
    )


def _payoffs(scenario: "Scenario") -> NDArray[np.float64] | None:
    """Payoff of a week by conduct, where it depends on nothing else."""
    params = scenario.compiled.params
    if params.rules[0].stage:
        return np.array(params.stage, dtype=float)
    levers = params.levers
    filling = (levers["stock_cap"] > 0.0) & (levers["restock"] > 0.0)
    stocks = (filling | (levers["stock"] > 0.0)).any()
    fades = (levers["decay_from"] <= params.rules[0].weeks).any() or len(params.programmes)
    if stocks or fades or len(params.allies) or (params.actors["audience_cost"] > 0.0).any():
        return None
    table = np.zeros((2, 4))
    for i in range(2):
        own, other = levers[i], levers[1 - i]
        gain = own.harm_weight * (own.own_gain - own.own_cost * own.bite)
        shortage = other.dependence * other.bite
        harm = other.harm_weight * harm_curve(float(shortage), float(other.convexity))
        table[i] = [own_bad * gain - other_bad * harm for own_bad in (0, 1) for other_bad in (0, 1)]
    return table
