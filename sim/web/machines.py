"""The machines behind the policy menus, compiled beforehand, for either chair."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sim.policies.library import POLICIES, UNBOUNDED, Parameter, Policy, build_policy
from sim.policies.machine import SENSORS, Machine
from sim.scenario.compile_actors import can_play, machine_of, move_table, start_table
from sim.scenario.registry import value_in
from sim.scenario.scenario import Scenario
from sim.web.controls import places

#: Values of a parameter whose numbers are compiled beforehand.
PLACES = 13
#: Not in the menus: it is made of others.
MIXTURE = "mixture"


def block(machine: Machine) -> dict[str, Any]:
    """A machine as the tables hold it, its states counted from 0 and its starts cumulative."""
    states = len(machine.states)
    starts = start_table(machine, machine)[: len(machine.starts)]
    return {
        "moves": move_table(machine, machine)[:states].tolist(),
        "following": machine.following.tolist(),
        "starts": [[int(row.state), float(row.cumulative)] for row in starts],
        "sensor": SENSORS.index(machine.sensor),
        "threshold": float(machine.threshold),
    }


def seats(scenario: Scenario) -> list[dict[str, Any]]:
    """What each side plays as given: its machine, and the library's policy it is, if it is one."""
    return [_seat(scenario, side) for side in scenario.spec.ids]


def _seat(scenario: Scenario, side: str) -> dict[str, Any]:
    policy = dict(scenario.spec.actors[side].policy)
    library = POLICIES.get(str(policy.get("name")))
    varied = [p.name for p in library.parameters if values_of(p, ())] if library else []
    # as the menus have it: on no sensor of its own, nor with a parameter that they do not vary
    listed = library and library.name != MIXTURE and {*policy} <= {"name", *varied}
    path = ("actors", side, "policy")
    return {
        "side": side,
        "policy": library.name if library and listed else "",
        "label": library.name if library else "a machine of its own",
        "given": {n: value_in(scenario.spec, (*path, n)) for n in varied} if listed else {},
        "block": block(machine_of(scenario.spec, side)),
    }


def library(scenario: Scenario, chairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every policy of the menus, with a block for each combination of its parameters' values.

    Left out is what cannot be played in this scenario.
    """
    return [
        _policy(p, chairs)
        for p in POLICIES.values()
        if p.name != MIXTURE and can_play(scenario.spec, scenario.spec.ids[0], {"name": p.name})
    ]


def _policy(policy: Policy, chairs: list[dict[str, Any]]) -> dict[str, Any]:
    parameters_now = [chair["given"] for chair in chairs if chair["policy"] == policy.name]
    free = [
        (p, values_of(p, [g[p.name] for g in parameters_now if p.name in g]))
        for p in policy.parameters
    ]
    varied = [(p, values) for p, values in free if values]
    return {
        "name": policy.name,
        "summary": policy.summary,
        "source": policy.source,
        "parameters": [_parameter(p, values) for p, values in varied],
        "blocks": dict(_blocks(policy.name, varied)),
    }


def _blocks(
    name: str, varied: list[tuple[Parameter, list[Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """By the places of the parameters' values, as "2,0"."""
    choices = [list(enumerate(values)) for _, values in varied]
    for chosen in product(*choices):
        values = {p.name: value for (p, _), (_, value) in zip(varied, chosen, strict=True)}
        machine = build_policy({"name": name, **values})
        yield ",".join(str(place) for place, _ in chosen), block(machine)


def values_of(parameter: Parameter, given: Any) -> list[Any]:
    """The values a page offers of a parameter; none where it has no range that is known.

    Where the scenario gives one beyond that range, they cover all that is allowed.
    """
    if parameter.choices:
        return list(parameter.choices)
    allowed = (parameter.low, parameter.high)
    low, high = parameter.range or allowed
    if parameter.range is None or UNBOUNDED in (high, -low):
        return []
    if any(not low <= value <= high for value in given) and UNBOUNDED not in allowed:
        low, high = allowed
    default = float(parameter.default)
    values: set[float] = set()
    for value in (default, *given):
        values |= {*places(low, high, value, parameter.integer)}
    every = max(1, (len(values) - 1) // (PLACES - 1))
    thinned = {*sorted(values)[::every], max(values), default, *given}
    return sorted(int(v) if parameter.integer else v for v in thinned)


def _parameter(parameter: Parameter, values: list[Any]) -> Mapping[str, Any]:
    known = ("name", "unit", "meaning", "source", "default")
    return {name: getattr(parameter, name) for name in known} | {"values": values}
