"""The outer loop over parameter uncertainty: what varies, between what, and how it is set."""

from collections.abc import Iterator, Mapping
from math import ceil, floor, inf
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.errors import KeyPath
from sim.scenario.distribution import Distribution, read_distribution, uniform
from sim.scenario.key_paths import nested, path_parts
from sim.scenario.parameter import Entry
from sim.scenario.registry import Leaf, entry_in, leaves, place_in, value_in
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec

VARIED = ("actors", "levers", "allies", "talks")  # definitions, as breakdown_after, do not vary


class Range(NamedTuple):
    """Lowest and highest value that is taken to be possible."""

    low: float
    high: float


def distributions(
    spec: ScenarioSpec, own_values: frozenset[KeyPath] = frozenset()
) -> dict[str, Distribution]:
    """What is believed of every path: uniform over the registry's range, or as the scenario says.

    Licence fields vary for licence levers only, dates due where something is due, stocks and
    halving times where they are given. The registry's ranges are about the levers and sides of
    the shipped scenarios: around a value of the user's own (`own_values`) they keep their width and
    move to it. Empty where the scenario says ranges = "none".
    """
    if not isinstance(spec.ranges, dict):  # "none"
        return {}
    result = {
        ".".join(leaf.path): uniform(*(centred(leaf, span) if leaf.path in own_values else span))
        for leaf, span in _registry_ranges(spec)
    }
    for text, written in spec.ranges.items():
        if _is_there(spec, path_parts(text)):
            result[text] = read_distribution(written)
    return result


def _is_there(spec: ScenarioSpec, path: KeyPath) -> bool:
    """A range of a policy parameter goes unused when that policy has been replaced."""
    try:
        return value_in(spec, path) is not None
    except KeyError:
        return False


def _registry_ranges(spec: ScenarioSpec) -> Iterator[tuple[Leaf, Range]]:
    for leaf in leaves(spec):
        span = span_of(leaf.entry, leaf.value)
        if leaf.path[0] in VARIED and span is not None and _varies(spec, leaf):
            yield leaf, span


def centred(leaf: Leaf, span: Range) -> Range:
    """A range of the same width around the value, cut where the value may not be."""
    low, high = span
    entry, half = leaf.entry, (high - low) / 2
    least = -inf if entry.low is None else entry.low
    most = inf if entry.high is None else entry.high
    low, high = max(least, leaf.value - half), min(most, leaf.value + half)
    if entry.above and low <= least:  # an open end is not a value: no nearer than half of it
        low = leaf.value / 2
    return Range(ceil(low), floor(high)) if entry.is_integer else Range(low, high)


def span_of(entry: Entry, value: Any) -> Range | None:
    """The registry's range for a field at this value."""
    if entry.span is None or value is None:
        return None
    low, high = entry.span
    return Range(low * value, high * value) if entry.relative else Range(low, high)


def _varies(spec: ScenarioSpec, leaf: Leaf) -> bool:
    """Whether a field means something for the lever it belongs to."""
    if leaf.path[0] != "levers":
        return True
    lever = spec.levers[leaf.path[1]][leaf.path[2]]
    return applies(leaf.entry, lever, leaf.value)


def applies(entry: Entry, lever: LeverSpec, value: Any) -> bool:
    """Whether the outer loop varies this field of this lever."""
    if entry.applies == "licence":
        return lever.control == "licence"
    if entry.applies == "when given":
        return bool(value)
    if entry.applies == "when due":
        by_level = "level" in (lever.owes, lever.seen_owing)
        return by_level and lever.final_obligation < lever.level
    return True


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


def replaced(node: Any, changes: dict[str, Any]) -> Any:
    """A copy of a table, dictionary or list of tables with the changes made in it."""
    if isinstance(node, BaseModel):
        known = type(node).model_fields
        update = {
            key: _changed(getattr(node, key) if key in known else _absent(key), change)
            for key, change in changes.items()
        }
        return node.model_copy(update=update)
    if isinstance(node, dict):
        return node | {key: _changed(node.get(key), change) for key, change in changes.items()}
    if not isinstance(node, tuple | list):
        return _absent(next(iter(changes)))
    items = list(node)
    for key, change in changes.items():
        index = place_in(items, key)
        items[index] = _changed(items[index], change)
    return type(node)(items)


def _changed(old: Any, change: Any) -> Any:
    return replaced(old, change) if isinstance(change, dict) else change


def _absent(key: str) -> Any:
    raise KeyError(key)
