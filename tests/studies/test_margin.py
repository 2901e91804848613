"""A difference over the stated ranges: each point by itself, what is held, what is counted."""

import numpy as np

from sim import Scenario
from sim.outcomes.spread import design, varied, whole_paths
from sim.studies.margin import margin
from sim.studies.pair import Pair, pair_of
from sim.studies.pairs import compare

WORLD = Scenario.load("geneva-2025")
CALM = WORLD.override({"actors.us.slip": 0.0})


def test_it_is_the_comparison_at_each_point():
    """The same values but for what B changes, and the same runs."""
    found = margin(pair_of(WORLD, CALM), "standing", 9, 1, points=5, runs=40)
    believed = varied(WORLD, ("actors.us.slip",))
    assert found.ranges == len(believed)
    apart = []
    for values in design(believed, whole_paths(WORLD), 5, 9):
        worlds = (side.with_values(values).compiled for side in (WORLD, CALM))
        apart.append(compare(*worlds, 40, 9).outcomes[0].difference.value)
    assert (found.outcome, found.least, found.most) == ("standing", min(apart), max(apart))
    assert found.median == np.percentile(apart, 50, method="inverted_cdf")
    assert (found.more, found.less) == (sum(d > 0 for d in apart), sum(d < 0 for d in apart))


def test_what_b_changes_and_what_is_decided_is_held():
    fast = WORLD.override({"actors.cn.slip": 0.1})
    found = margin(pair_of(fast, fast.override({"actors.us.slip": 0.0})), "standing", 9, 1, 2, 20)
    assert found.changed == ("actors.us.slip",)
    assert set(found.fixed) == {"actors.us.slip", "actors.cn.slip"}
    pair = pair_of(fast, fast.override({"actors.us.slip": 0.0}))
    every = margin(pair, "standing", 9, 1, 2, 20, vary_decisions=True)
    assert (every.fixed, every.ranges - found.ranges) == ((), 1)


def test_nothing_differs_without_a_change_and_where_nothing_is_believed_there_is_none():
    found = margin(pair_of(WORLD), "standing", 9, 1, 3, 20)
    assert (found.more, found.less, found.least, found.most) == (0, 0, 0.0, 0.0)
    sure = WORLD.override({"ranges": "none"})
    assert margin(pair_of(sure, sure), "standing", 9, 1, 3, 20) is None


def test_what_a_and_b_are_in_words():
    pair = Pair(WORLD, CALM, WORLD, ("lever:us.eda",))
    assert pair.names == (
        "geneva-2025",
        "A with actors.us.slip = 0.0, not 0.027 without lever:us.eda",
    )
    assert pair.captions.labels == ("geneva-2025", "with actors.us.slip = 0.0, not ...")
    other = Pair(WORLD, CALM, Scenario.load("london-2025"))
    assert other.names[1].startswith("geneva-2025 with ")
