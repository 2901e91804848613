"""What pydantic says of a table, in the words of this project."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from sim.errors import Problem, nearest, quoted
from sim.policies.library import POLICIES
from sim.scenario.entry import Entry, fields_of, plain
from sim.scenario.lines import KeyPath
from sim.scenario.parameter import NAME_WORDS
from sim.scenario.places import value_at
from sim.scenario.policy_parameters import parameters_called
from sim.scenario.registry import entry_at, patterns, table_at
from sim.scenario.schema_actor import ActorSpec
from sim.scenario.sides import ids_in
from sim.scenario.tree import EXTEND

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
    meant = _policy_named(path, value) or _nearest_word(value, entry)
    return Problem.at(path, found, allowed, meant)


def _policy_named(path: KeyPath, value: Any) -> str | None:
    """What was meant where the name of a policy stands in place of its table."""
    if not (isinstance(value, str) and len(path) == 3 and path[::2] == ("actors", "policy")):
        return None
    name = nearest(value, POLICIES)
    return None if name is None else f'{".".join(path)}.name = "{name}"'


def _nearest_word(value: Any, entry: Entry | None) -> str | None:
    """The word that was meant, for fields that hold one of a few words."""
    kind = plain(entry.annotation) if entry else None
    if not isinstance(value, str) or get_origin(kind) is not Literal:
        return None
    return nearest(value, get_args(kind))


def _bad_name(path: KeyPath, ids: tuple[str, str]) -> Problem:
    if len(path) == 2:
        found = f'"{path[-1]}", which is no side'
        allowed = f"{' or '.join(ids)}: every lever and actor is on a side"
        return Problem.at(path, found, allowed, nearest(path[-1], ids))
    return Problem.at(path, f'"{path[-1]}"', NAME_WORDS)


def _unknown_key(path: KeyPath) -> Problem:
    """A key that the table does not have: the nearest it has, else a like one elsewhere."""
    key, holder = path[-1], table_at(path[:-1])
    keys = tuple(fields_of(holder)) if holder else ()
    if key.startswith(EXTEND):
        found = f"{key}, which would extend what is no list"
        return Problem.at(path, found, "+ before the name of a list, as +shocks")
    elsewhere = next((".".join(p) for p in patterns() if p[-1] == key), None)
    if holder is ActorSpec and any(parameters_called(key)):
        elsewhere = ".".join((*path[:-1], "policy", key))
    guess = elsewhere or nearest(key, keys)
    return Problem.at(path, f'the unknown key "{key}"', "one of " + ", ".join(keys), guess)
