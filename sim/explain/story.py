"""A story: the events of a run in sections, one a week or one for a stretch of quiet weeks."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from sim.explain.event import Event
from sim.explain.events import events_of
from sim.explain.framing import Frame, frame_of
from sim.explain.odds import odds_of
from sim.explain.phrases import Voice
from sim.explain.quiet_weeks import summary_sentences
from sim.explain.sentences import sentence
from sim.explain.weeks import Trace, Week
from sim.outcomes.odds import Odds
from sim.report.notebook import InNotebook, in_a_line

#: Kinds described together in one paragraph of a week; what a side does has one of its own.
_OUTSIDE = ("due", "overdue", "shock", "programme", "coverage", "relief")
_GOODS = ("flow", "backlog", "queue_cleared", "short", "supplied", "joined")
_SEEN = ("reading", "belief")
_TRUCE = ("mutual", "core", "dispute", "breakdown", "truce_ended")
_TALKS = ("talks", "deal", "owed", "renewal")
_TERM = ("extension", "lapse")


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
    odds: Mapping[int, Odds] = field(default_factory=dict)

    def __repr__(self) -> str:
        which = f"run {self.trace.run} of seed {self.trace.seed}"
        return in_a_line(self, self.trace.scenario.name, which, self.frame.verdict)

    @property
    def is_part(self) -> bool:
        """Whether it is the story of some weeks of its run, not of all."""
        return sum(each.last - each.first + 1 for each in self.sections) < len(self.trace.weeks)


def tell(
    trace: Trace,
    weeks: tuple[int, int] | None = None,
    but_for: bool = True,
    continuations: int = 0,
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
    opened = {event.week for event in events if not event.minor}
    by_week: dict[int, list[Event]] = {}
    for event in _with_rules(events, opened):
        by_week.setdefault(event.week, []).append(event)
    sections = tuple(_sections(trace.weeks[first - 1 : last], opened, by_week, voice))
    turns = (first - 1, *(section.last for section in sections))
    odds = odds_of(trace, turns, continuations) if continuations else {}
    return Story(trace, frame_of(trace, voice, but_for), sections, odds)


def _with_rules(events: Iterable[Event], opened: set[int]) -> Iterator[Event]:
    """Marks the rules of a machine that were written in full in an opened week before."""
    explained: set[tuple[str, str]] = set()
    for event in events:
        rule = event.facts.get("rule")
        if rule is None or event.kind in ("concession", "stuck", "unaware"):
            yield event
            continue
        yield replace(event, facts={**event.facts, "rule_known": (event.who, rule) in explained})
        if event.week in opened:
            explained.add((event.who, rule))


def _sections(
    weeks: Iterable[Week], opened: set[int], by_week: dict[int, list[Event]], voice: Voice
) -> Iterator[Section]:
    for opens, group in groupby(weeks, key=lambda week: week.number in opened):
        stretch = list(group)
        if opens:
            yield from (_open(week, by_week[week.number], voice) for week in stretch)
        else:
            yield _quiet_section(stretch, by_week, voice)


def _open(week: Week, events: list[Event], voice: Voice) -> Section:
    """A week described event by event."""

    def order(event: Event) -> int:
        return _order(event, voice.sides.ids)

    lines = tuple(Line(sentence(event, voice), event) for event in sorted(events, key=order))
    paragraphs = tuple(
        tuple(group)
        for _, group in groupby(lines, key=lambda line: order(line.event))  # type: ignore[arg-type]
    )
    return Section(week.number, week.number, week.date, False, paragraphs, lines)


def _order(event: Event, ids: tuple[str, str]) -> int:
    """Which paragraph of its week an event belongs to."""
    for place, kinds in enumerate((_OUTSIDE, (), (), _GOODS, _SEEN, _TRUCE, _TALKS, _TERM)):
        if event.kind in kinds:
            return place
    return 1 + ids.index(event.who)


def _quiet_section(weeks: list[Week], by_week: dict[int, list[Event]], voice: Voice) -> Section:
    """Quiet weeks in one paragraph."""
    first, last = weeks[0], weeks[-1]
    events = [event for week in weeks for event in by_week.get(week.number, [])]
    paragraph = tuple(Line(text) for text in summary_sentences(weeks, events, voice))
    lines = tuple(Line(sentence(event, voice), event) for event in events)
    return Section(first.number, last.number, first.date, True, (paragraph,), lines)
