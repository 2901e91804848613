"""One thing that happened in a run: every kind of it, and how its sentence is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any

from sim.explain.phrases import Voice, label


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


#: Kinds that are described together in one paragraph of a week; of ACTS each side has one.
OUTSIDE = ("due", "overdue", "shock", "programme", "coverage", "relief")
ACTS = (
    *("retaliation", "order_failed", "enough", "no_lever", "forgiven", "patience", "unaware"),
    *("concession", "stuck", "slip", "flip", "violation", "kept_again"),
)
GOODS = ("flow", "backlog", "queue_cleared", "short", "supplied", "joined")
SEEN = ("reading", "belief")
TRUCE = ("mutual", "core", "dispute", "breakdown", "truce_ended")
TALKS = ("talks", "deal", "owed", "renewal")
TERM = ("extension", "lapse")
PARAGRAPHS = (OUTSIDE, ACTS, GOODS, SEEN, TRUCE, TALKS, TERM)
#: Every kind of event, in the order of the sentences of a week.
KINDS = tuple(chain(*PARAGRAPHS))

#: What is said of a kind of event: a function, or a template of names and of the event's facts.
Sentence = str | Callable[[Event, Voice], str]


def said(sentence: Sentence, event: Event, voice: Voice) -> str:
    """A sentence on an event.

    A template may have its facts and {who}, {whose}; of its lever {label} ("rare earths"), {owned}
    ("China's rare earths"), {measure} ("rare earths licences") and {act} ("China's measure on rare
    earths").
    """
    if callable(sentence):
        return sentence(event, voice)
    names = {"who": voice.of(event.who), "whose": voice.whose(event.who)}
    lever = {"label": label(event.lever), "owned": voice.lever(event.lever)}
    lever |= {"measure": voice.measure(event.lever), "act": voice.act(event.lever)}
    return sentence.format_map({**event.facts, **names, **lever})
