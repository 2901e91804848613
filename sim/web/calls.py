"""What `serve` answers in JSON: the story of any run, the odds at each week, a game's table.

Every call has the settings changed by the page, the seed and the run in it, so that the server
keeps nothing: a game is its moves, which are played again, to the bit, whenever something is asked.
All of a game is `sim.play.Game`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sim.errors import GameError, Problem, ScenarioError, quoted
from sim.explain import trace_run
from sim.explain.phrases import label
from sim.play import Game
from sim.play.briefing import Briefing, lever_cells, sight
from sim.play.moves import WORDS
from sim.scenario.scenario import Scenario
from sim.web.data import odds, share_of, story_table
from sim.web.server import Call
from sim.world.outcomes import outcome_of

#: A page names its runs; more than these are none of its own.
MOST_RUN, MOST_SEED, MOST_CHANGES = 2**31 - 1, 2**64 - 1, 1_000
#: Weeks at whose end the odds are asked for, at most; and the longest horizon played here.
MOST_TURNS, MOST_WEEKS = 60, 600
#: Continuations of each move that the adviser weighs.
ADVICE_RUNS = 2_000
Body = Mapping[str, Any]


def calls(scenario: Scenario) -> dict[str, Call]:
    """The calls by name, for a scenario."""

    @lru_cache(maxsize=8)
    def changed(changes: tuple[tuple[str, Any], ...]) -> Scenario:
        world = scenario.override(dict(changes)) if changes else scenario
        if world.spec.weeks > MOST_WEEKS:
            raise _wrong("weeks", world.spec.weeks, f"1 to {MOST_WEEKS} here")
        return world

    def world_of(body: Body) -> Scenario:
        return changed(_changes(body.get("changes", {})))

    def run_of(body: Body) -> tuple[Scenario, int, int]:
        world = world_of(body)
        seed = _whole("seed", str(body.get("seed", "")), MOST_SEED)
        return world, seed, _whole("run", str(body.get("run", 0)), MOST_RUN)

    def of_game(answer: Callable[[Game, Body], dict[str, Any]]) -> Call:
        return lambda body: answer(_game_of(*run_of(body), body), body)

    games = {"table": _seen, "check": _checked, "advise": _advised}
    games |= {"debrief": _debriefed, "save": _saved}
    return {
        "story": lambda body: story_table(*run_of(body)),
        "odds": lambda body: {"odds": _odds(*run_of(body))},
        **{name: of_game(answer) for name, answer in games.items()},
        "load": lambda body: _loaded(world_of(body), body),
    }


def _changes(changes: Any) -> tuple[tuple[str, Any], ...]:
    plain = isinstance(changes, dict) and len(changes) <= MOST_CHANGES
    if not plain or not all(isinstance(v, str | bool | int | float) for v in changes.values()):
        raise _wrong("changes", changes, "settings by their paths, each a word or a number")
    return tuple(sorted(changes.items()))


def _whole(key: str, text: str, most: int) -> int:
    """A number, which JSON holds as digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= most):
        raise _wrong(key, text, f"a whole number from 0 to {most}")
    return int(text)


def _wrong(key: str, found: Any, allowed: str) -> ScenarioError:
    return ScenarioError([Problem("the request", None, key, quoted(found), allowed)])


