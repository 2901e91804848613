"""A game as a small TOML file: the scenario and its fingerprints, seed, run, chair, moves."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import GameError, Problem, as_toml, nearest, quoted
from sim.scenario.loading import is_shipped, parse, read_text, scenarios_folder
from sim.store.files import write_text

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORMAT = 1
#: More than a game of the longest horizon has: a week is a table with a move for each side.
MOST_VALUES = 20_000
_KEYS = {
    "format": int,
    "scenario": str,
    "hash": str,
    "seed": int,
    "run": int,
    "side": str,
    "week": list,
    "parts": dict,
}


@dataclass(frozen=True)
class SavedGame:
    """What a file of a game holds; `moves` as texts by side, a week each."""

    scenario: str
    hash: str
    parts: Mapping[str, str]
    seed: int
    run: int
    side: str
    moves: tuple[Mapping[str, str], ...]


def write(
    path: Path,
    scenario: "Scenario",
    luck: tuple[int, int],
    side: str,
    moves: Sequence[Mapping[str, Any]],
) -> None:
    """Write a game to a file, whole or not at all; `luck` is (seed, run). Raises OSError."""
    lines = [
        "# A game of detente. Go on with it: detente play --resume FILE",
        f"format = {FORMAT}",
        f"scenario = {as_toml(_reference(scenario))}",
        f"hash = {as_toml(scenario.hash)}",
        f"seed = {luck[0]}",
        f"run = {luck[1]}",
        f"side = {as_toml(side)}",
    ]
    for week in moves:
        lines += ["\n[[week]]", *(f"{who} = {as_toml(str(move))}" for who, move in week.items())]
    lines += ["\n# Fingerprints of the scenario's parts, to tell what has changed.", "[parts]"]
    parts = fingerprints(scenario)
    lines += [f"{as_toml(name)} = {as_toml(digest)}" for name, digest in parts.items()]
    write_text(path, "".join(f"{line}\n" for line in lines))


def _reference(scenario: "Scenario") -> str:
    """How the scenario is found again: its file, or the name of a shipped one."""
    path = scenario.path
    if path is None:
        return scenario.name
    if is_shipped(path):
        folder = scenarios_folder().resolve()
        return path.resolve().relative_to(folder).with_suffix("").as_posix()
    return str(path)


def fingerprints(scenario: "Scenario") -> dict[str, str]:
    """Eight hexadecimal digits for each part of the resolved scenario, to name what has changed."""
    found = {}
    for name, value in _parts(scenario.to_table()):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        found[name] = hashlib.sha256(text.encode()).hexdigest()[:8]
    return found


def _parts(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Tables; of levers, actors and allies each entry."""
    for key, value in table.items():
        if key == "levers":
            for side, levers in value.items():
                yield from ((f"levers.{side}.{name}", row) for name, row in levers.items())
        elif key in ("actors", "allies"):
            yield from ((f"{key}.{name}", row) for name, row in value.items())
        else:
            yield key, value


def read(path: Path) -> SavedGame:
    """The game of a file. Raises GameError with everything that is wrong with it."""
    place = os.fspath(path)
    table = parse(read_text(path, GameError), place, GameError, MOST_VALUES)
    if problems := [Problem(place, None, *wrong) for wrong in _wrong(table)]:
        raise GameError(problems)
    fields = {key: table[key] for key in ("scenario", "hash", "parts", "seed", "run", "side")}
    return SavedGame(**fields, moves=tuple(table.get("week", ())))


def _wrong(table: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What is wrong with the table of a file: the key, what it is, what is allowed, the nearest."""
    for key, kind in _KEYS.items():
        if key not in table:
            if key != "week":
                yield key, "nothing", "as `detente play` writes it"
        elif not isinstance(table[key], kind) or isinstance(table[key], bool):
            yield key, quoted(table[key]), f"a {kind.__name__}"
    for key in table:
        if key not in _KEYS:
            yield key, "a key", ", ".join(_KEYS), nearest(key, _KEYS)
    if table.get("format", FORMAT) != FORMAT:
        yield "format", quoted(table["format"]), f"{FORMAT}"
    weeks = table.get("week", ())
    for number, week in enumerate(weeks if isinstance(weeks, list) else (), start=1):
        if not isinstance(week, dict) or not all(isinstance(text, str) for text in week.values()):
            yield f"week {number}", quoted(week), "a move for each side"


def differences(game: SavedGame, scenario: "Scenario") -> list[str]:
    """The parts of the scenario that are not what they were when the game was saved."""
    now = fingerprints(scenario)
    names = [*game.parts, *(name for name in now if name not in game.parts)]
    return [name for name in names if game.parts.get(name) != now.get(name)]


def check_same(game: SavedGame, scenario: "Scenario", place: str) -> None:
    """Raises GameError, naming what differs, if the scenario is not that of the game."""
    if scenario.hash == game.hash:
        return
    differs = differences(game, scenario)
    difference = ", ".join(differs) if differs else "the order of its levers or the model's version"
    found = f"{scenario.name} has changed since the game was saved: {difference}"
    allowed = f"the scenario as it was (hash {game.hash[:8]}); it is {scenario.hash[:8]} now"
    raise GameError([Problem(place, None, "hash", found, allowed)])
