"""What lies ahead of a day: the weeks for which chances are given, and the months of flow.

Chances are given for the end of the term in force, and for so many weeks on.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.forecast.facts import Date
from sim.outcomes.calendar import last_day

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Reading:
    """A week at whose end chances are given, what it is called, and its last day."""

    at: str
    week: int
    day: Date


def weeks_over(scenario: "Scenario", day: Date) -> int:
    """The weeks of a scenario that are over at the end of a day."""
    return max(0, ((day - scenario.spec.start).days + 1) // 7)


def term_end(scenario: "Scenario", after: int) -> int:
    """The last week of the term that runs after so many weeks if each is prolonged; without a term
    that of the scenario, or what follows where it is over."""
    truce = scenario.spec.truce
    if truce is None or not truce.term_weeks:
        return max(scenario.spec.weeks, after + 1)
    end = truce.term_weeks
    if end <= after:
        longer = truce.extension or truce.term_weeks
        end += -(-(after + 1 - end) // longer) * longer
    return end


def farthest(scenario: "Scenario", after: int, weeks: int) -> int:
    """The last week that is asked for, or of the scenario."""
    return max(scenario.spec.weeks, after + weeks, term_end(scenario, after))


def stretched(scenario: "Scenario", weeks: int) -> "Scenario":
    """The scenario with a calendar of so many weeks."""
    return scenario if weeks == scenario.spec.weeks else scenario.override({"weeks": weeks})


def readings_at(
    scenario: "Scenario", after: int, weeks: int, ahead: tuple[int, ...]
) -> tuple[Reading, ...]:
    """When the odds of a day are read, so many weeks being over: the term, then weeks on."""
    start = scenario.spec.start
    end = term_end(scenario, after)
    further = sorted({on for on in (*ahead, weeks) if on <= weeks})
    readings = [("term", end)] + [(f"{on} weeks on", after + on) for on in further]
    return tuple(Reading(at, week, last_day(start, week)) for at, week in readings)
