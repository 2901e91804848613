"""What a story says is owed: a level, or service and how much of it, by the reading of each."""

from dataclasses import replace

import pytest

from sim.explain.owed import owed_lines
from sim.explain.phrases import Voice
from tests.explain import worlds

LEVER = "levers.cn.rare_earths"


def lines(name, **changed):
    scenario = worlds.scenario(name).override(
        {f"{LEVER}.{key}": value for key, value in changed.items()}
    )
    trace = replace(worlds.trace(name, 0), scenario=scenario)
    return list(owed_lines(trace, Voice(trace)))


def test_service_is_owed_in_the_numbers_of_the_scenario_and_a_level_is_no_violation():
    what, how_much, _ = lines("geneva-2025", expected_by_target=0.8, promised_by_owner=0.4)
    assert what == (
        "China owes service on rare earths licences, not a level: to grant them as at level 0. "
        "Neither the lever at level 2 of 2 nor a slow office is a violation; raising the lever "
        "above its lowest level so far is."
    )
    assert how_much == (
        "China promised to serve at least 40% of normal demand; the US expects 80%, and may see a "
        "violation, wrongly, in anything less."
    )


def test_a_level_is_owed_by_a_date():
    eased, _ = lines("geneva-2025", owes="level", due_weeks=3)
    assert eased == (
        "China is to ease rare earths licences from level 2 of 2 to 0 by the end of week 3."
    )


@pytest.mark.parametrize(
    ("owes", "by_target", "own", "seen"),
    [
        ("service", "level", "it owes service on", "it is to ease rare earths licences from"),
        ("level", "service", "it is to ease rare earths licences from", "it owes service on"),
    ],
)
def test_each_side_has_its_own_reading(owes, by_target, own, seen):
    what, how_much, _ = lines("geneva-2025", owes=owes, owes_by_target=by_target, due_weeks=3)
    assert f"By China's reading {own}" in what
    assert f"By the US's reading {seen}" in what
    assert "of what each holds to be owed" in how_much
