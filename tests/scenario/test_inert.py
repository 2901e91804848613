"""Numbers said to move nothing: set to either end together, no run's headline changes."""

import numpy as np
import pytest

from sim.engines.batch import run_batch
from sim.outcomes.butfor import without_bands
from sim.outcomes.spread import held_at_term, up_to_the_term
from sim.scenario import Scenario
from sim.scenario.inert import OF_BELIEF, OF_PAYOFFS, sentence
from sim.scenario.loading import list_shipped

WORLDS = [
    "geneva-2025",
    pytest.param("geneva-2025-design", marks=pytest.mark.slow),
    pytest.param("london-2025", marks=pytest.mark.slow),
    pytest.param("nulls/geneva-first-settings", marks=pytest.mark.slow),
]
#: Other values of what has no range, by the last word of the key.
OTHER = {
    "audience_cost": 1.0,
    "discount": 0.9,
    "convexity": 3.0,
    "belief_prior_good": 0.1,
    "severe_shortage": 0.05,
    "due_weeks": 2,
    "coverage": 0.9,
    "h": 1.0,
    "psi": 1.0,
}


def headline(scenario: Scenario) -> np.ndarray:
    """Which of 300 runs stand at the end of the term."""
    params = up_to_the_term(without_bands(scenario.compiled.params))
    rows = run_batch(params, 5, 0, 300, keep=True).rows
    return held_at_term(rows, params.rules[0])["standing"]


def changes(scenario: Scenario, end: str) -> dict[str, float]:
    """Every inert number at that end of its range, or at another value."""
    believed, found = scenario.distributions(), {}
    for path in scenario.inert():
        word = path.rpartition(".")[2]
        if path in believed:
            value = getattr(believed[path], end)
            found[path] = int(value) if word in ("stride", "lag_weeks") else value
        elif word in OTHER and scenario_has(scenario, path):
            found[path] = OTHER[word]
    return found


def scenario_has(scenario: Scenario, path: str) -> bool:
    return any(entry.path == path for entry in scenario.entries())


@pytest.mark.parametrize("name", WORLDS)
def test_no_run_heeds_what_is_said_to_be_inert(name):
    scenario = Scenario.load(name)
    as_shipped = headline(scenario)
    assert 0 < as_shipped.mean() < 1
    for end in ("low", "high"):
        laid_over = changes(scenario, end)
        assert len(laid_over) > 20
        assert (headline(scenario.override(laid_over)) == as_shipped).all()


def test_what_is_not_said_to_be_inert_may_move_it():
    scenario = Scenario.load("geneva-2025")
    moved = scenario.override({"actors.us.policy.generosity": 0.6})
    assert (headline(moved) != headline(scenario)).any()


@pytest.mark.parametrize(
    ("changed", "path", "idle"),
    [
        ({}, "actors.us.stride", True),
        ({"actors.us.package": 0}, "actors.us.stride", False),
        ({}, "actors.us.slip_after_talks", False),
        ({}, "levers.cn.rare_earths.due_weeks", True),
        (
            {"levers.cn.rare_earths.owes_by_target": "level"},
            "levers.cn.rare_earths.due_weeks",
            False,
        ),
        ({}, "levers.cn.critical_minerals.promised_by_owner", True),
        (
            {"actors.cn.policy": {"name": "win_stay_lose_shift"}},
            "levers.cn.critical_minerals.promised_by_owner",
            False,
        ),
        ({}, "actors.us.belief_memory", True),
        ({"truce.term_weeks": 8, "weeks": 26}, "actors.us.belief_memory", True),
        ({}, "actors.cn.spillover", False),
        ({}, "actors.us.spillover", True),
        ({}, "allies.jp.coverage", True),
        ({"allies.jp.lag_weeks": 2}, "allies.jp.coverage", False),
    ],
)
def test_a_mechanism_that_is_off_makes_its_settings_inert(changed, path, idle):
    scenario = Scenario.load("geneva-2025").override(changed)
    assert (path in scenario.inert()) is idle


def test_a_grace_that_can_be_nothing_else_than_none_makes_what_hangs_on_it_inert():
    assert "actors.us.slip_after_talks" in Scenario.load("april-2025").inert()


def test_of_readings_only_what_no_reading_heeds():
    readings = Scenario.load("geneva-2025-readings")
    found = set(readings.inert())
    assert found
    for reading in readings.readings.values():
        assert found <= set(reading.inert())


def test_every_shipped_scenario_can_be_asked():
    for shipped in list_shipped():
        scenario = Scenario.load(shipped.name)
        ranged = scenario.distributions()
        told = sentence(scenario.inert(), ranged, "the headline")
        assert told == "" or f"of {len(ranged)} numbers" in told


def test_no_setting_is_inert_in_every_shipped_scenario():
    """But for those that only payoffs read, and beliefs, which `extended` and the game rest on."""
    idle: dict[str, set[str]] = {}
    live = set()
    for shipped in list_shipped():
        scenario = Scenario.load(shipped.path)
        found = scenario.inert()
        for entry in scenario.entries():
            number = isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
            if not number:
                continue
            name = entry.path.rsplit(".", 1)[-1]
            if entry.path in found:
                idle.setdefault(name, set()).add(found[entry.path])
            else:
                live.add(name)
    nowhere = {name: reasons for name, reasons in idle.items() if name not in live}
    assert set(nowhere) == {*OF_PAYOFFS, *OF_BELIEF}
    assert all(nowhere[name] == {"only payoffs read it"} for name in OF_PAYOFFS)
    assert all("when a term ends" in why for name in OF_BELIEF for why in nowhere[name])
