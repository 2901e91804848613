"""`detente new`: a scenario of one's own, every commented line of which is a valid setting."""

import tomllib
from pathlib import Path

import pytest

from sim.errors import as_toml
from sim.policies import POLICIES
from sim.scenario import Scenario
from sim.scenario.shipped import list_shipped, scenarios_folder
from sim.scenario.template import extended_name, own_scenario
from tests.everyday import one_in

SHIPPED = [one.name for one in list_shipped()]
#: One of each kind: the headline, one without a truce, five years, an open-ended game.
KINDS = ("geneva-2025", "april-2025", "race-2025-2030", "textbook/tft-noise")


def settings(text: str) -> list[int]:
    """The lines that are commented settings."""
    found = enumerate(text.splitlines())
    return [n for n, line in found if line.startswith("#") and line[1:2] not in ("", " ")]


def changed(text: str, wanted: list[int], path: Path) -> Scenario:
    lines = [
        line.removeprefix("#") if n in wanted else line for n, line in enumerate(text.splitlines())
    ]
    path.write_text("\n".join(lines))
    return Scenario.load(path)


@pytest.mark.parametrize("name", one_in(6, SHIPPED))
def test_it_makes_a_valid_file_of_every_shipped_scenario(detente, name):
    told = detente("new", "mine", "--from", name)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "mine.toml" in told.stdout
    mine, source = Scenario.load("mine.toml"), Scenario.load(name)
    assert mine.to_table() | {"title": ""} == source.to_table() | {"title": ""}
    assert mine.compiled.levers == source.compiled.levers


@pytest.mark.parametrize("name", one_in(2, KINDS))
def test_every_commented_line_can_be_uncommented_by_itself(name, tmp_path):
    path = tmp_path / "mine.toml"
    text = own_scenario(Scenario.load(name), path)
    plain = changed(text, [], path)
    found = settings(text)
    assert len(found) > 20
    for line in found:
        mine = changed(text, [line], path)
        assert mine.compiled.levers == plain.compiled.levers


def test_settings_stand_at_their_present_value(tmp_path):
    path = tmp_path / "mine.toml"
    text = own_scenario(Scenario.load("geneva-2025"), path)
    lines = text.splitlines()
    examples = ("description", '"+', "sources", "actors.us.policy ", "actors.cn.policy.machine")
    others = ("actors.us.policy.name", "actors.cn.policy.name")
    kept = [n for n in settings(text) if not lines[n][1:].startswith((*examples, *others))]
    assert len(kept) > 30
    as_is, written = (changed(text, chosen, path).entries() for chosen in ([], kept))
    assert {row.path: row.value for row in written} == {row.path: row.value for row in as_is}


@pytest.mark.parametrize(
    "key",
    [
        *("actors.us.policy.generosity", "actors.cn.policy.k", "actors.cn.policy.machine"),
        *("actors.us.slip", "actors.cn.false_alarm", "levers.cn.rare_earths.capacity"),
        *("levers.cn.rare_earths.expected_by_target", "levers.cn.rare_earths.squeeze"),
        *("talks.talks_rate", "talks.talks_pressure", "truce.breakdown_after", '"+shocks"'),
    ],
)
def test_what_is_most_worth_changing_is_there(key, tmp_path):
    text = own_scenario(Scenario.load("geneva-2025"), tmp_path / "mine.toml")
    assert f"\n#{key} = " in text


def test_a_setting_comes_with_meaning_unit_range_and_source(tmp_path):
    text = own_scenario(Scenario.load("geneva-2025"), tmp_path / "mine.toml")
    before, _, after = text.partition("#levers.cn.rare_earths.capacity = 0.25")
    prose = " ".join(before.split("\n# ")[-2:]).replace("\n", " ")
    assert "capacity (μ): approvals a week over normal weekly demand" in prose
    assert "range 0.1 to 1" in prose
    assert "# source of " in after.split("\n")[0]


