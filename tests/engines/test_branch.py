"""Branches: the same luck gives the same run from any week, other luck leaves the past alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.batch import run_batch
from sim.engines.branch import branch, other_luck, states_at
from sim.engines.counts import Tally
from sim.scenario import Scenario
from sim.world.state import CONCEDE, HOLD, LEVER_NAMES, NO_ORDER, RETALIATE, State, copied
from tests.equivalence.test_mesa import SIGNS, by_batch
from tests.examples import ALL, examples
from tests.properties.worlds import worlds
from tests.world.play import ECHO, ban, script, table

SEEDS = st.integers(0, 2**64 - 1)
RUNS = st.integers(0, 2**32 - 2)
#: Fields of a tally that count week by week, and the axis of the week.
WEEKLY = {"conduct": 0, "hist": 1, "bands_sum": 1}


def differing(one: State, two: State) -> list[str]:
    """Fields with any value that differs; of levers, what is kept of them.

    The curve is only a table of values looked up before, and a week's sums stand beside the levers.
    """
    skipped = ("curve", "columns", "rows", "levers")
    pairs = zip(State._fields, one, two, strict=True)
    tables = [pair for pair in pairs if pair[0] not in skipped]
    tables += [(name, one.levers[name], two.levers[name]) for name in LEVER_NAMES]
    return [name for name, a, b in tables if not np.array_equal(a, b)]


def states(scenario: Scenario, seed: int, run: int) -> list[State]:
    """The run's state at the end of every week from 0."""
    weeks = range(scenario.compiled.weeks + 1)
    return [copied(state) for state in states_at(scenario.compiled.params, seed, run, weeks)]


def same_tally(branched: Tally, whole: Tally, week: int) -> None:
    """Equal, but for the weeks up to `week`, which only the whole run has counted."""
    for name, one, two in zip(Tally._fields, branched, whole, strict=True):
        if name in WEEKLY:
            late = [slice(None)] * one.ndim
            late[WEEKLY[name]] = slice(week + 1, None)
            early = [slice(None)] * one.ndim
            early[WEEKLY[name]] = slice(0, week + 1)
            assert np.array_equal(one[tuple(late)], two[tuple(late)]), name
            assert not one[tuple(early)].any(), name
        else:
            assert np.array_equal(one, two), name


def test_from_every_week_the_same_index_is_the_same_run():
    seen: set[str] = set()

    @examples(80)
    @given(table=worlds(), seed=SEEDS, run=RUNS)
    def same(table, seed, run):
        scenario = Scenario.from_table(table)
        for index in (run, run + 1):
            check(scenario, seed, index)

    def check(scenario, seed, run):
        params = scenario.compiled.params
        whole = run_batch(params, seed, run, 1, 1, True)
        along = states(scenario, seed, run)
        assert differing(along[-1], by_batch(scenario, seed, run)[0]) == []
        for week, state in enumerate(along):
            before = copied(state)
            again = branch(params, state, week, seed, run, 1, 1, True)
            assert again.rows[0] == whole.rows[0]
            same_tally(again.tally, whole.tally, week)
            assert differing(state, before) == []
        seen.update(name for name, shows in SIGNS.items() if shows(along[-1]))

    same()
    geneva = Scenario.load("geneva-2025")
    rows = run_batch(geneva.compiled.params, 7, 0, 200, 1, True).rows
    for ended in (rows.lapse_week > 0, rows.extended == 1):
        check(geneva, 7, int(np.flatnonzero(ended)[0]))
    assert len(set(SIGNS) - seen) <= (
        2 if ALL else 4
    )  # which of the rarest come up is the luck of the worlds


def test_a_branch_of_a_branch_is_the_same_run():
    scenario = Scenario.load("geneva-2025")
    params = scenario.compiled.params
    whole = run_batch(params, 7, 3, 1, 1, True)
    for state, week in zip(states_at(params, 7, 3, [2, 9, 9, 20]), [2, 9, 9, 20], strict=True):
        assert branch(params, state, week, 7, 3, 1, 1, True).rows[0] == whole.rows[0]


