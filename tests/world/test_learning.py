"""Step 7: beliefs about the other side, and what an own lever is worth."""

import pytest

from tests.world.play import Game, ban, meeting, script, shock, table


def believer(signals, **actor):
    """us with a string of signals, 1 for bad, given by dated acts of cn."""
    acts = [shock(t, "cn.move", level=bad) for t, bad in enumerate(signals, start=1)]
    return Game(table(us=actor, shocks=acts, weeks=max(12, len(signals))), {})


def test_the_prior_is_weeks_of_signals_with_a_share_of_good_ones():
    game = Game(table(us={"belief_prior_weeks": 8.0, "belief_prior_good": 0.75}))
    assert (game.us.good_count, game.us.bad_count) == (6.0, 2.0)


def test_counts_without_forgetting():
    """V21: Beta(1, 1) and 7 of 10 compliant: mean 8/12."""
    flat = {"belief_prior_weeks": 2.0, "belief_prior_good": 0.5, "belief_memory": 1.0}
    game = believer([0, 0, 1, 0, 1, 0, 0, 1, 0, 0], **flat).to(10)
    assert (game.us.good_count, game.us.bad_count) == (8.0, 4.0)
    assert game.us.good_count / 12 == pytest.approx(0.666667, abs=5e-7)


def test_counts_with_forgetting():
    """V21: gamma .9, ten compliances, then one breach: 6.175705 and 1.313811, mean .824580."""
    flat = {"belief_prior_weeks": 2.0, "belief_prior_good": 0.5, "belief_memory": 0.9}
    game = believer([0] * 10 + [1], **flat).to(11)
    good, bad = game.us.good_count, game.us.bad_count
    assert (good, bad) == (pytest.approx(6.175705, abs=5e-7), pytest.approx(1.313811, abs=5e-7))
    assert good / (good + bad) == pytest.approx(0.824580, abs=5e-7)


def test_accusing_is_a_belief_strictly_above_a_half():
    even = {"belief_prior_weeks": 2.0, "belief_prior_good": 0.5, "belief_memory": 1.0}
    game = believer([1, 0, 0, 1, 1], **even)
    assert [game.week().us.accuses for _ in range(5)] == [1, 0, 0, 0, 1]


def test_beliefs_are_of_signals_not_of_the_truth():
    blind = believer([1, 1, 1], miss=1.0, belief_memory=1.0).to(3)
    assert blind.us.bad_count == pytest.approx(4 * 0.3)


def test_each_side_has_its_own():
    acts = [shock(1, "cn.move", level=1)]
    sides = {"us": {"belief_memory": 0.5}, "cn": {"belief_memory": 1.0}}
    game = Game(table(**sides, shocks=acts), {}).week()
    assert (game.us.good_count, game.us.bad_count) == (0.5 * 2.8, 0.5 * (4 - 2.8) + 1)
    assert (game.cn.good_count, game.cn.bad_count) == (1.0 * 2.8 + 1, 4 - 2.8)


# What a lever is worth


def biting(notches=1, **actor):
    """Two levers of us bite (x = .5, w = 3; x = .25, w = 2), a third does not."""
    levers = {
        "us": {
            "a": ban(level=1, dependence=0.5, harm_weight=3.0, believed_value=0.5),
            "b": ban(level=1, dependence=0.25, harm_weight=2.0, believed_value=0.2),
            "idle": ban(believed_value=0.4),
        },
        "cn": {"move": ban(dependence=0.0, level=1, obligation=0, notches=notches)},
    }
    us = {"value_learning": 0.4, "value_decay": 0.1} | actor.pop("us", {})
    return Game(table(levers, us=us, **actor), {})


def grown():
    return [0.5 + 0.4 * (1.5 / 2.0) * 0.5, 0.2 + 0.4 * (0.5 / 2.0) * 0.8, 0.4]


def faded(weeks=1):
    return [0.5 * 0.9**weeks, 0.2 * 0.9**weeks, 0.4]


def test_a_reaction_teaches_the_worth_of_the_levers_that_bite_by_their_share():
    game = biting(cn={"policy": script("C")}).week()
    assert game.s.levers.value[:3].tolist() == pytest.approx(grown())


def test_a_pull_a_slip_and_relief_are_reactions_too():
    up = biting(2, cn={"policy": script("R"), "proportionality": 9.0})
    assert up.week().s.levers.value[:3].tolist() == pytest.approx(grown())
    slip = biting(2, cn={"slip": 1.0})
    assert slip.week().s.levers.value[:3].tolist() == pytest.approx(grown())
    talks = {"relief": 1.0, "relief_lag_weeks": 2, "sequencing": "us_first"}
    relief = biting(talks=talks, shocks=[meeting(1)])
    values = [relief.week().s.levers.value[0] for _ in range(4)]
    assert values[0] < 0.5
    assert values[2] == pytest.approx(values[1] * 0.9)
    assert values[3] > values[2]


def test_without_a_reaction_it_fades():
    game = biting()
    assert game.week(2).s.levers.value[:3].tolist() == pytest.approx(faded(2))


def test_a_shock_and_a_deal_are_no_reactions():
    acts = [shock(1, "cn.move", level=0)]
    assert biting(shocks=acts).week().s.levers.value[:3].tolist() == pytest.approx(faded())


def test_own_moves_are_no_reactions():
    game = biting(us={"value_learning": 0.4, "value_decay": 0.1, "slip": 1.0})
    assert game.week().s.levers.value[:2].tolist() == pytest.approx(faded()[:2])


def test_talks_last_week_are_a_reaction_for_one_week():
    game = biting(shocks=[meeting(1)], talks={"relief": 0.0})
    values = [game.week().s.levers.value[1] for _ in range(3)]
    after = 0.2 * 0.9
    assert values[0] == pytest.approx(after)
    learned = after + 0.4 * 0.25 * (1 - after)
    assert values[1] == pytest.approx(learned)
    assert values[2] == pytest.approx(learned * 0.9)


def test_nothing_is_learned_while_nothing_bites():
    levers = {"us": {"a": ban(level=1, dependence=0.0)}, "cn": {"b": ban(level=1, obligation=0)}}
    us = {"value_learning": 0.4, "value_decay": 0.1}
    game = Game(table(levers, us=us, cn={"policy": script("C")}), {}).to(3)
    assert game.at("us.a").value == 0.5


def test_a_lever_of_no_weight_is_not_learned_about():
    levers = {"us": {"a": ban(level=1, harm_weight=0.0)}, "cn": {"b": ban()}}
    game = Game(table(levers, us={"value_decay": 0.1}), {}).to(3)
    assert game.at("us.a").value == 0.5
