"""Step 3: which lever is pulled, by value, by the other side's issue, or any."""

import math

import pytest

from sim.scenario import Scenario
from tests.world.play import CN, US, WORLD, Game, ban, day, script, shock, table


def pulled(levers, luck=None, weeks=1, cn=None, cn_levers=None, shocks=None, **us):
    """Levels of the levers of us after weeks of retaliation."""
    both = {"us": levers, "cn": cn_levers or {"x": ban()}}
    actor = {"policy": script("R"), "proportionality": 9.0} | us
    game = Game(table(both, us=actor, cn=cn, shocks=shocks), luck or {}).to(weeks)
    return game.levels()[: len(levers)]


def test_the_score_is_w_times_value_dependence_less_cost():
    lever = ban(harm_weight=0.7, believed_value=0.4, dependence=0.3, own_cost=0.2)
    game = Game(table({"us": {"a": lever}}))
    assert WORLD.choice.score(game.p, game.s, 0) == 0.7 * (0.4 * 0.3 - 0.2)


@pytest.mark.parametrize(
    "better", [{"harm_weight": 1.1}, {"believed_value": 0.6}, {"own_cost": -0.0}, {"dependence": 1}]
)
def test_by_value_the_best_score_is_pulled(better):
    common = {"dependence": 0.9, "own_cost": 0.1}
    assert pulled({"a": ban(**common), "b": ban(**common | better), "c": ban(**common)}) == [
        0,
        1,
        0,
    ]


def test_scores_are_read_with_the_values_of_the_moment():
    """Dependence falls by a programme in step 1 of week 2, so the pull of week 2 goes elsewhere."""
    online = [{"name": "mine", "online": day(2), "share": 0.5}]
    levers = {"a": ban(notches=2, programmes=online), "b": ban(notches=2, believed_value=0.4)}
    assert pulled(levers, weeks=1) == [1, 0]
    assert pulled(levers, weeks=2) == [1, 1]


def test_scores_tie_to_the_first_in_file_order():
    assert pulled({"a": ban(), "b": ban(), "c": ban()}) == [1, 0, 0]


def test_a_full_lever_is_passed_over():
    assert pulled({"a": ban(), "b": ban(own_cost=1.0)}, weeks=2) == [1, 1]


def test_a_lever_taken_away_is_passed_over():
    gone = [shock(1, "us.a", remove=True)]
    assert pulled({"a": ban(), "b": ban(own_cost=1.0)}, shocks=gone) == [0, 1]


def test_a_lever_conceded_ahead_of_its_due_date_is_passed_over():
    """It stands below what counts until week 5: pulling it would raise no rung."""
    levers = {"a": ban(notches=2, level=2, obligation=0, due_weeks=5), "b": ban(own_cost=1.0)}
    game = Game(table({"us": levers}, us={"policy": script("CR")}), {})
    assert game.week().levels() == [1, 0]
    assert game.week().levels() == [1, 1]


def test_below_what_counted_at_the_end_of_last_week_is_what_matters():
    """It falls due in step 1 of this week, but decisions read what counted last week."""
    levers = {"a": ban(notches=2, level=2, obligation=0, due_weeks=1), "b": ban(own_cost=1.0)}
    game = Game(table({"us": levers}, us={"policy": script("CRR")}), {})
    assert [game.week().levels() for _ in range(3)] == [[1, 0], [1, 1], [1, 1]]
    stride = {"policy": script("CRR"), "stride": 3, "proportionality": 9.0}
    game = Game(table({"us": levers}, us=stride), {}).to(3)
    assert game.levels() == [2, 1]


def test_no_lever_with_room_no_pull():
    game = Game(table({"us": {}}, us={"policy": script("R"), "stride": 3}), {}).to(2)
    assert game.us.rung == 0.0


def gumbel(u):
    return -math.log(-math.log((math.floor(4096 * u) + 0.5) / 4096))


def test_temperature_adds_tabulated_gumbel_noise_to_the_score():
    """b overtakes a exactly where T (gamma(u_b) - gamma(u_a)) exceeds the gap of the scores."""
    levers = {"a": ban(believed_value=0.9), "b": ban(believed_value=0.4)}
    for u_a, u_b in ((0.5, 0.7), (0.5, 0.8), (0.2, 0.6), (0.9, 0.95), (0.01, 0.3)):
        luck = {(1, "taste", 0): u_a, (1, "taste", 1): u_b}
        for temperature in (0.25, 0.5, 1.0):
            b_wins = 0.4 + temperature * gumbel(u_b) > 0.9 + temperature * gumbel(u_a)
            assert pulled(levers, luck, temperature=temperature) == [not b_wins, b_wins]


