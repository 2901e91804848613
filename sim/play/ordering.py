"""From a move to the orders of the world (sim/world/orders.py), or why it cannot be made."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import Problem, one_of
from sim.play.briefing import Briefing
from sim.play.moves import Move
from sim.world.state import CONCEDE, HOLD, RETALIATE, State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

AUTO = Move("auto")
_MOVES = {"hold": HOLD, "retaliate": RETALIATE, "pull": RETALIATE, "ease": CONCEDE}


def give_orders(compiled: "Compiled", state: State, side: str, move: Move) -> None:
    """Write a move into a state at the end of a week, for the next."""
    who = state.sides[compiled.sides.ids.index(side)]
    who.calls = 1 if move.talks else 0
    if move.word not in _MOVES:
        return
    who.ordered = _MOVES[move.word]
    who.named = 1 if move.levers else 0
    for name, notches in Counter(move.levers).items():
        k = compiled.levers.index(f"{side}.{name}")
        state.levers[k].ordered = notches if move.word == "pull" else -1


def refusals(briefing: Briefing, move: Move) -> Iterator[Problem]:
    """Why a move cannot be made as things stand; nothing if it can."""
    place = f"{briefing.side}, week {briefing.week}"
    if move.word == "pull":
        yield from _pulls(briefing, move, place)
    if move.word == "ease":
        can = [lever.name for lever in briefing.levers if not lever.why_not_ease]
        for name in move.levers:
            why = briefing.lever(name).why_not_ease
            if why:
                yield Problem("play", None, place, f"ease {name}: {why}", _those(can))


def _pulls(briefing: Briefing, move: Move, place: str) -> Iterator[Problem]:
    can = [lever.name for lever in briefing.levers if not lever.why_not_pull]
    if len(move.levers) > briefing.most_pulls:
        found = f"pull with {len(move.levers)} notches"
        yield Problem("play", None, place, found, f"at most {briefing.most_pulls} a week")
    for name, notches in Counter(move.levers).items():
        lever = briefing.lever(name)
        if lever.why_not_pull:
            yield Problem("play", None, place, f"pull {name}: {lever.why_not_pull}", _those(can))
        elif briefing.one_each and notches > 1:
            yield Problem("play", None, place, f"pull {name} by {notches}", "one notch of each")
        elif lever.level + notches > lever.notches:
            room = f"{lever.notches - lever.level} of its {lever.notches} notches are left"
            yield Problem("play", None, place, f"pull {name} by {notches}", room)


def _those(levers: list[str]) -> str:
    return one_of(levers) or "none of your levers, now"
