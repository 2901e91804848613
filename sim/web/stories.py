"""Typical runs of the scenario as given, week by week in the words of `explain`, for the page."""

from typing import Any

from sim.explain import tell, trace_run
from sim.explain.render import runs_with_stories, section_title
from sim.explain.story import Story, odds_of, paragraph_text
from sim.explain.weeks import Trace
from sim.outcomes.butfor import Odds
from sim.scenario.scenario import Scenario


def stories(scenario: Scenario, seed: int, runs: int) -> list[dict[str, Any]]:
    """A typical run of each of the first kinds that happen, as in the page to mail."""
    return [
        story_table(scenario, seed, typical.run) | {"kind": typical.kind, "text": typical.text}
        for typical in runs_with_stories(scenario, seed, runs)
    ]


def story_table(scenario: Scenario, seed: int, run: int) -> dict[str, Any]:
    """The story of a run in words, its rungs, and the odds at each of its turns."""
    story = tell(trace_run(scenario, seed, run))
    turns = [0, *(section.last for section in story.sections)]
    return {"run": run, **_table(story), "odds": odds(story.trace, turns)}


def odds(trace: Trace, weeks: list[int]) -> list[list[float]]:
    """[week, p, low, high, n, week read] of the headline outcome, at the end of each week.

    Ends with the week in which the outcome ends: then there are none.
    """
    return [[week, *share_of(at_week)] for week, at_week in odds_of(trace, weeks).items()]


def share_of(odds: Odds) -> list[float]:
    """p, low, high, n and the week read, of the headline outcome."""
    return [odds.truce.p, odds.truce.low, odds.truce.high, odds.truce.n, odds.read]


def _table(story: Story) -> dict[str, Any]:
    weeks = story.trace.weeks
    return {
        "verdict": story.frame.verdict,
        "agreed": list(story.frame.agreed),
        "policies": list(story.frame.policies),
        "ending": list(story.frame.ending),
        "sections": [
            {
                "first": section.first,
                "last": section.last,
                "title": section_title(section),
                "paragraphs": [paragraph_text(paragraph) for paragraph in section.paragraphs],
            }
            for section in story.sections
        ],
        "rungs": [[week.sides[i].rung_end for week in weeks] for i in (0, 1)],
    }
