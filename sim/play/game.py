"""A game: one run of a scenario in which a player sits in one chair, or in both; and its file.

The week is the engine's own (`trace.play_week`), so a game in which both chairs leave every move to
their policies is the run of that seed and number, bit for bit. The file is a small one in TOML: the
scenario and its fingerprints, seed, run, chair, moves.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sim.engines import trace
from sim.engines.setting import new_record, scratch, seed_words
from sim.errors import GameError, Problem, as_toml, nearest, one_of, quoted
from sim.explain.trace import read_record
from sim.explain.weeks import Trace
from sim.numbers import DEFAULT_SEED
from sim.play.advice import Advice, Debriefing, advise, debrief
from sim.play.briefing import Briefing, briefing_of, refusals
from sim.play.moves import Move, give_orders, parse
from sim.scenario import Scenario, loading
from sim.scenario.loading import is_shipped, read_text, scenarios_folder
from sim.scenario.sides import BOTH
from sim.store.digests import short_key
from sim.store.files import write_text
from sim.world.state import State, copied

#: Adviser and debriefing play the runs after the game's own.
MOST_RUNS = 2**31
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


class Game:
    """A game under way.

    scenario: a Scenario, or the path or name of one. seed: whole number from 0 to 2^64 - 1. side:
    the player's chair, the id of a side (default: the first) or "both". run: which run of the seed
    the game is; of a scenario with readings it is played under that run's, which no player knows.
    Raises ScenarioError, GameError for a chair there is not, ValueError for a seed or run out of
    range.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int = DEFAULT_SEED,
        side: str | None = None,
        run: int = 0,
    ) -> None:
        if not 0 <= run < MOST_RUNS:
            raise ValueError(f"a game is a run from 0 to 2^31 - 1, not {run}")
        self.scenario = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        self.compiled = self.scenario.of_run(run).compiled
        ids = self.scenario.sides.ids
        side = ids[0] if side is None else side
        if side not in (chairs := (*ids, BOTH)):
            raise GameError([Problem("play", None, "side", quoted(side), one_of(chairs))])
        self.seed, self.side, self.run = seed, side, run
        self.chairs: tuple[str, ...] = ids if side == BOTH else (side,)
        self._key = seed_words(seed)
        state = scratch(self.compiled.params)
        self._record = new_record(self.compiled.params, len(state.struck))
        trace.start(self.compiled.params, state, self._record, *self._key, run)
        self._states = [state]
        self._moves: list[dict[str, Move]] = []

    def __repr__(self) -> str:
        who = f"{self.side}, seed {self.seed}, run {self.run}"
        return f"<Game of {self.scenario.name} ({who}): week {self.week} of {self.weeks}>"

    @property
    def weeks(self) -> int:
        """The horizon."""
        return self.compiled.weeks

    @property
    def week(self) -> int:
        """Weeks played so far."""
        return len(self._moves)

    @property
    def over(self) -> bool:
        """Whether the last week has been played."""
        return self.week >= self.weeks

    @property
    def moves(self) -> tuple[Mapping[str, Move], ...]:
        """The player's moves, a week each, by side."""
        return tuple(dict(week) for week in self._moves)

    def state(self, week: int | None = None) -> State:
        """A copy of all there is at the end of a week (now): the truth, for `branch` and tests."""
        return copied(self._states[self.week if week is None else week])

    def briefing(self, side: str | None = None) -> Briefing:
        """What a side of the player's sees before the next week (or after the last)."""
        who, week = self._chair(side), self.week
        move = self._moves[-1].get(who) if week else None
        return briefing_of(self.compiled, self._states[week], self._record, week, who, move)

    def parse(self, text: str, side: str | None = None) -> Move:
        """A text as a move that can be made now. Raises GameError with all that is wrong."""
        who = self._chair(side)
        move = self._move(who, text)
        self._check({who: move})
        return move

    def play(self, move: Move | str | None = None, **moves: Move | str) -> Briefing | None:
        """Play the next week; the player's moves as `play("hold")`, or by side, `play(us="hold")`.

        A side of the player's without a move does what its policy draws. Returns the briefing of
        the next week (with both chairs, of the first side), None when the game is over. Raises
        GameError for a move that cannot be made (nothing is played then) or after the last week.
        """
        if self.over:
            found = f"the game is over: its {self.weeks} weeks have been played"
            raise GameError([Problem("play", None, "week", found, "undo")])
        given = moves if move is None else {**moves, self._chair(None): move}
        orders = dict.fromkeys(self.chairs, Move("auto"))
        for who, move_given in given.items():
            orders[self._chair(who)] = self._move(who, move_given)
        self._check(orders)
        state = copied(self._states[-1])
        for who, order in orders.items():
            give_orders(self.compiled, state, who, order)
        trace.play_week(self.compiled.params, state, self._record, self.week + 1)
        self._states.append(state)
        self._moves.append(orders)
        return None if self.over else self.briefing(self.chairs[0])

    def undo(self, week: int | None = None) -> None:
        """Go back to the end of a week, by default the last but one. Raises GameError."""
        to = self.week - 1 if week is None else week
        if not 0 <= to <= self.week:
            allowed = f"0 to {self.week}, the weeks played" if self.week else "nothing: week 1"
            raise GameError([Problem("play", None, "undo", str(to), allowed)])
        del self._moves[to:]
        del self._states[to + 1 :]

    def adviser(self, side: str | None = None, runs: int = 2_000) -> Advice:
        """The odds of every outcome for each move of a side, by `runs` continuations each.

        It knows the truth, as no player does, and costs nothing.
        """
        who, luck = self._chair(side), (self.seed, self.run)
        policy = self.briefing(who).policy
        return advise(self.compiled, self._states[-1], self.week, who, luck, runs, policy)

    def debriefing(self, runs: int = 2_000) -> Debriefing:
        """What was true, what was misread, where the odds turned, what the policies would do."""
        return debrief(self.trace(), self._states, self._moves, runs)

    def trace(self) -> Trace:
        """The weeks played, whole: what each side did, saw, and what was true."""
        trace.finish(self._states[-1], self._record)
        played = self.scenario.of_run(self.run)
        return read_record(played, self._record, self.seed, self.run, self.week)

    def save(self, path: str | Path) -> None:
        """Write the game as a small TOML file, whole or not at all. Raises OSError."""
        write_text(Path(path), self.text)

    @property
    def text(self) -> str:
        """What its file holds."""
        lines = [
            "# A game of detente. Go on with it: detente play --resume FILE",
            f"format = {FORMAT}",
            f"scenario = {as_toml(_reference(self.scenario))}",
            f"hash = {as_toml(self.scenario.hash)}",
            f"seed = {self.seed}",
            f"run = {self.run}",
            f"side = {as_toml(self.side)}",
        ]
        for week in self._moves:
            moves = (f"{who} = {as_toml(str(move))}" for who, move in week.items())
            lines += ["\n[[week]]", *moves]
        lines += ["\n# Fingerprints of the scenario's parts, to tell what has changed.", "[parts]"]
        parts = fingerprints(self.scenario)
        lines += [f"{as_toml(name)} = {as_toml(digest)}" for name, digest in parts.items()]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def load(cls, path: str | Path, scenario: Scenario | str | Path | None = None) -> "Game":
        """A saved game, played again to where it was, bit for bit.

        scenario: in place of the one that the file names. Raises GameError for a file that is no
        game, ScenarioError, or GameError with what differs where the scenario has changed.
        """
        return cls.of_text(read_text(Path(path), GameError), scenario, os.fspath(path))

    @classmethod
    def of_text(
        cls, text: str, scenario: Scenario | str | Path | None = None, place: str = "the game"
    ) -> "Game":
        """As `load`, of what a file holds; `place` is what messages call it."""
        saved = read(text, place)
        chosen = saved.scenario if scenario is None else scenario
        now = chosen if isinstance(chosen, Scenario) else Scenario.load(chosen)
        check_same(saved, now, place)
        try:
            game = cls(now, saved.seed, saved.side, saved.run)
        except ValueError as error:
            raise GameError([Problem(place, None, "run", str(error), "a game's")]) from None
        for week in saved.moves:
            game.play(**week)
        return game

    def _chair(self, side: str | None) -> str:
        """The side meant, of those the player has."""
        if side is None and len(self.chairs) == 1:
            return self.chairs[0]
        if side in self.chairs:
            return side
        found = "no side" if side is None else quoted(side)
        near = None if side is None else nearest(side, self.chairs)
        raise GameError([Problem("play", None, "side", found, one_of(self.chairs), near)])

    def _move(self, who: str, move: Move | str) -> Move:
        """A move as it is, or as its text says."""
        if isinstance(move, Move):
            return move
        own = [
            name.partition(".")[2] for name in self.compiled.levers if name.startswith(f"{who}.")
        ]
        return parse(move, own, f"{who}, week {self.week + 1}")

    def _check(self, orders: Mapping[str, Move]) -> None:
        """Raises GameError with everything that keeps the moves from being made now."""
        refused = [list(refusals(self.briefing(who), move)) for who, move in orders.items()]
        if any(refused):
            raise GameError(list(chain(*refused)))


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


