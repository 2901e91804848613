"""The registry: every field documented, ranges inside bounds, and what the outer loop varies."""

import json
import tomllib

import jsonschema
import pytest

from sim.scenario import Scenario
from sim.scenario.json_schema import json_schema
from sim.scenario.key_paths import key_lines
from sim.scenario.loading import list_shipped, shipped_files
from sim.scenario.registry import registry

FIELDS = registry()


@pytest.mark.parametrize("field", FIELDS, ids=[field.path for field in FIELDS])
def test_every_field_says_what_it_is_and_where_it_comes_from(field):
    assert field.entry.meaning
    assert field.entry.source
    assert field.entry.allowed


NUMBERS = [f for f in FIELDS if f.entry.is_number and not f.entry.relative and f.entry.span]


@pytest.mark.parametrize("field", NUMBERS, ids=[field.path for field in NUMBERS])
def test_ranges_lie_within_the_bounds_of_the_field(field):
    low, high = field.entry.span
    assert low < high
    assert field.entry.low <= low
    assert field.entry.high is None or high <= field.entry.high
    assert not (field.entry.above and low == field.entry.low)


#: path with * for names, default, range: section 5 of the model, us where the sides differ
SECTION_5 = [
    ("actors.*.proportionality", 1.1, (0.5, 1.5)),
    ("actors.*.reaction_delay", 1, (0, 3)),
    ("actors.*.stride", 3, (1, 3)),
    ("actors.*.slip", 0.05, (0, 0.15)),
    ("actors.*.slip_fail", 0.05, (0, 0.15)),
    ("actors.*.false_alarm", 0.05, (0, 0.3)),
    ("actors.*.miss", 0.05, (0, 0.3)),
    ("actors.*.felt", 0.5, (0, 1)),
    ("actors.*.belief_prior_weeks", 4, (1, 20)),
    ("actors.*.belief_prior_good", 0.7, None),
    ("actors.*.belief_memory", 0.9, (0.8, 1)),
    ("actors.*.value_learning", 0.1, (0, 0.5)),
    ("actors.*.value_decay", 0.02, (0, 0.1)),
    ("actors.*.retention", 0.5, (0, 1)),
    ("actors.*.pressure_smoothing", 0.2, (0.1, 0.5)),
    ("actors.*.reluctance", 0, (0, 0.3)),
    ("actors.*.spillover", 0.1, (0, 0.5)),
    ("actors.*.discount", 0.999, None),
    ("levers.*.*.friction", 0.5, (0.2, 0.95)),
    ("levers.*.*.expected_by_target", 0.9, (0.5, 1)),
    ("levers.*.*.promised_by_owner", 0.5, (0, 0.9)),
    ("levers.*.*.capacity", 1, (0.1, 1)),
    ("levers.*.*.capacity_after_talks", None, (0.5, 1.5)),
    ("levers.*.*.squeeze", 0, (0, 0.5)),
    ("levers.*.*.due_weeks", 0, (0, 8)),
    ("levers.*.*.stock_weeks", 0, (2, 13)),
    ("levers.*.*.harm_weight", 1, (0.5, 2)),
    ("levers.*.*.own_cost", 0.3, (0.1, 1)),
    ("levers.*.*.own_gain", 0.35, (0, 0.6)),
    ("talks.talks_rate", 0.1, (0, 0.3)),
    ("talks.talks_pressure", 1, (0.1, 2)),
    ("talks.cooldown_weeks", 6, (4, 26)),
    ("talks.relief", 0.75, (0.3, 1)),
    ("talks.relief_lag_weeks", 3, (0, 6)),
    ("talks.boost_weeks", 26, None),
    ("truce.breakdown_after", 2, None),
    ("truce.unilateral_after", 8, None),
]


@pytest.mark.parametrize(("path", "default", "span"), SECTION_5)
def test_defaults_and_ranges_are_those_of_the_model(path, default, span):
    entry = {field.path: field.entry for field in FIELDS}[path]
    assert entry.default == default
    assert entry.span == span


def test_the_outer_loop_varies_what_means_something(world):
    spans = world.range_paths()
    assert spans["levers.us.chips.harm_weight"] == (0.5, 2.0)
    assert "levers.cn.rare_earths.capacity" in spans
    assert "levers.us.chips.capacity" not in spans
    assert "levers.cn.rare_earths.due_weeks" in spans
    assert "levers.us.chips.due_weeks" not in spans
    assert "levers.cn.rare_earths.halving_years" not in spans
    assert "levers.cn.rare_earths.stock_weeks" not in spans
    assert "levers.cn.rare_earths.capacity_after_talks" not in spans
    assert spans["actors.us.policy.generosity"] == (0, 0.6)
    assert not any(path.startswith("truce") for path in spans)


def test_ranges_are_relative_to_the_value_where_the_registry_says_so(world):
    changes = {"levers.us.chips.harm_weight": 0.6, "levers.us.chips.halving_years": 2.0}
    spans = world.override(changes).range_paths()
    assert spans["levers.us.chips.harm_weight"] == (0.3, 1.2)
    assert spans["levers.us.chips.halving_years"] == (1, 4)


def test_a_scenario_sets_its_own_ranges_or_none(world):
    ranges = {"actors.us.slip": [0, 0.1], "truce.breakdown_after": [1, 6]}
    spans = world.override({"ranges": ranges}).range_paths()
    assert spans["actors.us.slip"] == (0, 0.1)
    assert spans["truce.breakdown_after"] == (1, 6)
    assert world.override({"ranges": "none"}).range_paths() == {}


