"""Scenarios and policies as tables and records, and words looked for in them: `detente show`."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import accumulate, chain, groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from sim.errors import quoted
from sim.policies.machine import sentences, table_rows
from sim.report.content import NAME, TEXT, table
from sim.report.numbers import span
from sim.report.terminal import section
from sim.scenario.distribution import read_distribution

if TYPE_CHECKING:
    from rich.table import Table

    from sim.policies import Machine, Policy
    from sim.scenario import Scenario
    from sim.scenario.sourcing import Knowledge, Row

ENTRY_FIELDS = (
    *("path", "value", "unit", "symbol", "range", "distribution"),
    *("source", "known", "origin", "meaning"),
)
ENTRY_COLUMNS = ("value", "symbol", "range", "set by")
PARAMETER_FIELDS = ("name", "default", "unit", "allowed", "range", "meaning", "source")
#: Widest column of values; what is longer goes on below.
WIDEST = 30
#: Narrower terminals get no columns for a machine's next states.
MACHINE_ROOM = 100
#: Least room for a source beside its value; with less, it stands below.
SOURCE_ROOM = 24
#: Hits that are shown; of more, how many there are.
MOST_HITS = 12
#: How like a word must be (difflib) to stand for one that is nowhere: license for licence.
CLOSE = 0.8
#: What is about the values, not one of them, comes last.
NOTES, PROSE = ("title", "description", "sources"), 3
#: Words this long may be the beginning of another.
BEGINNING = 3


def names_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Group:
    """A plain table whose first column is what to type."""
    kinds = ((heads[0], NAME), *((head, TEXT) for head in heads[1:]))
    head = [Text(title, style="bold")] if title else []
    return Group(*head, *section(table("", kinds, rows)))


def hits_table(entries: Iterable[Any]) -> Group:
    """Values that were looked for: key, value with unit, meaning."""
    rows = [(e.path, f"{quoted(e.value)} {e.unit}".strip(), e.meaning) for e in entries]
    return names_table("", ("key", "value", "meaning"), rows)


def prefixes(paths: Iterable[str]) -> list[str]:
    """Every path and every beginning of one, in order."""
    parts = (list(accumulate(path.split("."), "{}.{}".format)) for path in paths)
    return list(dict.fromkeys(chain.from_iterable(parts)))


def entry_record(entry: Any) -> dict[str, Any]:
    """One value of a scenario with all that is known of it."""
    return {name: getattr(entry, name) for name in ENTRY_FIELDS}


def print_entries(console: Console, scenario: "Scenario", entries: Iterable[Any]) -> None:
    """Every value, table by table: what, unit, symbol, range, which file set it, and source."""
    console.print(Text(f"{scenario.name}: {scenario.title}", style="bold"))
    rows = [(entry.path.rpartition("."), _cells(entry)) for entry in entries]
    keys = [key for (_, _, key), _ in rows]
    widths = [max(map(len, ("key", *keys)))]
    for column, title in enumerate(ENTRY_COLUMNS):
        cells = (title, *(cells[column] for _, cells in rows))
        widths.append(min(max(map(len, cells)), WIDEST))
    _print_rows(console, widths, [("key", *ENTRY_COLUMNS, "source")], "bold")
    for group, members in groupby(rows, key=lambda row: row[0][0]):
        console.print(Text(group or "scenario", style="bold"))
        _print_rows(console, widths, [(parts[2], *cells) for parts, cells in members])


def print_knowledge(console: Console, knowledge: "Knowledge") -> None:
    """What was known only after `as_of`, and every field whose source carries no date."""
    for text in knowledge.sentences():
        console.print(Text(text))
    if knowledge.undated:
        console.print(Text(f"undated: {knowledge.undated_fields()}", style="dim"))


def print_inert(console: Console, scenario: "Scenario", entries: Iterable[Any]) -> None:
    """Which of these values cannot move the headline here, by reason."""
    reasons = scenario.inert()
    by_reason: dict[str, list[str]] = {}
    for entry in entries:
        if entry.path in reasons:
            by_reason.setdefault(reasons[entry.path], []).append(entry.path)
    for why, paths in by_reason.items():
        text = f"cannot move the headline here, for {why}: {', '.join(paths)}"
        console.print(Text(text, style="dim"))


def _print_rows(
    console: Console, widths: Sequence[int], rows: Sequence[Sequence[str]], style: str = ""
) -> None:
    """Rows of values; where a terminal is narrow, file and source of each on a line below it."""
    if console.width - sum(width + 2 for width in (2, *widths)) >= SOURCE_ROOM:
        console.print(_grid(widths, rows, style))
        return
    for *cells, file, source in rows:
        console.print(_grid(widths[:-2], [cells], style))
        below = Text(": ".join(part for part in (file, source) if part), style="dim")
        console.print(Padding(below, (0, 0, 0, 6)))


def _cells(entry: Any) -> tuple[str, ...]:
    """What is shown of one value: with its unit, symbol, range, file and source."""
    value = f"{quoted(entry.value)} {entry.unit}".strip()
    file = entry.origin.removeprefix("scenarios/").removesuffix(".toml")
    law = entry.distribution
    around = span(entry.range) if law is None else str(read_distribution(law))
    return value, entry.symbol, around, file, entry.source


def _grid(widths: Sequence[int], rows: Iterable[Sequence[str]], style: str = "") -> "Table":
    """Rows in columns of fixed widths; the last takes what is left."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=2)
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    for row in rows:
        grid.add_row("", *(Text(cell) for cell in row), style=style)
    return grid


