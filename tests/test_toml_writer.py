"""Every text of a user that becomes part of a TOML file stays that text."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from sim.errors import as_key, as_toml, printable
from sim.policies.inline import policy_toml
from sim.policies.library import build_policy
from sim.scenario import Scenario
from sim.scenario.template import own_scenario

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NASTY = st.sampled_from(
    ["a\nactors.us.slip = 1.0\n#", "\r\nweeks = 1", '"', "\\", "\x00\x7f\x85\u2028", "#", "'", "]"]
)
VALUES = st.recursive(
    TEXT | NASTY | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | NASTY, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_read_as_it_was_written(value):
    assert tomllib.loads(f"x = {as_toml(value)}") == {"x": value}


@given(TEXT | NASTY, TEXT | NASTY)
def test_so_is_a_key_and_a_comment_is_one_line(key, text):
    written = f"# {printable(text)}\n{as_key(key)} = {as_toml(text)}\n"
    assert tomllib.loads(written) == {key: text}


@given(TEXT | NASTY)
def test_a_new_scenario_has_no_setting_that_a_source_wrote(text):
    source = Scenario.load("textbook/tft-noise").override({"sources": {"actors.us.slip": text}})
    table = tomllib.loads(own_scenario(source, source.path.parent / "mine.toml"))
    assert table.keys() == {"title", "extends"}


@given(st.lists(TEXT | NASTY, min_size=2, max_size=2, unique=True))
def test_a_machine_keeps_the_names_of_its_states(names):
    one, two = names
    states = {
        one: {"move": "concede", "next": {"saw_good": one, "saw_bad": two}},
        two: {"move": "retaliate", "next": {"any": one}},
    }
    machine = build_policy({"machine": {"start": {one: 0.5, two: 0.5}, "states": states}})
    read = tomllib.loads(policy_toml(machine, "us"))["actors"]["us"]["policy"]
    assert build_policy(read) == machine
