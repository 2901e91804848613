"""What stands in the way of an exact solution, in worlds with any number of levers a side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.reduction import obstacles, reduce
from sim.errors import ScenarioError
from sim.scenario import Scenario

WORLD = {"title": "t", "start": "2025-05-12", "weeks": 8, "noise": "flip"}


def world(us: int, cn: int) -> Scenario:
    levers = {
        side: {f"lever_{k}": {"friction": 0.0} for k in range(count)}
        for side, count in (("us", us), ("cn", cn))
    }
    return Scenario.from_table(WORLD | {"levers": levers}, name="world")


@given(st.integers(0, 3), st.integers(0, 3))
def test_levers_are_counted_by_their_owner(us, cn):
    in_the_way = {path: value for path, value, _ in obstacles(world(us, cn))}
    for side, count in (("us", us), ("cn", cn)):
        assert in_the_way.get(f"levers.{side}") == (None if count == 1 else f"{count} levers")


def test_the_setting_named_is_that_of_the_lever_named():
    table = {"us": {}, "cn": {"minerals": {"friction": 0.0, "notches": 2, "level": 1}}}
    scenario = Scenario.from_table(WORLD | {"levers": table}, name="world")
    in_the_way = {path: value for path, value, _ in obstacles(scenario)}
    assert in_the_way["levers.cn.minerals.level"] == "1"
    with pytest.raises(ScenarioError):
        reduce(scenario)
