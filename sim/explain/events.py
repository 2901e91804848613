"""What happened in a run, as typed events: the bridge from its trace to a story."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sim.explain.weeks import Trace


@dataclass(frozen=True)
class Event:
    """One thing that happened in a week. `kind` is one of KINDS.

    `who`: "us", "cn", an ally, or "" for the world; `lever`: a full name or ""; `facts`: what
    else its sentence needs, plain values. A `minor` event does not open a week: weeks with only
    such events are folded into one line.
    """

    week: int
    kind: str
    who: str = ""
    lever: str = ""
    minor: bool = False
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


#: Every kind of event, in the order in which a week is told.
KINDS = (
    # the world outside
    "due",
    "overdue",
    "shock",
    "programme",
    "coverage",
    "relief",
    # what each side does
    "retaliation",
    "order_failed",
    "enough",
    "no_lever",
    "forgiven",
    "patience",
    "unaware",
    "concession",
    "stuck",
    "slip",
    "flip",
    "violation",
    "kept_again",
    # what comes of it
    "flow",
    "backlog",
    "queue_cleared",
    "short",
    "supplied",
    "joined",
    # what each side sees
    "reading",
    "belief",
    # the truce
    "mutual",
    "core",
    "dispute",
    "breakdown",
    "truce_ended",
    "talks",
    "deal",
    "owed",
    "renewal",
    "extension",
    "lapse",
)


def events_of(trace: Trace) -> tuple[Event, ...]:
    """Everything that happened, by week, in the order in which a week is told."""
    from sim.explain.events_acts import acts
    from sim.explain.events_seen import readings
    from sim.explain.events_trade import trade
    from sim.explain.events_truce import truce
    from sim.explain.events_world import outside

    found: Iterator[Event] = (
        event for source in (outside, acts, trade, readings, truce) for event in source(trace)
    )
    return tuple(sorted(found, key=lambda event: (event.week, KINDS.index(event.kind))))
