"""Memory does not grow with the horizon, and a horizon has its limit."""

import numpy as np
import pytest

from sim.engines.counts import new_tally
from sim.outcomes.sample import MOST_KEPT, sampled
from sim.scenario import Scenario, ScenarioError
from sim.scenario.compile_bands import MOST_FOLLOWED, OF_SIDES, most_bands
from sim.scenario.schema import MOST_WEEKS


@pytest.fixture(scope="module")
def geneva():
    return Scenario.load("geneva-2025")


@pytest.mark.parametrize("weeks", [1, 26, 260, 2000, MOST_WEEKS])
def test_a_tally_has_the_same_bound_over_every_horizon(geneva, weeks):
    params = geneva.override({"weeks": weeks, "ranges": "none"}).compiled.params
    assert OF_SIDES <= len(params.bands) <= most_bands(weeks)
    rows, width = params.bands.size * (weeks + 1), new_tally(params).hist.shape[2]
    assert rows <= MOST_FOLLOWED
    assert sum(field.nbytes for field in new_tally(params)) < 8 * MOST_FOLLOWED * width + 2**25


@pytest.mark.parametrize("weeks", [1, 26, 260, 2000, MOST_WEEKS])
@pytest.mark.parametrize("allies", [0, 3, 40])
def test_so_has_a_sample_of_runs(weeks, allies):
    kept = sampled(weeks, allies)
    assert 1 <= kept <= 200
    assert kept * weeks * (1 + allies) <= max(MOST_KEPT, weeks * (1 + allies))


def test_what_is_not_followed_is_said_and_changes_no_outcome(geneva):
    short = geneva.override({"weeks": MOST_WEEKS})
    (said,) = [text for text in short.warnings if "too many to follow" in text]
    assert "no outcome changes" in said
    quantities = short.compiled.params.bands["quantity"]
    assert np.array_equal(
        quantities[:OF_SIDES], geneva.compiled.params.bands["quantity"][:OF_SIDES]
    )


def test_a_horizon_beyond_the_limit_is_refused(geneva):
    with pytest.raises(ScenarioError, match=f"a whole number from 1 to {MOST_WEEKS}"):
        geneva.override({"weeks": MOST_WEEKS + 1})