def test_machines_go_on_from_the_week_they_have_seen():
    """The US defects in week 4 alone; China answers in week 5, also in a branch from week 4."""
    levers = {"us": {"move": ban()}, "cn": {"move": ban()}}
    sides = {"us": {"policy": script("HHHRC")}, "cn": {"policy": ECHO}}
    params = Scenario.from_table(table(levers, weeks=8, **sides)).compiled.params
    for week, state in zip((3, 4), states_at(params, 7, 0, (3, 4)), strict=True):
        conduct = branch(params, state, week, 7, 0, 1, 1, True).tally.conduct
        assert [int(pair.argmax()) for pair in conduct[5:7]] == [1, 0]


def test_threads_and_parts_change_nothing():
    params = Scenario.load("geneva-2025").compiled.params
    state = next(states_at(params, 7, 3, [6]))
    whole = branch(params, state, 6, 7, 0, 500, 1, True)
    parts = [branch(params, state, 6, 7, first, 250, 3, True) for first in (0, 250)]
    assert np.array_equal(whole.rows, np.concatenate([part.rows for part in parts]))
    for one, two, three in zip(whole.tally, *(part.tally for part in parts), strict=True):
        assert np.array_equal(one, two + three)


def test_what_has_ended_stays_ended_and_the_rest_is_open():
    params = Scenario.load("geneva-2025").compiled.params
    row = run_batch(params, 7, 0, 1, 1, True).rows[0]
    week = int(row.clean_week)
    assert 0 < week < row.standing_week
    state = next(states_at(params, 7, 0, [week]))
    rows = branch(params, state, week, 7, 1, 400, 1, True).rows
    assert (rows.clean_week == week).all()
    assert 0 < (rows.standing_week == 0).sum() < 400
    assert (rows.standing_week[rows.standing_week > 0] > week).all()


def test_a_stretch_of_retaliation_keeps_the_luck_it_began_with():
    """A notch of severity 2 for an aim of 1 comes by one even chance a stretch, not one a week."""
    levers = {"us": {"move": ban(severity=2.0)}, "cn": {"move": ban()}}
    scenario = Scenario.from_table(table(levers, us={"policy": script("R")}, weeks=12))
    params = scenario.compiled.params
    pulled = set()
    for run in range(12):
        state = next(states_at(params, 5, run, [4]))
        level = int(state.levers[0].level)
        pulled.add(level)
        rows = branch(params, state, 4, 5, 100, 60, 1, True).rows
        assert (rows.clean_week == (1 if level else 0)).all()
    assert pulled == {0, 1}


@pytest.mark.parametrize(("move", "first"), [(RETALIATE, 3), (HOLD, 0), (CONCEDE, 0)])
def test_an_order_is_for_one_week_of_every_branch(move, first):
    scenario = Scenario.from_table(table(weeks=6))
    params = scenario.compiled.params
    state = next(states_at(params, 5, 0, [2]))
    assert state.sides[0].ordered == NO_ORDER
    state.sides[0].ordered = move
    out = branch(params, state, 2, 5, 0, 40, 1, True)
    assert (out.rows.clean_week == first).all()
    assert state.sides[0].ordered == move


def test_other_luck_leaves_the_run_out():
    last = 2**32 - 1
    for run in (0, 5, last - 1, last):
        first = other_luck(run, 5)
        assert first >= 0
        assert first + 5 <= 2**32
        assert run not in range(first, first + 5)


def test_a_week_or_a_state_that_does_not_fit_is_refused():
    params = Scenario.load("geneva-2025").compiled.params
    state = next(states_at(params, 7, 0, [3]))
    with pytest.raises(ValueError, match="allowed: 0 to 26"):
        branch(params, state, 27, 7)
    with pytest.raises(ValueError, match="other shapes"):
        branch(Scenario.load("textbook/quiet").compiled.params, state, 3, 7)
    with pytest.raises(ValueError, match="not within"):
        branch(params, state, 3, 7, 2**32, 1)
    with pytest.raises(ValueError, match="week 2 is not within 3"):
        list(states_at(params, 7, 0, [3, 2]))
    with pytest.raises(ValueError, match="whole number"):
        next(states_at(params, 7, 2**32, [3]))