def parameters_table(policy: "Policy", key: str | None = None) -> Group:
    """The parameters of a policy: default, what is allowed, the outer loop's range, source."""
    records = _parameters(policy, key)
    for record in records:
        if not isinstance(record["default"], str):
            record["default"] = f"{record['default']:.4g}"
        record["range"] = span(record["range"])
    heads = ("parameter", *PARAMETER_FIELDS[1:])
    return names_table("Parameters", heads, [tuple(record.values()) for record in records])


def _parameters(policy: "Policy", key: str | None) -> list[dict[str, Any]]:
    """What is known of each parameter of a policy, or of one."""
    chosen = (parameter for parameter in policy.parameters if key in (None, parameter.name))
    return [{name: getattr(each, name) for name in PARAMETER_FIELDS} for each in chosen]


def policy_record(policy: "Policy", key: str | None = None) -> dict[str, Any]:
    """A policy with its parameters and, at its defaults, its machine."""
    machine = policy.build()
    return {
        "name": policy.name,
        "summary": policy.summary,
        "source": policy.source,
        "parameters": _parameters(policy, key),
        "states": table_rows(machine),
        "sentences": list(sentences(machine)),
    }


def print_machine(console: Console, machine: "Machine", whose: str) -> None:
    """A machine as a table of its states, then as sentences.

    On a narrow terminal the table keeps the moves, and the sentences tell what comes next.
    """
    rows = table_rows(machine)
    if console.width < MACHINE_ROOM:
        rows = [{name: cell for name, cell in row.items() if "saw" not in name} for row in rows]
    heads = [name.replace("_saw_", ",\nsaw_").replace("_", " ") for name in rows[0]]
    title = f"Its machine {whose}".rstrip()
    console.print(names_table(title, heads, [tuple(row.values()) for row in rows]))
    for sentence in sentences(machine):
        console.print(Text(sentence))


def search(text: str, rows: Iterable["Row"]) -> tuple[str, list["Row"]]:
    """What was looked for and the values that have it, names before values before meanings.

    Each word must occur, whole or as a beginning; one that occurs nowhere is read as the most
    similar one that does.
    """
    places = [(row, _places(row)) for row in rows]
    vocabulary = {word for _, parts in places for part in parts for word in part}
    wanted = [_nearest(word, vocabulary) for word in words_of(text)]
    if not wanted:
        return text, []
    ranked = []
    for row, parts in places:
        rank = max(_rank(word, parts) for word in wanted)
        if rank < len(parts):
            ranked.append((rank + PROSE * (row.path.split(".")[0] in NOTES), row))
    return " ".join(wanted), [row for _, row in sorted(ranked, key=lambda hit: hit[0])]


def _places(row: "Row") -> list[list[str]]:
    """The words of a value's name, of the value if it is no number, and of its meaning."""
    value = "" if isinstance(row.value, bool | int | float) else _text(row.value)
    texts = (row.path, value, f"{row.meaning} {row.unit} {row.symbol}")
    return [words_of(text) for text in texts]


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; names with underscores also by their parts."""
    return re.findall(r"[^\W_]+", text.lower())


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return str(value)


def _nearest(word: str, vocabulary: set[str]) -> str:
    if any(_is(word, other) for other in vocabulary):
        return word
    return next(iter(get_close_matches(word, sorted(vocabulary), 1, CLOSE)), word)


def _is(word: str, other: str) -> bool:
    return word == other or (len(word) >= BEGINNING and other.startswith(word))


def _rank(word: str, parts: list[list[str]]) -> int:
    """In which of the parts a word occurs first; how many there are if it occurs nowhere."""
    having = (any(_is(word, other) for other in words) for words in parts)
    return next((rank for rank, found in enumerate(having) if found), len(parts))
