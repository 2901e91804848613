"""How runs end by week: triggers summed over levers, allies that join."""

import pytest

from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from tests.outcomes.tallies import result, small


def test_causes_add_up_to_the_breakdowns():
    made = result()
    frame = made.causes_by_week
    last = frame[frame["week"] == made.horizon]
    pairs = list(zip(last["cause"], last["who"], last["count"], strict=True))
    assert pairs == [("lapse", "", 20), ("slip", "us", 8), ("overdue", "cn", 5), ("shock", "us", 2)]
    broken = 1 - made.survival("standing")["p"].to_numpy()
    assert frame.groupby("week")["p"].sum().to_numpy() == pytest.approx(broken)


def test_without_a_breakdown_there_are_no_causes():
    made = result()
    made.tally.trigger[:] = 0
    assert made.causes_by_week.empty


def test_allies_with_a_lever_join_and_are_counted():
    allies = {"jp": {"lever": "us.tariffs", "coverage": 0.1}, "eu": {}}
    frame = result(small(allies=allies)).joined
    assert set(frame["ally"]) == {"jp"}
    assert frame["p"].tolist() == [0, 0, 0.2, 0.2, 0.2, 0.2]
    assert result().joined.empty


def test_every_run_is_counted_once_for_every_ally():
    made = simulate(Scenario.load("geneva-2025"), runs=200, seed=5)
    assert made.tally.joined.sum(axis=1).tolist() == [200] * len(made.compiled.allies)
    assert 0 < made.joined["p"].max() < 1
    assert made.tally.joined[made.compiled.allies.index("eu"), -1] == 200
