"""The raw table of a scenario, put together from several files, and where each key came from."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.errors import KeyPath
from sim.scenario.key_paths import (
    NUMBERS,
    RANGES,
    SIDED,
    VALUES,
    is_flat,
    items,
    matches,
    path_parts,
    split_key,
)
from sim.scenario.sides import FIRST, ids_in

EXTEND = "+"  # before the name of a list: add to the inherited one
#: How many parts of a path name the lever, actor, ally or event it belongs to; else one.
OWNER_DEPTH = {"levers": 3, "actors": 2, "allies": 2, "shocks": 2, "deals": 2}
WHOLE = ("name", "machine")  # a policy with one of these replaces the old one


@dataclass(frozen=True)
class Origin:
    """Where a key was written; `line` is None outside files."""

    file: str
    line: int | None = None


@dataclass
class Tree:
    """A nested table and the origin of every key path in it, containers and list items too.

    `own`: what files of the user's own wrote, and whether into a lever, actor, ally or table
    that an earlier file already had.
    """

    table: dict[str, Any] = field(default_factory=dict)
    origins: dict[KeyPath, Origin] = field(default_factory=dict)
    own: dict[KeyPath, bool] = field(default_factory=dict)

    def copy(self) -> "Tree":
        """An independent copy."""
        return Tree(copy.deepcopy(self.table), dict(self.origins), dict(self.own))

    def origin(self, path: KeyPath) -> Origin | None:
        """Where a path was written, or else the nearest table around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return None

    def forget(self, path: KeyPath, value: Any) -> None:
        """Drops the origins of a path and of everything below it, in the value that it had."""
        self.origins.pop(path, None)
        self.own.pop(path, None)
        for part, item in items(value):
            self.forget((*path, part), item)

    def record(self, path: KeyPath, value: Any, where: Callable[[KeyPath], Origin]) -> None:
        """Notes where a value and everything in it was written."""
        self.origins[path] = where(path)
        for part, item in items(value):
            self.record((*path, part), item, where)


def flattened(table: Mapping[str, Any], path: KeyPath = ()) -> dict[str, Any]:
    """The same table with the nested keys of `ranges`, `sources`, `dependence` joined by dots."""
    result: dict[str, Any] = {}
    for key, value in table.items():
        below = (*path, key)
        if isinstance(value, dict):
            value = dict(_joined(value, below)) if is_flat(below) else flattened(value, below)
        result[key] = value
    return result


