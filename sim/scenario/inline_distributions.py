"""Distributions that stand where a value could: `slip = { triangular = [0.01, 0.05, 0.2] }`.

At "these settings" the value is then the distribution's median; the outer loop varies it over
the distribution, as if it stood in `[ranges]`. Writing a plain value over it takes it away.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import KeyPath
from sim.scenario.checks_paths import within
from sim.scenario.distribution import DistributionError, read_distribution
from sim.scenario.key_paths import RANGES, items, named_path, value_at
from sim.scenario.parameter import Entry
from sim.scenario.registry import (
    below_policy,
    entry_at,
    holds_number,
    policy_entry,
    policy_parameter,
)


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