@pytest.mark.parametrize("name", one_in(2, KINDS))
def test_a_source_is_named_with_its_value_so_that_a_change_leaves_it_true(name, tmp_path):
    lines = own_scenario(Scenario.load(name), tmp_path / "mine.toml").splitlines()
    sourced = [line for line in lines if line.startswith("#") and "# " in line[1:]]
    given = [line for line in sourced if "# not given now; source: " not in line]
    assert len(given) > 20
    for line in (line for line in given if line[1:2] != " "):
        setting, _, comment = line[1:].partition("# source of ")
        (value,) = tomllib.loads(f"x = {setting.partition('=')[2]}").values()
        assert comment.startswith(f"{as_toml(value)}: "), line
    assert not any("# source: " in line for line in lines)


def test_all_policies_are_named(tmp_path):
    text = " ".join(own_scenario(Scenario.load("geneva-2025"), tmp_path / "m.toml").split("\n# "))
    assert all(name in text for name in POLICIES)


def test_it_does_not_overwrite_without_force(detente):
    Path("mine.toml").write_text("kept")
    told = detente("new", "mine")
    assert told.exit_code == 2
    assert "--force" in told.stderr
    assert Path("mine.toml").read_text() == "kept"
    assert detente("new", "mine", "--force").exit_code == 0
    assert Scenario.load("mine.toml").name == "mine"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("mine", "--from", "geneva-2052"), "did you mean geneva-2025?"),
        (("geneva-2025",), "another name"),
        (("mine", "--out", "mine.txt"), "ends in .toml"),
        (("mine", "--out", "nowhere/mine.toml"), "an existing folder"),
        (("",), "a name"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(detente, words, expected):
    told = detente("new", *words)
    assert told.exit_code == 2
    assert expected in told.stderr
    assert list(Path().iterdir()) == []


def test_a_folder_of_that_name_is_not_overwritten(detente):
    Path("mine.toml").mkdir()
    assert detente("new", "mine", "--force").exit_code == 2
    assert Path("mine.toml").is_dir()


def test_the_source_is_never_overwritten(detente):
    detente("new", "mine")
    told = detente("new", "other", "--from", "mine.toml", "--out", "mine.toml", "--force")
    assert told.exit_code == 2
    assert "another file" in told.stderr


def test_it_can_stand_on_a_scenario_of_ones_own(detente):
    Path("sub").mkdir()
    assert detente("new", "mine").exit_code == 0
    text = Path("mine.toml").read_text().replace("#actors.us.slip = 0.027", "actors.us.slip = 0.5")
    Path("mine.toml").write_text(text)
    assert detente("new", "next", "--from", "mine.toml", "--out", "sub/next.toml").exit_code == 0
    assert Scenario.load("sub/next.toml").spec.actors["us"].slip == 0.5


def test_a_distribution_of_ones_own_is_copied_as_it_is(detente):
    law = "{ triangular = [0, 0.05, 0.2] }"
    Path("mine.toml").write_text(
        f'title = "mine"\nextends = "geneva-2025"\nactors.us.slip = {law}\n'
    )
    assert detente("new", "next", "--from", "mine.toml").exit_code == 0
    text = Path("next.toml").read_text()
    assert f"#actors.us.slip = {law} " in text
    assert "range triangular 0, 0.05, 0.2]" in text.replace("\n# ", " ")
    Path("next.toml").write_text(text.replace("#actors.us.slip", "actors.us.slip"))
    believed = Scenario.load("next.toml").distributions()["actors.us.slip"]
    assert believed == Scenario.load("mine.toml").distributions()["actors.us.slip"]


def test_a_shipped_name_is_not_taken_for_a_file_beside_it(tmp_path):
    source = Scenario.load("geneva-2025")
    assert extended_name(source, tmp_path / "mine.toml") == "geneva-2025.toml"
    (tmp_path / "geneva-2025.toml").write_text('title = "another"')
    found = tmp_path / extended_name(source, tmp_path / "mine.toml")
    assert found.samefile(scenarios_folder() / "geneva-2025.toml")


def test_a_changed_policy_changes_the_scenario(detente):
    detente("new", "my-truce", "--from", "geneva-2025")
    text = Path("my-truce.toml").read_text()
    text = text.replace("#actors.us.policy.generosity = 0.8", "actors.us.policy.generosity = 0.6")
    assert tomllib.loads(text)["actors"]["us"]["policy"] == {"generosity": 0.6}
    Path("my-truce.toml").write_text(text)
    policy = Scenario.load("my-truce").spec.actors["us"].policy
    assert policy == {"name": "generous_tit_for_tat", "generosity": 0.6}
