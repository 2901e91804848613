"""From a raw table to a validated scenario, or to everything that is wrong with it in our words."""

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from sim.errors import MOST_FOUND, KeyPath, Problem, ScenarioError, first_found, nearest, quoted
from sim.policies.library import POLICIES
from sim.scenario.checks import findings
from sim.scenario.key_paths import RANGES, items, named_path, value_at
from sim.scenario.overrides import FROM_SET
from sim.scenario.parameter import NAME_PATTERN, NAME_WORDS, Entry, fields_of, plain
from sim.scenario.ranges import settled
from sim.scenario.registry import entry_at, parameters_called, patterns, table_at
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_actor import ActorSpec
from sim.scenario.sides import ids_in, side_findings
from sim.scenario.tree import EXTEND, Tree

EVENTS = ("shocks", "deals")
CALENDAR = ("start", "weeks", "as_of")
DATED = (*CALENDAR, *EVENTS, "levers")
#: What `ranges` says where there is no outer loop.
NO_RANGES = "none"
#: Parts of a path that name what others may refer to.
_NAMED = {"levers": 3, "actors": 2, "allies": 2}
_POLICY = ("policy",)
#: What a new lever says of itself.
_CONTROL = "control"


def validated(tree: Tree) -> tuple[ScenarioSpec, tuple[str, ...]]:
    """The scenario a table describes, and its warnings.

    Raises ScenarioError with all problems, each with its file and line.
    """
    unnamed = [finding for finding in side_findings(tree.table) if finding.fatal]
    if unnamed:
        raise ScenarioError([placed(finding, tree) for finding in unnamed])
    spec: ScenarioSpec | None = None
    table, places = settled(tree.table)
    try:
        spec = ScenarioSpec.model_validate(table)
        all_findings = first_found(findings(spec))
    except ValidationError as error:
        structure = first_found(structure_findings(error, table))
        all_findings = [*structure, *_rest(structure, table)]
    alike = [*lookalikes(tree)]
    slips = {finding.keys for finding in alike if finding.fatal}
    all_findings = [
        # of a lever that is none nothing else is said
        *(_in_place(each, places) for each in all_findings if each.keys[:3] not in slips),
        *_twice(tree, places),
        *alike,
    ]
    fatal = [finding for finding in all_findings if finding.fatal]
    if fatal or spec is None:
        raise ScenarioError([placed(finding, tree) for finding in fatal])
    return spec, tuple(_sentence(placed(finding, tree)) for finding in all_findings)


def _in_place(finding: Problem, places: dict[str, KeyPath]) -> Problem:
    """A finding about a distribution that stands in place of a value, at that place."""
    place = places.get(finding.keys[1]) if finding.keys[:-1] == RANGES else None
    return finding if place is None else finding.moved(place)


def _twice(tree: Tree, places: dict[str, KeyPath]) -> Iterable[Problem]:
    """A range that goes unused, since a distribution stands in place of the value itself.

    And a distribution that goes unused, since there is no outer loop to vary it.
    """
    ranges = tree.table.get(RANGES[0])
    for text, place in places.items():
        if ranges == NO_RANGES:
            found = "a distribution of which only the median is used"
            yield Problem.warning(
                place, found, f'ranges other than "{NO_RANGES}", which varies nothing'
            )
        if isinstance(ranges, dict) and text in ranges and not _inherited(text, place, tree):
            found = "a range that is not used"
            yield Problem.warning(
                (*RANGES, text), found, f"either this or the distribution at {text}"
            )


def _inherited(text: str, place: KeyPath, tree: Tree) -> bool:
    """Whether a shipped file wrote the range, and what builds on it wrote the distribution."""
    key = (*RANGES, text)
    ranged, law = tree.origin(key), tree.origin(place)
    if ranged is None or law is None or ranged.file in (law.file, FROM_SET):
        return False
    return key not in tree.own


def placed(finding: Problem, tree: Tree) -> Problem:
    """The finding with the file and line that the reader has to look at."""
    origin = tree.origin(finding.keys)
    return replace(
        finding,
        file=origin.file if origin else "",
        line=origin.line if origin else None,
        path=named_path(finding.keys, tree.table),
    )


def _sentence(problem: Problem) -> str:
    place = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    return f"{place}: {problem.path}: {problem.found} (expected: {problem.allowed})"


def _rest(structure: list[Problem], table: dict[str, Any]) -> list[Problem]:
    """What else is wrong, once the parts with errors of structure are left out.

    Nothing is said of a lever, actor or list that has such an error, nor of anything that may
    hang on dates when the calendar has one, for what is left is not what the file says.
    """
    spec = _without([finding.keys for finding in structure], table)
    if spec is None:
        return []
    spoilt = {_region(finding.keys) for finding in structure}
    levers = any(region[:1] == ("levers",) for region in spoilt)
    calendar = any(region[:1] in [(name,) for name in CALENDAR] for region in spoilt)
    remaining = (
        finding
        for finding in findings(spec)
        if _region(finding.keys) not in spoilt
        # the levels of events are compared with the notches of levers
        and not (levers and finding.keys[0] in EVENTS and finding.keys[-1] == "level")
        # the calendar may have a say in dates and histories, not in names of levers
        and not (calendar and finding.keys[0] in DATED and finding.keys[-1] != "lever")
    )
    return first_found(remaining)


def _region(path: KeyPath) -> KeyPath:
    """The lever, actor, policy, ally or table that a path belongs to."""
    if path[:1] == ("actors",) and path[2:3] == _POLICY:  # nothing else of its actor is read
        return path[:3]
    return path[: _NAMED.get(path[0], 1)] if path else path


