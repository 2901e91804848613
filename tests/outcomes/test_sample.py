"""The sample of single runs: the very runs of the batch, and files that say when they are bad."""

import numpy as np
import pytest

from sim.errors import ResultError
from sim.outcomes.sample import (
    CN_SHORT,
    CN_VIOLATES,
    US_VIOLATES,
    read_sample,
    shortage_frame,
    take_sample,
    write_sample,
)
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from tests.outcomes.tallies import sample, small


@pytest.fixture(scope="module")
def result():
    return simulate(Scenario.load("geneva-2025"), runs=60, seed=3, keep_runs=True)


def test_the_sample_is_of_the_runs_that_were_counted(result):
    """All of 60 runs are sampled, so that counts of the sample are those of the tally."""
    found = result.sample
    assert found.runs == 60
    columns = ["first_violation_week", "breakdown_week", "dispute_week"]
    weeks = result.runs[columns].fillna(0).astype(int)
    assert np.array_equal(found.first_violation, weeks["first_violation_week"])
    assert np.array_equal(found.breakdown, weeks["breakdown_week"])
    assert np.array_equal(found.dispute, weeks["dispute_week"])
    bad = (found.conduct & 3) | (found.conduct >> 2)
    for pair in range(4):
        assert np.array_equal((bad == pair).sum(axis=0), result.tally.conduct[1:, pair])


def test_a_violation_is_what_ends_clean_and_slow_service_is_none(result):
    violates = (result.sample.conduct & (US_VIOLATES | CN_VIOLATES)) > 0
    first = np.where(violates.any(axis=1), violates.argmax(axis=1) + 1, 0)
    assert np.array_equal(first, result.sample.first_violation)
    slow = (result.sample.conduct & CN_SHORT) > 0
    assert slow[:, 0].mean() > 0.9  # so Geneva begins
    assert not (slow & ((result.sample.conduct & CN_VIOLATES) > 0)).any()


def test_a_sample_does_not_grow_with_the_runs():
    scenario = Scenario.load("geneva-simple")
    assert take_sample(scenario.compiled, 1, 10**9).runs == 200


def test_shortage_of_allies_by_week(result):
    frame = shortage_frame(result.sample, result.compiled)
    assert list(frame["ally"].unique()) == list(result.compiled.allies)
    assert len(frame) == result.horizon * len(result.compiled.allies)
    middle = np.sort(result.sample.shortage[:, 4, 1])[29]
    assert frame[frame["ally"] == "nl"]["q50"].iloc[4] == middle


def test_without_a_truce_nothing_breaks_down():
    scenario = small(truce=None)
    assert not take_sample(scenario.compiled, 1, 50).breakdown.any()


def test_a_sample_that_does_not_fit_is_refused(tmp_path):
    compiled = small().compiled
    write_sample(sample(small(weeks=5)), tmp_path / "sample.npz")
    with pytest.raises(ResultError, match=r"sample.npz does not fit its scenario: conduct"):
        read_sample(tmp_path / "sample.npz", compiled, runs=3)
    (tmp_path / "sample.npz").write_text("nonsense")
    with pytest.raises(ResultError, match=r"sample.npz cannot be read"):
        read_sample(tmp_path / "sample.npz", compiled, runs=3)
