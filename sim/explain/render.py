"""A story as plain text, Markdown or JSON."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sim.explain.find import TypicalRun
from sim.explain.odds import odds_sentence
from sim.explain.phrases import opened, span
from sim.explain.story import Section, Story, paragraph_text
from sim.explain.weeks import Outcome, Week
from sim.outcomes.calendar import date_text
from sim.store.text import markdown_text
from sim.world.outcomes import CURVES, ONCE

FORMATS = ("text", "markdown", "json")
#: Columns of the plain text.
WIDTH = 100
#: What the story of some weeks leaves out, at its end.
_ELSEWHERE = "The story of the whole run also says what was agreed and how both sides play."
#: Version of the JSON form; a change that breaks a reader raises it.
JSON_VERSION = 1


def render(story: Story, form: str, typical: TypicalRun | None = None) -> str:
    """The story in one of FORMATS, without a last newline."""
    if form == "json":
        return json.dumps(as_table(story, typical), indent=2, ensure_ascii=False)
    return "\n".join(_markdown(story, typical) if form == "markdown" else _text(story, typical))


def _headline(story: Story) -> str:
    return f"run {story.trace.run} of seed {story.trace.seed}"


def section_title(section: Section) -> str:
    """The weeks of a section and its date."""
    weeks = opened(span(section.first, section.last))
    return f"{weeks}, {'from ' if section.last > section.first else ''}{date_text(section.date)}"


def _text(story: Story, typical: TypicalRun | None) -> Iterator[str]:
    frame = story.frame
    yield from _wrapped(f"{frame.title}: {_headline(story)}")
    yield from _wrapped(frame.verdict)
    yield from () if typical is None else _wrapped(typical.text)
    for title, lines in _parts(story):
        yield from _listed(title, lines)


def _parts(story: Story) -> Iterator[tuple[str, Iterable[str]]]:
    """Headings, each with its points; of some weeks only those, and what came of the run."""
    frame, before = story.frame, [*_odds_before(story)]
    if not story.is_part:
        yield "What was agreed", [*frame.agreed, *before]
    elif before:
        yield f"Before week {story.sections[0].first}", before
    for section in story.sections:
        yield section_title(section), _lines(story, section)
    if story.is_part:
        yield "How it came out", [*frame.ending, _ELSEWHERE]
    else:
        yield "How it came out", frame.ending
        yield "How they play", frame.policies


def _lines(story: Story, section: Section) -> Iterator[str]:
    """The words of a section, and the odds at its end."""
    yield from (paragraph_text(each) for each in section.paragraphs)
    yield from _odds(story, section.last)


def _odds_before(story: Story) -> Iterator[str]:
    """The odds before the first section."""
    if story.sections:
        yield from _odds(story, story.sections[0].first - 1)


def _odds(story: Story, week: int) -> Iterator[str]:
    if week in story.odds:
        yield odds_sentence(story.odds[week])


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"\n{title}"
    for line in lines:
        yield from _wrapped(line, "  - ", "    ")


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _markdown(story: Story, typical: TypicalRun | None) -> Iterator[str]:
    frame = story.frame
    yield f"# {markdown_text(frame.title)}: {_headline(story)}"
    yield f"\n**{frame.verdict}**"
    if typical is not None:
        yield f"\n{typical.text}"
    for title, lines in _parts(story):
        yield from _bullets(title, lines)


def _bullets(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield from (f"- {line}" for line in lines)


def as_table(story: Story, typical: TypicalRun | None = None) -> dict[str, Any]:
    """The story as plain values: what frames it, every section's events, every week's numbers."""
    trace = story.trace
    scenario = {"name": trace.scenario.name, "hash": trace.scenario.hash}
    weeks_shown = (
        range(story.sections[0].first, story.sections[-1].last + 1) if story.sections else ()
    )
    return {
        "version": JSON_VERSION,
        "scenario": scenario | {"title": story.frame.title},
        "seed": trace.seed,
        "run": trace.run,
        "found": None if typical is None else typical.as_table(),
        "verdict": story.frame.verdict,
        "agreed": list(story.frame.agreed),
        "policies": list(story.frame.policies),
        "outcome": _outcome(trace.outcome),
        "ending": list(story.frame.ending),
        "but_for": [asdict(replay) for replay in story.frame.but_for],
        "story": [_section(section) for section in story.sections],
        **(
            {"odds": [asdict(story.odds[week]) for week in sorted(story.odds)]}
            if story.odds
            else {}
        ),
        "weeks": [_week(trace.week(number)) for number in weeks_shown],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    """The outcomes under the names of a run's fields, then what else came of the run."""
    weeks = {row.field: outcome.ended[row.name] for row in CURVES}
    came = {row.field: outcome.came[row.name] for row in ONCE}
    values = asdict(outcome)
    del values["ended"], values["came"]
    return weeks | {"lapse_week": values.pop("lapse_week")} | came | values


def _section(section: Section) -> dict[str, Any]:
    return {
        "first_week": section.first,
        "last_week": section.last,
        "date": section.date.isoformat(),
        "folded": section.folded,
        "text": [paragraph_text(paragraph) for paragraph in section.paragraphs],
        "events": [
            {
                "week": line.event.week,
                "kind": line.event.kind,
                "who": line.event.who,
                "lever": line.event.lever,
                "text": line.text,
                "facts": dict(line.event.facts),
            }
            for line in section.lines
            if line.event is not None
        ],
    }


def _week(week: Week) -> dict[str, Any]:
    called = {"us": week.us.who, "cn": week.cn.who}
    values = asdict(week) | {"date": week.date.isoformat()}
    return {called.get(name, name): value for name, value in values.items()}
