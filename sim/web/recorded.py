"""The record as the page draws it over its trajectories: rungs by the model's rules, and flow."""

from collections.abc import Sequence

from sim.history.path import record_path, stretch_of
from sim.history.record import Month
from sim.scenario.records import week_of
from sim.scenario.scenario import Scenario

#: The licence lever whose flow the record's tonnage of magnets measures.
MAGNETS = "cn.rare_earths"
Line = list[float | None]


def recorded(scenario: Scenario) -> dict[str, Line]:
    """By "variable.who" the record at the end of weeks 0..H, None where it says nothing.

    Nothing of a scenario that is not of the record's days and levers.
    """
    compiled = scenario.compiled
    if stretch_of(compiled) is None:
        return {}
    path = record_path(scenario)
    after: Line = [None] * (compiled.weeks - path.weeks)
    series = {
        f"rung.{side}": [None, *path.rungs[number].tolist(), *after]
        for number, side in enumerate(("us", "cn"))
    }
    if MAGNETS in compiled.levers:
        series[f"flow.{MAGNETS}"] = _flow(scenario, path.months)
    return series


def _flow(scenario: Scenario, months: Sequence[Month]) -> Line:
    """Tonnage over its normal level, in every week of a month."""
    start = scenario.spec.start
    line: Line = [None] * (scenario.spec.weeks + 1)
    for month in months:
        first, last = week_of(month.first, start), week_of(month.last, start)
        for week in range(max(first, 1), min(last, scenario.spec.weeks) + 1):
            line[week] = month.share
    return line
