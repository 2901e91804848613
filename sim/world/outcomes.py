"""The outcomes of a run, one row each: what "the truce holds" may mean. Everybody reads this table.

To add one, write its row here and the rule that fills its field (truce.py), say what it means in
docs/model.md and have the second implementation of the week follow. Run tables, sweeps, pages,
pictures, games, Mesa frames and references find it here. Without touching the package a file of
one's own adds outcomes by `OWN_OUTCOMES.register`: they are counted from the weeks of the runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import ExtensionError, Problem, one_of, quoted
from sim.extensions import UNPLACED, Registry

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
    has it. ends: of an outcome of one's own the function that finds the week in which it ends.
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
    ends: Callable[[Any], Any] | None = None


#: Colours of an outcome of one's own, of the palette of the pictures.
COLOURS = ("blue", "vermillion", "green", "orange", "sky", "purple", "black")


class OwnOutcome(Outcome):
    """An outcome of one's own, that holds until a week of each run.

    name: as typed and printed. ends: from the weeks of many runs (`sim.engines.own_outcomes.Weeks`)
    to the first week of each in which it no longer holds, whole numbers of shape (runs,), 0 where
    it holds to the last; a plain function of these weeks. says: what it means that it holds, as a
    sentence ("the two stay calm"). definition: what is counted, as the end of "share of runs with
    ..." ("no week of both at rung 2 or above"). needs_truce: whether it is defined only where
    there is a truce. colour: one of COLOURS.
    Raises ExtensionError for an `ends` that cannot be called, words that are missing, a colour
    that is none.
    """

    def __init__(
        self,
        name: str,
        ends: Callable[[Any], Any],
        says: str,
        definition: str,
        needs_truce: bool = False,
        colour: str = "vermillion",
    ) -> None:
        checks: tuple[tuple[str, Any, bool, str], ...] = (
            ("ends", ends, callable(ends), "a function from weeks to the week in which it ends"),
            ("says", says, _is_text(says), "words"),
            ("definition", definition, _is_text(definition), "words"),
            ("colour", colour, colour in COLOURS, one_of(COLOURS)),
        )
        problems = [
            Problem(UNPLACED, None, f"outcome {quoted(name)}: {of}", quoted(value), allowed)
            for of, value, right, allowed in checks
            if not right
        ]
        if problems:
            raise ExtensionError(problems)
        super().__init__(
            *(name, f"own_{name}", f"{name}_week", len(OUTCOMES) + 1, colour, says),
            definition=lambda rules, core: definition,
            needs_truce=bool(needs_truce),
            ends=ends,
        )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


ALIVE = "the truce itself alive (core promises kept, term not run out)"


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
#: Outcomes of one's own stand after them, in the order in which they were registered.
OWN_OUTCOMES: Registry[Outcome] = Registry("outcome", {one.name: one for one in OUTCOMES})


def own_outcomes(names: Sequence[str] = ()) -> tuple[Outcome, ...]:
    """The rows of outcomes of one's own; of these names alone, if there are any."""
    added = OWN_OUTCOMES.added.values()
    return tuple(one for one in added if not names or one.name in names)


def all_names() -> tuple[str, ...]:
    """NAMES, and those of one's own."""
    return (*NAMES, *OWN_OUTCOMES.added)


def outcome_of(name: str) -> Outcome:
    """The row of a name. Raises ValueError if there is none."""
    if name not in OWN_OUTCOMES:
        raise ValueError(f"outcome is {name!r}; allowed: {', '.join(all_names())}")
    return OWN_OUTCOMES[name]
