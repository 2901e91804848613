"""Moves: what a player may have a side do in a week, the words for it, and the orders it gives."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import GameError, Problem, nearest, one_of, quoted
from sim.world.state import CONCEDE, HOLD, RETALIATE, State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: The first word of a move, and what it does. `talks` may stand beside another.
WORDS = {
    "hold": "move no lever",
    "pull": "tighten the levers named, a notch for each time a lever is named",
    "ease": "take a notch off the lever named, or off the one your policy would choose",
    "retaliate": "tighten as your policy would if it retaliates",
    "auto": "do what your policy draws",
    "talks": "call for talks (alone: and hold)",
}
MOST_LETTERS = 2_000
#: The orders of the words that give any (sim/world/orders.py).
_ORDERS = {"hold": HOLD, "retaliate": RETALIATE, "pull": RETALIATE, "ease": CONCEDE}


@dataclass(frozen=True)
class Move:
    """One side's move of one week: a word of WORDS but `talks`, the levers it names, and whether
    it calls for talks. Levers are named without their owner: "chips"."""

    word: str = "hold"
    levers: tuple[str, ...] = ()
    talks: bool = False

    def __str__(self) -> str:
        text = " ".join((self.word, *self.levers))
        return f"{text}, talks" if self.talks else text


def parse(text: str, levers: Sequence[str], place: str = "move") -> Move:
    """The move of a text as "pull chips eda, talks"; `levers` are the side's own, without owner.

    Case and a lever's hyphens or spaces for underscores do not matter where the name is plain.
    Raises GameError with every word that is none, what is allowed, and the nearest.
    """
    parts = [
        part.split() for part in re.split(r"[,;]", text[:MOST_LETTERS].lower()) if part.split()
    ]
    if problems := [Problem("play", None, place, *wrong) for wrong in _wrong(parts, levers)]:
        raise GameError(problems)
    acts = [part for part in parts if part != ["talks"]]
    word, *lever_words = acts[0] if acts else ["hold"]
    return Move(word, tuple(_lever(name) for name in lever_words), ["talks"] in parts)


def _lever(name: str) -> str:
    """A lever as the player wrote it: the owner may stand before it, hyphens count as such."""
    return name.rpartition(".")[2].replace("-", "_")


def _wrong(parts: list[list[str]], levers: Sequence[str]) -> Iterator[tuple[str, str, str | None]]:
    """Everything that is wrong with the words of a move: what, what is allowed, the nearest."""
    if not parts:
        yield "nothing", one_of(WORDS), None
    acts = [part[0] for part in parts if part[0] != "talks"]
    if len(acts) > 1:
        yield " and ".join(acts), "one move a week, and talks beside it", None
    for word, *named in parts:
        if word not in WORDS:
            yield quoted(word), one_of(WORDS), nearest(word, WORDS)
        elif word == "pull" and not named:
            yield "pull, and no lever", one_of(levers) or "no lever: there is none", None
        elif word not in ("pull", "ease") and named:
            yield f"{word} with {quoted(' '.join(named))}", f"{word} alone", None
        else:
            if word == "ease" and len(named) > 1:
                yield f"ease with {len(named)} levers", "one lever a week", None
            for name in named:
                if _lever(name) not in levers:
                    yield quoted(name), one_of(levers), nearest(_lever(name), levers)


def give_orders(compiled: "Compiled", state: State, side: str, move: Move) -> None:
    """Write a move into a state at the end of a week, for the next."""
    who = state.sides[compiled.sides.ids.index(side)]
    who.calls = 1 if move.talks else 0
    if move.word in _ORDERS:
        who.ordered = _ORDERS[move.word]
        who.named = 1 if move.levers else 0
        for name, notches in Counter(move.levers).items():
            k = compiled.levers.index(f"{side}.{name}")
            state.levers[k].ordered = notches if move.word == "pull" else -1
