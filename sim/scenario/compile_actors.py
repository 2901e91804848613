"""Actors, their machines and their payoff tables, from a scenario."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import PolicyError
from sim.policies.library import PAYOFFS, build_policy, with_payoffs
from sim.policies.machine import Machine
from sim.scenario.records import Parts, records, same_named
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_actor import ActorSpec
from sim.world.params import ACTOR, CHOOSE_MIRROR, CHOOSE_UNIFORM, CHOOSE_VALUE, START, Params
from sim.world.sensors import SENSORS, WEIGHTS


def machine_of(spec: ScenarioSpec, side: str, policy: Mapping[str, Any] | None = None) -> Machine:
    """The machine of a side's policy, or of another in its seat. Raises PolicyError."""
    table = spec.actors[side].policy if policy is None else policy
    other = spec.who.other(side).id
    return build_policy(with_payoffs(table, _payoffs(spec, side), _payoffs(spec, other)))


def can_play(spec: ScenarioSpec, side: str, policy: Mapping[str, Any]) -> bool:
    """Whether a policy can be played in a side's seat of this scenario."""
    try:
        machine_of(spec, side, policy)
    except PolicyError:
        return False
    return True


def _payoffs(spec: ScenarioSpec, side: str) -> dict[str, float] | None:
    """T, R, P and S of a side; None where the scenario has no stage game."""
    if spec.stage_payoffs is None or side not in spec.stage_payoffs:
        return None
    of = spec.stage_payoffs[side]
    values = (of.bad.good, of.good.good, of.bad.bad, of.good.bad)
    return dict(zip(PAYOFFS, values, strict=True))


_CHOICES = {"value": CHOOSE_VALUE, "mirror": CHOOSE_MIRROR, "uniform": CHOOSE_UNIFORM}


def machines_of(spec: ScenarioSpec) -> tuple[Machine, Machine]:
    """The machines of us and cn. Raises PolicyError for a policy that cannot be built."""
    us, cn = spec.ids
    return machine_of(spec, us), machine_of(spec, cn)


def actor_tables(
    spec: ScenarioSpec, felt: Sequence[float], parts: Parts
) -> tuple[tuple[Machine, Machine], dict[str, NDArray[Any]]]:
    """The machines of us and cn, and the tables of Params that hang on the actors.

    `felt` is each side's shortage in the last supply step of the histories.
    """
    actors = [spec.actors[side] for side in spec.ids]
    levers = [len(spec.levers[side]) for side in spec.ids]

    def machine(side: str) -> Machine:
        given = spec.actors[side].policy, spec.stage_payoffs
        return parts.part(("machine", side), lambda *_: machine_of(spec, side), *given)

    def table(*_: Any) -> np.recarray:
        numbers = [{"n_levers": n, "felt0": f} for n, f in zip(levers, felt, strict=True)]
        places = [{"first_lever": 0}, {"first_lever": levers[0]}]
        rows = zip(actors, _machine_numbers(machines), numbers, places, strict=True)
        return records(ACTOR, [_numbers(actor) | m | n | place for actor, m, n, place in rows])

    us, cn = spec.ids
    machines = machine(us), machine(cn)
    makers: dict[str, Callable[..., NDArray[Any]]] = {
        "starts": start_table,
        "moves": move_table,
        "following": following_table,
    }
    discounts = [actor.discount for actor in actors]
    return machines, {
        "actors": parts.part("actors", table, *actors, *machines, *felt, *levers),
        **{name: parts.part(name, make, *machines) for name, make in makers.items()},
        "stage": parts.part("stage", lambda *_: stage_table(spec), spec.stage_payoffs),
        "discounting": parts.part("discounting", discount_table, spec.weeks, *discounts),
    }


def _machine_numbers(machines: tuple[Machine, Machine]) -> list[dict[str, Any]]:
    """What the records of the two actors say of their machines."""
    return [
        {
            "sensor": list(SENSORS).index(machine.sensor),
            "threshold": machine.threshold,
            **dict(zip(WEIGHTS, machine.weights, strict=True)),
            "first_start": first,
            "n_starts": len(machine.starts),
        }
        for machine, first in zip(machines, (0, len(machines[0].starts)), strict=True)
    ]


def seated(params: Params, machines: tuple[Machine, Machine]) -> Params:
    """The same world with other machines in the two seats: all else stays as compiled."""
    actors = params.actors.copy()
    for i, numbers in enumerate(_machine_numbers(machines)):
        for name, value in numbers.items():
            actors[name][i] = value
    return params._replace(
        actors=actors,
        moves=move_table(*machines),
        following=following_table(*machines),
        starts=start_table(*machines),
    )


def _numbers(actor: ActorSpec) -> dict[str, Any]:
    """What stands under its own name, and what does not."""
    prior_good = actor.belief_prior_weeks * actor.belief_prior_good
    return same_named(ACTOR, actor) | {
        "smoothing": actor.pressure_smoothing,
        "lever_choice": _CHOICES[actor.lever_choice],
        "severe": actor.severe_shortage,
        "lasting": actor.lasting_weeks,
        "prior_good": prior_good,
        "prior_bad": actor.belief_prior_weeks - prior_good,
        "memory": actor.belief_memory,
    }


def start_table(*machines: Machine) -> np.recarray:
    """START: cumulative start probabilities, us then cn; every side's last is 1 exactly."""
    table, offset = [], 0
    for machine in machines:
        total = 0.0
        for state, probability in machine.starts:
            total += probability
            table.append({"state": offset + state, "cumulative": total})
        table[-1]["cumulative"] = 1.0
        offset += len(machine.states)
    return records(START, table)


def move_table(*machines: Machine) -> NDArray[np.float64]:
    """(S, 2): P(retaliate) and P(retaliate or hold); 1 exactly where the rest is impossible."""
    table = []
    for machine in machines:  # a few states: plain numbers take a fifth of what arrays do
        for retaliate, hold, concede in machine.moves.tolist():
            never = concede == 0
            first = 1.0 if never and hold == 0 else retaliate
            table.append((first, 1.0 if never else retaliate + hold))
    return np.array(table)


def following_table(us: Machine, cn: Machine) -> NDArray[np.int32]:
    """(S, 4): next state by 2*(own bad) + (saw bad), states of cn after those of us."""
    return np.concatenate([us.following, cn.following + len(us.states)]).astype(np.int32)


def stage_table(spec: ScenarioSpec) -> NDArray[np.float64]:
    """(2, 4): stage payoffs by 2*(own bad) + (other bad); 0 where the scenario gives none."""
    table = np.zeros((2, 4))
    if spec.stage_payoffs is None:
        return table
    for i, side in enumerate(spec.ids):
        matrix = spec.stage_payoffs[side]
        table[i] = [matrix.good.good, matrix.good.bad, matrix.bad.good, matrix.bad.bad]
    return table


def discount_table(weeks: int, *discounts: float) -> NDArray[np.float64]:
    """(2, H + 1): discount^(t-1) at week t; week 0 weighs 1."""
    return np.array([[1.0, *(d ** (t - 1) for t in range(1, weeks + 1))] for d in discounts])