def test_a_range_of_a_replaced_policy_is_left_unused(world):
    scenario = world.override({"ranges.actors.us.policy.generosity": [0, 0.4]})
    assert scenario.range_paths()["actors.us.policy.generosity"] == (0, 0.4)
    replaced = scenario.override({"actors.us.policy.name": "grim"})
    assert "actors.us.policy.generosity" not in replaced.range_paths()


def test_entries_list_every_value_with_what_is_known_of_it(world):
    by_path = {row.path: row for row in world.entries()}
    slip = by_path["actors.us.slip"]
    assert (slip.value, slip.unit, slip.symbol) == (0.05, "probability a week", "ε")
    assert (slip.range, slip.origin) == ((0, 0.15), "default")
    assert by_path["levers.us.chips.level"].source == "H20 stopped"
    assert by_path["shocks.guidance.change"].origin == "world.toml"
    assert by_path["actors.us.policy.generosity"].range == (0, 0.6)
    assert "levers.us.chips.halving_years" not in by_path


def test_shipped_scenarios_are_listed_without_their_building_blocks():
    names = [shipped.name for shipped in list_shipped()]
    assert "geneva-2025" in names
    assert not any(name.startswith("base/") for name in names)
    assert all(shipped.title for shipped in list_shipped() if shipped.name == "geneva-2025")


def test_the_json_schema_is_for_files():
    schema = json_schema()
    json.dumps(schema)
    assert schema["properties"]["extends"]["type"] == "string"
    assert "+shocks" in schema["properties"]
    assert "+programmes" in schema["$defs"]["LeverSpec"]["properties"]
    slip = schema["$defs"]["ActorSpec"]["properties"]["slip"]
    assert (slip["symbol"], slip["range"]) == ("ε", [0, 0.15])
    assert slip["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 1}


def test_models_are_frozen(world):
    with pytest.raises(ValueError, match="frozen"):
        world.spec.weeks = 3
    with pytest.raises(AttributeError):
        world.name = "x"


def test_key_lines_follow_headers_strings_and_arrays():
    text = '''title = "a # b" # c
[levers.us."we ird".x]
a = """
b = 1 \\"""
"""
b.c = [
 1, # [
 { x = "]" },
]
[[shocks]]
name = 'x'
[[shocks]]
"na.me" = "y"
[shocks.more]
z = 1
'''
    lines = key_lines(text)
    assert lines["title",] == 1
    assert lines["levers", "us", "we ird", "x", "a"] == 3
    assert lines["levers", "us", "we ird", "x", "b", "c"] == 6
    assert lines["shocks", "0", "name"] == 11
    assert lines["shocks", "1", "na.me"] == 13
    assert lines["shocks", "1", "more", "z"] == 15


def test_a_table_without_a_file_is_placed_by_its_name():
    scenario = Scenario.from_table({"title": "My World", "start": "2025-05-12"})
    assert scenario.name == "my-world"
    assert scenario.origin("title") == "my-world"
    assert scenario.path is None


def test_a_stock_above_its_cap_is_warned_about():
    levers = {"us": {"a": {"control": "ban", "stock_weeks": 5, "stock_cap_weeks": 3}}, "cn": {}}
    table = {"title": "t", "start": "2025-05-12", "levers": levers}
    assert any("stock_weeks" in text for text in Scenario.from_table(table).warnings)


@pytest.fixture(scope="module")
def by_the_schema():
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("name", shipped_files())
def test_every_shipped_file_is_valid_by_the_schema_that_is_printed(name, by_the_schema):
    table = tomllib.loads(shipped_files()[name].read_text(encoding="utf-8"))
    by_the_schema.validate(json.loads(json.dumps(table, default=str)))


@pytest.mark.parametrize("wrong", ['weeks = "many"', "wekes = 3", "shocks = 3", "extends = 1"])
def test_what_no_scenario_may_hold_is_invalid_by_it(wrong, by_the_schema):
    with pytest.raises(jsonschema.ValidationError):
        by_the_schema.validate(tomllib.loads(wrong))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json_schema())


POLICY = "actors.us.policy = "


@pytest.mark.parametrize(
    "text",
    [
        '{ name = "grim" }',
        '{ name = "trigger", weeks = 3, sensor = "belief_above", threshold = 0.5 }',
        '{ name = "tit_for_k_tats", k = { uniform = [1, 3] }, below = "hold" }',
        '{ name = "mixture", parts = [{ weight = 1.0, policy = { name = "grim" } }] }',
        '{ machine = { start = "calm" } }',
        "{ generosity = 0.3 }",
    ],
)
def test_a_policy_is_described_by_it(text, by_the_schema):
    by_the_schema.validate(tomllib.loads(POLICY + text))


@pytest.mark.parametrize(
    "text",
    [
        '"grim"',
        '{ name = "grimm" }',
        '{ name = "grim", generosity = 0.3 }',
        '{ name = "generous_tit_for_tat", generosity = 1.3 }',
        '{ name = "tit_for_k_tats", below = "wait" }',
        "{ generosty = 0.3 }",
    ],
)
def test_what_is_no_policy_is_invalid_by_it(text, by_the_schema):
    with pytest.raises(jsonschema.ValidationError):
        by_the_schema.validate(tomllib.loads(POLICY + text))
