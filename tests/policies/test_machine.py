"""The machine table, its checks, the inline form there and back, and its words."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from sim.games.searches import signal_machines
from sim.policies import CASES, POLICIES, PolicyError, build_policy, machine_from_table
from sim.policies.inline import policy_toml
from sim.policies.machine import Machine, acts, rule, sentences, table_rows

CALM = {"move": "concede", "next": {"any": "calm"}}


def tails(error):
    return [problem.path for problem in error.value.problems]


def inline(**states):
    return {"start": next(iter(states)), "states": states}


def raw(**changes):
    values = {
        "states": ("calm", "angry"),
        "moves": [[0, 0, 1], [1, 0, 0]],
        "following": [[0, 1, 0, 1]] * 2,
        "starts": ((0, 1.0),),
    }
    return Machine(**(values | changes))


def test_a_machine_is_a_fixed_value():
    assert raw() == raw()
    assert hash(raw()) == hash(raw())
    assert raw() != raw(starts=((1, 1.0),))
    with pytest.raises(ValueError, match="read-only"):
        raw().moves[0, 0] = 0.5


@pytest.mark.parametrize(
    ("changes", "tail"),
    [
        ({"moves": [[0, 0, 1], [0.5, 0, 0.4]]}, "states.angry.move"),
        ({"moves": [[0, 0, 1], [1.5, 0, -0.5]]}, "states.angry.move"),
        ({"moves": [[0, 0, 1], [np.nan, 0, 1]]}, "states.angry.move"),
        ({"moves": [[0, 1], [1, 0]]}, "moves"),
        ({"following": [[0, 1, 0, 2], [0, 0, 0, 0]]}, "states.calm.next.own_bad_saw_bad"),
        ({"following": [[0, 1, 0], [0, 0, 0]]}, "following"),
        ({"starts": ((0, 0.5),)}, "start"),
        ({"starts": ()}, "start"),
        ({"starts": ((2, 1.0),)}, "start"),
        ({"states": ("calm", "calm")}, "states"),
        ({"sensor": "mood"}, "sensor"),
        ({"sensor": "belief_above", "threshold": np.inf}, "threshold"),
        ({"states": (), "moves": np.zeros((0, 3)), "following": np.zeros((0, 4))}, "states"),
    ],
)
def test_wrong_tables_name_the_place(changes, tail):
    with pytest.raises(PolicyError) as error:
        raw(**changes)
    assert tail in tails(error)


def test_many_states_are_fine():
    built = build_policy({"name": "trigger", "weeks": 200})
    assert len(built.states) == 201
    assert built.unreached == ()


def test_states_never_reached_are_told():
    built = machine_from_table(inline(calm=CALM, lost={"move": "hold", "next": {"any": "calm"}}))
    assert built.unreached == ("lost",)
    assert sentences(built)[-1] == "Never reached: lost."
    other = build_policy(
        {"name": "mixture", "parts": [{"weight": 1.0, "policy": {"name": "grim"}}]}
    )
    assert other.unreached == ()


def test_the_inline_machine_of_the_manual():
    built = machine_from_table(
        {
            "start": "calm",
            "sensor": "signal",
            "states": {
                "calm": {"move": "concede", "next": {"saw_good": "calm", "saw_bad": "warned"}},
                "warned": {
                    "move": {"hold": 0.8, "retaliate": 0.2},
                    "next": {"saw_good": "calm", "saw_bad": "angry"},
                },
                "angry": {
                    "move": "retaliate",
                    "next": {
                        "own_good_saw_good": "calm",
                        "own_bad_saw_good": "calm",
                        "saw_bad": "angry",
                    },
                },
            },
        }
    )
    assert built.states == ("calm", "warned", "angry")
    assert built.moves.tolist() == [[0, 0, 1], [0.2, 0.8, 0], [1, 0, 0]]
    assert built.following.tolist() == [[0, 1, 0, 1], [0, 2, 0, 2], [0, 2, 0, 2]]
    assert built.starts == ((0, 1.0),)


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ({"any": "a"}, [0, 0, 0, 0]),
        ({"any": "a", "saw_bad": "b"}, [0, 1, 0, 1]),
        ({"any": "a", "own_bad": "b"}, [0, 0, 1, 1]),
        ({"saw_good": "a", "saw_bad": "b", "own_bad_saw_bad": "a"}, [0, 1, 0, 0]),
        ({"own_bad_saw_bad": "a", "own_good": "b", "own_bad": "a"}, [1, 1, 0, 0]),
        ({"own_good": "a", "saw_good": "a", "own_bad_saw_bad": "b"}, [0, 0, 0, 1]),
        (dict.fromkeys(CASES, "b"), [1, 1, 1, 1]),
    ],
)
def test_the_more_specific_key_wins(following, expected):
    states = {"a": {"move": "hold", "next": following}, "b": {"move": "hold", "next": {"any": "a"}}}
    assert machine_from_table(inline(**states)).following[0].tolist() == expected


@pytest.mark.parametrize(
    ("state", "tail", "found"),
    [
        ({"next": {"own_good": "calm"}}, "states.calm.next", "no next state for own_bad_saw_good"),
        ({"next": {}}, "states.calm.next", "no next state for own_good_saw_good"),
        ({"next": {"any": "clam"}}, "states.calm.next.any", '"clam"'),
        ({"next": {"any": "calm", "seen_bad": "calm"}}, "states.calm.next.seen_bad", "unknown key"),
        ({"next": "calm"}, "states.calm.next", '"calm"'),
        ({"move": "attack"}, "states.calm.move", '"attack"'),
        ({"move": {"hold": 0.5, "concede": 0.6}}, "states.calm.move", "a sum of 1.1"),
        ({"move": {"hold": 0.5, "attack": 0.5}}, "states.calm.move.attack", "unknown key"),
        ({"move": {"hold": True}}, "states.calm.move", "true"),
        ({"mood": "hold"}, "states.calm.mood", "unknown key"),
    ],
)
def test_wrong_states_name_the_place(state, tail, found):
    with pytest.raises(PolicyError) as error:
        machine_from_table(inline(calm=CALM | state))
    assert tail in tails(error)
    assert found in str(error.value)


def test_short_keys_that_disagree_are_an_error():
    following = {"any": "calm", "own_bad": "calm", "saw_bad": "other"}
    other = {"move": "hold", "next": {"any": "calm"}}
    with pytest.raises(
        PolicyError, match="own_bad and saw_bad that disagree about own_bad_saw_bad"
    ):
        machine_from_table(inline(calm=CALM | {"next": following}, other=other))
    settled = following | {"own_bad_saw_bad": "other"}
    built = machine_from_table(inline(calm=CALM | {"next": settled}, other=other))
    assert built.following[0].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("change", "tail"),
    [
        ({"start": "clam"}, "start"),
        ({"start": None}, "start"),
        ({"start": {"calm": 0.5}}, "start"),
        ({"start": {"clam": 1.0}}, "start.clam"),
        ({"states": {}}, "states"),
        ({"states": {"calm": "concede"}}, "states.calm"),
        ({"sensor": "nose"}, "sensor"),
        ({"sensor": "belief_above"}, "threshold"),
        ({"threshold": 0.5}, "threshold"),
        ({"begin": "calm"}, "begin"),
    ],
)
def test_wrong_tops_name_the_place(change, tail):
    with pytest.raises(PolicyError) as error:
        machine_from_table(inline(calm=CALM) | change)
    assert tail in tails(error)


def test_all_problems_are_told_at_once():
    table = inline(calm={"move": "attack", "next": {}}, odd=3) | {"start": "x", "end": 1}
    with pytest.raises(PolicyError) as error:
        machine_from_table(table)
    assert {"end", "start", "states.odd", "states.calm.move"} <= set(tails(error))


def test_a_start_may_be_drawn():
    built = machine_from_table(inline(calm=CALM, odd=CALM) | {"start": {"odd": 0.25, "calm": 0.75}})
    assert sorted(built.starts) == [(0, 0.75), (1, 0.25)]
    assert sentences(built)[0].startswith("It starts in one of these states, drawn once per run: ")


def test_sentences():
    assert sentences(build_policy({"name": "generous_tit_for_tat", "generosity": 0.3})) == (
        "It starts in state calm.",
        "In state calm it concedes. If it sees the other side keep the truce, it stays calm; "
        "if it sees the other side break it, it becomes provoked.",
        "In state provoked it retaliates with probability 0.7, else concedes. If it sees the "
        "other side keep the truce, it becomes calm; if it sees the other side break it, it stays "
        "provoked.",
    )


def test_the_sensor_is_told():
    table = {"name": "tit_for_tat", "sensor": "pressure_above", "threshold": 0.4}
    assert "the pressure on it is above 0.4" in sentences(build_policy(table))[1]


def test_table_rows():
    rows = table_rows(build_policy({"name": "grim"}))
    assert rows[0]["state"] == "calm"
    assert (rows[0]["start"], rows[1]["start"]) == ("1", "")
    assert (rows[0]["concede"], rows[0]["retaliate"]) == ("1", "")
    assert [rows[0][case] for case in CASES] == ["calm", *["unforgiving"] * 3]


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


@pytest.mark.parametrize("name", POLICIES)
def test_every_named_policy_survives_the_round_trip(name):
    machine = build_policy({"name": name})
    table = tomllib.loads(policy_toml(machine, "cn"))
    assert build_policy(table["actors"]["cn"]["policy"]) == machine


def test_small_machines_and_sensors_do_too():
    for machine in signal_machines(2).machines:
        sensing = replace(machine, sensor="pressure_above", threshold=0.25)
        table = tomllib.loads(policy_toml(sensing, "us"))
        assert build_policy(table["actors"]["us"]["policy"]) == sensing
