"""--set and dictionaries of paths, and the fast way for the points of a design: both the same."""

import pytest

from sim.scenario import Scenario, ScenarioError
from sim.scenario.compile import compile_scenario
from sim.scenario.overrides import parse_setting, patched


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("weeks=13", "weeks", 13),
        ("actors.us.slip = .1", "actors.us.slip", 0.1),
        ("a=-.5", "a", -0.5),
        ("actors.us.policy.name=grim", "actors.us.policy.name", "grim"),
        ('title="a = b"', "title", "a = b"),
        ("truce.core=['us.tariffs']", "truce.core", ["us.tariffs"]),
        ("shocks.guidance.talks=true", "shocks.guidance.talks", True),
        ("as_of=2025-05-12", "as_of", __import__("datetime").date(2025, 5, 12)),
        ("actors.us.policy={ name = 'grim' }", "actors.us.policy", {"name": "grim"}),
        ("truce=none", "truce", "none"),
    ],
)
def test_settings_are_read_as_toml_and_bare_words_as_text(text, path, value):
    assert parse_setting(text) == (path, value)


@pytest.mark.parametrize("text", ["weeks", "=3", "weeks=", ""])
def test_a_setting_needs_a_path_and_a_value(text):
    with pytest.raises(ScenarioError, match="key.path=value"):
        parse_setting(text)


def test_values_are_replaced_and_their_origin_is_set(world):
    changed = world.override({"actors.us.slip": 0.1, "levers.us.chips.level": 3})
    assert changed.spec.actors["us"].slip == 0.1
    assert changed.spec.levers["us"]["chips"].level == 3
    assert changed.origin("actors.us.slip") == "--set"
    assert changed.origin("levers.us.chips.floor") == "world.toml"
    assert world.spec.levers["us"]["chips"].level == 2


def test_a_policy_name_replaces_whole_and_parameters_come_after_it_in_any_order(world):
    changes = {"actors.us.policy.k": 3, "actors.us.policy.name": "tit_for_k_tats"}
    assert world.override(changes).spec.actors["us"].policy == {"name": "tit_for_k_tats", "k": 3}
    changed = world.override({"actors.us.policy.generosity": 0.5})
    assert changed.spec.actors["us"].policy["name"] == "generous_tit_for_tat"


def test_a_machine_is_changed_in_place(world):
    states = {"calm": {"move": "concede", "next": {"any": "calm"}}}
    machine = {"start": "calm", "states": states}
    first = world.override({"actors.cn.policy": {"machine": machine}})
    path = "actors.cn.policy.machine.states.calm.move"
    policy = first.override({path: "hold"}).spec.actors["cn"].policy
    assert policy["machine"]["states"]["calm"] == {"move": "hold", "next": {"any": "calm"}}


def test_items_of_lists_go_by_name_or_index(world):
    assert world.override({"shocks.guidance.change": 2}).spec.shocks[0].change == 2
    assert world.override({"shocks.0.change": 2}).spec.shocks[0].change == 2
    assert world.override({"truce.core.0": "us.chips"}).spec.truce.core == ("us.chips",)


def test_lists_are_extended_with_a_plus(world):
    summit = {"name": "summit", "chance": 0.1, "talks": True}
    changed = world.override({"+shocks": [summit]})
    assert [shock.name for shock in changed.spec.shocks] == ["guidance", "summit"]


def test_flat_tables_take_paths_as_keys(world):
    changed = world.override(
        {"ranges.actors.us.slip": [0, 0.1], "allies.eu.dependence.cn.rare_earths": 0.5}
    )
    assert changed.spec.ranges == {"actors.us.slip": (0, 0.1)}
    assert changed.spec.allies["eu"].dependence == {"cn.rare_earths": 0.5}


def test_a_new_lever_comes_as_a_whole_table(world):
    changed = world.override({"levers.us.ships": {"notches": 2}})
    assert changed.spec.levers["us"]["ships"].notches == 2


