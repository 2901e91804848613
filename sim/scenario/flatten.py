"""Every value of a resolved scenario, with its key path and its entry in the registry."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.policies.library import Parameter
from sim.scenario.entry import Entry, fields_of
from sim.scenario.lines import KeyPath
from sim.scenario.policy_parameters import DEPTH, below_policy, parameters_of, policy_parameter
from sim.scenario.registry import entry_at
from sim.scenario.schema import ScenarioSpec
from sim.scenario.sides import TABLE as SIDES


class Leaf(NamedTuple):
    """One value: `value` is None where an optional one is absent."""

    path: KeyPath
    value: Any
    entry: Entry


def leaves(spec: ScenarioSpec) -> Iterator[Leaf]:
    """All of them, in the order of the schema and of the files."""
    yield from _of_table(spec, ())


def _of_table(table: BaseModel, path: KeyPath) -> Iterator[Leaf]:
    for name, entry in fields_of(type(table)).items():
        yield from _of_value(getattr(table, name), (*path, name), entry)


def _of_value(value: Any, path: KeyPath, entry: Entry) -> Iterator[Leaf]:
    if isinstance(value, BaseModel):
        yield from _of_table(value, path)
    elif len(path) == DEPTH and path[-1] == "policy":
        yield from policy_leaves(value, path, entry)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _of_value(item, (*path, name), entry)
    elif path == (SIDES,) and not value:
        return  # the usual sides are no value of the scenario
    elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        for index, item in enumerate(value):
            yield from _of_table(item, (*path, _label(item) or str(index)))
    else:
        yield Leaf(path, value, entry)


def policy_leaves(policy: Mapping[str, Any], path: KeyPath, entry: Entry) -> Iterator[Leaf]:
    """The keys of a policy, and the parameters it leaves at their defaults."""
    for key, value in policy.items():
        known = policy_parameter(policy, key)
        yield Leaf((*path, key), value, entry if known is None else policy_entry(known))
    for parameter in parameters_of(policy):
        if parameter.name not in policy:
            yield Leaf((*path, parameter.name), parameter.default, policy_entry(parameter))


@cache
def policy_entry(parameter: Parameter) -> Entry:
    """The entry of a policy's parameter, as the registry would have it."""
    return Entry(
        annotation=str if parameter.choices else int if parameter.integer else float,
        symbol="",
        unit=parameter.unit,
        meaning=parameter.meaning,
        source=parameter.source,
        span=parameter.range,
        relative=False,
        applies="always",
        low=None if parameter.choices else parameter.low,
        high=None if parameter.choices else parameter.high,
        above=False,
        default=parameter.default,
        optional=False,
    )


def entry_in(spec: ScenarioSpec, path: KeyPath) -> Entry | None:
    """The registry's entry for a path of this scenario, policy parameters included."""
    if len(below_policy(path)) == 1:
        actor = spec.actors.get(path[1])
        known = policy_parameter(actor.policy, path[3]) if actor else None
        if known is not None:
            return policy_entry(known)
    return entry_at(path)


def value_in(spec: ScenarioSpec, path: KeyPath) -> Any:
    """The value at a path; raises KeyError where the scenario has none.

    Items of lists go by name or index; a policy parameter may be at its default.
    """
    here: Any = spec
    for position, part in enumerate(path):
        if isinstance(here, BaseModel) and part in type(here).model_fields:
            here = getattr(here, part)
        elif isinstance(here, tuple | list):
            here = here[place_in(here, part)]
        elif isinstance(here, dict) and part in here:
            here = here[part]
        elif isinstance(here, dict) and position == DEPTH and below_policy(path):
            known = policy_parameter(here, part)
            if known is None:
                raise KeyError(".".join(path))
            here = known.default
        else:
            raise KeyError(".".join(path))
    return here


def _label(item: Any) -> str | None:
    """What an item of a list is called: a side by its id, the others by their name."""
    name: str | None = getattr(item, "id", None) or getattr(item, "name", None)
    return name


def place_in(listed: tuple[Any, ...] | list[Any], part: str) -> int:
    """The index of an item by its name, or by that index as text. Raises KeyError."""
    for index, item in enumerate(listed):
        if _label(item) == part or str(index) == part:
            return index
    raise KeyError(part)
