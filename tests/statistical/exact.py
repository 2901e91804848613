"""What the statistical tests share: a tolerance, and readings of a result.

The tolerance is four standard errors of a share, sqrt(p (1 - p)/n), at a fixed seed. One in
sixteen thousand right programs would fail a given line; with a fixed seed it never flakes.
"""

import math
from itertools import product

from sim import Scenario, simulate

RUNS = 20_000
SEED = 1984
BOTH = ("us", "cn")


def textbook(name, **changes):
    """A textbook scenario with values of both sides (`slip=.1`) or of paths (`{path: value}`)."""
    scenario = Scenario.load(f"textbook/{name}")
    paths = changes.pop("paths", {})
    for side, (key, value) in product(BOTH, changes.items()):
        paths[f"actors.{side}.{key}"] = value
    return scenario.override(paths) if paths else scenario


def played(scenario, runs=RUNS):
    return simulate(scenario, runs=runs, seed=SEED)


def assert_share(found, exact, n):
    """Within four standard errors; certain values exactly."""
    assert abs(found - exact) <= 4 * math.sqrt(exact * (1 - exact) / n)


def survives(scenario, week_values, outcome="standing", runs=RUNS):
    """That an outcome holds at the end of each week with its exact probability."""
    result = played(scenario, runs)
    for week, exact in week_values.items():
        estimate = result.at(outcome, week)
        assert estimate.n == runs
        assert_share(estimate.p, exact, runs)


def cooperation(result, week, side=0):
    """Share of runs in which a side's conduct is good in a week."""
    frame = result.conduct
    bad = ("us bad" if side == 0 else "cn bad", "both bad")
    rows = frame[(frame["week"] == week) & frame["pair"].isin(bad)]
    return 1.0 - rows["count"].sum() / result.n
