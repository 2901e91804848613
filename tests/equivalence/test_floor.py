"""The second implementation of docs/model.md, sim/native/week.c, gives the same runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.floor import TRUCE_COUNTS, TRUCE_FIELDS, counts_apart, rows_apart
from sim.scenario import Scenario
from tests.equivalence.switched import SWITCHED_OFF, SWITCHED_ON, needed
from tests.everyday import one_in
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.world.play import WORLD

RUNS = 4
#: Governments that answer often, so that every mechanism has something to do.
LIVELY = {f"actors.{side}.policy.generosity": 0.1 for side in ("us", "cn")}


def apart(program, params, seed, runs=RUNS):
    """Fields of rows and tallies in which C and plain Python differ."""
    theirs = WORLD.run_batch(params, seed, 0, runs, True)
    skipped = () if params.rules[0].has_truce else TRUCE_FIELDS + TRUCE_COUNTS
    rows = rows_apart(program.rows(params, seed, 0, runs), theirs.rows, skipped)
    return rows + counts_apart(program.tally(params, seed, 0, runs), theirs.tally, skipped)


def test_random_worlds(program):
    @examples(30)
    @given(worlds(), st.integers(0, 2**64 - 1))
    def same(table, seed):
        assert apart(program, Scenario.from_table(table).compiled.params, seed) == []

    same()


@pytest.mark.parametrize("key", one_in(6, [None, *sorted(SWITCHED_ON)]))
def test_geneva_with_each_mechanism_off_and_on(program, key):
    changes = {} if key is None else needed(key) | {key: SWITCHED_ON[key]}
    params = Scenario.load("geneva-2025").override(SWITCHED_OFF | changes).compiled.params
    assert apart(program, params, 2025) == []


def test_geneva_with_all_of_them(program):
    params = Scenario.load("geneva-2025").override(SWITCHED_ON).compiled.params
    assert apart(program, params, 7, 12) == []


@pytest.mark.parametrize("key", sorted(SWITCHED_ON))
def test_each_changes_some_run(program, key):
    """A switch that changed nothing would be compared with itself above."""
    scenario = Scenario.load("geneva-2025").override(SWITCHED_OFF | LIVELY | needed(key))
    off = scenario.compiled.params
    on = scenario.override({key: SWITCHED_ON[key]}).compiled.params
    assert (program.rows(off, 1, 0, 2000) != program.rows(on, 1, 0, 2000)).any()
