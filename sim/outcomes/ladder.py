"""One run as a ladder: both sides' rungs by week and the acts that moved them, as plain values."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.store.files import read_json

#: Bytes of a ladder: one run, with some acts a week.
LARGEST = 1 << 26
#: Why of an act that is none: an obligation fell due with its lever still above it.
DUE = "due, not done"


@dataclass(frozen=True)
class Act:
    """What moved one side's levers in one week, for one reason.

    `moves`: (lever, level before, level after); for an obligation that fell due and was not
    met, the level reached and the one that counts from now on.
    """

    week: int
    who: str
    moves: tuple[tuple[str, int, int], ...]
    why: str


@dataclass(frozen=True)
class Ladder:
    """One run. Weeks count from 1; 0 stands for never."""

    run: int
    rungs: dict[str, list[float]]  # by side, in weeks 1..H, when the week's readings were made
    acts: tuple[Act, ...]  # in the order in which they happened
    talks: tuple[int, ...]  # weeks that ended in talks
    ends: tuple[tuple[int, str], ...]  # (week, what happened to the truce at its end)
    breakdown: int
    dispute: int
    trigger: str  # of the dispute, in words; "" if there is none

    def to_table(self) -> dict[str, Any]:
        """Plain values, JSON as they are."""
        return asdict(self)


def from_table(table: dict[str, Any]) -> Ladder:
    """What `to_table` made, after JSON. Raises KeyError, TypeError or ValueError if it is not."""
    acts = tuple(
        Act(act["week"], act["who"], tuple((a, b, c) for a, b, c in act["moves"]), act["why"])
        for act in table["acts"]
    )
    ends = tuple((week, text) for week, text in table["ends"])
    return Ladder(**(table | {"acts": acts, "ends": ends, "talks": tuple(table["talks"])}))


def ladder_text(ladder: Ladder) -> str:
    """A ladder as the text of its file."""
    return json.dumps(ladder.to_table(), ensure_ascii=False) + "\n"


def read_ladder(path: Path) -> Ladder:
    """The ladder in a file; ResultError if it cannot be read."""
    try:
        return from_table(read_json(path, LARGEST))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
