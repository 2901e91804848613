"""Checks of `ranges` and `sources`, whose keys are key paths of the scenario."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from sim.errors import KeyPath, Problem, nearest, quoted
from sim.policies.library import COMMON_KEYS
from sim.scenario.distribution import DistributionError, read_distribution
from sim.scenario.key_paths import SIDED, UNIFORM, path_parts, split_key
from sim.scenario.parameter import Entry
from sim.scenario.registry import (
    ANY_NAME,
    below_policy,
    entry_in,
    parameters_called,
    patterns,
    policy_parameter,
)
from sim.scenario.schema import ScenarioSpec

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
        if below_policy(path) and not _is_parameter(spec, path):
            entry = None  # of a policy that has been replaced, or of an inline machine
        elif entry is not None and not entry.is_number:
            yield Problem.at(here, "a field that is no number", "the path of a number")
            continue
        yield from distribution_findings(here, written, entry)


def _is_parameter(spec: ScenarioSpec, path: KeyPath) -> bool:
    """Whether a path in a policy is that of a parameter of the policy that is played."""
    policy = spec.actors[path[1]].policy
    return len(below_policy(path)) == 1 and policy_parameter(policy, path[-1]) is not None


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
