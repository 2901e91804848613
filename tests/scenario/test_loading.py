"""Files become scenarios: extends, origins, names, round trips."""

import datetime
import json
import pickle

import pytest

from sim.scenario import Scenario, ScenarioError
from sim.scenario.loading import shipped_files
from tests.scenario.conftest import WORLD


def test_values_and_defaults(world):
    chips = world.spec.levers["us"]["chips"]
    assert (chips.level, chips.floor, chips.notches) == (2, 1, 4)
    assert chips.friction == 0.5
    assert chips.final_obligation == 2
    assert world.spec.actors["cn"].policy == {"name": "tit_for_tat"}
    assert world.spec.talks.sequencing == "cn_first"
    assert world.spec.start == datetime.date(2025, 5, 12)
    assert world.name == "world"
    assert world.warnings == ()


def test_sides_come_in_order_us_cn_and_levers_in_file_order():
    table = {"title": "t", "start": "2025-05-12", "levers": {"cn": {"b": {}, "a": {}}, "us": {}}}
    spec = Scenario.from_table(table).spec
    assert list(spec.levers) == ["us", "cn"]
    assert list(spec.levers["cn"]) == ["b", "a"]
    assert list(spec.actors) == ["us", "cn"]


def test_a_child_overrides_deeply_and_keeps_the_rest(child):
    scenario = Scenario.load(child("weeks = 13\n[levers.us.chips]\nlevel = 3\n"))
    assert scenario.spec.weeks == 13
    assert scenario.spec.levers["us"]["chips"].level == 3
    assert scenario.spec.levers["us"]["chips"].floor == 1
    assert scenario.spec.title == "A small world"


def test_a_file_is_read_as_it_is_now_and_however_often(child):
    path = child("weeks = 13\n")
    first, again = Scenario.load(path), Scenario.load(path)
    assert first.to_table() == again.to_table()
    assert first.below == again.below
    path.write_text(path.read_text(encoding="utf-8").replace("13", "14"), encoding="utf-8")
    assert (first.spec.weeks, Scenario.load(path).spec.weeks) == (13, 14)


def test_a_policy_with_a_name_replaces_the_old_one_whole(child):
    scenario = Scenario.load(child('[actors.us]\npolicy = { name = "grim" }\n'))
    assert scenario.spec.actors["us"].policy == {"name": "grim"}


def test_a_policy_without_a_name_merges(child):
    scenario = Scenario.load(child("[actors.us.policy]\ngenerosity = 0.1\n"))
    policy = scenario.spec.actors["us"].policy
    assert policy == {"name": "generous_tit_for_tat", "generosity": 0.1}


def test_lists_are_replaced(child):
    text = '[[shocks]]\nname = "summit"\ndate = 2025-05-12\ntalks = true\n'
    assert [s.name for s in Scenario.load(child(text)).spec.shocks] == ["summit"]


def test_lists_are_extended_with_a_plus_and_keep_their_lines(child):
    text = '[["+shocks"]]\nname = "summit"\ndate = 2025-05-12\ntalks = true\n'
    scenario = Scenario.load(child(text))
    assert [s.name for s in scenario.spec.shocks] == ["guidance", "summit"]
    assert scenario.origin("shocks.summit.talks") == "child.toml"
    assert scenario.line("shocks.summit.talks") == 5
    assert scenario.origin("shocks.guidance.change") == "world.toml"


def test_an_inherited_option_is_undone_by_none(child):
    scenario = Scenario.load(child('truce = "none"\n[allies.eu]\nlever = "none"\n'))
    assert scenario.spec.truce is None
    assert scenario.spec.allies["eu"].lever is None


def test_origins_name_the_file_that_set_a_value(child):
    scenario = Scenario.load(child("[levers.us.chips]\nlevel = 3\n"))
    assert scenario.origin("levers.us.chips.level") == "child.toml"
    assert scenario.line("levers.us.chips.level") == 3
    assert scenario.origin("levers.us.chips.floor") == "world.toml"
    assert scenario.origin("levers.us.chips.friction") == "default"


def test_sources_most_specific_wins_then_the_registry(world):
    assert world.source("levers.us.chips.level") == "H20 stopped"
    assert world.source("levers.us.tariffs.level") == "the eve"
    assert world.source("levers.us.tariffs.squeeze").startswith("judgement: rare_earths .3")
    assert world.source("actors.us.policy.generosity").startswith("V02")


def test_of_equally_specific_sources_the_later_file_wins(child):
    scenario = Scenario.load(child('[sources]\n"levers.*.*.level" = "newer"\n'))
    assert scenario.source("levers.us.tariffs.level") == "newer"
    assert scenario.source("levers.us.chips.level") == "H20 stopped"


def test_sources_and_ranges_may_be_written_as_nested_tables(child):
    text = "[ranges]\nactors.us.slip = [0, 0.1]\n[sources.actors.us]\nslip = 'me'\n"
    scenario = Scenario.load(child(text))
    assert scenario.spec.ranges == {"actors.us.slip": (0, 0.1)}
    assert scenario.source("actors.us.slip") == "me"


def test_extends_chains_and_looks_beside_the_file_first(write):
    write(WORLD, "base/world.toml")
    write('extends = "world"\nweeks = 20\n', "base/middle.toml")
    path = write('extends = "base/middle.toml"\ntitle = "top"\n', "top.toml")
    scenario = Scenario.load(path)
    assert (scenario.spec.title, scenario.spec.weeks) == ("top", 20)
    assert scenario.origin("levers.us.chips.level") == "base/world.toml"


