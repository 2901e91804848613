"""Typical runs of the scenario as given, told week by week by `explain`, for the page to step."""

from typing import Any

from sim.explain import tell, trace_run
from sim.explain.find import Found
from sim.explain.page import found_stories
from sim.explain.render import section_title
from sim.explain.story import Story, spoken
from sim.explain.weeks import SIDES
from sim.scenario.scenario import Scenario


def stories(scenario: Scenario, seed: int, runs: int) -> list[dict[str, Any]]:
    """A typical run of each of the first kinds that happen, as in the page to mail."""
    return [
        _table(found, tell(trace_run(scenario, seed, found.run)))
        for found in found_stories(scenario, seed, runs)
    ]


def _table(found: Found, story: Story) -> dict[str, Any]:
    weeks = story.trace.weeks
    return {
        "kind": found.kind,
        "run": found.run,
        "text": found.text,
        "verdict": story.frame.verdict,
        "agreed": list(story.frame.agreed),
        "policies": list(story.frame.policies),
        "ending": list(story.frame.ending),
        "sections": [
            {
                "first": section.first,
                "last": section.last,
                "title": section_title(section),
                "paragraphs": [spoken(paragraph) for paragraph in section.paragraphs],
            }
            for section in story.sections
        ],
        "rungs": [[getattr(week, side).rung_end for week in weeks] for side in SIDES],
    }
