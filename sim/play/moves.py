"""Moves: what a player may have a side do in a week, and the words for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.errors import GameError, Problem, nearest, one_of, quoted

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
    parts = [part.split() for part in re.split(r"[,;]", text[:MOST_LETTERS].lower())]
    parts = [part for part in parts if part]
    problems = [*_problems(parts, levers, place)]
    if problems:
        raise GameError(problems)
    acts = [part for part in parts if part != ["talks"]]
    word, *lever_words = acts[0] if acts else ["hold"]
    return Move(word, tuple(_lever(name) for name in lever_words), ["talks"] in parts)


def _lever(name: str) -> str:
    """A lever as the player wrote it: the owner may stand before it, hyphens count as such."""
    return name.rpartition(".")[2].replace("-", "_")


def _problems(parts: list[list[str]], levers: Sequence[str], place: str) -> Iterator[Problem]:
    """Everything that is wrong with the words of a move."""
    if not parts:
        yield _problem(place, "nothing", one_of(WORDS))
    acts = [part for part in parts if part[0] != "talks"]
    if len(acts) > 1:
        found = " and ".join(part[0] for part in acts)
        yield _problem(place, found, "one move a week, and talks beside it")
    for word, *lever_words in parts:
        if word not in WORDS:
            yield _problem(place, quoted(word), one_of(WORDS), nearest(word, WORDS))
        elif word == "pull" and not lever_words:
            yield _problem(place, "pull, and no lever", one_of(levers) or "no lever: there is none")
        elif word not in ("pull", "ease") and lever_words:
            yield _problem(place, f"{word} with {quoted(' '.join(lever_words))}", f"{word} alone")
        else:
            if word == "ease" and len(lever_words) > 1:
                yield _problem(place, f"ease with {len(lever_words)} levers", "one lever a week")
            for name in lever_words:
                if _lever(name) not in levers:
                    meant = nearest(_lever(name), levers)
                    yield _problem(place, quoted(name), one_of(levers), meant)


def _problem(place: str, found: str, allowed: str, near: str | None = None) -> Problem:
    return Problem("play", None, place, found, allowed, near)
