"""A world with its sides under other ids: every key and every reference follows."""

from typing import Any

from sim.scenario.lines import KeyPath, split_key
from sim.scenario.places import SIDED, items, matches
from sim.scenario.sides import FIRST, ids_in
from sim.scenario.tree import VALUES, Tree, is_flat, path_parts

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
