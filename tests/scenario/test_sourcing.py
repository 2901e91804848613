"""When the sources of values were known, and what a scenario changes of what it extends."""

import datetime

import pytest

from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.scenario.sourcing import CHECKED, NOT_SET, Change, Changes, known_on
from tests.world.play import table

DAY = datetime.date


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("event 2025-05-12-geneva-us", DAY(2025, 5, 12)),
        ("events 2025-04-04-entity-lists-cn and 2025-04-09-entity-lists-cn", DAY(2025, 4, 9)),
        ("series magnet_exports_china_to_us 2025-05: 46 t", DAY(2025, 5, 31)),
        ("series a 2024-02: a leap year", DAY(2024, 2, 29)),
        ("claim 17, known 2025-06-04", DAY(2025, 6, 4)),
        ("event 2025-11-10-fentanyl10-effect-us, known 2025-10-30", DAY(2025, 10, 30)),
        ("series b 2025: 80 %", None),
        ("judgement", None),
        ("2025-13-01 and 2025-02-31 and 2025-00 are no dates; R2025-05-1234", None),
        ("", None),
    ],
)
def test_a_source_carries_the_latest_date_it_cites_or_the_one_it_says(source, day):
    assert known_on(source) == day


def world(**top):
    sources = {
        "actors.us.slip": "event 2025-05-13-ascend-guidance-us",
        "actors.cn.slip": "event 2025-02-01-fentanyl10-us",
        "actors.us.miss": "my judgement",
    }
    return Scenario.from_table(table(sources=sources, **top))


def test_without_a_day_nothing_is_held_against_it():
    assert world().knowledge is None


def test_what_is_known_only_later_is_told_with_its_day():
    known = world(as_of="2025-05-12").knowledge
    assert ("actors.us.slip", DAY(2025, 5, 13)) in known.late
    assert "actors.cn.slip" not in dict(known.late) | dict(known.undated)
    assert known.undated[[p for p, _ in known.undated].index("actors.us.miss")][1] == "my judgement"
    late, undated = known.sentences()
    assert "as_of 2025-05-12" in late
    assert "actors.us.slip (2025-05-13)" in late
    assert "undated sources" in undated
    assert "actors.*.miss 2" in known.undated_fields()
    later = world(as_of="2025-05-13").knowledge
    assert "actors.us.slip" not in dict(later.late)


def test_a_value_changed_since_has_no_date():
    changed = world(as_of="2025-05-12").override({"actors.us.slip": 0.2})
    assert "actors.us.slip" in dict(changed.knowledge.undated)
    (row,) = (row for row in changed.entries() if row.path == "actors.us.slip")
    assert row.known is None


@pytest.mark.parametrize(
    "name", [shipped.name for shipped in list_shipped() if "textbook" not in shipped.path.parts]
)
def test_every_value_of_a_scenario_has_a_day_or_is_called_a_judgement(name):
    """Of what is taken from the world; the textbook's worlds are nobody's record."""
    known = Scenario.load(name).entries()
    checked = (row for row in known if row.path.partition(".")[0] in CHECKED)
    bare = [
        (row.path, row.source)
        for row in checked
        if row.known is None and "judgement" not in row.source
    ]
    assert bare == []


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
