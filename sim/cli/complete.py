"""What the shell offers after Tab: scenarios, policies, key paths of `--set`, result folders.

Answers must come at once, so nothing heavy is imported here: names and keys are read from files
and from `known.json`. A file that is broken offers nothing; the command itself will say why.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from sim.errors import ScenarioError
from sim.scenario.key_paths import filled, matches, named_items, value_at
from sim.scenario.loading import SUFFIX
from sim.scenario.sides import ids_in, sequencings
from sim.store.files import MANIFEST, RESULTS

_KNOWN = json.loads(Path(__file__).with_name("known.json").read_text(encoding="utf-8"))
#: Named policies, each with its parameters.
POLICIES: dict[str, list[str]] = _KNOWN["policies"]
#: Key paths of single values, * standing for a name.
KEYS: list[str] = _KNOWN["keys"]
#: The words that a key may be set to.
CHOICES: dict[str, list[str]] = _KNOWN["choices"]
Offers = list[tuple[str, str]]  # what may be typed, and a word on it


def scenario_names(incomplete: str) -> Offers:
    """Shipped scenarios with their titles, and scenario files."""
    from sim.scenario.loading import list_shipped

    shipped = ((each.name, each.title) for each in list_shipped())
    return [*(pair for pair in shipped if pair[0].startswith(incomplete)), *_files(incomplete)]


def experiment_names(incomplete: str) -> Offers:
    """Shipped experiments with their questions, and experiment files."""
    from sim.studies.reading import question_of, shipped_experiments

    shipped = (
        (name, question_of(path.read_text(encoding="utf-8")))
        for name, path in shipped_experiments().items()
        if name.startswith(incomplete)
    )
    return [*shipped, *_files(incomplete)]


def _files(incomplete: str) -> Offers:
    """Files in TOML that begin so."""
    return [(str(path), "") for path in _folders_beside(incomplete) if path.suffix == SUFFIX]


def shown_names(incomplete: str) -> Offers:
    """What `detente show` knows: scenarios and policies."""
    return scenario_names(incomplete) + _offers(POLICIES, incomplete, "policy")


def game_names(incomplete: str) -> Offers:
    """What `detente games` plays: scenarios, and experiments that are tournaments."""
    tournaments = (name for name in experiment_names(incomplete) if "tournament" in name[0])
    return list(dict.fromkeys([*scenario_names(incomplete), *tournaments]))


def sided_policies(incomplete: str) -> Offers:
    """Named policies, the next one of a list with commas."""
    before, comma, _ = incomplete.rpartition(",")
    names = (*POLICIES, "us_as_shipped", "cn_as_shipped")
    left = (f"{before}{comma}{name}" for name in names if name not in before.split(","))
    return _offers(left, incomplete)


def result_folders(incomplete: str) -> Offers:
    """Folders with a manifest: below what was typed, and in results/."""
    folders = {*_folders_beside(incomplete), *_folders_beside(f"{RESULTS}/")}
    there = sorted(str(folder) for folder in folders if (folder / MANIFEST).is_file())
    return _offers(there, incomplete)


def _folders_beside(incomplete: str) -> list[Path]:
    """Files and folders whose path begins with what was typed."""
    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    return sorted(path for path in folder.glob("*") if str(path).startswith(incomplete))


def settings(ctx: typer.Context, incomplete: str) -> Offers:
    """Key paths of the scenario that was typed, as `key=`; after the = the words allowed."""
    table = _table(_typed(ctx, "scenario"))
    key, equals, _ = incomplete.partition("=")
    if not equals:
        return _offers((f"{path}=" for path in key_paths(table)), incomplete)
    return _offers((f"{key}={word}" for word in _words(key, table)), incomplete)


def removable(ctx: typer.Context, incomplete: str) -> Offers:
    """What `--without` can take out of the scenario that was typed."""
    table = _table(_typed(ctx, "scenario"))
    names = [f"shock:{name}" for name, _ in named_items(table.get("shocks"))]
    for side in ids_in(table):
        levers = value_at(("levers", side), table)
        names += [f"lever:{side}.{name}" for name, _ in named_items(levers)]
    return _offers(names, incomplete)


def shown_keys(ctx: typer.Context, incomplete: str) -> Offers:
    """Key paths of the scenario that was typed, or the parameters of the policy."""
    name = _typed(ctx, "name")
    return _offers(POLICIES[name] if name in POLICIES else key_paths(_table(name)), incomplete)


def _typed(ctx: typer.Context, parameter: str) -> str:
    """The first argument; after an option that still waits for its value it is in `args`.

    Of a subcommand it may be the argument of the group before it.
    """
    before = ctx.parent.params.get(parameter) if ctx.parent else None
    return str(ctx.params.get(parameter) or before or next(iter(ctx.args), ""))


def key_paths(table: dict[str, Any]) -> Iterator[str]:
    """Every single value of a scenario's table that can be set, whether or not it is given."""
    ids = ids_in(table)
    for pattern in KEYS:
        yield from map(".".join, filled(pattern.split("."), table, ids))
    for side in ids:
        policy = f"actors.{side}.policy"
        yield f"{policy}.name"
        played = table.get("actors", {}).get(side, {}).get("policy", {})
        yield from (f"{policy}.{name}" for name in POLICIES.get(str(played.get("name")), ()))


def _table(name: str) -> dict[str, Any]:
    """The merged table of a scenario, unchecked; empty where it cannot be read."""
    from sim.scenario.loading import find_scenario, read_tree

    try:
        return read_tree(find_scenario(name).resolve()).table
    except ScenarioError:
        return {}


def _words(key: str, table: dict[str, Any]) -> Sequence[str]:
    """The words a key may be set to; empty for numbers and texts."""
    parts = key.split(".")
    if parts[0] == "actors" and parts[2:] == ["policy", "name"]:
        return list(POLICIES)
    if key == "talks.sequencing":
        return sequencings(ids_in(table))
    fitting = (words for pattern, words in CHOICES.items() if matches(pattern.split("."), parts))
    return next(fitting, ())


def _offers(words: Iterable[str], start: str, note: str = "") -> Offers:
    return [(word, note) for word in words if word.startswith(start)]
