"""What happened in a run, as typed events: the bridge from its trace to a story."""

from collections.abc import Iterator

from sim.explain.event import KINDS, Event
from sim.explain.events_acts import acts
from sim.explain.events_seen import readings
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
