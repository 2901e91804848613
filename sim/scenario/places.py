"""What stands where in a raw table: walks along key paths and patterns of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.lines import KeyPath

#: Tables whose keys are the ids of the two sides.
SIDED = ("actors", "levers", "stage_payoffs")


def items(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a table or a list, by key or by index; nothing for a leaf."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from ((str(index), item) for index, item in enumerate(value))


def item_name(item: Any) -> str | None:
    """What an item of a list is called: a side by its id, the others by their name."""
    if not isinstance(item, dict):
        return None
    name = item.get("id", item.get("name"))
    return name if isinstance(name, str) else None


def named_items(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a table by key, of a list by the names of its items or their numbers."""
    for part, item in items(value):
        yield (part if isinstance(value, dict) else item_name(item) or part), item


def value_at(path: KeyPath, table: Any) -> Any:
    """What stands at a path, list items by index; None where nothing does."""
    for part in path:
        table = table.get(part) if isinstance(table, dict) else dict(items(table)).get(part)
    return table


def named_path(path: KeyPath, table: Any) -> str:
    """A key path as text, list items by their names where they have one."""
    parts = []
    for part in path:
        listed, table = isinstance(table, list), value_at((part,), table)
        parts.append((item_name(table) if listed else None) or part)
    return ".".join(parts)


def nested(values: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """Values by their paths as one nested table."""
    table: dict[str, Any] = {}
    for (*holders, last), value in values.items():
        here = table
        for part in holders:
            here = here.setdefault(part, {})
        here[last] = value
    return table


def matches(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether `path` is what `pattern` says, * standing for any one part."""
    return len(pattern) == len(path) and all(
        part_wanted in ("*", part) for part_wanted, part in zip(pattern, path, strict=True)
    )


def filled(
    pattern: Sequence[str], table: Any, ids: tuple[str, str], done: KeyPath = ()
) -> Iterator[KeyPath]:
    """The paths that a pattern stands for in a table: each * by the names there, or of the sides.

    Items of lists go by their names.
    """
    if not pattern:
        yield done
        return
    part, *rest = pattern
    inside = dict(named_items(table))
    names = (part,) if part != "*" else ids if done[-1:] and done[-1] in SIDED else tuple(inside)
    for name in names:
        yield from filled(rest, inside.get(name), ids, (*done, name))
