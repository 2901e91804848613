"""Writes what is read off the registry: the reference of scenario files, and the shell's words.

    python docs/make_reference.py            # or: make docs

`docs/reference-scenarios.md` lists every key of a scenario file; `sim/cli/known.py` holds the
keys and names that shell completion offers without loading the registry. A test compares both
with the registry.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from sim.policies import POLICIES
from sim.policies.library import Parameter
from sim.scenario.errors import as_toml
from sim.scenario.listing import Registered, registry
from sim.scenario.registry import Entry, plain

ROOT = Path(__file__).resolve().parents[1]
#: What is made: file, and the function that gives its text.
PAGE = ROOT / "docs" / "reference-scenarios.md"
WORDS = ROOT / "sim" / "cli" / "known.py"
FREE = ("ranges", "sources")  # tables with key paths as their keys

INTRODUCTION = """\
# Reference: scenario files

Every key a scenario file can have, read off the registry (`make docs` writes this page). A file is TOML; its name
without `.toml` is what results are called. `detente show SCENARIO` prints the values of one scenario with their
sources, `detente show --schema` a JSON Schema that editors can use to complete and check.

- `*` stands for a name: a side (`us`, `cn`), a lever, an ally, a shock. A key path goes from the top: `levers.cn.rare_earths.capacity`.
- **range** is what the outer loop varies the value over ("over the stated ranges"), unless `[ranges]` says otherwise; `x` marks
  factors of the value. Hard limits are in **allowed**. Limits of 1000 or 100000 only keep out slips of the keyboard.
- A scenario `extends` another, looked up beside the file, then in `scenarios/`. Tables merge deeply; a `policy` with a `name` or a
  `machine` replaces the old one whole; lists are replaced, or extended when written `"+shocks" = [...]`.
- An inherited optional value is taken back with `"none"`: `capacity_after_talks = "none"`.
- Unknown keys, values out of bounds and references to what is not there are errors, all told at once.
- What each quantity does in a week: [model.md](model.md). Claims, R- and V-numbers are those of the theory notes of the project.
"""

#: Title of each table of the page, by the path of its keys.
TABLES = {
    "": "Top level",
    "truce": "`[truce]`",
    "talks": "`[talks]`",
    "actors.*": "`[actors.us]`, `[actors.cn]`",
    "levers.*.*": "`[levers.us.NAME]`, `[levers.cn.NAME]`",
    "levers.*.*.programmes.*": "`programmes` of a lever, each",
    "levers.*.*.history.*": "`history` of a lever, each",
    "allies.*": "`[allies.NAME]`",
    "shocks.*": "`[[shocks]]`",
    "deals.*": "`[[deals]]`",
    "deals.*.levers.*": "`levers` of a deal, each",
    "stage_payoffs.*": "`[stage_payoffs.us]`, `[stage_payoffs.cn]`: own conduct",
    "stage_payoffs.*.good": "... after own good conduct, the other's conduct",
    "stage_payoffs.*.bad": "... after own bad conduct, the other's conduct",
}


def page() -> str:
    """The reference page as Markdown."""
    parts = [INTRODUCTION]
    rows = registry()
    for holder, members in groupby(rows_by_table(rows), key=lambda row: row[0]):
        parts.append(f"## {TABLES[holder]}\n")
        parts.append(table(HEAD, (cells(key, entry) for _, key, entry in members)))
    parts.append(f"## Policies\n\n{POLICY_NOTE}\n")
    parts.append(table(POLICY_HEAD, policy_rows()))
    return "\n".join(parts)


HEAD = ("key", "symbol", "meaning", "unit", "default", "allowed", "range", "source")
POLICY_HEAD = ("policy", "parameter", "meaning", "default", "allowed", "range", "source")
POLICY_NOTE = """\
`policy = { name = "...", PARAMETER = ... }`, with an optional `sensor` (`signal`, `belief_above`, `pressure_above`,
`leverage_above`) and its `threshold`; `{ name = "mixture", parts = [{ weight = 0.8, policy = {...} }, ...] }`; or a machine of
one's own, `{ machine = {...} }`: see [howto-change-a-policy.md](howto-change-a-policy.md)."""


