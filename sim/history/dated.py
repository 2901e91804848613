"""What of the record lies within a scenario's calendar, if the scenario is a dated one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.history.record import COMPONENTS, Date, Event, Month, Record, Truce, shipped
from sim.history.rows import LEVERS
from sim.outcomes.calendar import last_day

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled

_SHOWN = 2  # magnitude from which an event is more than words


@dataclass(frozen=True)
class Stretch:
    """The part of the record between two days: events by side, months of magnets, truces."""

    start: Date
    end: Date
    events: Mapping[str, tuple[Event, ...]]
    months: tuple[Month, ...]
    truces: tuple[Truce, ...]


def is_dated(levers: Collection[str], start: Date, end: Date, record: Record | None = None) -> bool:
    """Whether a scenario is about the world of the record: real levers, and days it covers.

    A textbook game has a calendar too, but none of the levers that the record's moves are of.
    """
    first, last = (record or shipped()).extent
    return start <= last and end >= first and not set(LEVERS.values()).isdisjoint(levers)


def stretch(
    levers: Collection[str], start: Date, end: Date, record: Record | None = None
) -> Stretch | None:
    """The record from `start` to `end` for a scenario with these levers; None if not dated."""
    facts = record or shipped()
    if not is_dated(levers, start, end, facts):
        return None
    return Stretch(
        start=start,
        end=min(end, facts.extent[1]),
        events={
            "us": _acts(facts, "US", "CN", start, end),
            "cn": _acts(facts, "CN", "US", start, end),
        },
        months=facts.magnets_of(start, end),
        truces=tuple(
            truce
            for truce in facts.truces
            if truce.start <= end and truce.end >= start and truce.name not in COMPONENTS
        ),
    )


def stretch_of(compiled: "Compiled", record: Record | None = None) -> Stretch | None:
    """The record within the calendar of a compiled scenario; None if it is not a dated one."""
    last = last_day(compiled.start, compiled.weeks)
    return stretch(compiled.levers, compiled.start, last, record)


def _acts(facts: Record, actor: str, target: str, start: Date, end: Date) -> tuple[Event, ...]:
    """Escalations and concessions of one government towards the other, words left out."""
    return tuple(
        event
        for event in facts.events
        if start <= event.day <= end
        and (event.actor, event.target) == (actor, target)
        and event.direction in ("escalate", "concede")
        and event.magnitude >= _SHOWN
    )


def dated_scenarios() -> list["Scenario"]:
    """The shipped scenarios with which the record can be compared, by name.

    A scenario for tutorials that is another one with the same values is left out.
    """
    # Readings of a mixture are scenarios of their own, in the table of both.
    return [
        scenario
        for name, scenario in dated_by_name().items()
        if "/" not in name and not scenario.readings and name != "geneva-simple"
    ]


def dated_by_name() -> dict[str, "Scenario"]:
    """All shipped scenarios with which the record can be compared, by the name one types."""
    from sim.scenario import Scenario
    from sim.scenario.shipped import list_shipped

    loaded = {shipped.name: Scenario.load(shipped.path) for shipped in list_shipped()}
    return {n: each for n, each in loaded.items() if stretch_of(each.compiled) is not None}
