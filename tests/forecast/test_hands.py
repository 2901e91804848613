"""Whoever evaluates the points of a fit, threads, processes or a cluster: the same bytes."""

import numpy as np
import pytest

from sim.forecast import hands
from sim.forecast.hands import on_cluster, on_processes, on_threads, sent, spells
from sim.world.philox import normals, seeds
from tests.studies.test_workers import address_in, processes

KEY = (3, 1)
Z, SEEDS = normals(KEY, 12, 0, 3), seeds(KEY, 12, 0)


class Made:
    """A likelihood that can be worked out by hand, and pickled."""

    def __call__(self, z, luck):
        return np.stack([z.sum(axis=1), np.array(luck, float) / 2.0**64], axis=1)


def test_spells_hold_every_point_once_and_in_order():
    assert np.array_equal(np.concatenate([z for z, _ in spells(Z, SEEDS)]), Z)
    assert [seed for _, own in spells(Z, SEEDS) for seed in own] == SEEDS
    assert max(len(z) for z, _ in spells(Z, SEEDS)) == hands.SPELL


def test_threads_tell_what_is_done():
    done = []
    found = on_threads(3)(Made(), done.append)(Z, SEEDS)
    assert np.array_equal(found, Made()(Z, SEEDS))
    assert sum(done) == len(Z)


def test_processes_give_the_numbers_of_threads_and_are_begun_anew_when_one_dies():
    import multiprocessing

    with on_processes(1) as hand:
        evaluate = hand(Made(), None)
        assert np.array_equal(evaluate(Z, SEEDS), Made()(Z, SEEDS))
        for child in multiprocessing.active_children():
            child.kill()
        assert np.array_equal(evaluate(Z, SEEDS), Made()(Z, SEEDS))
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_cluster_gives_the_numbers_of_threads(tmp_path):
    file = tmp_path / "scheduler.json"
    with processes(file, 1), on_cluster(address_in(file)) as hand:
        assert np.array_equal(hand(Made(), None)(Z, SEEDS), Made()(Z, SEEDS))


def test_other_code_on_a_worker_is_refused():
    from sim.errors import ResultError

    package = sent(Made())
    package.code = "other"
    with pytest.raises(ResultError, match="another version"):
        hands.evaluated(package, Z, SEEDS)
