"""The outcomes of a run, one row each: what "the truce holds" may mean. Everybody reads this table.

To add one, write its row here and the rule that fills its field (truce.py), say what it means in
docs/model.md and have the second implementation of the week follow. Run tables, sweeps, pages,
pictures, games, Mesa frames and references find it here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

#: (rules of the truce, names of its core levers) -> the end of "share of runs with ...".
Words = Callable[[Any, Sequence[str]], str]


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    name: as typed and printed. field: of a run's state and row; the first week in which it no
    longer holds, 0 while it holds; of one decided `once`, at the end of the first term, 1 if it
    came about. column: that field in the table of runs. rank: its place where outcomes are listed;
    the lowest that is defined is the headline. colour: a name of the palette of the pictures.
    says: what it means that it holds, as a sentence. definition: what is counted, in words.
    needs_truce: whether it is defined only where there is a truce. solved: whether the exact engine
    has it.
    """

    name: str
    field: str
    column: str
    rank: int
    colour: str
    says: str
    definition: Words
    once: bool = False
    needs_truce: bool = True
    solved: bool = False


ALIVE = "the truce itself alive (core kept, not lapsed)"


def _clean(rules: Any, core: Sequence[str]) -> str:
    against = "its obligation" if rules["has_truce"] else "what counts, by default its first level"
    return f"no week in which a lever stood above {against}"


def _standing(rules: Any, core: Sequence[str]) -> str:
    rung = rules["rupture_rung"]
    if rung <= 0:
        return _undisputed(rules, core)
    long = _weeks_in_a_row(rules["breakdown_after"])
    return f"no {long} with both sides at rung {rung:g} or above and {ALIVE}"


def _undisputed(rules: Any, core: Sequence[str]) -> str:
    from sim.world.params import NEVER

    both = f"no {_weeks_in_a_row(rules['breakdown_after'])} of violation by both sides"
    alone = rules["unilateral_after"]
    one = "" if alone >= NEVER else f", no {_weeks_in_a_row(alone)} by one,"
    return f"{both}{one} and {ALIVE}"


def _weeks_in_a_row(count: int) -> str:
    return "week" if count == 1 else f"{count} weeks in a row"


def _core(rules: Any, core: Sequence[str]) -> str:
    act = "no act ending the truce"
    return f"no core lever ({', '.join(core)}) above its obligation and {act}" if core else act


def _extended(rules: Any, core: Sequence[str]) -> str:
    return "the first truce extended at the end of its first term"


#: In the order of the fields of a run's row and of the rows of a tally.
OUTCOMES = (
    Outcome(
        "clean",
        "clean_week",
        "first_violation_week",
        3,
        "orange",
        "nobody has violated anything",
        _clean,
        needs_truce=False,
        solved=True,
    ),
    Outcome(
        "undisputed",
        "undisputed_week",
        "dispute_week",
        2,
        "sky",
        "the truce is not yet in dispute",
        _undisputed,
        solved=True,
    ),
    Outcome(
        "standing",
        "standing_week",
        "breakdown_week",
        1,
        "blue",
        "the truce still stands",
        _standing,
        solved=True,
    ),
    Outcome(
        "core",
        "core_week",
        "core_week",
        4,
        "green",
        "the core of the truce is kept",
        _core,
    ),
    Outcome(
        "extended",
        "extended",
        "extended",
        5,
        "purple",
        "the truce is extended",
        _extended,
        once=True,
    ),
)
#: Those that hold until a week, and those decided once.
CURVES = tuple(one for one in OUTCOMES if not one.once)
ONCE = tuple(one for one in OUTCOMES if one.once)
#: Their fields, as the kernel goes through them.
CURVE_FIELDS = tuple(one.field for one in CURVES)
ONCE_FIELDS = tuple(one.field for one in ONCE)
#: Names in the order in which outcomes are listed, the headline first.
NAMES = tuple(one.name for one in sorted(OUTCOMES, key=lambda one: one.rank))
SOLVED = tuple(one.name for one in OUTCOMES if one.solved)


def outcome_of(name: str) -> Outcome:
    """The row of a name. Raises ValueError if there is none."""
    for one in OUTCOMES:
        if one.name == name:
            return one
    raise ValueError(f"outcome is {name!r}; allowed: {', '.join(NAMES)}")
