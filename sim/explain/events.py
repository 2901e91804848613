"""What happened in a run, as typed events: the bridge from its trace to a story."""

from collections.abc import Iterator

from sim.explain.counterfactual import machines
from sim.explain.event import KINDS, Event
from sim.explain.events_acts import acts, reading_facts
from sim.explain.events_trade import trade
from sim.explain.events_truce import truce
from sim.explain.events_world import outside
from sim.explain.weeks import Trace


def events_of(trace: Trace) -> tuple[Event, ...]:
    """Everything that happened, by week, in the order of the sentences of a week."""
    all_events: Iterator[Event] = (
        event for source in (outside, acts, trade, readings, truce) for event in source(trace)
    )
    return tuple(sorted(all_events, key=lambda event: (event.week, KINDS.index(event.kind))))


def readings(trace: Trace) -> Iterator[Event]:
    """Every reading, and every belief that passes one half.

    A wrong reading that differs from the week before opens a week, if the machine is on the
    week's signal; a true one, or one wrong in the same way again, is minor.
    """
    for i, who in enumerate(trace.ids):
        last = ("good", "good", "")
        accuses = False
        signal = machines(trace.scenario)[i].sensor == "signal"
        for week in trace.weeks:
            side = week.sides[i]
            facts = reading_facts(side.reading)
            now = (facts["saw"], facts["truth"], facts["alarm"])
            minor = side.reading.right or now == last or not signal
            facts |= {"again": now == last, "gap": side.reading.gap}
            yield Event(week.number, "reading", who, facts["lever"], minor, facts)
            last = now
            if side.accuses != accuses:
                accuses = side.accuses
                belief = {"belief": side.belief, "accuses": accuses}
                yield Event(week.number, "belief", who, minor=True, facts=belief)
