"""What is taken out is gone, and everybody else's luck stays; differences over the ranges."""

from dataclasses import replace

import numpy as np
import pytest

from sim import Scenario
from sim.engines.trace import record_run
from sim.errors import ScenarioError
from sim.outcomes.spread import design, varied, whole_paths
from sim.studies.pair import Pair, margin, pair_of, removable, without
from sim.studies.pairs import compare, played_rows

SEED = 5
WORLD = Scenario.load("geneva-as-happened")
MADE = WORLD.compiled
GENEVA = Scenario.load("geneva-2025")
CALM = GENEVA.override({"actors.us.slip": 0.0})


def test_everything_that_can_be_taken_out_can():
    names = removable(MADE)
    assert "shock:busan" in names
    assert "lever:cn.rare_earths" in names
    for name in names:
        record_run(without(MADE, [name]).params, SEED, 0)


@pytest.mark.parametrize("lever", ["us.eda", "us.chips", "cn.rare_earths", "us.tariffs"])
def test_a_lever_taken_away_is_never_up_again(lever):
    k = MADE.levers.index(lever)
    changed = without(MADE, [f"lever:{lever}"])
    for run in range(10):
        record = record_run(changed.params, SEED, run)
        assert (record.levels[1:, :, k] == 0).all()
        assert (record.levers[1:, k]["gone"] == 1).all()
        assert (record.levers[1:, k]["flow"] == 1.0).all()
        assert (record.levers[1:, k]["backlog"] == 0.0).all()


def test_it_is_what_a_written_shock_would_do():
    shock = {"name": "gone", "date": WORLD.spec.start, "lever": "us.eda", "remove": True}
    written = WORLD.override({"+shocks": [shock]})
    mine = played_rows(without(MADE, ["lever:us.eda"]), 500, SEED)
    assert mine.tolist() == played_rows(written.compiled, 500, SEED).tolist()


def test_a_shock_taken_out_leaves_the_luck_of_the_others():
    lines = [
        {"name": name, "chance": 0.2, "lever": lever, "change": 1}
        for name, lever in (("one", "us.entity_list"), ("two", "cn.unreliable_entities"))
    ]
    world = Scenario.load("geneva-2025").override({"shocks": lines}).compiled
    both, second = (
        [record_run(made.params, SEED, run).struck for run in range(5)]
        for made in (world, without(world, ["shock:one"]))
    )
    for one, two in zip(both, second, strict=True):
        assert one[:, 0].any()
        assert not two[:, 0].any()
        assert (one[:, 1] == two[:, 1]).all()


def test_a_dated_shock_taken_out_never_strikes():
    changed = without(MADE, ["shock:ascend-guidance", "lever:us.eda"])
    struck = record_run(changed.params, SEED, 0).struck
    assert not struck[:, 0].any()
    assert struck[:, 1:].any(axis=0).all()


def test_the_original_is_left_alone():
    before = [table.tobytes() for table in MADE.params]
    without(MADE, ["shock:busan", "lever:us.eda"])
    assert [table.tobytes() for table in MADE.params] == before


