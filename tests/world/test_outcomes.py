"""The table of the outcomes: each row has its field, its place and its words."""

import re
from pathlib import Path

import pytest

from sim.plots.style import PALETTE
from sim.world.outcomes import CURVES, NAMES, ONCE, OUTCOMES, SOLVED, outcome_of
from tests.world.play import Game, ban, script, table

MODEL = Path(__file__).resolve().parents[2] / "docs" / "model.md"
RETALIATES = {"policy": script("R")}


def rules(**truce):
    return Game(table(truce=truce)).p.rules[0]


def said(name, core=(), **truce):
    return outcome_of(name).definition(rules(**truce), core)


def test_the_headline_is_that_the_truce_stands():
    assert NAMES == ("standing", "undisputed", "clean", "core", "extended")


@pytest.mark.parametrize("of", ["name", "field", "column", "rank", "colour", "says"])
def test_no_two_outcomes_share_anything(of):
    assert len({getattr(one, of) for one in OUTCOMES}) == len(OUTCOMES)


def test_every_colour_is_one_of_the_pictures():
    assert {one.colour for one in OUTCOMES} <= set(PALETTE)


def test_every_field_is_of_a_run_and_begins_at_0():
    game = Game(table(truce={}))
    assert [int(game.run[one.field]) for one in OUTCOMES] == [0] * len(OUTCOMES)


def test_curves_and_those_decided_once_are_all():
    assert {*CURVES, *ONCE} == set(OUTCOMES)
    assert [one.name for one in ONCE] == ["extended"]
    assert set(SOLVED) == {"clean", "undisputed", "standing"}


def test_only_clean_needs_no_truce():
    game = Game(table(us=RETALIATES, cn=RETALIATES, weeks=30), {}).to(30)
    fell = {one.name for one in CURVES if game.run[one.field]}
    assert fell == {one.name for one in CURVES if not one.needs_truce} == {"clean"}


def test_they_fall_in_the_order_of_their_strictness():
    """Both sides are at rung 2 in weeks 1 and 2, at 4 from week 3 on."""
    levers = {side: {"a": ban(notches=2, severity=2.0)} for side in ("us", "cn")}
    climb = {"policy": script("RHR"), "proportionality": 4.0}
    truce = {"rupture_rung": 4, "breakdown_after": 2}
    game = Game(table(levers, us=climb, cn=climb, truce=truce), {}).to(9)
    weeks = {one.name: int(game.run[one.field]) for one in CURVES}
    assert weeks == {"clean": 1, "undisputed": 2, "standing": 4, "core": 0}


def test_the_model_s_page_says_when_each_holds():
    rows = re.findall(r"^\| `(\w+)` \|", MODEL.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(NAMES) <= set(rows)


def test_a_rupture_is_said_with_its_rung_and_its_weeks():
    assert said("standing", rupture_rung=4, breakdown_after=3) == (
        "no 3 weeks in a row with both sides at rung 4 or above and the truce itself alive "
        "(core promises kept, term not run out)"
    )
    assert said("standing", rupture_rung=2.5, breakdown_after=1).startswith(
        "no week with both sides at rung 2.5 or above"
    )


def test_without_a_rung_of_rupture_a_dispute_is_one():
    assert said("standing", rupture_rung=0) == said("undisputed", rupture_rung=0)
    assert said("standing", rupture_rung=1) != said("undisputed", rupture_rung=1)


@pytest.mark.parametrize(
    ("truce", "weeks"),
    [
        ({"breakdown_after": 1, "unilateral_after": 0}, "no week of violation by both sides and"),
        (
            {"breakdown_after": 4, "unilateral_after": 8},
            "no 4 weeks in a row of violation by both sides, no 8 weeks in a row by one, and",
        ),
    ],
)
def test_a_dispute_is_said_with_its_weeks(truce, weeks):
    assert said("undisputed", **truce).startswith(weeks)


def test_core_names_its_levers():
    named = said("core", core=["us.a", "cn.b"])
    assert "(us.a, cn.b)" in named
    assert said("core") == "no act ending the truce"


def test_clean_is_said_for_a_scenario_without_a_truce_too():
    without = Game(table()).p.rules[0]
    assert "its obligation" in said("clean")
    assert "by default its first level" in outcome_of("clean").definition(without, ())


def test_an_unknown_outcome_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="outcome is 'peace'; allowed: standing, undisputed"):
        outcome_of("peace")
    assert all(outcome_of(one.name) is one for one in OUTCOMES)
