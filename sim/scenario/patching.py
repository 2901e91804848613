"""Values put into a validated scenario, without validating the whole of it anew.

A design has a hundred thousand points that differ from one scenario in a few values. Tables of
the schema are validated each by itself, so the scenario with one table validated anew is the
scenario validated as a whole; what concerns several tables at once is checked at every point.
`tests/scenario/test_patching.py` compares both ways for every value that can be set.
"""

from collections.abc import Mapping
from math import floor
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import KeyPath
from sim.scenario.checks import is_unsound
from sim.scenario.key_paths import nested, path_parts, value_at
from sim.scenario.overrides import may_write, parts_of
from sim.scenario.registry import entry_in, place_in, value_in
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import WHOLE

#: Depth of the table that is validated anew, by the first part of a path.
DEPTHS = {"actors": 2, "levers": 3, "talks": 1, "truce": 1}
POLICY = "policy"
#: The parts of a path at which numbers may be written simply, else None; of one table.
Known = dict[str, KeyPath | None]
_NUMBERS = (int, float)


def patched(
    spec: ScenarioSpec,
    table: Mapping[str, Any],
    changes: Mapping[str, Any],
    known: Known | None = None,
    is_sound: bool = False,
) -> ScenarioSpec | None:
    """`spec`, which is that of `table`, with values (key path -> value) written over it.

    known: keeps what was found out of this table for other numbers at the same paths; is_sound:
    these values were found to make sense together before. None where that is not as simple: for
    paths into lists, whole tables but policies, machines, and for all that does not make sense;
    `Scenario.override` then does it, or says what is wrong.
    """
    owners: dict[KeyPath, dict[str, Any]] = {}
    for text, value in changes.items():
        path = _simple_path(text, value, table, {} if known is None else known)
        if path is None:
            return None
        owner = path[: DEPTHS[path[0]]]
        raw = owners.get(owner)
        if raw is None:
            raw = owners[owner] = dict(value_at(owner, table))
        if len(path) > len(owner) + 1:
            raw[POLICY] = {**raw[POLICY], path[-1]: value}
        else:
            raw[path[-1]] = value
    patched_spec = _with_tables(spec, owners)
    if patched_spec is None or is_sound:
        return patched_spec
    return None if is_unsound(patched_spec, owners) else patched_spec


def _simple_path(text: str, value: Any, table: Mapping[str, Any], known: Known) -> KeyPath | None:
    """The parts of a path to such a value; None where it is not as simple. The same for numbers."""
    if type(value) in _NUMBERS and text in known:
        return known[text]
    path = parts_of(text, table)
    if path is not None and not _is_simple(path, value, table):
        path = None
    if type(value) in _NUMBERS:
        known[text] = path
    return path


def _is_simple(path: KeyPath, value: Any, table: Mapping[str, Any]) -> bool:
    """A value of a table that stands in the file, a parameter of a policy, or a whole policy."""
    depth = DEPTHS.get(path[0], 0)
    below = path[depth:]
    stands = depth and isinstance(value_at(path[:depth], table), dict)
    if not stands or not may_write(path, value, table):
        return False
    if path[0] == "actors" and below == (POLICY,):
        return isinstance(value, dict) and any(key in value for key in WHOLE)
    if isinstance(value, dict | list):
        return False
    policy = value_at((*path[:depth], POLICY), table)
    named = isinstance(policy, dict) and "name" in policy
    inside = len(below) == 2 and below[0] == POLICY and below[1] not in WHOLE
    return len(below) == 1 or (inside and named)


def _with_tables(spec: ScenarioSpec, raw: Mapping[KeyPath, dict[str, Any]]) -> ScenarioSpec | None:
    """The scenario with some of its tables validated anew; None if one of them is not valid."""
    try:
        tables = {
            path: type(value_in(spec, path)).model_validate(table) for path, table in raw.items()
        }
    except ValidationError:
        return None
    changed: ScenarioSpec = replaced(spec, nested(tables))
    return changed


def with_values(spec: ScenarioSpec, values: Mapping[str, float]) -> ScenarioSpec:
    """`spec` with numbers replaced, unchecked and fast; whole-number fields are rounded.

    Raises KeyError for a path that the scenario does not have.
    """
    paths = {path_parts(text): value for text, value in values.items()}
    typed = {path: _typed(spec, path, value) for path, value in paths.items()}
    changed: ScenarioSpec = replaced(spec, nested(typed)) if typed else spec
    return changed


def _typed(spec: ScenarioSpec, path: KeyPath, value: float) -> float:
    entry = entry_in(spec, path)
    whole = entry is not None and entry.is_integer
    return floor(value + 0.5) if whole else float(value)


def replaced(node: Any, changes: Any) -> Any:
    """A copy of a table, dictionary or list of tables with the changes made in it.

    changes: nested dictionaries of keys or names of items; anything else is the new value itself.
    """
    if not isinstance(changes, dict):
        return changes
    if isinstance(node, BaseModel):
        known = type(node).model_fields
        update = {
            key: replaced(getattr(node, key) if key in known else _absent(key), change)
            for key, change in changes.items()
        }
        return node.model_copy(update=update)
    if isinstance(node, dict):
        return node | {key: replaced(node.get(key), change) for key, change in changes.items()}
    if not isinstance(node, tuple | list):
        return _absent(next(iter(changes)))
    items = list(node)
    for key, change in changes.items():
        index = place_in(items, key)
        items[index] = replaced(items[index], change)
    return type(node)(items)


def _absent(key: str) -> Any:
    raise KeyError(key)
