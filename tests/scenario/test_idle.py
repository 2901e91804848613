"""Settings without effect: each is warned about, and taking it away changes no run."""

import numpy as np
import pytest

from sim.engines.batch import run_batch
from sim.engines.host import dump
from sim.scenario import Scenario

FLIP = {"noise": "flip", "actors.us.slip_fail": 0.0, "actors.cn.slip_fail": 0.0}
SHOCK = {"name": "idle", "chance": 0.1}
#: What makes it idle, the idle setting, and the same without it.
IDLE = {
    "a ban on the books": ({}, {"levers.us.chips.listed": True}, {"levers.us.chips.listed": False}),
    "a ban with an office": (
        {},
        {"levers.us.chips.backlog_weeks": 3.0},
        {"levers.us.chips.backlog_weeks": 0.0},
    ),
    "a capacity of a ban": (
        {},
        {"+shocks": [SHOCK | {"lever": "us.chips", "capacity": 0.0, "talks": True}]},
        {"+shocks": [SHOCK | {"talks": True}]},
    ),
    "a shock after the end": (
        {},
        {"+shocks": [{"name": "idle", "date": "2040-01-01", "talks": True}]},
        {},
    ),
    "a shock by no chance": ({}, {"+shocks": [SHOCK | {"chance": 0.0, "talks": True}]}, {}),
    "a change by nothing": (
        {},
        {"+shocks": [SHOCK | {"lever": "us.chips", "change": 0, "talks": True}]},
        {"+shocks": [SHOCK | {"talks": True}]},
    ),
    "a failed order in the textbook's noise": (FLIP, {"actors.us.slip_fail": 0.5}, {}),
    "a temperature of any lever": (
        {"actors.us.lever_choice": "uniform"},
        {"actors.us.temperature": 2.0},
        {"actors.us.temperature": 0.0},
    ),
    "a licence that bites": (
        {},
        {"levers.cn.rare_earths.bite": 0.7},
        {"levers.cn.rare_earths.bite": 0.0},
    ),
    "a boost of no weeks": (
        {"talks.boost_weeks": 0},
        {"levers.cn.rare_earths.capacity_after_talks": 0.4},
        {"levers.cn.rare_earths.capacity_after_talks": "none"},
    ),
    "nothing to halve": (
        {"levers.us.chips.halving_years": "none"},
        {"levers.us.chips.dead_weeks": 9, "levers.us.chips.induced": 0.9},
        {"levers.us.chips.dead_weeks": 0, "levers.us.chips.induced": 0.0},
    ),
    "terms of no length": (
        {"truce.term_weeks": "none", "truce.extension_weeks": "none"},
        {"truce.extension_weeks": 5},
        {},
    ),
    "an ally without a lever": (
        {"allies.idle": {"h": 0.0}},
        {"allies.idle.coverage": 0.5},
        {"allies.idle.coverage": 0.0},
    ),
}


@pytest.fixture(scope="module")
def geneva():
    return Scenario.load("geneva-2025")


@pytest.mark.parametrize("case", IDLE)
def test_a_setting_without_effect_is_warned_about_and_has_none(geneva, case):
    around, idle, without = IDLE[case]
    world = geneva.override(around) if around else geneva
    with_it = world.override(idle)
    plain = world.override(without) if without else world
    assert len(with_it.warnings) > len(plain.warnings)
    rows = [run_batch(one.compiled.params, 7, 0, 60, keep=True).rows for one in (with_it, plain)]
    assert np.array_equal(*rows)


def test_shipped_scenarios_have_nothing_idle():
    from sim.scenario.loading import list_shipped

    told = {one.name: Scenario.load(one.name).warnings for one in list_shipped()}
    assert {name: warnings for name, warnings in told.items() if warnings} == {}


def test_equal_scenarios_compile_to_equal_bytes(geneva):
    copies = []
    for filler in (0, 255):
        rubbish = [np.full(size, filler, np.uint8) for size in range(8, 4000, 8)]
        del rubbish
        copies.append(dump(Scenario.load("geneva-2025").compiled.params))
    assert copies[0] == copies[1]
    for table in geneva.compiled.params:
        if table.dtype.names:
            named = np.zeros(len(table), table.dtype)
            for name in table.dtype.names:
                named[name] = table[name]
            assert named.tobytes() == table.tobytes(), table.dtype.names
