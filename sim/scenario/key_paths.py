"""Key paths: what stands where in a raw table, and on which line of a TOML text.

`key_lines` works on texts that have been parsed without error; a key inside an inline table or an
array is not listed: the line of the key that holds it is near enough.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sim.errors import KeyPath

#: Tables whose keys are the ids of the two sides.
SIDED = ("actors", "levers", "stage_payoffs")
RANGES = ("ranges",)
VALUES = ("readings", "*", "values")
FLAT_TABLES = (RANGES, ("sources",), ("allies", "*", "dependence"), VALUES)
#: The kinds of distribution a file may write.
UNIFORM, TRIANGULAR, TRUNCATED_NORMAL, BETA = "uniform", "triangular", "truncated_normal", "beta"
BOUNDS = "bounds"  # beside beta
#: The numbers of each kind, in order.
NUMBERS = {
    UNIFORM: ("low", "high"),
    TRIANGULAR: ("low", "mode", "high"),
    TRUNCATED_NORMAL: ("mean", "sd", "low", "high"),
    BETA: ("a", "b"),
}


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


#: Strings whole, comments, brackets, line ends, and all else.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|"(?:\\.|[^"\\])*"'
    r"|'''.*?'{3,5}|'[^']*'"
    r"""|#[^\n]*|[\[\]{}\n]|[^"'#\[\]{}\n]+""",
    re.DOTALL,
)
QUOTES = ('"""', "'''", '"', "'")


def key_lines(text: str) -> dict[KeyPath, int]:
    """First line (from 1) of every key path; items of an array of tables are "0", "1", ..."""
    lines: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}  # items so far of each array of tables
    table: KeyPath = ()
    line, counted = 1, 0
    for start, statement in statements(text):
        line, counted = line + text.count("\n", counted, start), start
        if statement.startswith("[["):
            array = _indexed(split_key(statement[2:]), arrays)
            arrays[array] = arrays.get(array, -1) + 1
            table = path = (*array, str(arrays[array]))
        elif statement.startswith("["):
            table = path = _indexed(split_key(statement[1:]), arrays)
        else:
            path = table + split_key(statement)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def _indexed(header: KeyPath, arrays: dict[KeyPath, int]) -> KeyPath:
    """The path a header means: below an array of tables it is about its last item."""
    path: KeyPath = ()
    for position, part in enumerate(header):
        path += (part,)
        if path in arrays and position < len(header) - 1:
            path += (str(arrays[path]),)
    return path


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Every header and every assignment, with its position; values may span lines."""
    start, depth = None, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if start is None:
            if word.isspace() or word.startswith("#"):
                continue
            start = token.end() - len(word.lstrip())
        if word == "\n" and depth == 0:
            yield start, text[start : token.start()]
            start = None
        depth += (word in ("[", "{")) - (word in ("]", "}"))
    if start is not None:
        yield start, text[start:]


def _end_of_string(text: str, position: int) -> int:
    """The position after the string that opens at `position`."""
    quote = next(q for q in QUOTES if text.startswith(q, position))
    position += len(quote)
    while position < len(text) and not text.startswith(quote, position):
        escaped = text[position] == "\\" and quote[0] == '"'
        position += 2 if escaped else 1
    position += len(quote)
    while len(quote) == 3 and text.startswith(quote[0], position):
        position += 1  # up to two quotes may stand before the closing ones
    return position


@lru_cache(maxsize=4_096)
def split_key(text: str) -> KeyPath:
    """The parts of the dotted key that `text` begins with; quotes protect dots."""
    parts = [""]
    position = 0
    while position < len(text) and text[position] not in "=]\n":
        if text[position] in "\"'":
            end = _end_of_string(text, position)
            parts[-1] += text[position + 1 : end - 1]
            position = end
            continue
        if text[position] == ".":
            parts.append("")
        elif not text[position].isspace():
            parts[-1] += text[position]
        position += 1
    return tuple(parts)


@lru_cache(maxsize=4_096)
def is_flat(path: KeyPath) -> bool:
    """Whether the table at `path` has key paths of the scenario as its keys."""
    return any(matches(pattern, path) for pattern in FLAT_TABLES)


@lru_cache(maxsize=4_096)
def path_parts(text: str) -> KeyPath:
    """The parts of a key path as text; the keys of flat tables stay whole."""
    path: KeyPath = ()
    parts = split_key(text)
    for position, part in enumerate(parts):
        if is_flat(path):
            return (*path, ".".join(parts[position:]))
        path += (part,)
    return path
