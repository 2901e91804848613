"""Values patched into a validated scenario: the same as written over it and validated anew."""

import pytest

from sim import Scenario
from sim.errors import ScenarioError
from sim.scenario.compile import compile_scenario
from sim.scenario.overrides import patched

SCENARIOS = ("geneva-as-happened", "textbook/licence-queue")
#: Sections whose values are patched; the rest is written over the whole scenario.
PATCHED = ("actors", "levers", "talks", "truce")


def other_values(row):
    """Values to try: one that will do, and some that may not."""
    if isinstance(row.value, bool):
        return [not row.value]
    if isinstance(row.value, int | float):
        return [row.value + 1, row.value / 2, -1, "none"]
    return ["none", "licence", 3]


def written(world, changes):
    try:
        return world.override(changes)
    except ScenarioError:
        return None


def same_tables(one, two):
    pairs = zip(compile_scenario(one).params, compile_scenario(two).params, strict=True)
    return all(a.dtype == b.dtype and a.tolist() == b.tolist() for a, b in pairs)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_value_patched_is_the_value_written(name, every):
    """Every so many of them: to write and refuse all takes half a minute."""
    world = Scenario.load(name)
    tried = refused = 0
    rows = [row for row in world.entries() if row.path.split(".")[0] in PATCHED]
    for row in rows[::every]:
        for value in other_values(row):
            found = patched(world.spec, world.tree.table, {row.path: value})
            whole = written(world, {row.path: value})
            if found is None:
                refused += whole is None
                continue
            assert whole is not None, (row.path, value)
            assert found.model_dump() == whole.spec.model_dump(), (row.path, value)
            tried += 1
    assert tried > 5
    assert refused > 5


def test_many_sets_of_values_compile_to_the_same_tables():
    world = Scenario.load("geneva-2025")
    spans = world.range_paths()
    paths = [path for path in spans if path.split(".")[0] in PATCHED]
    whole = {row.path for row in world.entries() if isinstance(row.value, int)}
    for turn in range(40):
        changes = {}
        for place, path in enumerate(paths[turn::7]):
            low, high = spans[path]
            value = low + (high - low) * ((turn * 37 + place * 11) % 64) / 64
            changes[path] = round(value) if path in whole else value
        found = patched(world.spec, world.tree.table, changes)
        expected = written(world, changes)
        if expected is None:
            assert found is None
        elif found is not None:
            assert found.model_dump() == expected.spec.model_dump()
            assert same_tables(found, expected.spec)


POLICIES = {
    "a whole policy": {"actors.us.policy": {"name": "grim"}},
    "and its parameter": {
        "actors.us.policy": {"name": "tit_for_k_tats", "k": 3},
        "actors.us.policy.generosity": 0.25,
    },
    "the other way round": {
        "actors.us.policy.generosity": 0.25,
        "actors.us.policy": {"name": "tit_for_k_tats", "k": 3},
    },
    "a parameter": {"actors.cn.policy.generosity": 0.5, "actors.us.slip": 0.01},
}


@pytest.mark.parametrize("case", POLICIES)
def test_policies_are_chosen_as_a_file_would(case):
    world = Scenario.load("geneva-2025")
    found = patched(world.spec, world.tree.table, POLICIES[case])
    assert found is not None
    assert found.model_dump() == written(world, POLICIES[case]).spec.model_dump()


LEFT = {
    "a list": {"shocks.ascend-guidance.change": 2},
    "a whole lever": {"levers.us.chips": {"level": 1}},
    "the horizon": {"weeks": 20},
    "a policy by name alone": {"actors.us.policy.name": "grim"},
    "nonsense": {"actors.us.slip": 2.0},
    "nowhere": {"actors.us.slipp": 0.1},
    "two that do not go together": {"actors.us.false_alarm": 0.9, "actors.us.miss": 0.9},
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_not_simple_is_left_to_the_whole_check(case):
    world = Scenario.load("geneva-as-happened")
    assert patched(world.spec, world.tree.table, LEFT[case]) is None
