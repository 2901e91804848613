"""Values written over a scenario: `--set key.path=value`, dictionaries of paths, a design's points.

A design has a hundred thousand points that differ from one scenario in a few values. Tables of
the schema are validated each by itself, so the scenario with one table validated anew is the
scenario validated as a whole; what concerns several tables at once is checked at every point.
`tests/scenario/test_overrides.py` compares both ways for every value that can be set.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import floor
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import KeyPath, Problem, ScenarioError, nearest, quoted
from sim.policies.library import POLICIES
from sim.scenario.checks import is_unsound
from sim.scenario.key_paths import (
    SIDED,
    filled,
    is_flat,
    item_name,
    items,
    matches,
    nested,
    path_parts,
    split_key,
    value_at,
)
from sim.scenario.loading import parse
from sim.scenario.registry import (
    entry_at,
    entry_in,
    holds_number,
    parameters_of,
    patterns,
    place_in,
    value_in,
)
from sim.scenario.schema import ScenarioSpec
from sim.scenario.sides import TABLE, ids_in
from sim.scenario.tree import EXTEND, WHOLE, Origin, Tree, flattened, merge, renamed

FROM_SET = "--set"
#: Whole paths that are named for a key that is the end of several.
MOST_ENDS = 6
POLICY = ("actors", "*", "policy")
NAME_DEPTH = {"levers": 3, "allies": 2}  # where these tables hold names a file chose
#: Depth of the table that is validated anew, by the first part of a path.
DEPTHS = {"actors": 2, "levers": 3, "talks": 1, "truce": 1}
#: The parts of a path at which numbers may be written simply, else None; of one table.
Known = dict[str, KeyPath | None]
_NUMBERS = (int, float)


def parse_setting(text: str) -> tuple[str, Any]:
    """The path and value of `key.path=value`.

    The value is read as TOML; what is not TOML is taken as text, so that names need no quotes.
    Raises ScenarioError where there is no path or no value.
    """
    path, equals, value = text.partition("=")
    if not path.strip() or not equals or not value.strip():
        problem = Problem(FROM_SET, None, "", quoted(text), "key.path=value, as actors.us.slip=.1")
        raise ScenarioError([problem])
    try:
        return path.strip(), parse_value(value.strip())
    except ScenarioError as error:
        raise ScenarioError(
            replace(problem, path=path.strip()) for problem in error.problems
        ) from error


def parse_value(text: str) -> Any:
    """A TOML value; .5 and +.5 are numbers too, also in lists and tables, and bare words text.

    Raises ScenarioError for a value beyond the limits of a file (`loading.parse`).
    """
    number = text.replace("+.", "+0.", 1).replace("-.", "-0.", 1)
    if number.startswith("."):
        number = "0" + number
    elif number.startswith(("[", "{")):
        number = re.sub(r"(?<![\w.\"'])\.(?=\d)", "0.", number)
    for candidate in (text, number):
        try:
            table = parse(f"value = {candidate}", FROM_SET)
        except ScenarioError as error:
            if not isinstance(error.__cause__, tomllib.TOMLDecodeError):
                raise
        else:
            if len(table) == 1:  # else there was more than a value
                return table["value"]
    return text


def written_over(tree: Tree, changes: Mapping[str, Any], file: str = FROM_SET) -> Tree:
    """A copy of `tree` with the values of `changes` (key path -> value) written over it.

    Items of a list are named by their `name` or index. A new policy name is written before its
    parameters, whatever their order. Raises ScenarioError for every path that leads nowhere.
    """
    result = tree.copy()
    allowed = "key paths as text, as actors.us.slip"
    no_texts = [key for key in changes if not isinstance(key, str)]
    problems = [Problem(file, None, "", quoted(key), allowed) for key in no_texts]
    if problems:
        raise ScenarioError(problems)
    # names of policies, which begin a policy anew, before their parameters
    for text, value in sorted(
        changes.items(), key=lambda change: change[0].rpartition(".")[2] not in WHOLE
    ):
        path = parts_of(text, result.table)
        if path is not None and matches(POLICY, path) and isinstance(value, str):
            name = nearest(value, POLICIES)
            guess = f"{text}.name={name}" if name else None
            allowed = f"{text}.name=NAME, or a table"
            problems.append(Problem(file, None, text, quoted(value), allowed, guess))
        elif path is None or not may_write(path, value, result.table):
            problems.append(_unknown(text, value, result.table, file))
        else:
            _write(result, path, value, file)
    if problems:
        raise ScenarioError(problems)
    return result


#: Index of each item by its name, by the id of the list: what `parts_of` has looked up before.
Named = dict[int, dict[str, int]]


def parts_of(text: str, table: Mapping[str, Any], named: Named | None = None) -> KeyPath | None:
    """The parts of a path; list items by index, keys of flat tables whole; None if no such item.

    `named` spares many paths of one table the search of its lists.
    """
    known: Named = {} if named is None else named
    path: KeyPath = ()
    here: Any = table
    parts = split_key(text)
    for position, part in enumerate(parts):
        if is_flat(path):
            return (*path, ".".join(parts[position:]))
        if isinstance(here, list):
            if id(here) not in known:
                last_first = reversed([*enumerate(map(item_name, here))])  # of two, the first
                known[id(here)] = {name: n for n, name in last_first if name is not None}
            index = known[id(here)].get(part, int(part) if part.isdecimal() else len(here))
            if index >= len(here):
                return None
            part, here = str(index), here[index]
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
        path += (part,)
    return path


def may_write(path: KeyPath, value: Any, table: Mapping[str, Any]) -> bool:
    """Whether a path leads to a field: a new lever or ally must come as a whole table."""
    head, depth = path[0], NAME_DEPTH.get(path[0], 0)
    field = (*path[:-1], path[-1].removeprefix(EXTEND))
    if not all(path) or (head in SIDED and path[1:2] and path[1] not in ids_in(table)):
        return False
    if entry_at(field) is None and not matches(POLICY, path[:3]):
        return False
    if len(path) < max(depth, 1) or not depth:
        return True
    new = len(path) == depth and isinstance(value, dict)
    return new or value_at(path[:depth], table) is not None


def _write(tree: Tree, path: KeyPath, value: Any, file: str) -> None:
    """Writes one value: inside a list or a machine in place, else as a file would."""
    in_list = any(part.isdecimal() for part in path)
    in_machine = len(path) > len(POLICY) + 1 and matches(POLICY, path[:3])
    if in_list or in_machine:
        _write_inside(tree, path, value, Origin(file))
        return
    if path == (TABLE,):
        renamed(tree, ids_in({TABLE: value}))
    root = tree.origins.get((), Origin(file))
    merge(tree, flattened(nested({path: value})), lambda _: Origin(file))
    tree.origins[()] = root


def _write_inside(tree: Tree, path: KeyPath, value: Any, origin: Origin) -> None:
    """Sets one key of a table or one item of a list; tables merge into tables."""
    here: Any = tree.table
    for part in path[:-1]:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    key: Any = int(path[-1]) if isinstance(here, list) else path[-1]
    old = dict(items(here)).get(path[-1])
    tables = isinstance(old, dict) and isinstance(value, dict) and not holds_number(path)
    here[key] = old | value if tables else value
    tree.record(path, value, lambda _: origin)


def known_paths(table: Mapping[str, Any]) -> Iterator[str]:
    """Every path that may be written in this scenario: fields of its tables, given or not."""
    ids = ids_in(table)
    for pattern in patterns():
        yield from map(".".join, filled(pattern, table, ids))


def _unknown(text: str, value: Any, table: Mapping[str, Any], file: str) -> Problem:
    found = f"no such key (to be set to {quoted(value)})"
    known = [*known_paths(table)]
    for side in ids_in(table):  # and the parameters of the named policies that the two play
        named = {"name": value_at(("actors", side, "policy", "name"), table)}
        known += (f"actors.{side}.policy.{p.name}" for p in parameters_of(named))
    ends = [path for path in known if path.endswith(f".{text}")]
    close = None if ends else nearest(text, known)
    if not ends and close is None:  # the end of a key, misspelt
        last = nearest(text, {path.rpartition(".")[2]: None for path in known})
        ends = [path for path in known if path.rpartition(".")[2] == last]
    ends.sort(key=lambda path: value_at(split_key(path), table) is None)  # what is given, first
    allowed = "a key path that `detente show` lists"
    if ends:
        more = f" and {len(ends) - MOST_ENDS} more" if len(ends) > MOST_ENDS else ""
        allowed = f"a whole key path, as {', '.join(ends[:MOST_ENDS])}{more}"
    guess = ends[0] if len(ends) == 1 else close
    return Problem(file, None, text, found, allowed, guess)


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
            raw["policy"] = {**raw["policy"], path[-1]: value}
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
    if path[0] == "actors" and below == ("policy",):
        return isinstance(value, dict) and any(key in value for key in WHOLE)
    if isinstance(value, dict | list):
        return False
    policy = value_at((*path[:depth], "policy"), table)
    named = isinstance(policy, dict) and "name" in policy
    inside = len(below) == 2 and below[0] == "policy" and below[1] not in WHOLE
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
