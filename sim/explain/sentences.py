"""One event, one or two sentences: what is said of each kind."""

from collections.abc import Callable

from sim.explain import sentences_acts, sentences_truce, sentences_world
from sim.explain.event import KINDS, Event
from sim.explain.phrases import Voice, opened

Sentence = Callable[[Event, Voice], str]

#: What is said of each kind of event: the function of its name.
SENTENCES: dict[str, Sentence] = {
    kind: getattr(part, kind)
    for part in (sentences_world, sentences_acts, sentences_truce)
    for kind in KINDS
    if hasattr(part, kind)
} | dict.fromkeys(sentences_acts.SAME_WORDS, sentences_acts.in_the_same_words)


def sentence(event: Event, voice: Voice) -> str:
    """The event in words, a capital first. Raises KeyError for a kind that is not one of KINDS."""
    return opened(SENTENCES[event.kind](event, voice))
