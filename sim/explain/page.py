"""A story as part of a report: its verdict and how it came out, then week by week."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.explain.find import DEFAULT_RUNS, TypicalRun, find_stories
from sim.explain.render import section_title
from sim.explain.story import Story, paragraph_text, tell
from sim.explain.trace import trace_run
from sim.report.content import NAME, TEXT, Report, Section, columns

if TYPE_CHECKING:
    from sim.scenario import Scenario

STORIES = 3
#: Kinds of run described after the typical one, in this order: how it ends, how it holds, then why.
KINDS = ("breakdown", "quiet", "talks", "lapse", "slip", "misread")


def report_of(story: Story) -> Report:
    """The report of one story: how it came out, its weeks folded below."""
    title = f"{story.frame.title}: run {story.trace.run} of seed {story.trace.seed}"
    ending = Section("How it came out", story.frame.ending, listed=True)
    weeks = replace(week_by_week(story), detail=False)
    return Report(title, (story.frame.verdict,), sections=(ending, weeks))


def typical_stories(scenario: "Scenario", seed: int, runs: int) -> Sequence[Section]:
    """Typical runs among the first of a result: what each stands for, then its weeks."""
    sections: list[Section] = []
    for chosen in runs_with_stories(scenario, seed, runs):
        story = tell(trace_run(scenario, seed, chosen.run, only=True))
        sections += [_typical(story, chosen), week_by_week(story)]
    return sections


def runs_with_stories(scenario: "Scenario", seed: int, runs: int) -> list[TypicalRun]:
    """The runs that have a story: the typical one, then typical ones of other kinds that happen."""
    return find_stories(scenario, seed, min(runs, DEFAULT_RUNS), STORIES, KINDS)


def _typical(story: Story, chosen: TypicalRun) -> Section:
    title = f"A typical run: {chosen.kind}"
    words = (story.frame.verdict, chosen.text, " ".join(story.frame.ending))
    return Section(title, words, detail=True)


def week_by_week(story: Story) -> Section:
    """All weeks of a story, a row for each that has one."""
    rows = tuple(
        (section_title(section), " ".join(paragraph_text(each) for each in section.paragraphs))
        for section in story.sections
    )
    words = (*story.frame.agreed, *story.frame.policies)
    title = f"Run {story.trace.run}, week by week"
    heading = columns(("when", NAME), ("what happened", TEXT))
    return Section(title, words, heading, rows, detail=True, folded=True)
