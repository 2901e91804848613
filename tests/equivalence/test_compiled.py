"""The compiled engine and the plain Python world play the same runs, bit for bit.

Plain runs come from tests/plain.py: the same sources without the compiler. Payoffs are compared
within rounding, since logarithms and exponentials may differ in the last bit between the two;
nothing in a run reads them.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.batch import run_batch
from sim.engines.block import run_block
from sim.engines.counts import ROW, new_bins, new_tally
from sim.engines.setting import ANEW
from sim.scenario import Scenario
from sim.world.params import LEVERAGE
from sim.world.state import LEVER_NAMES, State, new_state
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.world.play import WORLD, Game, script, table

seeds = st.integers(0, 2**64 - 1)
PAYOFFS = ("payoff", "harm", "payoff_us", "payoff_cn", "harm_us", "harm_cn")


def same_records(one, two):
    """Every field equal, payoffs within rounding."""
    for name in one.dtype.names:
        if name in PAYOFFS:
            np.testing.assert_allclose(one[name], two[name], rtol=1e-12, atol=1e-12)
        else:
            assert np.array_equal(one[name], two[name]), name


def same_state(one: State, two: State, weeks: int):
    """Every table of two fresh states; memory up to the last week played, and no scratch."""
    for name in ("run", "sides", "allies"):
        same_records(getattr(one, name), getattr(two, name))
    for name in LEVER_NAMES:
        assert np.array_equal(one.levers[name], two.levers[name]), name
    same_records(one.memory[1 : weeks + 1], two.memory[1 : weeks + 1])
    assert np.array_equal(one.struck, two.struck)
    assert np.array_equal(one.k_week, two.k_week)


def same_tally(params, one, two):
    """Every count; what is summed of payoffs and leverage within rounding."""
    exact = params.bands.quantity != LEVERAGE
    for name, a, b in zip(one._fields, one, two, strict=True):
        if name == "hist" or name == "bands_sum":
            assert np.array_equal(a[exact], b[exact]), name
        elif name != "payoffs":
            assert np.array_equal(a, b), name


def compiled_state(game: Game, weeks: int, index: int) -> State:
    """The state after a number of weeks of one run of the compiled kernel."""
    rules = game.p.rules.copy()
    rules.weeks = weeks
    params = game.p._replace(rules=rules)
    state = new_state(
        weeks, len(game.p.levers), len(game.p.allies), len(game.s.struck), len(game.p.thresholds)
    )
    rows = np.zeros(0, ROW).view(np.recarray)
    counts = new_tally(params), new_bins(params, 1)
    run_block(params, state, *counts, *game.key, index, 1, rows, state, ANEW)
    return state


def compare_weekly(tree, seed, index=0):
    """Compares all tables after every week."""
    game = Game(tree, seed=seed, index=index)
    for t in range(1, int(game.p.rules[0].weeks) + 1):
        same_state(compiled_state(game, t, index), game.week().s, t)


def compare_batch(params, seed, runs, first=0):
    """Compares rows and tally of a few runs."""
    fast = run_batch(params, seed, first, runs, 1, True)
    slow = WORLD.run_batch(params, seed, first, runs, True)
    same_records(fast.rows, slow.rows)
    same_tally(params, fast.tally, slow.tally)


@examples(60)
@given(worlds(), seeds)
def test_random_worlds_week_by_week(tree, seed):
    compare_weekly(tree, seed)


@examples(30)
@given(worlds(), seeds, st.integers(0, 2**32 - 5))
def test_random_worlds_in_batches(tree, seed, first):
    compare_batch(Game(tree).p, seed, 4, first)


@pytest.mark.parametrize("name", ["geneva-2025", "geneva-as-happened", "textbook/licence-queue"])
def test_shipped_scenarios(name):
    compare_batch(Scenario.load(name).compiled.params, 1, 5)


def test_one_kernel_serves_every_scenario():
    """No scenario has tables of another layout, which would be compiled anew for half a minute."""
    run_batch(Scenario.load("textbook/quiet").compiled.params, 1, 0, 1)
    run_batch(Scenario.load("geneva-2025").compiled.params, 1, 0, 1)
    assert len(run_block.signatures) == 1


# The ends of what is allowed


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 2**32, 2**63, 2**64 - 1])
def test_seeds_at_the_ends(seed):
    both = {"policy": {"name": "random"}, "slip": 0.2, "false_alarm": 0.2}
    compare_batch(Game(table(us=both, cn=both)).p, seed, 10)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_outside_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        run_batch(Game(table()).p, seed, 0, 1)


def test_the_last_run_there_is():
    both = {"policy": {"name": "random"}}
    compare_batch(Game(table(us=both, cn=both)).p, 5, 3, 2**32 - 3)
    with pytest.raises(ValueError, match="runs"):
        run_batch(Game(table()).p, 5, 2**32 - 3, 4)


def test_a_horizon_of_one_week():
    compare_weekly(table(us={"policy": script("R")}, weeks=1), 3)


@pytest.mark.parametrize("weeks", [500, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_long_horizon(weeks):
    both = {"policy": {"name": "tit_for_tat"}, "slip": 0.05, "false_alarm": 0.05}
    tree = table(us=both, cn=both, weeks=weeks, truce={"term_weeks": 13})
    compare_batch(Game(tree).p, 3, 1)


@pytest.mark.parametrize("size", [1, 64])
def test_machines_of_1_and_of_64_states(size):
    long = {"policy": script("HRC" * 21 + "R" if size == 64 else "R")}
    game = Game(table(us=long, cn=long, weeks=66))
    assert len(game.p.moves) == 2 * size
    compare_batch(game.p, 3, 2)


def test_a_world_in_which_nothing_can_move():
    """No levers at all, and no truce."""
    tree = table({"us": {}, "cn": {}}, us={"policy": script("R"), "slip": 1.0})
    compare_weekly(tree, 3)
    assert run_batch(Game(tree).p, 3, 0, 50).tally.ended[0, -1] == 50
