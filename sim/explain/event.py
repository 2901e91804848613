"""One thing that happened in a run, and every kind of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


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


#: Every kind of event, in the order of the sentences of a week.
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
