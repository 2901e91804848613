"""The parameters of named policies, found by key path: `actors.us.policy.generosity`.

Which there are depends on the policy that is named beside them, and extensions add more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.policies.library import POLICIES, Parameter
from sim.scenario.lines import KeyPath

DEPTH = 3  # actors, side, policy


def below_policy(path: KeyPath) -> KeyPath:
    """The parts of a path inside a policy; none of a path that leads to no place in one."""
    return path[DEPTH:] if path[:1] == ("actors",) and path[2:DEPTH] == ("policy",) else ()


def parameters_of(policy: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The parameters of the policy that a table names; none of one that the library lacks."""
    named = POLICIES.get(str(policy.get("name")))
    return named.parameters if named else ()


def policy_parameter(policy: Mapping[str, Any], key: str) -> Parameter | None:
    """What the policy library says of one parameter of a named policy."""
    return next((p for p in parameters_of(policy) if p.name == key), None)


def parameters_called(name: str) -> Iterator[Parameter]:
    """The parameters of that name, of whatever policy."""
    return (p for policy in POLICIES.values() for p in policy.parameters if p.name == name)
