"""The registry read off the models: what each key path may hold and what is known of it."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.entry import Entry, fields_of, limits_of, plain
from sim.scenario.lines import KeyPath
from sim.scenario.policy_parameters import below_policy, parameters_called
from sim.scenario.schema import ScenarioSpec

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
    bare = replace(holder, annotation=kind, optional=False, low=None, high=None, default=None)
    if rule is None:
        return bare
    limits = limits_of(rule)
    return replace(bare, low=limits.get("ge", limits.get("gt")), high=limits.get("le"))


def holds_number(path: KeyPath) -> bool:
    """Whether a key path is that of a number of a scenario, or of a policy's parameter."""
    below = below_policy(path)
    if below:
        return len(below) == 1 and any(not p.choices for p in parameters_called(below[0]))
    return _is_number(path)


@cache
def _is_number(path: KeyPath) -> bool:
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
        nested = get_origin(item) in (dict, tuple)
        if nested or (_is_table(item)):
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
