"""Results do not depend on how the runs are shared out: blocks, threads, order, first index."""

import numpy as np
import pytest

from sim.engines import batch
from sim.engines.batch import run_batch
from sim.engines.counts import merge
from sim.scenario import Scenario

RUNS = 3000
SEED = 11


@pytest.fixture(scope="module")
def params():
    return Scenario.load("geneva-2025").compiled.params


@pytest.fixture(scope="module")
def whole(params):
    """All runs in one block on one thread."""
    return run_batch(params, SEED, 0, RUNS, 1, True)


def same(one, two):
    """Tallies and rows equal in every bit, payoffs included."""
    for name, a, b in zip(one.tally._fields, one.tally, two.tally, strict=True):
        assert np.array_equal(a, b), name
    assert np.array_equal(one.rows, two.rows)


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_threads_and_blocks_change_nothing(params, whole, threads, monkeypatch):
    monkeypatch.setattr(batch, "BLOCK_RUN_WEEKS", 26 * 170)
    same(run_batch(params, SEED, 0, RUNS, threads, True), whole)


def test_again_is_the_same(params, whole):
    same(run_batch(params, SEED, 0, RUNS, 1, True), whole)


@pytest.mark.parametrize("cut", [1, 1234, RUNS - 1])
def test_two_parts_make_the_whole_in_either_order(params, whole, cut):
    early = run_batch(params, SEED, 0, cut, 1, True)
    late = run_batch(params, SEED, cut, RUNS - cut, 2, True)
    for parts in ((early, late), (late, early)):
        for a, b in zip(merge([part.tally for part in parts]), whole.tally, strict=True):
            assert np.array_equal(a, b)
    assert np.array_equal(np.concatenate([early.rows, late.rows]), whole.rows)


def test_rows_come_in_order_of_run(params, whole):
    for index in (0, 1, 777, RUNS - 1):
        one = run_batch(params, SEED, index, 1, 1, True)
        assert one.rows[0] == whole.rows[index]


def test_another_seed_is_another_sample(params, whole):
    other = run_batch(params, SEED + 1, 0, RUNS, 1, True)
    assert (other.rows != whole.rows).mean() > 0.9


def test_progress_counts_up_to_all_runs(params):
    told = []
    run_batch(params, SEED, 0, RUNS, 2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == RUNS


def test_rows_are_kept_only_if_asked(params):
    assert run_batch(params, SEED, 0, 10).rows is None


def test_merging_one_tally_copies_it(whole):
    merged = merge([whole.tally])
    assert all(np.array_equal(a, b) for a, b in zip(merged, whole.tally, strict=True))
    assert merged.counts is not whole.tally.counts
