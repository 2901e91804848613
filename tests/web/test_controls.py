"""Policies on the page: the values their sliders offer."""

from sim.policies.library import POLICIES
from sim.web.controls import values_of

(GENEROSITY,) = POLICIES["generous_tit_for_tat"].parameters


def test_a_slider_covers_the_usual_range_and_all_that_is_allowed_where_the_scenario_is_beyond():
    usual, wide = values_of(GENEROSITY, [0.3]), values_of(GENEROSITY, [0.8])
    assert (usual[0], usual[-1]) == GENEROSITY.range
    assert (wide[0], wide[-1]) == (0.0, 1.0)
    assert 0.3 in usual
    assert 0.8 in wide
    assert GENEROSITY.default in wide