def test_mirror_pulls_the_first_lever_on_the_issue_of_the_other_s_last_pull():
    """cn pulls in week 1; us sees which issue that was in week 2."""
    levers = {"a": ban(), "b": ban(issue="chips"), "c": ban(issue="chips", own_cost=-0.0)}
    cn = {"policy": script("R")}
    mirror = {"lever_choice": "mirror", "policy": script("HR")}
    for issue, expected in (("chips", [0, 1, 0]), ("ships", [1, 0, 0]), ("c", [1, 0, 0])):
        both = {"x": ban(issue=issue)}
        assert pulled(levers, cn=cn, cn_levers=both, weeks=2, **mirror) == expected


def test_mirror_may_be_the_first_lever_of_all():
    levers = {"x": ban(own_cost=1.0), "a": ban()}
    mirror = {"lever_choice": "mirror", "policy": script("HR")}
    assert pulled(levers, cn={"policy": script("R")}, weeks=2, **mirror) == [1, 0]


@pytest.mark.parametrize("choice", ["value", "uniform"])
def test_other_choices_do_not_mirror(choice):
    levers = {"x": ban(own_cost=1.0), "a": ban()}
    us = {"lever_choice": choice, "policy": script("HR")}
    assert pulled(levers, cn={"policy": script("R")}, weeks=2, **us) == [0, 1]


def test_mirror_before_any_pull_of_the_other_is_value():
    cn = {"policy": script("R")}
    assert pulled({"a": ban(), "x": ban()}, cn=cn, lever_choice="mirror") == [1, 0]


def test_mirror_without_room_on_the_issue_is_value():
    levers = {"a": ban(), "x": ban(level=1)}
    mirror = {"lever_choice": "mirror", "policy": script("HR")}
    assert pulled(levers, cn={"policy": script("R")}, weeks=2, **mirror) == [1, 1]


def test_mirror_follows_slips_but_not_shocks():
    levers = {"a": ban(), "x": ban()}
    mirror = {"lever_choice": "mirror", "policy": script("HR")}
    slip = {(1, "slip", "cn"): 0.0}
    assert pulled(levers, slip, cn={"slip": 0.5}, weeks=2, **mirror) == [0, 1]
    move = [shock(1, "cn.x", level=1)]
    assert pulled(levers, shocks=move, weeks=2, **mirror) == [1, 0]


def test_the_issue_of_a_lever_is_its_name_unless_it_says_otherwise():
    mirror = {"lever_choice": "mirror", "policy": script("HR")}
    cn = {"policy": script("R")}
    assert pulled({"a": ban(), "x": ban()}, cn=cn, weeks=2, **mirror) == [0, 1]


def test_uniform_choice_takes_index_floor_u_count_in_file_order():
    levers = {"a": ban(), "full": ban(level=1), "b": ban(own_cost=9.0), "c": ban()}
    for u, expected in ((0.0, [1, 1, 0, 0]), (0.34, [0, 1, 1, 0]), (0.67, [0, 1, 0, 1])):
        luck = {(1, "pick", "us", 0): u}
        assert pulled(levers, luck, lever_choice="uniform") == expected


def test_uniform_choice_draws_anew_for_every_notch_of_the_week():
    levers = {"a": ban(notches=3), "b": ban(notches=3)}
    luck = {(1, "pick", "us", 0): 0.0, (1, "pick", "us", 1): 0.6, (1, "pick", "us", 2): 0.0}
    game = pulled(levers, luck, lever_choice="uniform", stride=3)
    assert game == [2, 1]


def test_each_side_chooses_among_its_own():
    levers = {"us": {"a": ban()}, "cn": {"b": ban(believed_value=1.0)}}
    game = Game(table(levers, us={"policy": script("R")}), {}).week()
    assert game.levels() == [1, 0]
    assert game.s.sides[US].rung == 1.0
    assert game.s.sides[CN].rung == 0.0


# A temperature of its own


def test_a_lever_may_have_a_temperature_of_its_own():
    """Only b is soft: it is pulled where its taste makes up for its lower score."""
    levers = {"a": ban(dependence=0.8), "b": ban(dependence=0.4, temperature=0.1)}
    gap = 0.5 * 0.8 - 0.5 * 0.4
    chance = 1.0 - math.exp(-math.exp(-gap / 0.1))
    for u, best in ((1.0 - 0.9 * chance, 1), (1.0 - 1.1 * chance, 0)):
        luck = {(1, "taste", 0): 0.999, (1, "taste", 1): u}
        assert pulled(levers, luck) == [best == 0, best == 1]


def test_the_owner_s_temperature_is_that_of_levers_without_one():
    levers = {"a": ban(dependence=0.8), "b": ban(dependence=0.4, temperature=0.0)}
    soft = Game(table({"us": levers}, us={"temperature": 0.3}))
    assert soft.p.levers.temperature.tolist() == [0.3, 0.0]


def test_no_lever_has_a_temperature_by_default():
    assert not Scenario.load("base/us-china").compiled.params.levers.temperature.any()