def _odds(scenario: Scenario, seed: int, run: int) -> list[list[float]]:
    """At the end of every week, or of every so many of a long horizon."""
    trace = trace_run(scenario, seed, run)
    every = -(-len(trace.weeks) // MOST_TURNS)
    return odds(trace, [*range(0, len(trace.weeks) + 1, every)])


def _game_of(scenario: Scenario, seed: int, run: int, body: Body) -> Game:
    """The game of a request, its moves played. Raises GameError, a move's error with its week."""
    game = Game(scenario, seed, str(body.get("side", scenario.sides.ids[0])), run)
    for week in _moves(body.get("moves", []), game.weeks):
        game.play(**week)
    return game


def _moves(moves: Any, weeks: int) -> Sequence[Mapping[str, str]]:
    texts = isinstance(moves, list) and all(
        isinstance(week, dict) and all(isinstance(text, str) for text in week.values())
        for week in moves
    )
    if not texts or len(moves) > weeks:
        raise _wrong_game("moves", moves, f"at most {weeks} weeks, each a move for each chair")
    move_list: Sequence[Mapping[str, str]] = moves
    return move_list


def _wrong_game(key: str, found: Any, allowed: str) -> GameError:
    return GameError([Problem("play", None, key, quoted(found), allowed)])


def _seen(game: Game, _: Body) -> dict[str, Any]:
    """The game after its moves: of each chair what it sees, and the words that it may use."""
    return {
        "week": game.week,
        "weeks": game.weeks,
        "over": game.over,
        "chairs": {side: _chair(game.briefing(side)) for side in game.chairs},
        "words": WORDS,
    }


def _chair(briefing: Briefing) -> dict[str, Any]:
    """What a side sees, in words, and its levers with what each would do."""
    return {
        "sight": [line.strip() for line in sight(briefing)],
        "signal": briefing.signal,
        "date": briefing.date.isoformat(),
        "most": briefing.most_pulls,
        "one_each": briefing.one_each,
        "policy": list(briefing.policy),
        "levers": [
            {
                "name": lever.name,
                "label": label(lever.name),
                "cells": list(lever_cells(lever)),
                "pull": not lever.why_not_pull,
                "ease": not lever.why_not_ease,
            }
            for lever in briefing.levers
        ],
    }


def _checked(game: Game, body: Body) -> dict[str, Any]:
    """The move of a text (key `text`) of a chair, if it can be made now. Raises GameError."""
    return {"move": str(game.parse(str(body.get("text", "")), str(body.get("chair"))))}


def _advised(game: Game, body: Body) -> dict[str, Any]:
    """The odds after each move of a side (key `chair`), by outcome."""
    if game.over:
        raise _wrong_game("moves", f"{game.week} weeks", "a game that is not over")
    advice = game.adviser(str(body.get("chair")), ADVICE_RUNS)
    some = advice.odds["hold"]
    return {
        "week": advice.week,
        "read": some.read,
        "n": some.truce.n,
        "policy": list(advice.policy),
        "outcomes": {name: outcome_of(name).says for name in some.shares},
        "odds": {
            move: {name: [share.p, share.low, share.high] for name, share in odds.shares.items()}
            for move, odds in advice.odds.items()
        },
    }


def _debriefed(game: Game, _: Body) -> dict[str, Any]:
    """The game looked back on: the odds at every week's end, what was true, what moved."""
    debrief = game.debriefing()
    return {
        "verdict": debrief.verdict,
        "text": str(debrief),
        "start": share_of(debrief.start),
        "weeks": [
            {
                "number": week.number,
                "odds": None if week.odds is None else share_of(week.odds),
                "chairs": [asdict(chair) | {"misread": chair.misread} for chair in week.chairs],
                "moved": list(week.moved),
            }
            for week in debrief.weeks
        ],
        "misread": [list(each) for each in debrief.misread],
    }


def _saved(game: Game, _: Body) -> dict[str, Any]:
    """The game as the text of its file, which `detente play --resume` takes too."""
    return {"name": f"game-{game.scenario.name}.toml", "text": game.text}


def _loaded(scenario: Scenario, body: Body) -> dict[str, Any]:
    """Seed, run, chair and moves of the text of a saved game, if it is of this scenario.

    Raises GameError for what is no game, or with what differs where the scenario is another one.
    """
    text = body.get("text")
    if not isinstance(text, str):
        raise _wrong_game("text", text, "the text of a saved game")
    game = Game.of_text(text, scenario)
    moves = [{side: str(move) for side, move in week.items()} for week in game.moves]
    return {"seed": str(game.seed), "run": game.run, "side": game.side, "moves": moves}