def _joined(table: Mapping[str, Any], flat: KeyPath, head: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and not _is_distribution(flat, head + key, value):
            yield from _joined(value, flat, f"{head}{key}.")
        else:
            yield head + key, value


def _is_distribution(flat: KeyPath, key: str, value: Mapping[str, Any]) -> bool:
    """Whether a table below a flat one is what is believed of a number, not more of its key."""
    if _names_a_kind(value):
        return True
    if flat != RANGES or not _only_lists(value):
        return False
    from sim.scenario.registry import stands_for_value  # not light, and seldom needed

    return stands_for_value(path_parts(key))


def _names_a_kind(table: Mapping[str, Any]) -> bool:
    return any(kind in NUMBERS and isinstance(item, list) for kind, item in table.items())


def _only_lists(table: Mapping[str, Any]) -> bool:
    return bool(table) and all(isinstance(item, list | tuple) for item in table.values())


def merge(tree: Tree, table: Mapping[str, Any], where: Callable[[KeyPath], Origin]) -> None:
    """Writes `table` over `tree`, in place.

    Tables merge deeply; a policy with a name or a machine replaces the old one whole; lists are
    replaced, or extended when written "+name". `where` gives the origin of a path of `table`.
    """
    _merge_into(tree, tree.table, table, (), where)
    tree.origins[()] = where(())


def merge_own(tree: Tree, table: Mapping[str, Any], where: Callable[[KeyPath], Origin]) -> None:
    """`merge` of a file of the user's own: what it writes is kept apart in `tree.own`."""
    before = tree.origins.copy()
    owners = {owner(path) for path in before}
    merge(tree, table, where)
    written = [path for path, origin in tree.origins.items() if before.get(path) != origin]
    tree.own |= {path: owner(path) in owners for path in written}


def owner(path: KeyPath) -> KeyPath:
    """The lever, actor, ally, event or table that a path belongs to."""
    return path[: OWNER_DEPTH.get(path[0], 1)] if path else path


def _merge_into(
    tree: Tree,
    target: dict[str, Any],
    table: Mapping[str, Any],
    path: KeyPath,
    where: Callable[[KeyPath], Origin],
) -> None:
    for key, value in table.items():
        below = (*path, key)
        old = target.get(key)
        listed = isinstance(target.get(key.removeprefix(EXTEND), []), list)
        if key.startswith(EXTEND) and isinstance(value, list) and listed:
            _extend(tree, target, below, value, where)
        elif isinstance(value, dict) and isinstance(old, dict) and not _replaces(below, value):
            tree.origins[below] = where(below)
            _merge_into(tree, old, value, below, where)
        else:
            if key in target:
                tree.forget(below, old)
            target.pop(key, None)  # what is written last stands last
            target[key] = copy.deepcopy(value)
            tree.record(below, value, where)


def _replaces(path: KeyPath, table: Mapping[str, Any]) -> bool:
    """Whether a table takes the place of the old one: a new policy, a distribution."""
    if path[:-1] == RANGES or _names_a_kind(table):
        return True
    if _only_lists(table) and not is_flat(path):
        from sim.scenario.registry import holds_number  # not light, and seldom needed

        return holds_number(path)
    return matches(("actors", "*", "policy"), path) and any(key in table for key in WHOLE)


def _extend(
    tree: Tree,
    target: dict[str, Any],
    path: KeyPath,
    value: list[Any],
    where: Callable[[KeyPath], Origin],
) -> None:
    """Adds items to the list named without the plus; a list of another file is left alone."""
    name = path[-1].removeprefix(EXTEND)
    before = target.get(name, [])
    target[name] = before + copy.deepcopy(value)
    real = (*path[:-1], name)
    tree.origins.setdefault(real, where(path))
    for offset, item in enumerate(value):

        def written(below: KeyPath, offset: int = offset) -> Origin:
            return where((*path, str(offset), *below[len(real) + 1 :]))

        tree.record((*real, str(len(before) + offset)), item, written)


_LEVERS = (
    ("allies", "*", "lever"),
    ("shocks", "*", "lever"),
    ("deals", "*", "levers", "*", "lever"),
    ("truce", "core", "*"),
)
_SEQUENCING = ("talks", "sequencing")


def renamed(tree: Tree, ids: tuple[str, str]) -> Tree:
    """The tree itself, its sides under these ids: tables, references, ranges, sources, readings."""
    ways = dict(zip(ids_in(tree.table), ids, strict=True))
    if any(old != new for old, new in ways.items()):
        change = _Renaming(ways)
        tree.table = change.value((), tree.table)
        tree.origins = {change.path(path): where for path, where in tree.origins.items()}
        tree.own = {change.path(path): existed for path, existed in tree.own.items()}
    return tree


class _Renaming:
    def __init__(self, ways: dict[str, str]) -> None:
        self.ways = ways

    def value(self, path: KeyPath, value: Any) -> Any:
        """What stands at a path (of the old ids), its keys and references renamed."""
        if isinstance(value, dict):
            return {
                self.key(path, key): self.value((*path, key), item) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.value((*path, part), item) for part, item in items(value)]
        if len(path) > len(VALUES) and matches(VALUES, path[: len(VALUES)]):
            path = (*path_parts(path[len(VALUES)]), *path[len(VALUES) + 1 :])
        if not isinstance(value, str):
            return value
        if any(matches(pattern, path) for pattern in _LEVERS):
            return self.lever(value)
        if path == _SEQUENCING and value.endswith(FIRST):
            side = value.removesuffix(FIRST)
            return f"{self.ways.get(side, side)}{FIRST}"
        return value

    def key(self, path: KeyPath, key: str) -> str:
        """A key of the table at a path."""
        if len(path) == 1 and path[0] in SIDED:
            return self.ways.get(key, key)
        if not is_flat(path):
            return key
        return self.lever(key) if path[-1] == "dependence" else self.written(key)

    def path(self, path: KeyPath) -> KeyPath:
        """A key path, each part of it as its table has it now."""
        return tuple(self.key(path[:depth], part) for depth, part in enumerate(path))

    def lever(self, name: str) -> str:
        """The full name of a lever."""
        side, dot, rest = name.partition(".")
        return f"{self.ways.get(side, side)}{dot}{rest}"

    def written(self, text: str) -> str:
        """A key path as text, or a pattern of them."""
        head, dot, rest = text.partition(".")
        if head in SIDED:
            return f"{head}{dot}{self.lever(rest)}"
        parts = split_key(text)
        if len(parts) > 3 and parts[0] == "allies" and parts[2] == "dependence":
            return ".".join((*parts[:3], self.lever(".".join(parts[3:]))))
        return text
