"""The curve of harm."""

import math

import pytest

from sim.world.params import harm_curve


@pytest.mark.parametrize("x", [0.0, 0.3, 0.9])
def test_the_curve_of_harm(x):
    assert harm_curve(x, 0.0) == pytest.approx(-math.log(1 - x))
    for kappa in (0.5, 2.0):
        assert harm_curve(x, kappa) == pytest.approx((1 - x) ** -kappa - 1)


def test_the_curve_is_capped_at_95_percent():
    for kappa in (0.0, 1.5):
        assert harm_curve(1.0, kappa) == harm_curve(0.95, kappa)
    assert harm_curve(0.94, 0.0) < harm_curve(0.95, 0.0)
