"""One thing that happened in a run, and how its sentence is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from types import MappingProxyType
from typing import Any

from sim.explain.phrases import Facts, Voice, label, number, verdict_on


@dataclass(frozen=True)
class Event:
    """One thing that happened in a week. `kind` is one of sentences.KINDS.

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


#: What is said of a kind of event: a template, or a function.
Sentence = str | Callable[[Event, Voice], str]
#: What a template may name besides its event's facts: of who acts, of the lever, of levers moved.
WORDS: dict[str, Callable[[Event, Voice], str]] = {
    "who": lambda event, voice: voice.of(event.who),
    "whose": lambda event, voice: voice.whose(event.who),
    "other": lambda event, voice: voice.other(event.who),
    "agency": lambda event, voice: voice.agency_of(event.who),
    "label": lambda event, _: label(event.lever),
    "owned": lambda event, voice: voice.lever(event.lever),
    "measure": lambda event, voice: voice.measure(event.lever),
    "done": lambda event, voice: voice.act(event.lever),
    "moved": lambda event, voice: voice.changes(event.facts["levers"]),
    "measures": lambda event, _: str(len(event.facts["levers"])),
    "seen": lambda event, voice: verdict_on(event.facts, voice.other(event.who), fully=True),
}


class _Filling(Formatter):
    """Fills a template; {fact:week} is a week with its date, {fact:rung} a number in few digits."""

    def __init__(self, event: Event, voice: Voice) -> None:
        self.event, self.voice = event, voice

    def get_value(self, key: int | str, *_: Any) -> Any:
        """A word or a fact."""
        word = WORDS.get(str(key))
        return word(self.event, self.voice) if word else self.event.facts[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in its form."""
        if format_spec == "week":
            return self.voice.week(value)
        return number(value) if format_spec == "rung" else str(format(value, format_spec))


def said(sentence: Sentence, event: Event, voice: Voice) -> str:
    """A sentence on an event."""
    if callable(sentence):
        return sentence(event, voice)
    return _Filling(event, voice).format(sentence)


def either(test: str | Callable[[Facts], Any], yes: str, no: str) -> Sentence:
    """The template `yes` where a fact is there and holds, or a test of all facts; else `no`."""

    def chosen(event: Event, voice: Voice) -> str:
        holds = test(event.facts) if callable(test) else event.facts.get(test)
        return said(yes if holds else no, event, voice)

    return chosen
