"""The one rule of a machine that fired, in words."""

from sim.policies import build_policy
from sim.policies.words import acts, rule


def test_a_rule_names_the_sight_that_moved_the_machine():
    machine = build_policy({"name": "tit_for_k_tats", "k": 2, "generosity": 0.3})
    assert rule(machine, 0, 1) == (
        "calm, as it sees the other side break the truce, becomes warned_1; it then concedes"
    )
    assert rule(machine, 2, 3) == (
        "provoked, as it sees the other side break the truce, stays so; "
        "it then retaliates with probability 0.7, else concedes"
    )


def test_own_conduct_is_named_where_it_matters_and_nothing_where_nothing_does():
    contrite = build_policy({"name": "contrite_tit_for_tat"})
    assert "as it broke the truce itself and" in rule(contrite, 0, 3)
    assert "whatever happens" in rule(build_policy({"name": "always_concede"}), 0, 1)


def test_another_sensor_is_told_with_its_threshold():
    policy = {"name": "tit_for_tat", "sensor": "belief_above", "threshold": 0.4}
    assert "is above 0.4" in rule(build_policy(policy), 0, 1)


def test_acts_are_those_of_the_table():
    assert acts(build_policy({"name": "tit_for_tat"}), 1) == "retaliates"