def rows_by_table(rows: list[Registered]) -> list[tuple[str, str, Entry]]:
    """(table, key, entry) of every field, in the order of TABLES."""
    found = []
    for row in rows:
        holder, _, key = row.path.rpartition(".")
        found.append((holder, key, row.entry))
    order = list(TABLES)
    return sorted(found, key=lambda row: order.index(row[0]))


def cells(key: str, entry: Entry) -> tuple[str, ...]:
    """One row of the page."""
    return (
        f"`{key}`",
        entry.symbol,
        entry.meaning,
        entry.unit,
        default_text(entry),
        entry.allowed,
        range_text(entry),
        entry.source,
    )


def default_text(entry: Entry) -> str:
    """The default as a file would write it; empty for tables and lists."""
    value = entry.default
    if value is None:
        return "none" if entry.optional else "required"
    if isinstance(value, int | float | str) and value != "":
        return f"`{as_toml(value)}`"
    return ""


def range_text(entry: Entry) -> str:
    """The outer loop's range."""
    if entry.span is None:
        return ""
    low, high = entry.span
    factor = "x " if entry.relative else ""
    when = "" if entry.applies == "always" else f" ({entry.applies})"
    return f"{factor}{low:g} to {high:g}{when}"


def policy_rows() -> Iterator[tuple[str, ...]]:
    """A row for each policy, then one for each of its parameters."""
    for policy in POLICIES.values():
        yield (f"`{policy.name}`", "", policy.summary, "", "", "", policy.source)
        for parameter in policy.parameters:
            yield ("", f"`{parameter.name}`", *parameter_cells(parameter))


def parameter_cells(parameter: Parameter) -> tuple[str, ...]:
    """What is said of one parameter of a policy."""
    default = parameter.default
    shown = default if isinstance(default, str) else f"{default:.4g}"
    span = "" if parameter.range is None else "{:g} to {:g}".format(*parameter.range)
    return (parameter.meaning, f"`{shown}`", parameter.allowed, span, parameter.source)


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in lines)


def words() -> str:
    """The module of words that shell completion offers."""
    parts = [
        '"""Names and keys for shell completion, read off the registry: `make docs` writes this."""',
        "",
        "#: Named policies, each with its parameters.",
        "POLICIES: dict[str, tuple[str, ...]] = {",
        *(
            f'    "{p.name}": {tuple_text([q.name for q in p.parameters])},'
            for p in POLICIES.values()
        ),
        "}",
        "",
        "#: Key paths of single values, * standing for a name.",
        "KEYS: tuple[str, ...] = (",
        *(f'    "{path}",' for path in single_values()),
        ")",
        "",
        "#: The words that a key may be set to.",
        "CHOICES: dict[str, tuple[str, ...]] = {",
        *(f'    "{path}": {tuple_text(found)},' for path, found in choices()),
        "}",
    ]
    return "\n".join(parts) + "\n"


def tuple_text(names: Any) -> str:
    """A tuple of texts as the formatter writes it."""
    inside = ", ".join(f'"{name}"' for name in names)
    return f"({inside},)" if len(names) == 1 else f"({inside})"


def single_values() -> list[str]:
    """Fields that hold no other field."""
    paths = [row.path for row in registry()]
    holders = {path.rpartition(".")[0].removesuffix(".*").removesuffix(".*") for path in paths}
    return [
        path for path in paths if path not in holders and path not in (*FREE, "actors.*.policy")
    ]


def choices() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Fields whose values are words, or true and false."""
    for row in registry():
        kind = plain(row.entry.annotation)
        if get_origin(kind) is Literal:
            yield row.path, get_args(kind)
        elif kind is bool:
            yield row.path, ("true", "false")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    WORDS.write_text(words(), encoding="utf-8")
