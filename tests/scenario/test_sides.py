"""Sides by ids and names of a scenario's own: nothing but words changes with them."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError
from sim.scenario.sides import DEFAULT, LONGEST_NAME, TAKEN
from tests.properties.worlds import worlds

OWN = (
    {"id": "east", "name": "the Eastern League", "short": "the League", "adjective": "Eastern"},
    {"id": "west", "name": "Westland", "colour": "#117733"},
)
FILE = """extends = "geneva-2025"
[[sides]]
id = "east"
name = "the Eastern League"
short = "the League"
adjective = "Eastern"
[[sides]]
id = "west"
name = "Westland"
colour = "#117733"
"""


def same_tables(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one.params, two.params, strict=True))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    worlds(),
    st.sampled_from([OWN, OWN[::-1], ({"id": "cn", "name": "A"}, {"id": "us", "name": "B"})]),
)
def test_a_renamed_world_is_the_same_numbers(table, sides):
    world = Scenario.from_table(table)
    renamed = world.override({"sides": list(sides)})
    assert renamed.sides.ids == (sides[0]["id"], sides[1]["id"])
    assert same_tables(world.compiled, renamed.compiled)
    again = Scenario.from_table(renamed.to_table())
    assert again.hash == renamed.hash != world.hash
    back = renamed.override({"sides": []})
    assert back.hash == world.hash


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.toml").write_text(FILE)
    return Scenario.load(tmp_path / "own.toml")


def test_what_a_file_extends_goes_by_its_sides(own):
    geneva = Scenario.load("geneva-2025")
    assert same_tables(own.compiled, geneva.compiled)
    paths = [row.path for row in own.entries()]
    assert not [path for path in paths if re.search(r"(^|\.)(us|cn)(\.|$)", path)]
    assert len(paths) == len([*geneva.entries()]) + 7
    assert own.spec.talks.sequencing == "west_first"
    assert [row.path for row in own.changes.rows] == ["sides"]
    assert own.override({"actors.east.slip": 0.5}).spec.actors["east"].slip == 0.5
    assert own.origin("actors.east.slip") == geneva.origin("actors.us.slip")


def test_names_default_to_what_is_there(own):
    east, west = own.sides
    assert (east.plain, east.label, east.adjective) == ("Eastern League", "League", "an Eastern")
    assert (west.short, west.adjective, west.colour) == ("Westland", "a Westland", "#117733")
    assert east.colour == DEFAULT.first.colour
    assert Scenario.load("geneva-2025").sides == DEFAULT


@pytest.mark.parametrize(
    ("path", "nearest"),
    [("actors.us.slip", None), ("actors.eastt.slip", "actors.east.slip"), ("slip", None)],
)
def test_a_path_of_another_side_is_refused_with_those_there_are(own, path, nearest):
    with pytest.raises(ScenarioError) as error:
        own.override({path: 0.1})
    (problem,) = error.value.problems
    assert nearest is None or problem.nearest == nearest
    assert nearest or "east" in str(problem) or "west" in str(problem)


BAD = {
    "three": [*OWN, {"id": "south", "name": "Southland"}],
    "no tables": "east",
    "one id": [OWN[0], OWN[1] | {"id": "east"}],
    "one name": [OWN[0], OWN[1] | {"name": "The Eastern League"}],
    "one short name": [OWN[0], OWN[1] | {"short": "the league"}],
    "no id": [OWN[0], {"name": "Westland"}],
    "no name": [OWN[0], {"id": "west"}],
    "an unknown key": [OWN[0], OWN[1] | {"flag": "green"}],
    "a bare colour": [OWN[0], OWN[1] | {"colour": "green"}],
    **{
        f"id {text!r}": [OWN[0], OWN[1] | {"id": text}]
        for text in ("", "West", "we st", "we.st", "1st", "w" * 21, 3, "wést", *TAKEN)
    },
    **{
        f"name {text!r}"[:30]: [OWN[0], OWN[1] | {"name": text}]
        for text in (
            "",
            " ",
            "=1+1",
            "a|b",
            "[red]x",
            "<b>",
            "*x*",
            "$x$",
            "a\nb",
            "a\x1b[1m",
            "x" * 81,
            "\u202ea",
            "-x",
            7,
            "a ",
            "`x`",
            "a_b",
            "&amp",
        )
    },
}


@pytest.mark.parametrize("kind", BAD)
def test_sides_that_are_none_are_refused_at_their_place(kind):
    with pytest.raises(ScenarioError) as error:
        Scenario.from_table({"title": "t", "start": "2027-01-01", "sides": BAD[kind]})
    assert all(problem.path.startswith("sides") for problem in error.value.problems)
    assert len(str(error.value)) < 2_000


def test_all_that_is_wrong_with_them_is_said_at_once():
    bad = [{"id": "A", "name": "*"}, {"id": "", "name": "x" * 99, "colour": 3}]
    with pytest.raises(ScenarioError) as error:
        Scenario.from_table({"title": "t", "start": "2027-01-01", "sides": bad})
    assert {p.path for p in error.value.problems} == {
        *("sides.A.id", "sides.A.name", "sides.1.id", "sides.1.name", "sides.1.colour")
    }


def test_names_of_every_script_are_names():
    for name in (
        "São Tomé",
        "中国",
        "Кыргызстан",
        "हिन्द",
        "Côte d’Ivoire",
        "Congo (Rep.)",
        "x" * LONGEST_NAME,
    ):
        sides = [OWN[0], {"id": "west", "name": name}]
        world = Scenario.from_table({"title": "t", "start": "2027-01-01", "sides": sides})
        assert world.sides.second.name == name


def test_an_ally_is_no_side(own):
    with pytest.raises(ScenarioError, match="no side's id"):
        own.override({"allies.east": {"lever": "east.chips"}})
