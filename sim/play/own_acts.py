"""What a side sees of its own orders a week later: what was not carried out, what moved unasked.

A government knows what it ordered and where its levers stand, so it sees that they differ; why
they do is hidden from it (sim/play/side_view.py).
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.record import ORDERED, OUTSIDE, RELIEVED, SLIPPED
from sim.explain.phrases import label, opened
from sim.play.moves import Move

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled


def own_acts(
    compiled: "Compiled", levels: Any, owed: Any, side: str, move: Move, met: bool
) -> Iterator[str]:
    """What became of a move of last week, a sentence each.

    levels: those of the week (MOMENTS, K), as a record has them. owed: the levels
    that are owed (K,). met: whether talks were held.
    """
    own = [k for k, name in enumerate(compiled.levers) if name.startswith(f"{side}.")]
    names = [compiled.levers[k] for k in own]
    outside, relieved, ordered, slipped = (
        levels[moment, own] for moment in (OUTSIDE, RELIEVED, ORDERED, SLIPPED)
    )
    asked = _asked(move, names, ordered - relieved)
    yield from _relief(names, outside, relieved)
    yield from _not_done(move, names, ordered - relieved, bool((relieved > owed[own]).any()))
    yield from _unasked(names, relieved, ordered, ~asked)
    yield from _unasked(names, ordered, slipped, np.ones(len(own), bool))
    if move.talks and not met:
        yield "Your call for talks brought none"


def _asked(move: Move, names: list[str], by_order: np.ndarray) -> np.ndarray:
    """Of each lever that orders moved, whether the move asked for it."""
    if move.word == "auto":
        return np.ones(len(names), bool)
    way = {"pull": 1, "retaliate": 1, "ease": -1}.get(move.word, 0)
    meant = [not move.levers or name.partition(".")[2] in move.levers for name in names]
    return np.asarray(meant, bool) & (np.sign(by_order) == way)


def _relief(names: list[str], before: np.ndarray, after: np.ndarray) -> Iterator[str]:
    for name, was, now in zip(names, before, after, strict=True):
        if was != now:
            yield opened(f"{label(name)} {was}→{now}: relief that you owed")


def _not_done(move: Move, names: list[str], by_order: np.ndarray, above: bool) -> Iterator[str]:
    """Orders that moved nothing, or less than asked; above: whether there was what to ease."""
    moved = dict(zip((name.partition(".")[2] for name in names), by_order.tolist(), strict=True))
    labels = {name.partition(".")[2]: label(name) for name in names}
    way = -1 if move.word == "ease" else 1
    for name, notches in Counter(move.levers).items():
        if way * moved[name] < notches:
            part = " in full" if way * moved[name] > 0 else ""
            yield f"Your order to {move.word} {labels[name]} was not carried out{part}"
    if move.levers or any(way * by > 0 for by in moved.values()):
        return
    if move.word == "ease":
        none = "was not carried out" if above else "found nothing above what you owe"
        yield f"Your order to ease {none}"
    if move.word == "retaliate":
        yield "Your order to retaliate moved no lever"


def _unasked(
    names: list[str], before: np.ndarray, after: np.ndarray, which: np.ndarray
) -> Iterator[str]:
    for name, was, now, counts in zip(names, before, after, which, strict=True):
        if counts and was != now:
            yield opened(f"{label(name)} moved {was}→{now} without your order")
