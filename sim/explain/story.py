"""A story: the events of a run, each in words, in sections: one a week, or one for a stretch of
quiet weeks.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

from sim.engines.branch import states_at
from sim.explain import acts, outside, truce
from sim.explain.acts import ACTS, has_rule
from sim.explain.framing import Frame, frame_of
from sim.explain.phrases import Event, Voice, listed, number, opened, said, verdict_on
from sim.explain.weeks import Trace, Week
from sim.outcomes.butfor import CONTINUATIONS, RunOdds, odds_after
from sim.outcomes.definitions import headline
from sim.report.text import InNotebook, in_a_line
from sim.world.outcomes import outcome_of

#: What is said of each kind of event, by the paragraphs of a week; of ACTS each side has one.
PARAGRAPHS = (
    *(outside.WORLD, acts.ACTS, outside.GOODS, acts.SEEN),
    *(truce.TRUCE, truce.TALKS, truce.TERM),
)
SENTENCES = dict(chain.from_iterable(kinds.items() for kinds in PARAGRAPHS))
#: Every kind of event, in the order of the sentences of a week.
KINDS = tuple(SENTENCES)
_SOURCES = (outside.outside, acts.acts, outside.trade_events, acts.readings, truce.truce)
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


@dataclass(frozen=True)
class Line:
    """A sentence and the event it describes; None in a folded section."""

    text: str
    event: Event | None = None


Paragraph = tuple[Line, ...]


def paragraph_text(paragraph: Paragraph) -> str:
    """A paragraph as it is read: two sides that both saw the same, rightly, share one sentence."""
    texts = [line.text for line in paragraph]
    readings = [line.event for line in paragraph if line.event and line.event.kind == "reading"]
    facts = [(event.facts["saw"], event.facts["truth"]) for event in readings]
    if facts in ([("bad", "bad")] * 2, [("good", "good")] * 2):
        state = "in violation" if facts[0][0] == "bad" else "complying"
        both = f"Each side sees the other {state}, rightly."
        texts = [both, *(line.text for line in paragraph if line.event not in readings)]
    return " ".join(texts)


@dataclass(frozen=True)
class Section:
    """Weeks `first`..`last`, in paragraphs; `lines` has every event with its own sentence."""

    first: int
    last: int
    date: datetime.date
    folded: bool
    paragraphs: tuple[Paragraph, ...]
    lines: Paragraph


@dataclass(frozen=True, repr=False)
class Story(InNotebook):
    """A run as a story: what frames it, then its weeks.

    `odds`: by the last week of a section (and the one before the first), where asked for.
    """

    trace: Trace
    frame: Frame
    sections: tuple[Section, ...]
    odds: Mapping[int, RunOdds] = field(default_factory=dict)

    def __repr__(self) -> str:
        which = f"run {self.trace.run} of seed {self.trace.seed}"
        return in_a_line(self, self.trace.scenario.name, which, self.frame.verdict)

    @property
    def is_part(self) -> bool:
        """Whether it is the story of some weeks of its run, not of all."""
        return sum(each.last - each.first + 1 for each in self.sections) < len(self.trace.weeks)


def tell(
    trace: Trace, weeks: tuple[int, int] | None = None, but_for: bool = True, continuations: int = 0
) -> Story:
    """The story of a run, or of its weeks first..last.

    `but_for`: also replay the run with one channel off at a time. `continuations`: so many for the
    odds at each turn; 0: no odds. Both go on by the scenario's policies, so a run with
    governments written in Python has neither.
    """
    if trace.governments:
        but_for, continuations = False, 0
    first, last = weeks or (1, len(trace.weeks))
    voice = Voice(trace)
    events = [event for event in events_of(trace) if first <= event.week <= last]
    sections = tuple(_sections(trace.weeks[first - 1 : last], events, voice))
    turns = (first - 1, *(section.last for section in sections))
    odds = odds_of(trace, turns, continuations) if continuations else {}
    return Story(trace, frame_of(trace, voice, but_for), sections, odds)


def _with_rules(events: Iterable[Event], opened: set[int]) -> Iterator[Event]:
    """Marks the rules of a machine that were written in full in an opened week before."""
    explained: set[tuple[str, str]] = set()
    for event in events:
        if not has_rule(event):
            yield event
            continue
        rule = (event.who, event.facts["rule"])
        yield replace(event, facts={**event.facts, "rule_known": rule in explained})
        if event.week in opened:
            explained.add(rule)


def _sections(weeks: Iterable[Week], events: list[Event], voice: Voice) -> Iterator[Section]:
    """A section for each week that an event opens, and for each stretch of others."""
    opened = {event.week for event in events if not event.minor}
    marked = groupby(_with_rules(events, opened), key=lambda event: event.week)
    by_week = {week: list(group) for week, group in marked}
    for opens, group in groupby(weeks, key=lambda week: week.number in opened):
        stretch = list(group)
        for part in [[week] for week in stretch] if opens else [stretch]:
            happened = [event for week in part for event in by_week.get(week.number, [])]
            yield _section(part, happened, not opens, voice)


def _section(weeks: list[Week], events: list[Event], folded: bool, voice: Voice) -> Section:
    """Quiet weeks in one paragraph; others event by event, each side's acts in one of their own."""

    def place(event: Event) -> tuple[int, int]:
        paragraph = next(n for n, kinds in enumerate(PARAGRAPHS) if event.kind in kinds)
        return paragraph, voice.sides.ids.index(event.who) if event.kind in ACTS else 0

    if not folded:
        events = sorted(events, key=place)
    lines = tuple(Line(sentence(event, voice), event) for event in events)
    if folded:
        summary = summary_sentences(weeks, events, voice)
        paragraphs: tuple[Paragraph, ...] = (tuple(map(Line, summary)),)
    else:
        groups = groupby(zip(map(place, events), lines, strict=True), key=lambda pair: pair[0])
        paragraphs = tuple(tuple(line for _, line in group) for _, group in groups)
    first, last = weeks[0], weeks[-1]
    return Section(first.number, last.number, first.date, folded, paragraphs, lines)


def odds_of(trace: Trace, turns: Iterable[int], runs: int = CONTINUATIONS) -> dict[int, RunOdds]:
    """The odds at the end of each of the weeks `turns` (0: before week 1), while they are open.

    Once the headline outcome has ended there are none. Raises ValueError for a week outside the
    run, and as `odds_after` does.
    """
    compiled = trace.compiled
    name = headline(compiled.params.rules[0])
    ended = trace.outcome.ended[name]
    still = [week for week in sorted(set(turns)) if ended is None or week < ended]
    states = states_at(compiled.params, trace.seed, trace.run, still)
    return {
        week: odds_after(compiled, state, week, trace.seed, trace.run, runs)
        for week, state in zip(still, states, strict=True)
    }


def odds_sentence(odds: RunOdds) -> str:
    """The odds of the headline outcome, with their interval and what was counted."""
    share = odds.truce
    where = f"from the end of week {odds.after}" if odds.after else "from the start"
    return (
        f"Odds that {outcome_of(odds.headline).says} at the end of week {odds.read}: {share.p:.3f} "
        f"(95 % interval {share.low:.3f} to {share.high:.3f}; {share.n:,} continuations {where}, "
        "with other random numbers)."
    )
