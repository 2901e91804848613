"""What is taken out is gone, and everybody else's luck stays."""

import pytest

from sim import Scenario
from sim.engines.trace import record_run
from sim.errors import ScenarioError
from sim.studies.pair import removable, without
from sim.studies.pairs import played_rows

SEED = 5
WORLD = Scenario.load("geneva-as-happened")
MADE = WORLD.compiled


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
