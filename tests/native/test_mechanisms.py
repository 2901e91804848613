"""Mechanisms switched on one at a time: the week in C plays the kernel's runs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.floor import differences
from sim.native.program import Program
from sim.scenario import Scenario
from sim.world.params import Params
from tests.properties.worlds import worlds

#: What geneva-2025 has switched on of these, switched off.
OFF = {
    "levers.cn.rare_earths.owes": "level",
    "levers.cn.rare_earths.refusal": "none",
    "talks.relief_ordered": False,
    "talks.since_weeks": "none",
}
#: Settings that switch one mechanism on, laid over that.
SWITCHES = {
    "service owed": {"levers.cn.rare_earths.owes": "service"},
    "service owed by its owner only": {
        "levers.cn.rare_earths.owes": "service",
        "levers.cn.rare_earths.owes_by_target": "level",
    },
    "service owed by the target's reading only": {
        "levers.cn.rare_earths.owes_by_target": "service"
    },
    "relief that is ordered": {"talks.relief_ordered": True},
    "talks that keep their distance from a round before": {"talks.since_weeks": 0},
    "a notch to refuse": {"levers.cn.rare_earths.refusal": 0.0},
}


def same(program: Program, params: Params, seed: int, runs: int) -> None:
    assert differences(program, params, seed, runs) == []


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_mechanism_switched_on(program, switch):
    plain = Scenario.load("geneva-2025").override(OFF)
    same(program, plain.compiled.params, 7, 300)
    changed = plain.override(SWITCHES[switch]).compiled.params
    same(program, changed, 7, 300)
    rows = [program.rows(params, 7, 0, 300) for params in (plain.compiled.params, changed)]
    assert rows[0].tobytes() != rows[1].tobytes()  # else nothing was switched on


@pytest.mark.slow
def test_random_worlds(program):
    @settings(max_examples=150)
    @given(table=worlds(), seed=st.integers(0, 2**64 - 1))
    def agree(table, seed):
        same(program, Scenario.from_table(table).compiled.params, seed, 5)

    agree()
