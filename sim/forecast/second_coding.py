"""The second coding of the record's acts: by class of act and grade, not by lever and notch.

The first reads `moves.csv`, where a coder named the lever of every act and its notches. This one
reads `events.csv` alone, by a rule that needs no judgement of levers: what a government escalated
or conceded in a week with instruments of one class, threats and what is graded 1 left out, adds up
by its grades, a concession as negative; the class moved as the sum has it. It may count one
measure twice, on its announcement and its effect, and knows no queue of licences: where the two
codings differ they show how far the odds hang on the coder.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sim.forecast.facts import CLASS, CLASSES, SIDES, Date, Fact
from sim.history.record import Event, Record
from sim.history.rows import LEVERS
from sim.outcomes.calendar import last_day
from sim.scenario.records import week_of

#: Grade from which an event is more than words.
LEAST_GRADE = 2
_SIGNS = {"escalate": 1, "concede": -1}
_RULE = "events.csv: grades of the week's acts of the class, a concession as negative"
_QUIET = "events.csv: no act of this side of grade 2 or more, threats left out"


def by_class(
    levers: Sequence[str], start: Date, weeks: int, record: Record, tolerance: float
) -> Iterator[Fact]:
    """A row for each class that a side moved in a week, and one for each side that moved none.

    levers: those of the scenario; classes of which it has none are left out.
    """
    known = {(lever[:2], CLASSES[lever]) for lever in levers if lever in CLASSES}
    by_week: dict[int, list[Event]] = defaultdict(list)
    for event in record.events:
        if event.day > start:
            by_week[week_of(event.day, start)].append(event)
    for week in range(1, weeks + 1):
        events_here = by_week[week]
        for side in SIDES:
            moved = list(_class_facts(week, side, events_here, known, tolerance))
            quiet = Fact(week, last_day(start, week), CLASS, side, "", 0.0, tolerance, _QUIET)
            yield from moved or [quiet]


def _class_facts(
    week: int, side: str, events_here: list[Event], known: set[tuple[str, str]], tolerance: float
) -> Iterator[Fact]:
    """The classes that a side moved in a week, by name, a row for each day they became known."""
    acts: dict[tuple[str, Date], list[Event]] = defaultdict(list)
    for event in events_here:
        if _is_act(event, side) and (side, _class(event, side)) in known:
            acts[_class(event, side), event.known].append(event)
    for (name, day), graded in sorted(acts.items()):
        total = sum(_SIGNS[event.direction] * event.magnitude for event in graded)
        if total:
            rule = f"{_RULE} ({', '.join(event.name for event in graded)})"
            yield Fact(week, day, CLASS, side, name, float(total), tolerance, rule)


def _is_act(event: Event, side: str) -> bool:
    return (
        event.actor in (side.upper(), "BOTH")
        and event.target != side.upper()
        and event.direction in _SIGNS
        and event.stage != "threat"
        and event.magnitude >= LEAST_GRADE
        and (side.upper(), event.instrument) in LEVERS
    )


def _class(event: Event, side: str) -> str:
    return CLASSES[LEVERS[side.upper(), event.instrument]]
