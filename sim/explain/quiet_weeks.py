"""Weeks in which nothing moves, in one paragraph."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sim.explain.event import Event
from sim.explain.phrases import Voice, listed, number, opened, verdict_on
from sim.explain.sentences import sentence
from sim.explain.sentences_acts import not_done
from sim.explain.weeks import Week

#: Minor events with a sentence each, with their week.
_ONE_BY_ONE = ("violation", "backlog", "short", "supplied", "belief")
#: Minor acts that are counted, in words after who acts.
_ACTS = {
    "enough": "would hit back and stands high enough",
    "no_lever": "would hit back but has no lever left",
    "forgiven": "could hit back and lets it pass",
    "patience": "does not answer yet",
}


def summary_sentences(
    weeks: Sequence[Week], events: Iterable[Event], voice: Voice
) -> tuple[str, ...]:
    """Sentences about weeks without a major event: where the sides stand, what repeats."""
    all_events = list(events)
    sentences = [opened(f"{text}.") for text in _repeated(all_events, voice)]
    dated = [event for event in all_events if event.kind in _ONE_BY_ONE]
    several = len(weeks) > 1
    sentences += [_dated(sentence(event, voice), event.week, several) for event in dated]
    return (_standing(weeks, not sentences, voice), *sentences)


def _dated(text: str, week: int, several: bool) -> str:
    return f"{text.removesuffix('.')} (week {week})." if several else text


def _standing(weeks: Sequence[Week], quiet: bool, voice: Voice) -> str:
    """Quiet or not, and who is in violation."""
    state = "Quiet" if quiet else "Nothing moves"
    rungs = {who: {week.sides[i].rung for week in weeks} for i, who in enumerate(voice.sides.ids)}
    above = [who for who in voice.sides.ids if any(rungs[who])]
    if not above:
        return f"{state}; nobody is in violation."
    stand = [f"{voice.of(who)} (rung {_rungs(rungs[who])})" for who in above]
    return f"{state}; in violation: {listed(stand)}."


def _rungs(rungs: set[float]) -> str:
    low, high = min(rungs), max(rungs)
    return number(high) if low == high else f"{number(low)} to {number(high)}"


def _repeated(events: Sequence[Event], voice: Voice) -> Iterator[str]:
    """What both sides go on doing and seeing, with how often."""
    for who in voice.sides.ids:
        own = [event for event in events if event.who == who]
        yield from _acts(who, own, voice)
        yield from _readings(who, voice, [event for event in own if event.kind == "reading"])


def _acts(who: str, events: Sequence[Event], voice: Voice) -> Iterator[str]:
    counts = Counter(event.kind for event in events)
    for kind, does in _ACTS.items():
        if counts[kind]:
            yield f"{voice.of(who)} {does}{_times(counts[kind])}"
    last = {event.lever: event for event in events if event.kind == "stuck"}
    yield from (opened(not_done(event, voice, True)) for event in last.values())


def _times(count: int) -> str:
    return "" if count == 1 else f" ({count} times)"


def _readings(who: str, voice: Voice, events: Sequence[Event]) -> Iterator[str]:
    """How often it saw what, where it saw something bad or was wrong."""
    sorts: dict[str, int] = {}
    for event in events:
        if event.facts["saw"] == "bad" or event.facts["truth"] == "bad":
            verdict = verdict_on(event.facts, voice.other(who))
            sorts[verdict] = sorts.get(verdict, 0) + 1
    for verdict, count in sorts.items():
        yield f"{voice.of(who)} sees {verdict}{_times(count)}"
