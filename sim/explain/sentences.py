"""One event, one or two sentences: what is said of each kind."""

from collections.abc import Callable

from sim.explain import sentences_acts, sentences_truce, sentences_world
from sim.explain.event import KINDS, Event
from sim.explain.phrases import Voice

Sentence = Callable[[Event, Voice], str]

#: What is said of each kind of event.
SENTENCES: dict[str, Sentence] = {
    **sentences_world.SENTENCES,
    **sentences_acts.SENTENCES,
    **sentences_truce.SENTENCES,
}


def sentence(event: Event, voice: Voice) -> str:
    """The event in words. Raises KeyError for a kind that is not one of KINDS."""
    if event.kind not in KINDS:
        raise KeyError(event.kind)
    return SENTENCES[event.kind](event, voice)