@pytest.mark.parametrize(
    ("path", "guess"),
    [
        ("actors.us.slipp", "actors.us.slip"),
        ("actor.us.slip", "actors.us.slip"),
        ("levers.us.chip.bite", "levers.us.chips.bite"),
        ("levers.jp.chips.bite", "levers.us.chips.bite"),
        ("truce.term_week", "truce.term_weeks"),
        ("shocks.guidence.change", "shocks.guidance.change"),
        ("shocks.7.change", "shocks.guidance.change"),
        ("levers.us.chips.capacity_after_talk", "levers.us.chips.capacity_after_talks"),
        ("actors..slip", "actors.us.slip"),
        ("actors.us.generosty", "actors.us.policy.generosity"),
    ],
)
def test_an_unknown_path_offers_the_nearest_one(world, path, guess):
    with pytest.raises(ScenarioError) as error:
        world.override({path: 1})
    (problem,) = error.value.problems
    assert (problem.file, problem.path, problem.nearest) == ("--set", path, guess)


@pytest.mark.parametrize(
    ("text", "last"),
    [("squeez", "squeeze"), ("capacty", "capacity"), ("frction", "friction"), ("slipp", "slip")],
)
def test_the_end_of_a_key_misspelt_offers_the_whole_paths(text, last):
    with pytest.raises(ScenarioError) as error:
        Scenario.load("geneva-2025").override({text: 0.5})
    (problem,) = error.value.problems
    assert f".{last}" in f"{problem.allowed} {problem.nearest}"


def test_a_key_that_is_no_text_is_refused_with_all_others(world):
    with pytest.raises(ScenarioError) as error:
        world.override({3: 1, None: 2})
    assert [problem.found for problem in error.value.problems] == ["3", "nothing"]


def test_values_are_checked_and_placed(world):
    with pytest.raises(ScenarioError) as error:
        world.override({"actors.us.slip": 2, "weeks": 0})
    assert {(p.file, p.line, p.path) for p in error.value.problems} == {
        ("--set", None, "actors.us.slip"),
        ("--set", None, "weeks"),
    }


def test_numbers_are_replaced_fast_and_whole_numbers_rounded(world):
    drawn = world.with_values(
        {
            "actors.us.slip": 0.12,
            "actors.us.stride": 2.6,
            "actors.us.policy.generosity": 0.41,
            "levers.cn.rare_earths.capacity": 0.7,
            "levers.cn.rare_earths.due_weeks": 2.4,
            "talks.talks_rate": 0.2,
            "allies.eu.coverage": 0.5,
            "shocks.guidance.change": 2,
        }
    )
    actor, lever = drawn.spec.actors["us"], drawn.spec.levers["cn"]["rare_earths"]
    assert (actor.slip, actor.stride, actor.policy["generosity"]) == (0.12, 3, 0.41)
    assert (lever.capacity, lever.due_weeks, lever.notches) == (0.7, 2, 2)
    assert drawn.spec.talks.talks_rate == 0.2
    assert drawn.spec.allies["eu"].coverage == 0.5
    assert drawn.spec.shocks[0].change == 2
    assert world.spec.actors["us"].slip == 0.05
    assert drawn.origin("actors.us.slip") == "drawn"
    assert drawn.hash != world.hash


def test_drawn_values_are_the_same_scenario_as_overridden_ones(world):
    values = {path: low for path, (low, _) in world.range_paths().items()}
    assert world.with_values(values).spec == world.override(values_typed(world, values)).spec


def values_typed(world: Scenario, values: dict[str, float]) -> dict[str, float]:
    whole = {row.path for row in world.entries() if type(row.value) is int}
    return {path: int(value) if path in whole else value for path, value in values.items()}


def test_drawn_values_survive_a_later_override(world):
    changed = world.with_values({"actors.us.slip": 0.12}).override({"weeks": 5})
    assert (changed.spec.actors["us"].slip, changed.spec.weeks) == (0.12, 5)
    assert changed.origin("actors.us.slip") == "drawn"


def test_a_parameter_at_its_default_can_be_drawn(world):
    policy = {"name": "tit_for_k_tats"}
    scenario = world.override({"actors.cn.policy": policy})
    assert scenario.range_paths()["actors.cn.policy.k"] == (1, 3)
    drawn = scenario.with_values({"actors.cn.policy.k": 2.7})
    assert drawn.spec.actors["cn"].policy == {"name": "tit_for_k_tats", "k": 3}


@pytest.mark.parametrize("path", ["actors.us.slop", "levers.us.chip.bite", "shocks.x.change"])
def test_a_drawn_path_must_exist(world, path):
    with pytest.raises(KeyError):
        world.with_values({path: 1.0})


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
