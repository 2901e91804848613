"""Actors, their machines and their payoff tables, from a scenario."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import KeyPath, PolicyError, Problem
from sim.policies.library import PAYOFFS, build_policy, with_payoffs
from sim.policies.machine import SENSORS, Machine
from sim.scenario.records import Parts, records, same_named
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_actor import ActorSpec
from sim.world.params import (
    ACTOR,
    CHOOSE_MIRROR,
    CHOOSE_UNIFORM,
    CHOOSE_VALUE,
    START,
    Params,
)


def machine_of(spec: ScenarioSpec, side: str, policy: Mapping[str, Any] | None = None) -> Machine:
    """The machine of a side's policy, or of another in its seat. Raises PolicyError."""
    table = spec.actors[side].policy if policy is None else policy
    plain = table if isinstance(table, Mapping) else table.model_dump(exclude_unset=True)
    other = spec.who.other(side).id
    return build_policy(with_payoffs(plain, _payoffs(spec, side), _payoffs(spec, other)))


def can_play(spec: ScenarioSpec, side: str, policy: Mapping[str, Any]) -> bool:
    """Whether a policy can be played in a side's seat of this scenario."""
    try:
        machine_of(spec, side, policy)
    except PolicyError:
        return False
    return True


def policy_findings(
    spec: ScenarioSpec, changed: Collection[KeyPath] | None = None
) -> Iterator[Problem]:
    """Policies that cannot be built, and states that no run can reach (a warning).

    changed: only those of the actors among these paths.
    """
    for side, actor in spec.actors.items():
        if changed is not None and ("actors", side) not in changed:
            continue
        path = ("actors", side, "policy")
        try:
            machine = machine_of(spec, side)
        except PolicyError as error:
            yield from error.below(*path).problems
            continue
        for state in machine.unreached:
            here = (*path, "machine", "states", state) if "machine" in actor.policy else path
            yield Problem.warning(
                here, f'state "{state}" is never reached', "a way to it, or no such state"
            )


def _payoffs(spec: ScenarioSpec, side: str) -> dict[str, float] | None:
    """T, R, P and S of a side; None where the scenario has no stage game."""
    if spec.stage_payoffs is None or side not in spec.stage_payoffs:
        return None
    of = spec.stage_payoffs[side]
    values = (of.bad.good, of.good.good, of.bad.bad, of.good.bad)
    return dict(zip(PAYOFFS, values, strict=True))


_CHOICES = {"value": CHOOSE_VALUE, "mirror": CHOOSE_MIRROR, "uniform": CHOOSE_UNIFORM}


def machines_of(spec: ScenarioSpec, parts: Parts | None = None) -> tuple[Machine, Machine]:
    """The machines of us and cn. Raises PolicyError for a policy that cannot be built."""
    known = parts or Parts()

    def of(side: str) -> Machine:
        policy, payoffs = spec.actors[side].policy, spec.stage_payoffs
        return known.part(("machine", side), lambda *_: machine_of(spec, side), policy, payoffs)

    us, cn = spec.ids
    return of(us), of(cn)


def actor_table(
    spec: ScenarioSpec,
    machines: tuple[Machine, Machine],
    felt: tuple[float, float],
    parts: Parts,
) -> np.recarray:
    """ACTOR (2,); `felt` is each side's shortage in the last supply step of the histories."""
    n_levers = [len(spec.levers[side]) for side in spec.ids]
    numbers = [parts.part(("numbers", side), _numbers, spec.actors[side]) for side in spec.ids]

    def make(*_: Any) -> np.recarray:
        return records(
            ACTOR,
            [
                numbers[i]
                | _machine_numbers(machines, i)
                | {"first_lever": sum(n_levers[:i]), "n_levers": n_levers[i], "felt0": felt[i]}
                for i in range(len(machines))
            ],
        )

    return parts.part("actors", make, *spec.actors.values(), *machines, *felt, *n_levers)


def _machine_numbers(machines: tuple[Machine, Machine], i: int) -> dict[str, Any]:
    """What an actor's record says of its machine."""
    return {
        "sensor": SENSORS.index(machines[i].sensor),
        "threshold": machines[i].threshold,
        "first_start": sum(len(before.starts) for before in machines[:i]),
        "n_starts": len(machines[i].starts),
    }


def seated(params: Params, machines: tuple[Machine, Machine]) -> Params:
    """The same world with other machines in the two seats: all else stays as compiled."""
    actors = params.actors.copy()
    for i in range(len(machines)):
        for name, value in _machine_numbers(machines, i).items():
            actors[name][i] = value
    return params._replace(
        actors=actors,
        moves=move_table(machines),
        following=following_table(machines),
        starts=start_table(machines),
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


def start_table(machines: tuple[Machine, Machine]) -> np.recarray:
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


def move_table(machines: tuple[Machine, Machine]) -> NDArray[np.float64]:
    """(S, 2): P(retaliate) and P(retaliate or hold); 1 exactly where the rest is impossible."""
    table = []
    for machine in machines:  # a few states: plain numbers take a fifth of what arrays do
        for retaliate, hold, concede in machine.moves.tolist():
            never = concede == 0
            first = 1.0 if never and hold == 0 else retaliate
            table.append((first, 1.0 if never else retaliate + hold))
    return np.array(table)


def following_table(machines: tuple[Machine, Machine]) -> NDArray[np.int32]:
    """(S, 4): next state by 2*(own bad) + (saw bad), states of cn after those of us."""
    us, cn = machines
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


def discount_table(spec: ScenarioSpec) -> NDArray[np.float64]:
    """(2, H + 1): discount^(t-1) at week t; week 0 weighs 1."""
    return np.array(
        [
            [1.0, *(spec.actors[side].discount ** (t - 1) for t in range(1, spec.weeks + 1))]
            for side in spec.ids
        ]
    )
