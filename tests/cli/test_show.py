"""`detente show`: lists, scenarios value by value, policies in words."""

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from sim.policies import POLICIES
from sim.scenario import Scenario
from sim.scenario.key_paths import NUMBERS
from sim.scenario.loading import list_shipped


def test_alone_it_lists_every_scenario_and_every_policy(detente):
    told = detente("show")
    assert told.exit_code == 0
    assert all(scenario.name in told.stdout for scenario in list_shipped())
    assert all(name in told.stdout for name in POLICIES)


def test_the_lists_as_json(detente):
    lists = json.loads(detente("show", "--json").stdout)
    assert [row["name"] for row in lists["policies"]] == list(POLICIES)
    assert [row["name"] for row in lists["scenarios"]] == [s.name for s in list_shipped()]


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_is_shown_as_a_table_and_in_words(detente, name):
    told = detente("show", name)
    assert told.exit_code == 0
    assert POLICIES[name].source.split(";")[0] in told.stdout
    assert all(parameter.name in told.stdout for parameter in POLICIES[name].parameters)
    assert "It starts in" in told.stdout
    record = json.loads(detente("show", name, "--json").stdout)
    assert record["states"]
    assert record["sentences"]


def test_a_scenario_shows_every_value_with_what_is_known_of_it(detente):
    rows = json.loads(detente("show", "geneva-2025", "--json").stdout)
    by_path = {row["path"]: row for row in rows}
    assert set(by_path) == {row.path for row in Scenario.load("geneva-2025").entries()}
    talks = by_path["talks.talks_pressure"]
    assert talks["symbol"] == "h₁"
    assert talks["unit"] == "probability a week"
    assert talks["range"] == [0.1, 2.0]
    assert talks["origin"] == "scenarios/base/us-china.toml"
    assert all(row["source"] for row in rows)


def test_a_scenario_as_a_table(detente):
    told = detente("show", "geneva-2025")
    assert told.exit_code == 0
    for text in ("levers.cn.rare_earths", "capacity", "h₁", "base/us-china", "default"):
        assert text in told.stdout


def test_a_key_filters_and_one_value_is_explained(detente):
    told = detente("show", "geneva-2025", "actors.us.slip")
    assert "actors.us.slip: " in told.stdout
    assert "slip_fail" not in told.stdout
    below = json.loads(detente("show", "geneva-2025", "actors.us", "--json").stdout)
    assert all(row["path"].startswith("actors.us.") for row in below)


def test_a_key_of_a_policy_also_shows_its_machine(detente):
    told = detente("show", "geneva-2025", "actors.us.policy")
    assert "retaliates with probability 0.2, else concedes" in " ".join(told.stdout.split())


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        (("geneva-2024",), "geneva-2025"),
        (("tit_for_tatt",), "tit_for_tat"),
        (("geneva-2025", "actors.uss"), "actors.us"),
        (("generous_tit_for_tat", "generosty"), "generosity"),
    ],
)
def test_an_unknown_name_gets_the_nearest(detente, words, guess):
    told = detente("show", *words)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert words[-1] in told.stderr
    assert f"did you mean {guess}?" in told.stderr


def test_the_schema_is_a_json_schema(detente):
    schema = json.loads(detente("show", "--schema").stdout)
    assert {"title", "levers", "actors", "truce"} <= set(schema["properties"])


def test_the_schema_of_experiments_is_printed_by_its_name(detente):
    schema = json.loads(detente("show", "--schema", "experiment").stdout)
    assert {"scenario", "design", "factors"} <= set(schema["properties"])
    assert json.loads(detente("show", "--schema", "scenario").stdout)["properties"]["levers"]
    told = detente("show", "--schema", "experimnt")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "did you mean experiment?" in told.stderr


def test_a_distribution_is_shown_with_its_kind_and_ends(detente):
    Path("mine.toml").write_text(
        'title = "mine"\nextends = "geneva-2025"\n'
        "actors.us.slip = { triangular = [0, 0.05, 0.2] }\n"
        "[ranges]\nactors.cn.slip = { beta = [2, 18], bounds = [0, 0.3] }\n"
    )
    told = detente("show", "mine.toml", "actors.us.slip")
    assert "triangular 0, 0.05, 0.2" in told.stdout
    assert "0.0775255" in told.stdout
    (row,) = json.loads(detente("show", "mine.toml", "actors.cn.slip", "--json").stdout)
    assert row["distribution"] == {"beta": [2, 18], "bounds": [0, 0.3]}
    assert row["range"] == [0, 0.3]
    told, idle = detente("check", "mine.toml").stdout.splitlines()
    assert told == "mine.toml: ok (2 warnings)"
    assert "of 125 numbers with a range cannot move the headline: " in idle


def test_the_schema_lets_a_number_be_a_distribution(detente):
    schema = json.loads(detente("show", "--schema").stdout)
    slip = schema["$defs"]["ActorSpec"]["properties"]["slip"]
    number, law = slip["anyOf"]
    assert number == {"type": "number", "minimum": 0, "maximum": 1}
    kinds = schema["$defs"][law["$ref"].rpartition("/")[2]]["anyOf"]
    assert [kind["required"][0] for kind in kinds] == list(NUMBERS)
    ranges = schema["properties"]["ranges"]["anyOf"]
    assert ranges[0]["additionalProperties"]["anyOf"][1] == law
    assert {"const": "none", "type": "string"} in ranges


def test_a_narrow_terminal_gets_every_source_below_its_value(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    told = detente("show", "geneva-2025", "levers.us.eda").stdout
    assert max(map(cell_len, told.splitlines())) <= 80  # q and its bar are one cell
    words = " ".join(told.split())
    for entry in Scenario.load("geneva-2025").entries():
        if entry.path.startswith("levers.us.eda."):
            assert entry.path.rpartition(".")[2] in words
            assert " ".join(entry.source.split()) in words
    assert "…" not in told


def test_a_narrow_terminal_gets_moves_as_a_table_and_the_rest_as_sentences(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    told = detente("show", "grim").stdout
    assert "…" not in told
    assert "saw good" not in told
    assert "In state unforgiving it retaliates" in told
