"""On which line of a TOML text a key stands: the standard parser does not tell.

Works on texts that have already been parsed without error. A key inside an inline table or an
array is not listed: the line of the key that holds it is near enough.
"""

from collections.abc import Iterator
from functools import lru_cache

KeyPath = tuple[str, ...]
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
    position = 0
    while position < len(text):
        if text[position] == "#":
            position = _end_of_line(text, position)
        elif text[position].isspace():
            position += 1
        else:
            end = _end_of_statement(text, position)
            yield position, text[position:end]
            position = end


def _end_of_statement(text: str, position: int) -> int:
    depth = 0
    while position < len(text):
        char = text[position]
        if char in "\"'":
            position = _end_of_string(text, position)
            continue
        if char == "#":
            position = _end_of_line(text, position)
            continue
        if char == "\n" and depth == 0:
            break
        depth += (char in "[{") - (char in "]}")
        position += 1
    return position


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


def _end_of_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


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
