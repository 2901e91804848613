"""The registry read off the models: what each key path may hold, and every value of a scenario."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.errors import KeyPath
from sim.policies.library import POLICIES, Parameter
from sim.scenario.key_paths import path_parts
from sim.scenario.parameter import Entry, fields_of, limits_of, plain
from sim.scenario.schema import ScenarioSpec
from sim.scenario.sides import TABLE as SIDES

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


ANY_NAME = "*"  # a part of a pattern that stands for any name


@cache
def entry_at(path: KeyPath) -> Entry | None:
    """The entry of the nearest field at or above a key path; None where there is none."""
    return _at(path)[1]


@cache
def table_at(path: KeyPath) -> type[BaseModel] | None:
    """The model of the table at a key path, None where no such table is."""
    kind = _at(path)[0]
    return kind if _is_table(kind) else None


def _at(path: KeyPath) -> tuple[Any, Entry | None]:
    """The type at a key path, None where there is none, and the entry at or above it."""
    kind: Any = ScenarioSpec
    entry: Entry | None = None
    for part in path:
        if _is_table(kind):
            entry = fields_of(kind).get(part)
            if entry is None:
                return None, None
            kind = plain(entry.annotation)
        elif get_origin(kind) in (dict, tuple):
            kind = _items(kind)
            entry = _item_entry(kind, entry)
            kind = plain(kind)
        else:
            return None, entry
    return kind, entry


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _item_entry(kind: Any, holder: Entry | None) -> Entry | None:
    """The entry of one item of a table of names or a list: its holder's, with its own type."""
    if holder is None:
        return None
    rule = next((a for a in get_args(kind)[1:] if isinstance(a, FieldInfo)), None)
    return replace(holder, annotation=kind, optional=False, default=None, **limits_of(rule))


def holds_number(path: KeyPath) -> bool:
    """Whether a key path is that of a number of a scenario, or of a policy's parameter."""
    below = below_policy(path)
    if below:
        return len(below) == 1 and any(not p.choices for p in parameters_called(below[0]))
    entry = entry_at(path)
    return entry is not None and entry.is_number


def stands_for_value(path: KeyPath) -> bool:
    """Whether a key path is that of a value, a number or not, rather than of a table."""
    if holds_number(path):
        return True
    entry = None if below_policy(path) else entry_at(path)
    kind = None if entry is None else plain(entry.annotation)
    return kind in (bool, str, datetime.date) or get_origin(kind) is Literal


def _items(kind: Any) -> Any:
    """The type of what a table of names or a list holds."""
    return get_args(kind)[1] if get_origin(kind) is dict else get_args(kind)[0]


@cache
def patterns() -> tuple[KeyPath, ...]:
    """Every key path a scenario can have, with * for names and items."""
    return tuple(_patterns(ScenarioSpec, ()))


def _patterns(kind: Any, path: KeyPath) -> Iterator[KeyPath]:
    kind = plain(kind)
    if _is_table(kind):
        for name, entry in fields_of(kind).items():
            yield (*path, name)
            yield from _patterns(entry.annotation, (*path, name))
    elif get_origin(kind) in (dict, tuple):
        item = plain(_items(kind))
        if get_origin(item) in (dict, tuple) or _is_table(item):
            yield from _patterns(item, (*path, ANY_NAME))


class Registered(NamedTuple):
    """A field of the registry under its key path, * standing for names."""

    path: str
    entry: Entry


def registry() -> list[Registered]:
    """Every field a scenario can have, in the order of the schema."""
    return [
        Registered(".".join(pattern), entry)
        for pattern in patterns()
        if (entry := entry_at(pattern)) is not None and pattern[-1] != ANY_NAME
    ]


class Leaf(NamedTuple):
    """One value: `value` is None where an optional one is absent."""

    path: KeyPath
    value: Any
    entry: Entry


def leaves(table: BaseModel, path: KeyPath = ()) -> Iterator[Leaf]:
    """All of a scenario, or of a table at a path, in the order of the schema and of the files."""
    for name, entry in fields_of(type(table)).items():
        yield from _of_value(getattr(table, name), (*path, name), entry)


def _of_value(value: Any, path: KeyPath, entry: Entry) -> Iterator[Leaf]:
    if isinstance(value, BaseModel):
        yield from leaves(value, path)
    elif len(path) == DEPTH and path[-1] == "policy":
        yield from policy_leaves(value, path, entry)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _of_value(item, (*path, name), entry)
    elif path == (SIDES,) and not value:
        return  # the usual sides are no value of the scenario
    elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, _label(item) or str(index)))
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
        meaning=parameter.meaning,
        source=parameter.source,
        unit=parameter.unit,
        span=parameter.range,
        default=parameter.default,
        low=None if parameter.choices else parameter.low,
        high=None if parameter.choices else parameter.high,
    )


def entry_in(spec: ScenarioSpec, path: KeyPath | str) -> Entry | None:
    """The registry's entry for a path of this scenario, policy parameters included."""
    path = path_parts(path) if isinstance(path, str) else path
    if len(below_policy(path)) == 1:
        actor = spec.actors.get(path[1])
        known = policy_parameter(actor.policy, path[3]) if actor else None
        if known is not None:
            return policy_entry(known)
    return entry_at(path)


def value_in(spec: ScenarioSpec, path: KeyPath | str) -> Any:
    """The value at a path; raises KeyError where the scenario has none.

    Items of lists go by name or index; a policy parameter may be at its default.
    """
    path = path_parts(path) if isinstance(path, str) else path
    here: Any = spec
    for position, part in enumerate(path):
        if isinstance(here, BaseModel) and part in type(here).model_fields:
            here = getattr(here, part)
        elif isinstance(here, tuple | list):
            here = here[place_in(here, part)]
        elif isinstance(here, dict) and part in here:
            here = here[part]
        else:
            inside = isinstance(here, dict) and position == DEPTH and below_policy(path)
            known = policy_parameter(here, part) if inside else None
            if known is None:
                raise KeyError(".".join(path))
            here = known.default
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
