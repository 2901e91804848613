"""Who plays: labels, files, and everything that may be wrong with them."""

from datetime import date

import pytest

from sim.errors import ExperimentError
from sim.games.lineup import choose, own_label, read_policies, standard
from sim.policies import POLICIES
from sim.policies.library import STAGED
from sim.scenario import Scenario

GENEVA = Scenario.load("geneva-2025")
#: Geneva has no stage game, which these are made for.
PLAYED = [name for name in POLICIES if name not in STAGED]


def test_by_default_the_library_and_the_scenarios_own_two_play():
    lineup = choose(GENEVA, {})
    assert list(lineup.us) == list(lineup.cn) == [*PLAYED, "us_as_shipped", "cn_as_shipped"]
    assert lineup.us["us_as_shipped"] == {"name": "generous_tit_for_tat", "generosity": 0.80}
    assert own_label(GENEVA, "us", lineup.us) == "us_as_shipped"
    assert own_label(GENEVA, "cn", lineup.cn) == "cn_as_shipped"


def test_a_policy_of_the_library_is_not_listed_twice():
    textbook = Scenario.load("textbook/base")
    assert list(standard(textbook)) == list(POLICIES)
    assert own_label(textbook, "us", standard(textbook)) == "tit_for_tat"


def test_labels_choose_and_order():
    lineup = choose(GENEVA, {"us": ["grim", "us_as_shipped"], "cn": None})
    assert list(lineup.us) == ["grim", "us_as_shipped"]
    assert len(lineup.cn) == len(PLAYED) + 2


def test_policies_of_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[both]\npatient = { name = "generous_tit_for_tat", generosity = 0.6 }\n'
        '[us]\nhawk = { name = "grim" }\n'
    )
    found = read_policies(path)
    assert list(found["us"]) == ["patient", "hawk"]
    assert list(found["cn"]) == ["patient"]
    lineup = choose(GENEVA, {"cn": ["patient", "tit_for_tat"]}, path)
    assert (list(lineup.us), list(lineup.cn)) == (["patient", "hawk"], ["patient", "tit_for_tat"])


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"us": ["grim"]}, "one policy of us"),
        ({"us": ["grim", "grim"]}, "grim twice"),
        ({"cn": ["grim", "tit_for_tats"]}, "did you mean tit_for_tat?"),
        ({"cn": ["grim", ""]}, "found:   nothing"),
    ],
)
def test_bad_labels(chosen, message):
    with pytest.raises(ExperimentError) as refused:
        choose(GENEVA, chosen)
    assert message in str(refused.value)
    assert str(refused.value).startswith("--")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no policies"),
        ('[uss]\na = { name = "grim" }', "did you mean us?"),
        ("us = 3", "a table of label = policy"),
        ("[us]\na = 3", "a policy table"),
        ('[us]\na = { name = "grimm" }', "did you mean grim?"),
        ('[us]\na = { name = "random", p = 2 }', "us.a.p"),
        ('[us]\na = { name = "grim" }\n[both]\na = { name = "random" }', "a twice"),
        ('[us]\na = { name = "grim" }\na = { name = "random" }', "mine.toml:3"),
    ],
)
def test_bad_files_name_the_place(tmp_path, text, message):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ExperimentError) as refused:
        read_policies(path)
    assert message in str(refused.value)
    assert "mine.toml" in str(refused.value)


def test_a_scenario_that_says_nothing_of_its_governments_plays_their_default():
    bare = Scenario.from_table({"title": "Bare", "start": date(2027, 3, 1), "weeks": 3})
    assert list(standard(bare)) == PLAYED
    assert own_label(bare, "us", standard(bare)) == "tit_for_tat"
