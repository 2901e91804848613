"""A story as plain text, Markdown or JSON, and as part of a report."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.explain.find import TypicalRun, find_stories
from sim.explain.story import Section, Story, odds_sentence, paragraph_text, tell
from sim.explain.trace import trace_run
from sim.explain.weeks import Outcome, Week
from sim.numbers import DEFAULT_RUNS
from sim.outcomes.definitions import date_text
from sim.report import content
from sim.report.text import markdown_text
from sim.world.outcomes import CURVES, ONCE

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORMATS = ("text", "markdown", "json")
#: Columns of the plain text.
WIDTH = 100
#: What the story of some weeks leaves out, at its end.
_ELSEWHERE = "The story of the whole run also says what was agreed and how both sides play."
#: Version of the JSON form; a change that breaks a reader raises it.
JSON_VERSION = 1
#: How many stories a report tells, and of which kinds of run after the typical one, in this order:
#: how it ends, how it holds, then why.
STORIES = 3
KINDS = ("breakdown", "quiet", "talks", "lapse", "slip", "misread")


def render(story: Story, form: str, typical: TypicalRun | None = None) -> str:
    """The story in one of FORMATS, without a last newline."""
    if form == "json":
        return json.dumps(as_table(story, typical), indent=2, ensure_ascii=False)
    return "\n".join(_markdown(story, typical) if form == "markdown" else _text(story, typical))


def _headline(story: Story) -> str:
    return f"run {story.trace.run} of seed {story.trace.seed}"


def section_title(section: Section) -> str:
    """The weeks of a section and its date."""
    title = f"Week {section.first}, "
    if section.last > section.first:
        title = f"Weeks {section.first}-{section.last}, from "
    return title + date_text(section.date)


def _parts(story: Story) -> Iterator[tuple[str, Iterable[str]]]:
    """Headings, each with its points; of some weeks only those, and what came of the run."""
    frame = story.frame
    before = _odds(story, story.sections[0].first - 1) if story.sections else []
    if not story.is_part:
        yield "What was agreed", [*frame.agreed, *before]
    elif before:
        yield f"Before week {story.sections[0].first}", before
    for section in story.sections:
        words = [paragraph_text(each) for each in section.paragraphs]
        yield section_title(section), words + _odds(story, section.last)
    yield "How it came out", [*frame.ending, _ELSEWHERE] if story.is_part else frame.ending
    if not story.is_part:
        yield "How they play", frame.policies


def _odds(story: Story, week: int) -> list[str]:
    """The odds at the end of a week, where asked for."""
    return [odds_sentence(story.odds[week])] if week in story.odds else []


def _text(story: Story, typical: TypicalRun | None) -> Iterator[str]:
    yield from _wrapped(f"{story.frame.title}: {_headline(story)}")
    yield from _wrapped(story.frame.verdict)
    yield from () if typical is None else _wrapped(typical.text)
    for title, lines in _parts(story):
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
    yield f"# {markdown_text(story.frame.title)}: {_headline(story)}"
    yield f"\n**{story.frame.verdict}**"
    if typical is not None:
        yield f"\n{typical.text}"
    for title, lines in _parts(story):
        yield f"\n## {title}\n"
        yield from (f"- {line}" for line in lines)


def as_table(story: Story, typical: TypicalRun | None = None) -> dict[str, Any]:
    """The story as plain values: what frames it, every section's events, every week's numbers."""
    trace, frame, sections = story.trace, story.frame, story.sections
    weeks = range(sections[0].first, sections[-1].last + 1) if sections else ()
    odds = [asdict(story.odds[week]) for week in sorted(story.odds)]
    return {
        "version": JSON_VERSION,
        "scenario": {
            "name": trace.scenario.name,
            "hash": trace.scenario.hash,
            "title": frame.title,
        },
        "seed": trace.seed,
        "run": trace.run,
        "found": None if typical is None else typical.as_table(),
        "verdict": frame.verdict,
        "agreed": list(frame.agreed),
        "policies": list(frame.policies),
        "outcome": _outcome(trace.outcome),
        "ending": list(frame.ending),
        "but_for": [asdict(replay) for replay in frame.but_for],
        "story": [_section(section) for section in sections],
        **({"odds": odds} if odds else {}),
        "weeks": [_week(trace.week(number)) for number in weeks],
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


def report_of(story: Story) -> content.Report:
    """The report of one story: how it came out, its weeks folded below."""
    ending = content.Section("How it came out", story.frame.ending, listed=True)
    return content.Report(
        f"{story.frame.title}: {_headline(story)}",
        (story.frame.verdict,),
        sections=(ending, _week_by_week(story, detail=False)),
    )


def typical_stories(scenario: "Scenario", seed: int, runs: int) -> Sequence[content.Section]:
    """Typical runs among the first of a result: what each stands for, then its weeks."""
    sections: list[content.Section] = []
    for chosen in runs_with_stories(scenario, seed, runs):
        story = tell(trace_run(scenario, seed, chosen.run, only=True))
        words = (story.frame.verdict, chosen.text, " ".join(story.frame.ending))
        sections.append(content.Section(f"A typical run: {chosen.kind}", words, detail=True))
        sections.append(_week_by_week(story, detail=True))
    return sections


def runs_with_stories(scenario: "Scenario", seed: int, runs: int) -> list[TypicalRun]:
    """The runs that have a story: the typical one, then typical ones of other kinds that happen."""
    return find_stories(scenario, seed, min(runs, DEFAULT_RUNS), STORIES, KINDS)


def _week_by_week(story: Story, detail: bool) -> content.Section:
    """All weeks of a story, a row for each that has one."""
    rows = (
        (section_title(section), " ".join(paragraph_text(each) for each in section.paragraphs))
        for section in story.sections
    )
    words = (*story.frame.agreed, *story.frame.policies)
    title = f"Run {story.trace.run}, week by week"
    heads = ("when", content.NAME), ("what happened", content.TEXT)
    return content.table(title, heads, rows, words=words, detail=detail, folded=True)
