"""What happened in a run: its events in order, each in words, and what is said of quiet weeks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from sim.explain import acts, outside, truce
from sim.explain.event import Event, said
from sim.explain.phrases import Voice, listed, number, opened, verdict_on
from sim.explain.weeks import Trace, Week

#: What is said of each kind of event, by the paragraphs of a week; of ACTS each side has one.
PARAGRAPHS = (
    *(outside.WORLD, acts.ACTS, outside.GOODS, acts.SEEN),
    *(truce.TRUCE, truce.TALKS, truce.TERM),
)
SENTENCES = dict(chain.from_iterable(kinds.items() for kinds in PARAGRAPHS))
#: Every kind of event, in the order of the sentences of a week.
KINDS = tuple(SENTENCES)
_SOURCES = (outside.outside, acts.acts, outside.trade, acts.readings, truce.truce)
#: Minor events that have a sentence each in quiet weeks, with their week.
_ONE_BY_ONE = ("violation", "backlog", "short", "supplied", "belief")
#: Minor acts that are counted in quiet weeks, in words after who acts.
_COUNTED = {
    "enough": "would hit back and stands high enough",
    "no_lever": "would hit back but has no lever left",
    "forgiven": "could hit back and lets it pass",
    "patience": "does not answer yet",
}


def events_of(trace: Trace) -> tuple[Event, ...]:
    """Everything that happened, by week, in the order of the sentences of a week."""
    events = (event for source in _SOURCES for event in source(trace))
    return tuple(sorted(events, key=lambda event: (event.week, KINDS.index(event.kind))))


def sentence(event: Event, voice: Voice) -> str:
    """The event in words, a capital first. Raises KeyError for a kind that is not one of KINDS."""
    return opened(said(SENTENCES[event.kind], event, voice))


def summary_sentences(
    weeks: Sequence[Week], events: Sequence[Event], voice: Voice
) -> tuple[str, ...]:
    """Sentences about weeks without a major event: where the sides stand, what repeats."""
    sentences = [
        opened(f"{text}.") for who in voice.sides.ids for text in _repeated(who, events, voice)
    ]
    for event in events:
        if event.kind in _ONE_BY_ONE:
            text, when = sentence(event, voice), f" (week {event.week})."
            sentences.append(text.removesuffix(".") + when if len(weeks) > 1 else text)
    return (_standing(weeks, not sentences, voice), *sentences)


def _standing(weeks: Sequence[Week], quiet: bool, voice: Voice) -> str:
    """Quiet or not, and who is in violation."""
    state, above = "Quiet" if quiet else "Nothing moves", []
    for who in voice.sides.ids:
        rungs = [week.side(who).rung for week in weeks]
        low, high = number(min(rungs)), number(max(rungs))
        if any(rungs):
            above.append(f"{voice.of(who)} (rung {high if low == high else f'{low} to {high}'})")
    if not above:
        return f"{state}; nobody is in violation."
    return f"{state}; in violation: {listed(above)}."


def _repeated(who: str, all_events: Sequence[Event], voice: Voice) -> Iterator[str]:
    """What a side goes on doing and seeing, with how often."""
    events = [event for event in all_events if event.who == who]
    counts = Counter(event.kind for event in events)
    for kind, does in _COUNTED.items():
        if counts[kind]:
            yield f"{voice.of(who)} {does}{_times(counts[kind])}"
    last = {event.lever: event for event in events if event.kind == "stuck"}
    yield from (acts.not_done(event, voice, True) for event in last.values())
    verdicts = Counter(
        verdict_on(event.facts, voice.other(who))
        for event in events
        if event.kind == "reading" and "bad" in (event.facts["saw"], event.facts["truth"])
    )
    yield from (f"{voice.of(who)} sees {text}{_times(n)}" for text, n in verdicts.items())


def _times(count: int) -> str:
    return "" if count == 1 else f" ({count} times)"
