"""The outer loop plays each point no further than it is read."""

import numpy as np
import pytest

from sim import Scenario
from sim.engines.batch import run_batch
from sim.outcomes.butfor import without_bands
from sim.outcomes.spread import held_at_term, up_to_the_term


@pytest.mark.parametrize("name", ["geneva-2025", "geneva-as-happened", "textbook/tft-noise"])
def test_what_comes_after_the_term_changes_no_outcome_of_it(name):
    params = without_bands(Scenario.load(name).compiled.params)
    short = up_to_the_term(params)
    whole, cut = (run_batch(p, 7, 0, 400, threads=1, keep=True).rows for p in (params, short))
    expected, found = (held_at_term(rows, params.rules[0]) for rows in (whole, cut))
    assert expected.keys() == found.keys()
    for outcome, holds in expected.items():
        assert np.array_equal(found[outcome], holds), outcome


def test_it_stops_at_the_term_and_without_one_at_the_horizon():
    geneva = Scenario.load("geneva-2025")
    assert up_to_the_term(geneva.compiled.params).rules[0]["weeks"] == 13
    open_ended = Scenario.load("textbook/tft-noise")
    assert up_to_the_term(open_ended.compiled.params).rules[0]["weeks"] == 26