@pytest.mark.parametrize(
    ("thing", "meant"),
    [
        ("shock:ascend-guidence", "did you mean shock:ascend-guidance?"),
        ("ascend-guidance", "did you mean shock:ascend-guidance?"),
        ("lever:us.edaa", "did you mean lever:us.eda?"),
        ("us.eda", "did you mean lever:us.eda?"),
        ("lever:cn.eda", "no 'lever:cn.eda' in this scenario"),
        ("", "no '' in this scenario"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(thing, meant):
    with pytest.raises(ScenarioError) as refused:
        without(MADE, [thing])
    assert meant in str(refused.value)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ScenarioError) as refused:
        without(MADE, ["shock:x", "lever:us.eda", "lever:us.eda"])
    assert len(refused.value.problems) == 2
    assert "lever:us.eda twice" in str(refused.value)


def test_it_is_the_comparison_at_each_point():
    """The same values but for what B changes, and the same runs."""
    found = margin(pair_of(GENEVA, CALM), "standing", 9, 1, points=5, runs=40)
    believed = varied(GENEVA, ("actors.us.slip",))
    assert found.ranges == len(believed)
    apart, sure = [], []
    for values in design(believed, whole_paths(GENEVA), 5, 9):
        worlds = (side.with_values(values).compiled for side in (GENEVA, CALM))
        change = compare(*worlds, 40, 9).outcomes[0].difference
        apart.append(change.value)
        sure.append((change.low > 0, change.high < 0))
    assert (found.outcome, found.least, found.most) == ("standing", min(apart), max(apart))
    assert found.median == np.percentile(apart, 50, method="inverted_cdf")
    assert (found.more, found.less) == (sum(d > 0 for d in apart), sum(d < 0 for d in apart))
    assert [found.surely_more, found.surely_less] == np.sum(sure, axis=0).tolist()


@pytest.mark.parametrize(
    ("more", "less", "ends", "robust"),
    [
        (90, 10, (0.01, 0.02), True),
        (91, 25, (0.01, 0.02), False),
        (4, 82, (0.002, 0.007), False),
        (4, 82, (-0.02, -0.01), True),
        (40, 60, (-0.01, 0.01), False),
        (5, 60, (-0.01, 0.01), True),
    ],
)
def test_a_direction_is_robust_where_no_more_settings_go_against_it_than_by_chance(
    more, less, ends, robust
):
    found = margin(pair_of(GENEVA, CALM), "standing", 9, 1, points=2, runs=10)
    assert replace(found, points=200, surely_more=more, surely_less=less).is_robust(*ends) == robust


def test_two_scenarios_have_two_titles():
    other = Scenario.load("london-2025")
    assert pair_of(GENEVA, other).title == f"{GENEVA.title}, against {other.title}"
    slow = [Scenario.load(f"geneva-2025-{kind}") for kind in ("capacity", "design")]
    assert pair_of(*slow).title == "Geneva truce, licences slow by capacity, against design"
    longer = GENEVA.override({"title": f"{GENEVA.title} and more"})
    assert pair_of(GENEVA, longer).title == f"{GENEVA.title}, against {longer.title}"
    assert pair_of(GENEVA, CALM).title == GENEVA.title


def test_what_b_changes_and_what_is_decided_is_held():
    fast = GENEVA.override({"actors.cn.slip": 0.1})
    found = margin(pair_of(fast, fast.override({"actors.us.slip": 0.0})), "standing", 9, 1, 2, 20)
    assert found.changed == ("actors.us.slip",)
    assert set(found.fixed) == {"actors.us.slip", "actors.cn.slip"}
    pair = pair_of(fast, fast.override({"actors.us.slip": 0.0}))
    every = margin(pair, "standing", 9, 1, 2, 20, vary_decisions=True)
    assert (every.fixed, every.ranges - found.ranges) == ((), 1)


def test_nothing_differs_without_a_change_and_where_nothing_is_believed_there_is_none():
    found = margin(pair_of(GENEVA), "standing", 9, 1, 3, 20)
    assert (found.more, found.less, found.least, found.most) == (0, 0, 0.0, 0.0)
    sure = GENEVA.override({"ranges": "none"})
    assert margin(pair_of(sure, sure), "standing", 9, 1, 3, 20) is None


def test_what_a_and_b_are_in_words():
    pair = Pair(GENEVA, CALM, GENEVA, ("lever:us.eda",))
    assert pair.names == (
        "geneva-2025",
        "A with actors.us.slip = 0.0, not 0.027 without lever:us.eda",
    )
    assert pair.captions.labels == ("geneva-2025", "with actors.us.slip = 0.0, not ...")
    other = Pair(GENEVA, CALM, Scenario.load("london-2025"))
    assert other.names[1].startswith("geneva-2025 with ")
