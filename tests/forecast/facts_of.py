"""Made-up facts of a textbook game: what was seen of the one lever of each side, week by week."""

from collections.abc import Sequence

from sim.forecast.facts import ACT, SIDES, TALKS, Fact
from sim.forecast.observations import Observations
from sim.outcomes.calendar import last_day
from sim.scenario import Scenario


def levels_seen(
    scenario: Scenario, levels: Sequence[tuple[int, int]], error: float = 0.15
) -> Observations:
    """Facts that put the levers of us and cn on these levels in weeks 1, 2, ..., from 0."""
    facts, before = [], (0, 0)
    for week, now in enumerate(levels, start=1):
        day = last_day(scenario.spec.start, week)
        for i, side in enumerate(SIDES):
            change = now[i] - before[i]
            item = f"{side}.move" if change else ""
            facts.append(Fact(week, day, ACT, side, item, float(change), error, "made up"))
        facts.append(Fact(week, day, TALKS, "", "", 0.0, 0.0, "made up"))
        before = now
    start, weeks = scenario.spec.start, len(levels)
    return Observations(start, weeks, last_day(start, weeks), tuple(facts))