def _reference(scenario: Scenario) -> str:
    """How the scenario is found again: its file, or the name of a shipped one."""
    path = scenario.path
    if path is None:
        return scenario.name
    if is_shipped(path):
        folder = scenarios_folder().resolve()
        return path.resolve().relative_to(folder).with_suffix("").as_posix()
    return str(path)


def fingerprints(scenario: Scenario) -> dict[str, str]:
    """Eight hexadecimal digits for each part of the resolved scenario, to name what has changed."""
    found = {}
    for name, value in _parts(scenario.to_table()):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        found[name] = short_key(text)
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


def read(text: str, place: str) -> SavedGame:
    """The game of a file's text. Raises GameError with everything that is wrong with it."""
    table = loading.parse(text, place, GameError, MOST_VALUES)
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


def differences(game: SavedGame, scenario: Scenario) -> list[str]:
    """The parts of the scenario that are not what they were when the game was saved."""
    now = fingerprints(scenario)
    names = [*game.parts, *(name for name in now if name not in game.parts)]
    return [name for name in names if game.parts.get(name) != now.get(name)]


def check_same(game: SavedGame, scenario: Scenario, place: str) -> None:
    """Raises GameError, naming what differs, if the scenario is not that of the game."""
    if scenario.hash == game.hash:
        return
    differs = differences(game, scenario)
    difference = ", ".join(differs) if differs else "the order of its levers or the model's version"
    found = f"{scenario.name} has changed since the game was saved: {difference}"
    allowed = f"the scenario as it was (hash {game.hash[:8]}); it is {scenario.hash[:8]} now"
    raise GameError([Problem(place, None, "hash", found, allowed)])
