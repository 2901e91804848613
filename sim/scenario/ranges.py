"""The outer loop over parameter uncertainty: what varies, between what; checks of its key paths.

A distribution stands in `[ranges]`, or where a value could: `slip = { triangular = [0, 0.05, 1] }`.
At "these settings" the value is then the distribution's median; the outer loop varies it over
the distribution, as if it stood in `[ranges]`. Writing a plain value over it takes it away.
"""

import copy
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from math import ceil, floor, inf
from typing import Any, NamedTuple, TypeAlias

from sim.errors import KeyPath, Problem, nearest, quoted
from sim.policies.library import COMMON_KEYS
from sim.scenario.distribution import Distribution, DistributionError, read_distribution, uniform
from sim.scenario.key_paths import (
    RANGES,
    SIDED,
    UNIFORM,
    items,
    named_path,
    path_parts,
    split_key,
    value_at,
)
from sim.scenario.parameter import Entry
from sim.scenario.registry import (
    ANY_NAME,
    Leaf,
    below_policy,
    entry_at,
    entry_in,
    holds_number,
    leaves,
    parameters_called,
    patterns,
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


DEPENDENCE = "dependence"
Below: TypeAlias = "dict[str, Below]"
Names = tuple[str, ...]


def range_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """A range is of a number of this scenario, in order, and within the field's own bounds."""
    if not isinstance(spec.ranges, dict) or not spec.ranges:
        return
    known = known_in(spec)
    for text, written in spec.ranges.items():
        here, path = ("ranges", text), path_parts(text)
        if not known.leads_somewhere(path):
            guess = nearest(text, known.texts)
            yield Problem.at(here, "no such key", "the path of a number", guess)
            continue
        entry = entry_in(spec, path)
        below = below_policy(path)
        policy = spec.actors[path[1]].policy if below else {}
        if below and (below[1:] or policy_parameter(policy, path[-1]) is None):
            entry = None  # of a policy that has been replaced, or of an inline machine
        elif entry is not None and not entry.is_number:
            yield Problem.at(here, "a field that is no number", "the path of a number")
            continue
        yield from distribution_findings(here, written, entry)


def distribution_findings(here: KeyPath, written: Any, entry: Entry | None) -> Iterator[Problem]:
    """What is wrong with a distribution, by itself and for the field it is of."""
    try:
        law = read_distribution(written)
    except DistributionError as error:
        yield Problem.at(here, error.found, error.allowed, error.nearest)
        return
    if entry is not None and not within(entry, law.low, law.high):
        ends = f"[{law.low:g}, {law.high:g}]"
        text = ends if law.kind == UNIFORM else f"{quoted(written)}, on {ends}"
        yield Problem.at(here, text, f"values that are {entry.allowed}")


def within(entry: Entry, low: float, high: float) -> bool:
    """Whether both ends of a range are values the field may have."""
    if entry.low is not None and (low <= entry.low if entry.above else low < entry.low):
        return False
    return entry.high is None or high <= entry.high


def source_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """A source belongs to a key path, or a pattern of them, that a scenario can have."""
    if not spec.sources:
        return
    known = known_in(spec)
    for text in spec.sources:
        if not known.leads_somewhere(split_key(text)):
            allowed = "a key path; * stands for one part"
            guess = nearest(text, known.texts)
            yield Problem.at(("sources", text), "no such key", allowed, guess)


def known_in(spec: ScenarioSpec) -> "Known":
    """The key paths of a scenario: those of its levers and allies, whatever their values."""
    levers = tuple((side, tuple(spec.levers.get(side, {}))) for side in spec.ids)
    return _known(levers, tuple(spec.allies))


@lru_cache(maxsize=8)
def _known(levers: tuple[tuple[str, Names], ...], allies: Names) -> "Known":
    return Known(dict(levers), allies)


class Known:
    """The key paths that `ranges` and `sources` may name.

    Levers and allies must exist; names of shocks, deals and programmes and parameters of
    policies are not compared with this scenario's, for a file may replace those it inherits.
    `texts` are all of them as text.
    """

    def __init__(self, levers: Mapping[str, Names], allies: Names) -> None:
        paths = [path for pattern in patterns() for path in _named(pattern, levers, allies)]
        self._sides = tuple(levers)
        self._found: dict[KeyPath, bool] = {}
        self.texts = [".".join(path) for path in paths]
        self._below: Below = {}
        for path in paths:
            here = self._below
            for part in path:
                here = here.setdefault(part, {})

    def leads_somewhere(self, pattern: KeyPath) -> bool:
        """Whether a path, or a pattern with *, fits any of them or the beginning of one."""
        if pattern not in self._found:
            self._found[pattern] = self._leads(pattern)
        return self._found[pattern]

    def _leads(self, pattern: KeyPath) -> bool:
        below = below_policy(pattern)
        if below:
            known = below[0] in POLICY_KEYS or any(parameters_called(below[0]))
            return pattern[1] in (*self._sides, ANY_NAME) and known
        if pattern[:1] == ("allies",) and pattern[2:3] in ((DEPENDENCE,), (ANY_NAME,)):
            pattern = pattern[:3]  # what stands below are names of levers
        return _leads(self._below, pattern)


#: Keys of a policy besides the parameters of the named ones.
POLICY_KEYS = {*COMMON_KEYS, "machine", "parts", ANY_NAME}


def _named(pattern: KeyPath, levers: Mapping[str, Names], allies: Names) -> Iterator[KeyPath]:
    """The paths of a pattern with the names of sides, levers and allies filled in."""
    head, rest = pattern[0], pattern[2:]
    if len(pattern) == 1:
        yield pattern
    elif head == "levers" and len(pattern) > 2:
        for side in levers:
            yield from ((head, side, name, *rest[1:]) for name in levers.get(side, ()))
    elif head == "allies":
        yield from ((head, name, *rest) for name in allies)
    elif head in SIDED:
        yield from ((head, side, *rest) for side in levers)
    else:
        yield pattern


def _leads(below: Below, pattern: KeyPath) -> bool:
    """Whether a pattern, with * on either side for any part, is in a tree of paths."""
    if not pattern:
        return True
    part, *rest = pattern
    ways = below.values() if part == ANY_NAME else (below.get(name) for name in (part, ANY_NAME))
    return any(_leads(way, tuple(rest)) for way in ways if way is not None)