def test_the_table_round_trips_with_the_same_hash(world):
    table = json.loads(json.dumps(world.to_table()))
    again = Scenario.from_table(table, name="world")
    assert again.spec == world.spec
    assert again.hash == world.hash
    assert "extends" not in table


def test_a_resolved_table_gives_no_warnings_of_its_own():
    scenario = Scenario.load("geneva-2025")
    assert Scenario.from_table(scenario.to_table()).warnings == scenario.warnings


def test_the_hash_tells_scenarios_apart_and_ignores_the_way_they_are_written(world):
    assert world.override({"weeks": 27}).hash != world.hash
    same = world.override({"actors.us.policy": {"generosity": 0.3, "name": "generous_tit_for_tat"}})
    assert same.hash == world.hash


def test_a_scenario_survives_pickling(world):
    assert pickle.loads(pickle.dumps(world)).hash == world.hash


def test_weeks_have_dates(world):
    assert world.date_of_week(1) == datetime.date(2025, 5, 12)
    assert world.date_of_week(14) == datetime.date(2025, 8, 11)


def test_the_level_follows_the_history(child):
    text = """
    [levers.cn.minerals]
    control = "licence"
    notches = 3
    history = [{ date = 2025-04-04, level = 3 }, { date = 2025-05-01, level = 1 }]
    """
    lever = Scenario.load(child(text)).spec.levers["cn"]["minerals"]
    assert lever.level == 1
    assert lever.listed_at_start


@pytest.mark.parametrize(
    ("table", "listed"),
    [
        ({"control": "licence"}, False),
        ({"control": "licence", "level": 1}, True),
        ({"control": "licence", "listed": True}, True),
        ({"control": "ban", "level": 1}, False),
        ({"control": "licence", "history": [{"date": "2025-01-01", "level": 1},
                                            {"date": "2025-02-01", "level": 0}]}, True),
    ],
)  # fmt: skip
def test_a_licence_lever_that_was_ever_used_is_listed(table, listed):
    world = {"title": "t", "start": "2025-05-12", "levers": {"cn": {"x": table}}}
    assert Scenario.from_table(world).spec.levers["cn"]["x"].listed_at_start is listed


def test_a_lever_almost_like_an_inherited_one_is_warned_about(child):
    scenario = Scenario.load(child("[levers.cn.rare_earth]\ncontrol = 'ban'\nlevel = 1\n"))
    assert len(scenario.warnings) == 1
    assert "rare_earths" in scenario.warnings[0]


def test_a_lever_almost_like_an_inherited_one_that_says_nothing_of_itself_is_refused(child):
    with pytest.raises(ScenarioError) as error:
        Scenario.load(child("[levers.cn.rare_earth]\nlevel = 1\n"))
    (problem,) = error.value.problems
    assert (problem.path, problem.nearest) == ("levers.cn.rare_earth", "rare_earths")
    assert "control" in problem.allowed
    assert problem.line is not None


@pytest.mark.parametrize("name", sorted(shipped_files()))
def test_every_shipped_scenario_loads_by_name(name):
    assert Scenario.load(name).to_table()["title"]


def test_names_of_shipped_scenarios_work_everywhere(write, tmp_path):
    write("", "elsewhere.toml")
    assert Scenario.load("geneva-2025").name == "geneva-2025"
    assert Scenario.load("geneva-2025.toml").hash == Scenario.load("geneva-2025").hash
    with pytest.raises(ScenarioError) as error:
        Scenario.load("geneva-2052")
    assert error.value.problems[0].nearest == "geneva-2025"


def test_a_source_is_not_lent_to_a_value_that_was_changed_after_it(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'title = "mine"\nextends = "base/us-china.toml"\nstart = 2025-05-12\n'
        "[actors.us]\nslip = 0.1\n[levers.us.eda]\nfriction = 0.5\n"
        '[sources]\n"levers.us.eda.friction" = "my own reading"\n'
    )
    scenario = Scenario.load(own).override({"actors.cn.slip": 0.1})
    assert scenario.source("actors.us.slip").startswith("no source given with the value set by")
    assert scenario.source("actors.cn.slip").startswith(
        "no source given with the value set by --set"
    )
    assert scenario.source("levers.us.eda.friction") == "my own reading"
    assert scenario.source("actors.us.miss") == Scenario.load("base/us-china").source(
        "actors.us.miss"
    )


def test_a_file_that_is_no_toml_is_named_and_not_quoted(tmp_path):
    secret = tmp_path / "passwd"
    secret.write_text("root:x:0:0:root:/root:/bin/sh\n")
    (tmp_path / "mine.toml").write_text(f'extends = "{secret}"\n')
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(tmp_path / "mine.toml")
    assert str(secret) in str(caught.value)
    assert "root:x" not in str(caught.value)


def test_a_number_of_a_law_comes_from_the_file_that_wrote_the_law():
    geneva = Scenario.load("geneva-2025")
    for path in ("ranges.talks.cooldown_rate", "ranges.talks.cooldown_rate.beta"):
        assert geneva.origin(path).endswith("geneva-2025.toml")
    assert geneva.origin("ranges.heat").endswith("us-china-counted.toml")
