"""Finding one's way: what a name stands for, which key was meant, words instead of keys."""

import json

import pytest

from sim import Scenario
from sim.cli.finding import EXPERIMENT, POLICIES, POLICY, RESULT, SCENARIO, kind_of
from sim.cli.listing import search
from sim.errors import ScenarioError
from sim.policies.library import POLICIES as LIBRARY
from sim.scenario.loading import list_shipped
from sim.scenario.overrides import known_paths
from sim.studies.reading import shipped_experiments


@pytest.fixture(scope="module")
def geneva():
    return Scenario.load("geneva-2025")


def test_every_name_of_the_project_is_of_its_kind():
    assert {kind_of(one.name) for one in list_shipped()} == {SCENARIO}
    for name, path in shipped_experiments().items():
        assert (kind_of(name), kind_of(str(path))) == (EXPERIMENT, EXPERIMENT)
    assert {kind_of(name) for name in LIBRARY} == {POLICY}
    assert kind_of("no-such-thing") is None


def test_files_and_folders_are_told_by_what_they_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("[us.calm]\nname = 'grim'\n")
    (tmp_path / "broken.toml").write_text("title = ")
    (tmp_path / "notes").write_text("")
    folder = tmp_path / "results" / "done"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    assert kind_of("mine.toml") == POLICIES
    assert kind_of("broken.toml") == SCENARIO  # its own error says what is wrong
    assert kind_of("notes") is None
    assert kind_of("done") == kind_of("results/done") == RESULT


@pytest.mark.parametrize(
    ("words", "found", "instead"),
    [
        (("run", "slow-licensing"), "an experiment", "detente sweep slow-licensing"),
        (("explain", "slow-licensing"), "an experiment", "detente sweep slow-licensing"),
        (("compare", "geneva-2025", "slow-licensing"), "an experiment", "detente sweep"),
        (("show", "slow-licensing"), "an experiment", "detente sweep slow-licensing"),
        (("new", "x", "--from", "slow-licensing"), "an experiment", "detente sweep"),
        (("sweep", "geneva-2025"), "a scenario", "detente run geneva-2025"),
        (("plot", "geneva-2025"), "a scenario", "detente run geneva-2025"),
        (("export", "geneva-2025"), "a scenario", "detente run geneva-2025"),
        (("run", "grim"), "a policy", "detente show grim"),
        (("sweep", "grim"), "a policy", "detente show grim"),
    ],
)
def test_a_thing_of_another_kind_is_named_with_the_command_that_takes_it(
    detente, words, found, instead
):
    told = detente(*words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"found:   {found}\n" in told.stderr
    assert instead in told.stderr


@pytest.mark.parametrize("name", shipped_experiments())
def test_check_takes_experiments_too(detente, name):
    told = detente("check", name)
    assert told.exit_code == 0, told.stderr
    assert f"{name}: ok, experiment: detente sweep {name}" in told.stdout


def test_a_wrong_experiment_is_checked_as_one(detente, tmp_path):
    (tmp_path / "bad.toml").write_text(
        'scenario = "geneva-2025"\nruns = 0\n[[factors]]\nname = 3\n'
    )
    told = detente("check", "bad.toml")
    assert told.exit_code == 2
    assert "runs" in told.stderr
    assert "title" not in told.stderr


def test_the_end_of_a_key_suggests_every_whole_path_that_ends_so(geneva):
    known = list(known_paths(geneva.tree.table))
    for end in ("capacity", "slip", "rare_earths.bite", "us.discount", "term_weeks"):
        with pytest.raises(ScenarioError) as error:
            geneva.override({end: 0.5})
        (problem,) = error.value.problems
        whole = [path for path in known if path.endswith(f".{end}")]
        assert any(path in problem.allowed for path in whole)
        assert problem.nearest == (whole[0] if len(whole) == 1 else None)
    with pytest.raises(ScenarioError, match="did you mean actors.us.policy.name=grim"):
        geneva.override({"actors.us.policy": "grim"})
    with pytest.raises(ScenarioError, match="did you mean actors.cn.policy.name=tit_for_tat"):
        geneva.override({"actors.cn.policy": "tft"})


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("licence", "levers.cn.rare_earths.control"),
        ("license", "levers.cn.rare_earths.control"),
        ("rare earths capacity", "levers.cn.rare_earths.capacity"),
        ("inventory", "levers."),
        ("tit for tat", "actors."),
    ],
)
def test_words_find_names_meanings_and_words_of_values(geneva, text, first):
    _, hits = search(text, geneva.entries())
    assert hits
    assert hits[0].path.startswith(first)


def test_every_value_is_found_by_its_own_words(geneva):
    rows = list(geneva.entries())
    for row in rows[::100]:
        assert row in search(row.path, rows)[1]
        assert row in search(row.meaning, rows)[1]


def test_show_prints_hits_with_value_and_meaning_or_refuses(detente):
    told = detente("show", "geneva-2025", "license")
    assert told.exit_code == 0
    assert "levers.cn.rare_earths.control" in told.stdout
    assert '"licence"' in told.stdout
    records = json.loads(detente("show", "geneva-2025", "licence", "--json").stdout)
    assert {"path", "value", "meaning"} <= records[0].keys()
    wrong = detente("show", "geneva-2025", "xyzzy")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Geneva-2025", "geneva-2025"),
        ("geneva_2025", "geneva-2025"),
        ("tft", "tit_for_tat"),
        ("wsls", "win_stay_lose_shift"),
        ("gtft", "generous_tit_for_tat"),
    ],
)
def test_shipped_names_come_before_files_of_ones_own(detente, tmp_path, monkeypatch, typed, meant):
    monkeypatch.chdir(tmp_path)
    for near in ("taiwan-2027.toml", "mid.toml", "tf.toml", "Geneva-2026.toml"):
        (tmp_path / near).write_text('extends = "geneva-2025"\n')
    told = detente("show", typed)
    assert told.exit_code == 2
    assert f"did you mean {meant}?" in told.stderr
