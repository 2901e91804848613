"""Typical runs of the scenario as given, told week by week by `explain`, for the page to step."""

from typing import Any

from sim.explain import tell, trace_run
from sim.explain.find import KINDS, FindError, Found, find_run
from sim.explain.frame import day
from sim.explain.story import Section, Story, spoken
from sim.explain.voice import opened, span
from sim.explain.weeks import SIDES
from sim.scenario.scenario import Scenario

#: In the order of preference.
ORDER = ("breakdown", "quiet", "talks", "slip", "misread", "lapse")
MOST = 3


def stories(scenario: Scenario, seed: int, runs: int) -> list[dict[str, Any]]:
    """The first MOST kinds of runs that happen, a typical run of each; no run is told twice."""
    told: dict[int, dict[str, Any]] = {}
    for kind in (*ORDER, *(kind for kind in KINDS if kind not in ORDER)):
        if len(told) == MOST:
            break
        try:
            found = find_run(scenario, kind, seed, runs)
        except FindError:  # it never happens here, or is not defined
            continue
        if found.run not in told:
            told[found.run] = _table(found, tell(trace_run(scenario, seed, found.run)))
    return list(told.values())


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
        "sections": [_section(section) for section in story.sections],
        "rungs": [[getattr(week, side).rung_end for week in weeks] for side in SIDES],
    }


def _section(section: Section) -> dict[str, Any]:
    weeks = opened(span(section.first, section.last))
    since = "from " if section.last > section.first else ""
    return {
        "first": section.first,
        "last": section.last,
        "title": f"{weeks}, {since}{day(section.date)}",
        "paragraphs": [spoken(paragraph) for paragraph in section.paragraphs],
    }
