"""What a scenario changes of the one it extends, and of its file on the command line."""

import pytest

from sim.scenario import Scenario
from sim.scenario.changes import NOT_SET, Change, Changes

FILE = """
title = "Mine"
extends = "geneva-2025.toml"
weeks = 20

[actors.us]
slip = 0.1

["+shocks".none]
""".replace('["+shocks".none]', '[[shocks]]\nname = "one"\ndate = 2025-06-01\ntalks = true')


@pytest.fixture
def mine(tmp_path) -> Scenario:
    (tmp_path / "mine.toml").write_text(FILE)
    return Scenario.load(tmp_path / "mine.toml")


def test_only_what_differs_is_told_with_both_values_and_who_set_it(mine):
    shock = '[{ name = "one", date = 2025-06-01, talks = true }]'
    assert mine.changes == Changes(
        "geneva-2025",
        (
            Change("actors.us.slip", "0.027", "0.1", "mine.toml"),
            Change("weeks", "26", "20", "mine.toml"),
            Change("shocks", NOT_SET, shock, "mine.toml"),
        ),
    )


def test_settings_of_the_command_line_come_first(mine):
    rows = mine.override({"weeks": 21, "actors.cn.slip": 0.2}).changes.rows
    assert [row.origin for row in rows] == ["--set", "--set", "mine.toml", "mine.toml"]
    assert Change("weeks", "26", "21", "--set") in rows


def test_a_value_set_back_is_no_change(mine):
    back = mine.override({"actors.us.slip": 0.027, "weeks": 26}).changes.rows
    assert [row.path for row in back] == ["shocks"]


def test_drawn_values_are_changes_too(mine):
    rows = mine.with_values({"actors.us.slip": 0.3}).changes.rows
    assert Change("actors.us.slip", "0.027", "0.3", "drawn") in rows


def test_of_a_file_that_extends_nothing_only_settings_are_told(tmp_path):
    base = Scenario.load("geneva-simple")
    assert all(row.origin != "--set" for row in base.changes.rows)
    assert [row.path for row in base.override({"weeks": 9}).changes.rows][:1] == ["weeks"]


def test_a_table_has_no_file_to_differ_from(mine):
    assert Scenario.from_table(mine.to_table()).changes is None


def test_changes_are_kept_as_a_table(mine):
    assert Changes.from_table(mine.changes.to_table()) == mine.changes
    assert Changes.from_table(None) is None