def _without(paths: Iterable[KeyPath], table: dict[str, Any]) -> ScenarioSpec | None:
    """The scenario without what is in the parts that hold errors; None where that cannot be."""
    rest = {"title": "", **copy.deepcopy(table)}
    for path in paths:
        region = _region(path)
        here = value_at(region[:-1], rest)
        if not isinstance(here, dict) or not region:
            continue
        left = here.pop(region[-1], None)
        if _refers(region, ids_in(table)):  # the name stays, for references to it
            actor = region[0] == "actors" and isinstance(left, dict)
            here[region[-1]] = {key: left[key] for key in _POLICY if key in left} if actor else {}
    try:
        return ScenarioSpec.model_validate(rest)
    except ValidationError:
        return None


def _refers(region: KeyPath, ids: tuple[str, str]) -> bool:
    """Whether others may name this region: a lever or actor of a side, or an ally."""
    named = len(region) == _NAMED.get(region[0], 0)
    sided = region[0] == "allies" or region[1:2] in [(side,) for side in ids]
    return named and sided and re.fullmatch(NAME_PATTERN, region[-1]) is not None


def lookalikes(tree: Tree) -> Iterable[Problem]:
    """Levers that only the last file has and that are almost the name of an inherited one.

    Where nothing says what such a lever controls, it is none but a slip of the pen.
    """
    root = tree.origin(())
    written: dict[KeyPath, set[str]] = {}
    for path, origin in tree.origins.items():
        written.setdefault(path[:3], set()).add(origin.file)
    for side, levers in items(tree.table.get("levers", {})):
        files = {name: written.get(("levers", side, name), set()) for name, _ in items(levers)}
        own_names = [name for name in files if root and files[name] == {root.file}]
        inherited = [name for name in files if root and files[name] != {root.file}]
        for name in own_names[:MOST_FOUND]:
            like = get_close_matches(name, inherited, n=1, cutoff=0.85)
            if like:
                yield _lookalike(("levers", side, name), levers[name], like[0])


def _lookalike(path: KeyPath, lever: Any, like: str) -> Problem:
    found = f"a new lever, beside the inherited {like}"
    if isinstance(lever, dict) and _CONTROL not in lever:
        missing = f"{found}, that does not say what it is"
        allowed = f'an inherited lever, or a new one with its {_CONTROL}, as {_CONTROL} = "ban"'
        return Problem.at(path, missing, allowed, like)
    return Problem.warning(path, found, f"{like}, if that was meant")


OF_A_KEY = "[key]"  # how pydantic marks an error of a key itself
UNIONS = (("ranges",),)
BRANCHES = ("dict[", "literal[")  # how it marks the branches of a union


def structure_findings(error: ValidationError, table: dict[str, Any]) -> Iterator[Problem]:
    """Every error once, as a finding at the key path it concerns."""
    seen: set[KeyPath] = set()
    for detail in error.errors(include_url=False):
        parts = [str(part) for part in detail["loc"]]
        about_key = parts[-1:] == [OF_A_KEY]
        path = tuple(p for p in parts if p != OF_A_KEY and not p.startswith(BRANCHES))
        wrong_branch = detail["type"] == "literal_error" and path in UNIONS
        if path not in seen and not (wrong_branch and isinstance(value_at(path, table), dict)):
            seen.add(path)
            yield _finding(str(detail["type"]), path, about_key, table)


def _finding(kind: str, path: KeyPath, about_key: bool, table: dict[str, Any]) -> Problem:
    if about_key:
        return _bad_name(path, ids_in(table))
    if kind == "extra_forbidden":
        return _unknown_key(path)
    entry = entry_at(path)
    allowed = entry.allowed if entry else "something else"
    if kind == "missing":
        meaning = f" ({entry.meaning})" if entry else ""
        return Problem.at(path, "nothing", f"{allowed}{meaning}")
    value = value_at(path, table)
    found = f"{quoted(value)}, which is not finite" if kind == "finite_number" else quoted(value)
    if kind == "string_pattern_mismatch":
        allowed = NAME_WORDS
    return Problem.at(path, found, allowed, _word_meant(path, value, entry))


def _word_meant(path: KeyPath, value: Any, entry: Entry | None) -> str | None:
    """The word that was meant, of one of a few, or the name of a policy in place of its table."""
    if not isinstance(value, str):
        return None
    if len(path) == 3 and path[::2] == ("actors", "policy"):
        name = nearest(value, POLICIES)
        return None if name is None else f'{".".join(path)}.name = "{name}"'
    kind = plain(entry.annotation) if entry else None
    return nearest(value, get_args(kind)) if get_origin(kind) is Literal else None


def _bad_name(path: KeyPath, ids: tuple[str, str]) -> Problem:
    if len(path) == 2:
        found = f'"{path[-1]}", which is no side'
        allowed = f"{' or '.join(ids)}: every lever and actor is on a side"
        return Problem.at(path, found, allowed, nearest(path[-1], ids))
    return Problem.at(path, f'"{path[-1]}"', NAME_WORDS)


def _unknown_key(path: KeyPath) -> Problem:
    """A key that the table does not have: its plural here, the same elsewhere, the nearest."""
    key, holder = path[-1], table_at(path[:-1])
    keys = tuple(fields_of(holder)) if holder else ()
    if key.startswith(EXTEND):
        found = f"{key}, which would extend what is no list"
        return Problem.at(path, found, "+ before the name of a list, as +shocks")
    elsewhere = next((".".join(p) for p in patterns() if p[-1] == key), None)
    if holder is ActorSpec and any(parameters_called(key)):
        elsewhere = ".".join((*path[:-1], "policy", key))
    plural = key + "s" if key + "s" in keys else None
    guess = plural or elsewhere or nearest(key, keys)
    return Problem.at(path, f'the unknown key "{key}"', "one of " + ", ".join(keys), guess)
