"""Files beyond any sense get one clear error each, at once, whatever is wrong with them."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ExperimentError, ScenarioError
from sim.scenario import Scenario
from sim.scenario.loading import MOST_BYTES, MOST_LEVELS, MOST_VALUES, parse
from sim.scenario.overrides import parse_setting
from sim.studies.reading import read_experiment
from sim.world.state import MOST_LEVERS
from tests.waiting import raised_by

DOCS = Path(__file__).resolve().parents[2] / "docs"
HEAD = 'title = "t"\nextends = "geneva-2025"\n'
FACTOR = 'scenario = "geneva-2025"\nruns = 20\n[[factors]]\nname = "world"\npath = "scenario"\n'

DEEP = {
    "list": lambda n: "x = " + "[" * n + "]" * n,
    "header": lambda n: "[" + ".".join(["a"] * n) + "]",
    "dotted key": lambda n: ".".join(["a"] * n) + " = 1",
    "inline table": lambda n: "x = " + "{a=" * n + "1" + "}" * n,
}


def problem(error):
    (only,) = error.value.problems
    return only


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("levels", [MOST_LEVELS + 5, 500, 5000])
def test_deep_nesting(kind, levels, tmp_path):
    file = tmp_path / "deep.toml"
    file.write_text(HEAD + DEEP[kind](levels) + "\n")
    with pytest.raises(ScenarioError) as error:
        Scenario.load(file)
    assert "nested too deeply" in problem(error).found


@given(st.integers(min_value=20, max_value=6000), st.booleans())
def test_whole_numbers_of_any_length(digits, minus):
    text = f"weeks = {'-' if minus else ''}{'9' * digits}"
    with pytest.raises(ScenarioError) as error:
        parse(text, "a.toml")
    assert "too many digits" in problem(error).found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *((DEEP[kind](2_000).removeprefix("x = "), "nested") for kind in ("list", "inline table")),
        ("9" * 5_000, "too many digits"),
        (f"[{'1, ' * MOST_VALUES}]", "more than 10,000 values"),
    ],
    ids=["list", "table", "digits", "many"],
)
def test_a_single_setting_keeps_the_limits_of_a_file(value, said):
    with pytest.raises(ScenarioError) as error:
        parse_setting(f"weeks={value}")
    assert said in problem(error).found
    assert problem(error).path == "weeks"


def test_a_setting_is_one_value():
    assert parse_setting("title=3\nweeks = 4") == ("title", "3\nweeks = 4")


def test_too_many_values_and_too_long_keys():
    with pytest.raises(ScenarioError) as error:
        parse("".join(f"k{i} = 1\n" for i in range(MOST_VALUES + 1)), "a.toml")
    assert "more than 10,000 values" in problem(error).found
    with pytest.raises(ScenarioError) as error:
        parse("k" * 100_000 + " = 1", "a.toml")
    assert len(str(error.value)) < 200


def test_a_file_that_is_too_large(tmp_path):
    file = tmp_path / "large.toml"
    file.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(ScenarioError) as error:
        Scenario.load(file)
    assert problem(error).allowed == "at most 5,000,000 bytes"


@pytest.mark.parametrize("name", ["/dev/zero", "/proc/kmsg", "pipe", "a" * 5000])
def test_what_is_no_plain_file_is_never_read(name, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    file = tmp_path / "a.toml"
    file.write_text(f'title = "t"\nextends = "{name}"\n')
    assert len(raised_by(lambda: Scenario.load(file), ScenarioError)) == 1


def test_a_line_of_what_is_not_toml_is_not_quoted(tmp_path):
    secret = tmp_path / "passwords"
    secret.write_text("hunter2:x\n")
    file = tmp_path / "a.toml"
    file.write_text(f'title = "t"\nextends = "{secret}"\n')
    with pytest.raises(ScenarioError) as error:
        Scenario.load(file)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("value", ["3", "1979-05-27T07:32:00Z", "true", '"x"', "1.5", "[]", "{}"])
@pytest.mark.parametrize("key", ["choices", "values"])
def test_choices_of_any_type(value, key, tmp_path):
    file = tmp_path / "e.toml"
    file.write_text(FACTOR + f"{key} = {value}\n")
    with pytest.raises(ExperimentError) as error:
        read_experiment(file)
    assert all(one.allowed for one in error.value.problems)


@pytest.mark.parametrize("value", ["[{ }]", "[[1]]", "[1, { a = 1 }]"])
@pytest.mark.parametrize("table", ["allies.eu.dependence", "allies.eu", "levers.us.eda"])
def test_a_list_where_a_table_belongs(value, table, tmp_path):
    file = tmp_path / "s.toml"
    file.write_text(HEAD + f"[{table}]\nparts = {value}\n")
    with pytest.raises(ScenarioError):
        Scenario.load(file)


def test_more_levers_than_there_is_room_for():
    """Levers lie in columns: a scenario that fills them loads, one lever more is an error."""
    table = Scenario.load("textbook/quiet").to_table()
    side = next(iter(table["levers"]))
    lever = next(iter(table["levers"][side].values()))
    others = sum(len(levers) for levers in table["levers"].values()) - len(table["levers"][side])
    for more in (0, 1):
        number = MOST_LEVERS - others + more
        table["levers"][side] = {f"copy_{place}": dict(lever) for place in range(number)}
        if more == 0:
            assert len(Scenario.from_table(table).compiled.levers) == MOST_LEVERS
            continue
        with pytest.raises(ScenarioError) as error:
            Scenario.from_table(table)
        assert "73 levers" in problem(error).found
        assert "at most 72" in str(error.value)


@pytest.mark.parametrize("page", ["howto-new-scenario.md", "reference-scenarios.md"])
def test_a_limit_on_how_many_is_on_the_pages_that_writers_read(page):
    """Not only in the error: who plans a scenario reads it first."""
    text = " ".join((DOCS / page).read_text(encoding="utf-8").split())
    assert re.search(rf"{MOST_LEVERS} (levers, )?of both sides together", text)
