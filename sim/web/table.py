"""A game as the page sees it: its moves played, what the chairs see, advice, the end, its file.

All of it is `sim.play.Game`; the page holds the moves, and asks with them.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.errors import GameError, Problem, quoted
from sim.play import Game
from sim.play.briefing import Briefing, lever_cells, sight
from sim.play.moves import WORDS
from sim.scenario.scenario import Scenario
from sim.web.stories import share_of
from sim.world.outcomes import outcome_of

#: Continuations of each move that the adviser weighs.
ADVICE_RUNS = 2_000
Body = Mapping[str, Any]


def seen(game: Game, _: Body) -> dict[str, Any]:
    """The game after its moves: of each chair what it sees, and the words that it may use."""
    return {
        "week": game.week,
        "weeks": game.weeks,
        "over": game.over,
        "chairs": {side: _chair(game.briefing(side)) for side in game.chairs},
        "words": WORDS,
    }


def checked(game: Game, body: Body) -> dict[str, Any]:
    """The move of a text (key `text`) of a chair, if it can be made now. Raises GameError."""
    return {"move": str(game.parse(str(body.get("text", "")), str(body.get("chair"))))}


def advised(game: Game, body: Body) -> dict[str, Any]:
    """The odds after each move of a side (key `chair`), by outcome."""
    if game.over:
        raise _wrong("moves", f"{game.week} weeks", "a game that is not over")
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


def debriefed(game: Game, _: Body) -> dict[str, Any]:
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


def saved(game: Game, _: Body) -> dict[str, Any]:
    """The game as the text of its file, which `detente play --resume` takes too."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.toml"
        game.save(file)
        return {"name": f"game-{game.scenario.name}.toml", "text": file.read_text(encoding="utf-8")}


def loaded(scenario: Scenario, body: Body) -> dict[str, Any]:
    """Seed, run, chair and moves of the text of a saved game, if it is of this scenario.

    Raises GameError for what is no game, or with what differs where the scenario is another one.
    """
    text = body.get("text")
    if not isinstance(text, str):
        raise _wrong("text", text, "the text of a saved game")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.toml"
        file.write_text(text, encoding="utf-8")
        game = Game.load(file, scenario)
    moves = [{side: str(move) for side, move in week.items()} for week in game.moves]
    return {"seed": str(game.seed), "run": game.run, "side": game.side, "moves": moves}


def game_of(scenario: Scenario, seed: int, run: int, body: Body) -> Game:
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
        raise _wrong("moves", moves, f"at most {weeks} weeks, each a move for each chair")
    move_list: Sequence[Mapping[str, str]] = moves
    return move_list


def _wrong(key: str, found: Any, allowed: str) -> GameError:
    return GameError([Problem("play", None, key, quoted(found), allowed)])


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
                "label": lever.name.replace("_", " "),
                "cells": list(lever_cells(lever)),
                "pull": not lever.why_not_pull,
                "ease": not lever.why_not_ease,
            }
            for lever in briefing.levers
        ],
    }
