"""Writes what is read off the registry and the command line: references, and the shell's words.

    python docs/make_reference.py            # or: make docs

`docs/reference-scenarios.md` lists every key of a scenario file, `docs/reference-commands.md`
every option, the end of `docs/reference-results.md` every outcome; `sim/cli/known.json` holds the
keys and names that shell completion offers without loading the registry. A test compares them all
with what they are made from.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from sim.cli.main import app
from sim.errors import as_toml
from sim.policies import POLICIES
from sim.policies.library import Parameter
from sim.scenario.parameter import Entry, plain
from sim.scenario.registry import Registered, registry
from sim.world.outcomes import NAMES, Outcome, outcome_of
from sim.world.sensors import SENSORS

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "docs" / "reference-scenarios.md"
COMMANDS = ROOT / "docs" / "reference-commands.md"
RESULTS = ROOT / "docs" / "reference-results.md"
WORDS = ROOT / "sim" / "cli" / "known.json"
#: Tables with key paths as their keys, and policies: their keys are not the registry's.
FREE = ("ranges", "sources", "actors.*.policy")

#: The prose above this line of a page is written by hand.
MARK = "<!-- Below: written by `make docs`. -->"

#: Title of each table of the page, by the path of its keys.
TABLES = {
    "": "Top level",
    "sides.*": "`[[sides]]`: two, or none for us and cn",
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
    "readings.*": "`[readings.NAME]`",
    "stage_payoffs.*": "`[stage_payoffs.us]`, `[stage_payoffs.cn]`: own conduct",
    "stage_payoffs.*.good": "... after own good conduct, the other's conduct",
    "stage_payoffs.*.bad": "... after own bad conduct, the other's conduct",
}


def prose(page: Path) -> str:
    """What stands above the mark of a page, and the mark."""
    text, _, _ = page.read_text(encoding="utf-8").partition(MARK)
    return f"{text}{MARK}\n"


def scenarios() -> str:
    """The reference of scenario files: its prose as it stands, then the tables."""
    parts = [prose(SCENARIOS)]
    rows = registry()
    for holder, members in groupby(rows_by_table(rows), key=lambda row: row[0]):
        parts.append(f"## {TABLES[holder]}\n")
        parts.append(table(HEAD, (cells(key, entry) for _, key, entry in members)))
    parts.append("## Named policies\n")
    parts.append(table(POLICY_HEAD, policy_rows()))
    parts.append("## Sensors\n")
    parts.append(table(SENSOR_HEAD, sensor_rows()))
    return "\n".join(parts)


HEAD = ("key", "symbol", "meaning", "unit", "default", "allowed", "range", "source")
SENSOR_HEAD = ("sensor", "good when", "bad when")
POLICY_HEAD = ("policy", "parameter", "meaning", "default", "allowed", "range", "source")


def sensor_rows() -> Iterator[tuple[str, ...]]:
    """One row a sensor of a machine."""
    for sensor in SENSORS.values():
        good, bad = (words.format("`threshold`") for words in (sensor.good, sensor.bad))
        yield f"`{sensor.name}`", good, bad


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


def policy_rows() -> Iterable[tuple[str, ...]]:
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


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    escaped = ((cell.replace("|", r"\|") for cell in row) for row in lines)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def words() -> str:
    """What shell completion offers: policies with their parameters, key paths, words of keys.

    In key paths * stands for a name.
    """
    policies = {p.name: [q.name for q in p.parameters] for p in POLICIES.values()}
    known = {"policies": policies, "keys": single_values(), "choices": dict(choices())}
    return json.dumps(known, indent=1) + "\n"


def single_values() -> list[str]:
    """Fields that hold no other field."""
    paths = [row.path for row in registry()]
    holders = {path.rpartition(".")[0].removesuffix(".*").removesuffix(".*") for path in paths}
    return [path for path in paths if path not in holders and path not in FREE]


def choices() -> Iterable[tuple[str, tuple[str, ...]]]:
    """Fields whose values are words, or true and false."""
    for row in registry():
        kind = plain(row.entry.annotation)
        if get_origin(kind) is Literal:
            yield row.path, get_args(kind)
        elif kind is bool:
            yield row.path, ("true", "false")


def commands() -> str:
    """The reference of commands: its prose as it stands, then what each is and its options."""
    parts = [prose(COMMANDS)]
    for words, command in every_command(typer.main.get_command(app).commands, ("detente",)):
        parts.append(f"## `{' '.join((*words, '[OPTIONS]'))}`\n\n{command.help}\n")
        parts.append(table(("option", "meaning", "default"), map(option_cells, command.params)))
    return "\n".join(parts)


def every_command(
    commands: Mapping[str, Any], before: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with the words of its usage; of a group, each subcommand."""
    for name, command in commands.items():
        arguments = (one for one in command.params if one.param_type_name == "argument")
        words = (*before, name, *(metavar(one) for one in arguments))
        if hasattr(command, "commands"):
            yield from every_command(command.commands, words)
        else:
            yield words, command


def metavar(parameter: Any) -> str:
    """How a usage line writes an argument."""
    text = (parameter.metavar or parameter.name or "").strip("[]")
    return text.upper() if parameter.required else f"[{text.upper()}]"


def option_cells(parameter: Any) -> tuple[str, str, str]:
    """One row: how it is written, what it means, what it is when left out."""
    if parameter.param_type_name == "argument":
        return f"`{metavar(parameter)}`", parameter.help, ""
    name = ", ".join(parameter.opts)
    value = "" if parameter.is_flag else f" {parameter.metavar or 'TEXT'}"
    default = "" if parameter.is_flag or parameter.default is None else f"`{parameter.default}`"
    return f"`{name}{value}`", parameter.help, default


def results() -> str:
    """The reference of result folders: its prose as it stands, then the table of outcomes."""
    rows = (outcome_cells(outcome_of(name)) for name in NAMES)
    head = ("outcome", "what its share is", "column of `runs`", "defined", "exact engine")
    return f"{prose(RESULTS)}\n## Outcomes, one by one\n\n{table(head, rows)}"


def outcome_cells(one: Outcome) -> tuple[str, ...]:
    """One row of the table of outcomes."""
    when = "with a `[truce]`" if one.needs_truce else "always"
    if one.once:
        when = "with a term within the horizon"
    column = f"`{one.column}`: " + ("whether it came about" if one.once else "when it ended")
    return f"`{one.name}`", one.says, column, when, "yes" if one.solved else "no"


#: Every file, and what gives its text.
MADE: dict[Path, Callable[[], str]] = {
    WORDS: words,  # first: all commands read it
    SCENARIOS: scenarios,
    COMMANDS: commands,
    RESULTS: results,
}

if __name__ == "__main__":
    for path, text in MADE.items():
        path.write_text(text(), encoding="utf-8")
