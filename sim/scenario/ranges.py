"""The outer loop over parameter uncertainty: what varies, and between what.

A distribution stands in `[ranges]`, or where a value could: `slip = { triangular = [0, 0.05, 1] }`.
At "these settings" the value is then the distribution's median; the outer loop varies it over
the distribution, as if it stood in `[ranges]`. Writing a plain value over it takes it away.
"""

import copy
from collections.abc import Iterator, Mapping
from contextlib import suppress
from math import ceil, floor, inf
from typing import Any, NamedTuple

from sim.errors import KeyPath
from sim.scenario.checks_paths import within
from sim.scenario.distribution import Distribution, DistributionError, read_distribution, uniform
from sim.scenario.key_paths import RANGES, items, named_path, value_at
from sim.scenario.parameter import Entry
from sim.scenario.registry import (
    Leaf,
    below_policy,
    entry_at,
    holds_number,
    leaves,
    policy_entry,
    policy_parameter,
    value_in,
)
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
        with suppress(KeyError):  # of a parameter of a policy that has been replaced
            if value_in(spec, text) is not None:
                result[text] = read_distribution(written)
    return result


def _registry_ranges(spec: ScenarioSpec) -> Iterator[tuple[Leaf, Range]]:
    """The registry's ranges of what means something for the lever it belongs to."""
    for leaf in leaves(spec):
        span = span_of(leaf.entry, leaf.value)
        if leaf.path[0] not in VARIED or span is None:
            continue
        if leaf.path[0] != "levers" or applies(
            leaf.entry, spec.levers[leaf.path[1]][leaf.path[2]], leaf.value
        ):
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


def settled(table: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, KeyPath]]:
    """A copy with every such distribution moved to `ranges` and its median in its place.

    Also the places (key path of `ranges` -> place in the table). What cannot be read is moved
    too, for the checks of `ranges` to say so, and a default is put in its place.
    """
    places = dict(_places(table, table, ()))
    if not places:
        return dict(table), {}
    result = copy.deepcopy(dict(table))
    ranges = result.setdefault(RANGES[0], {})
    for text, path in places.items():
        *holders, last = path
        here = value_at(tuple(holders), result)
        key: Any = int(last) if isinstance(here, list) else last
        written = here[key]
        here[key] = _median(written, _entry(path, table))
        if isinstance(ranges, dict):  # else "none": no outer loop
            ranges[text] = written
    return result, places


def _places(table: Mapping[str, Any], here: Any, path: KeyPath) -> Iterator[tuple[str, KeyPath]]:
    """Name in `ranges` and place of every table that stands where a number could."""
    for part, item in items(here):
        below = (*path, part)
        if isinstance(item, dict) and holds_number(below):
            yield named_path(below, table), below
        elif below != RANGES and not below_policy(below):
            yield from _places(table, item, below)


def _entry(path: KeyPath, table: Mapping[str, Any]) -> Entry | None:
    if below_policy(path):
        known = policy_parameter(table["actors"][path[1]]["policy"], path[3])
        return None if known is None else policy_entry(known)
    return entry_at(path)


def _median(written: Any, entry: Entry | None) -> float:
    """The median, or where there is none the registry's default or lowest value."""
    try:
        law = read_distribution(written)
    except DistributionError:
        law = None
    if law is not None and (entry is None or within(entry, law.low, law.high)):
        return law.median(whole=entry is not None and entry.is_integer)
    known = () if entry is None else (entry.default, entry.low)
    return next((x for x in known if isinstance(x, int | float) and not isinstance(x, bool)), 0)
