"""Simulation-based calibration: intervals of a fit cover known settings at the stated rate.

Settings are drawn from the prior, a record is simulated from them, and they are fitted to it; over
many records a true value is then equally likely to lie anywhere among the points (Talts,
Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788).
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from sim.forecast.fit import on_threads
from sim.forecast.fitted import Likelihood
from sim.forecast.priors import prior_of
from sim.forecast.tempered import Plan, begin, onward
from sim.outcomes.estimates import wilson
from sim.scenario import Scenario
from sim.world.philox import normals
from tests.forecast.made_up_record import simulated

GENEVA = Scenario.load("geneva-2025").override({"weeks": 13})
PRIOR = prior_of(
    [GENEVA],
    ("actors.us.slip", "talks.talks_rate", "actors.us.policy.generosity"),
    ("levers.cn.rare_earths.capacity",),
)
RECORDS, POINTS, STAGES, MOVES, COPIES = 20, 50, 5, 3, 60


def ranks(records=RECORDS, points=POINTS, stages=STAGES, copies=COPIES):
    """(records, coordinates) share of the points below the true value, ties by half."""
    found = []
    for number in range(records):
        key = (number, 77)
        truth = normals(key, 1, 1 << 20, PRIOR.size)
        world = PRIOR.world(GENEVA, PRIOR.values(truth)[0])
        seen = simulated(world, 13, np.random.default_rng(number), 1_000 + number)
        plan = Plan(points, stages, MOVES, key)
        likelihood = partial(on_threads(2), Likelihood(PRIOR, (seen,), copies), None)
        cloud = begin(plan, PRIOR.size, likelihood)
        for after in onward(plan, cloud, likelihood):
            cloud = after
        below = (cloud.z < truth).mean(axis=0) + (cloud.z == truth).mean(axis=0) / 2
        found.append(below)
    return np.array(found)


@pytest.mark.slow
def test_intervals_cover_at_the_stated_rate(capsys):
    found = ranks()
    for level in (0.5, 0.8):
        inside = np.abs(found - 0.5) < level / 2
        low, high = wilson(inside.sum(), inside.size, 0.999)
        with capsys.disabled():
            print(
                f"\n{level:.0%} intervals cover {inside.mean():.2f} "
                f"({low:.2f} to {high:.2f}, n = {inside.size})"
            )
        assert low < level < high
    # no setting is pushed to one side
    assert abs(found.mean() - 0.5) < 4 * np.sqrt(1 / 12 / found.size)


def test_a_simulated_record_can_be_followed():
    truth = normals((1, 1), 1, 1 << 20, PRIOR.size)
    values = PRIOR.values(truth)
    world = PRIOR.world(GENEVA, values[0])
    seen = simulated(world, 13, np.random.default_rng(1), 5)
    assert seen.checked(GENEVA.compiled.levers) is seen
    found = Likelihood(PRIOR, (seen,), 100)(truth, [3])
    assert np.isfinite(found).all()
    # the record without its flows is likelier by as much as they say
    without = replace(seen, facts=tuple(f for f in seen.facts if f.kind != "flow"))
    assert Likelihood(PRIOR, (without,), 100)(truth, [3])[0, 0] > found[0, 0]
