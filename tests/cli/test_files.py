"""Files of one's own: `detente check`, `new` and `record`."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from sim.errors import as_toml
from sim.policies import POLICIES
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped, scenarios_folder
from sim.scenario.template import extended_name, own_scenario
from tests.everyday import one_in

GOOD = 'extends = "textbook/quiet.toml"\ntitle = "quiet"\n'
BAD = 'title = "bad"\nstart = 2025-05-12\nweaks = 3\n\n[actors.us]\nslip = 1.5\n'


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_every_shipped_scenario_is_ok(detente):
    told = detente("check", *(scenario.name for scenario in list_shipped()))
    assert told.exit_code == 0, told.stderr
    assert told.stdout.count(": ok") == len(list_shipped())


def test_all_problems_of_all_files_are_told(detente):
    told = detente("check", write("a.toml", BAD), write("good.toml", GOOD), write("b.toml", "x ="))
    assert told.exit_code == 2
    assert told.stdout == "good.toml: ok\n"
    assert "a.toml:3: weaks" in told.stderr
    assert "did you mean weeks?" in told.stderr
    assert "a.toml:6: actors.us.slip" in told.stderr
    assert "1.5" in told.stderr
    assert "b.toml:1" in told.stderr


def test_a_missing_file_is_named_with_the_nearest(detente):
    told = detente("check", "geneva-2052")
    assert told.exit_code == 2
    assert "geneva-2052" in told.stderr
    assert "did you mean geneva-2025?" in told.stderr


def test_warnings_are_told_and_are_not_errors(detente):
    late = GOOD + "as_of = 2025-01-01\nshocks = [{ name = 'x', date = 2025-02-01, talks = true }]\n"
    told = detente("check", write("late.toml", late))
    assert told.exit_code == 0, told.stderr
    assert told.stderr.startswith("warning: ")
    assert "late.toml: ok (" in told.stdout


def test_json(detente):
    told = detente("check", "--json", write("a.toml", BAD), write("good.toml", GOOD))
    assert told.exit_code == 2
    bad, good = json.loads(told.stdout)
    lines = {problem["path"]: problem["line"] for problem in bad["problems"]}
    assert lines == {"weaks": 3, "actors.us.slip": 6}
    assert good == {
        "file": "good.toml",
        "kind": "scenario",
        "command": "detente run good.toml",
        "problems": [],
        "warnings": [],
        "notes": good["notes"],
    }


def test_what_a_source_says_is_held_against_as_of(detente):
    """Told by `check`, and by `show` with the fields that carry no date."""
    late = GOOD + 'as_of = 2025-05-12\n[sources]\n"actors.us.slip" = "claim 7, known 2025-05-19"\n'
    told = detente("check", write("late.toml", late))
    assert told.exit_code == 0, told.stderr
    assert "1 value rests on what was known later: actors.us.slip (2025-05-19)" in told.stderr
    assert "undated sources" in told.stderr
    shown = " ".join(detente("show", "late.toml").stdout.split())
    assert "actors.us.slip (2025-05-19)" in shown
    assert "undated: " in shown
    (entry,) = json.loads(detente("show", "late.toml", "actors.us.slip", "--json").stdout)
    assert entry["known"] == "2025-05-19"


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


def test_a_name_with_a_blank_can_be_pasted_into_a_shell(detente):
    told = detente("new", "my truce")
    assert told.exit_code == 0, told.stderr
    assert "detente run 'my truce.toml'" in told.stdout
    assert "#   detente check 'my truce.toml' " in Path("my truce.toml").read_text()


def test_a_changed_policy_changes_the_scenario(detente):
    detente("new", "my-truce", "--from", "geneva-2025")
    text = Path("my-truce.toml").read_text()
    text = text.replace("#actors.us.policy.generosity = 0.8", "actors.us.policy.generosity = 0.6")
    assert tomllib.loads(text)["actors"]["us"]["policy"] == {"generosity": 0.6}
    Path("my-truce.toml").write_text(text)
    policy = Scenario.load("my-truce").spec.actors["us"].policy
    assert policy == {"name": "generous_tit_for_tat", "generosity": 0.6}


def test_a_record_is_copied_and_checked(detente, tmp_path):
    made = detente("record", "new", "mine")
    assert made.exit_code == 0, made.output
    assert (tmp_path / "mine" / "events.csv").is_file()
    checked = detente("record", "check", "mine")
    assert checked.exit_code == 0, checked.output
    assert checked.output.endswith("OK\n")
    again = detente("record", "new", "mine")
    assert again.exit_code == 2
    assert "something is already" in again.output


def test_a_broken_record_is_refused_with_every_mistake(detente, tmp_path):
    detente("record", "new", "mine")
    moves = tmp_path / "mine" / "moves.csv"
    text = moves.read_text(encoding="utf-8")
    text = text.replace(",us.visas,1,", ",us.visa,1,").replace(",us.engines,1,", ",us.engines,x,")
    moves.write_text(text, encoding="utf-8")
    for command in (("record", "check", "mine"), ("backtest", "geneva-2025", "--record", "mine")):
        refused = detente(*command)
        assert refused.exit_code == 2
        assert "did you mean us.visas?" in refused.output
        assert '"x"' in refused.output
        assert "Traceback" not in refused.output


def test_a_backtest_of_a_textbook_game_is_refused(detente):
    refused = detente("backtest", "textbook/tft-noise", "--runs", "2")
    assert refused.exit_code == 2
    assert "not about the record" in refused.output


def test_a_backtest_prints_numbers_and_their_definition(detente):
    printed = detente("backtest", "busan-2025", "--runs", "40", "--json")
    assert printed.exit_code == 0, printed.output
    (told,) = json.loads(printed.stdout)["scenarios"]
    assert (told["scenario"], told["n"], told["weeks"]) == ("busan-2025", 40, 9)
    assert told["matching"]["low"] <= told["matching"]["p"] <= told["matching"]["high"]
    table = detente("backtest", "busan-2025", "--runs", "40")
    assert "as shipped (judgement)" in table.output
    assert "flow, December 2025" in table.output


PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-own-record.md"
LINES = re.compile(r"^```csv\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_lines_of_the_page_make_a_record_that_is_read(detente, tmp_path):
    event, move = LINES.findall(PAGE.read_text(encoding="utf-8"))
    assert detente("record", "new", "my-record").exit_code == 0
    with (tmp_path / "my-record" / "events.csv").open("a", encoding="utf-8") as file:
        file.write(event)
    forgotten = detente("record", "check", "my-record")
    assert forgotten.exit_code == 2
    assert "2026-01-09-entity-24-us is not coded" in forgotten.output
    with (tmp_path / "my-record" / "moves.csv").open("a", encoding="utf-8") as file:
        file.write(move)
    checked = detente("record", "check", "my-record")
    assert checked.exit_code == 0, checked.output
    told = ("backtest", "busan-2025", "--runs", "20", "--record", "my-record")
    assert "busan-2025: 10 weeks from 2025-10-30" in detente(*told).output
