"""Every named policy keeps the same rules; adding one that does not fails here by itself.

Those made for a stage game have its payoffs, or are refused where there is none.
"""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from sim import Scenario
from sim.errors import ScenarioError
from sim.games.lineup import standard
from sim.policies import POLICIES, PolicyError, build_policy
from sim.policies.machine import sentences, table_rows
from sim.scenario.compile_actors import can_play, machine_of
from tests.policies.test_machines_exact import Chain, Noise

PARAMETERS = {
    f"{policy.name}.{parameter.name}": (policy, parameter)
    for policy in POLICIES.values()
    for parameter in policy.parameters
}
RANGED = {name: pair for name, pair in PARAMETERS.items() if pair[1].range is not None}
EVERY = pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
NAMED_IN_THE_MODEL = {
    "always_concede",
    "always_retaliate",
    "tit_for_tat",
    "generous_tit_for_tat",
    "tit_for_k_tats",
    "two_tits_for_tat",
    "contrite_tit_for_tat",
    "grim",
    "win_stay_lose_shift",
    "firm_but_fair",
    "inertial",
    "memory_one",
    "zero_determinant",
    "equalizer",
    "trigger",
    "random",
    "mixture",
}


def test_the_model_names_them_all():
    assert set(POLICIES) == NAMED_IN_THE_MODEL


@EVERY
def test_builds_with_defaults(policy):
    built = build_policy({"name": policy.name})
    assert built == policy.build()
    assert built.moves.sum(axis=1) == pytest.approx(np.ones(len(built.states)))
    assert built.unreached == ()
    assert built.sensor == "signal"


@EVERY
def test_concedes_when_it_does_not_retaliate(policy):
    assert not policy.build().moves[:, 1].any()


@EVERY
def test_is_documented_and_cited(policy):
    assert policy.summary.endswith((".", ":", ")"))
    years = [word.strip(";)") for word in policy.source.split() if word.strip(";)").isdigit()]
    assert years, f"{policy.name} cites no year"
    documented = inspect.getdoc(policy.function) or ""
    module = inspect.getdoc(inspect.getmodule(policy.function)) or ""
    assert any(year in documented + module for year in years)


@EVERY
def test_parameters_are_those_of_the_function(policy):
    arguments = inspect.signature(policy.function).parameters
    if policy.name == "mixture":
        assert list(arguments) == ["parts"]
        return
    assert {p.name: p.default for p in policy.parameters} == {
        name: argument.default for name, argument in arguments.items()
    }


def test_some_have_parameters_and_ranges():
    assert {"generous_tit_for_tat.generosity", "tit_for_k_tats.k"} <= set(RANGED)


@pytest.mark.parametrize("name", RANGED)
def test_ranges_lie_inside_the_bounds_and_build(name):
    policy, parameter = RANGED[name]
    low, high = parameter.range
    assert parameter.low <= low < high <= parameter.high
    for value in (low, high):
        assert build_policy({"name": policy.name, parameter.name: value}).states


@EVERY
def test_takes_any_sensor(policy):
    built = build_policy({"name": policy.name, "sensor": "belief_above", "threshold": 0.5})
    assert (built.sensor, built.threshold) == ("belief_above", 0.5)
    assert replace(built, sensor="signal", threshold=0.0) == policy.build()


@EVERY
def test_can_be_told(policy):
    built = policy.build()
    assert len(sentences(built)) == len(built.states) + 1
    assert len(table_rows(built)) == len(built.states)


@EVERY
def test_unknown_parameters_are_refused(policy):
    with pytest.raises(PolicyError) as error:
        build_policy({"name": policy.name, "kindness": 1})
    (problem,) = error.value.problems
    assert problem.path == "kindness"
    assert all(p.name in problem.allowed for p in policy.parameters)


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_out_of_bounds_are_refused(name):
    policy, parameter = PARAMETERS[name]
    wrong = ["x", True, float("nan"), parameter.low - 1, parameter.high + 1]
    wrong += [1.5] if parameter.integer else []
    for value in wrong:
        with pytest.raises(PolicyError) as error:
            build_policy({"name": policy.name, parameter.name: value})
        assert error.value.problems[0].path == parameter.name


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(PolicyError) as error:
        build_policy({"name": "tit_for_two_tats"})
    (problem,) = error.value.problems
    assert problem.path == "name"
    assert problem.allowed == ", ".join(POLICIES)
    assert problem.nearest == "tit_for_k_tats"
    with pytest.raises(PolicyError, match="neither name nor machine"):
        build_policy({"generosity": 0.3})


@pytest.mark.parametrize(
    ("name", "values", "tail"),
    [
        ("zero_determinant", {"phi": 0.1}, "phi"),
        ("zero_determinant", {"phi": 0.0}, "phi"),
        ("zero_determinant", {"temptation": 2.0}, "temptation"),
        ("equalizer", {"p_cc": 0.1, "p_dd": 0.9}, "p_cc"),
        ("equalizer", {"p_cc": 1.0, "p_dd": 0.0}, "p_cc"),
        ("tit_for_k_tats", {"below": "retaliate"}, "below"),
        ("tit_for_tat", {"threshold": 0.5}, "threshold"),
        ("tit_for_tat", {"sensor": "belief_above"}, "threshold"),
    ],
)
def test_values_that_do_not_fit_together(name, values, tail):
    with pytest.raises(PolicyError) as error:
        build_policy({"name": name} | values)
    assert error.value.problems[0].path == tail


def test_whole_numbers_may_be_written_with_a_point():
    assert build_policy({"name": "trigger", "weeks": 3.0}) == POLICIES["trigger"].build(weeks=3)


def test_an_inline_machine_inside_a_policy():
    table = {"start": "a", "states": {"a": {"move": "hold", "next": {"any": "a"}}}}
    assert build_policy({"machine": table}).states == ("a",)
    with pytest.raises(PolicyError) as error:
        build_policy({"machine": table | {"start": "b"}})
    assert error.value.problems[0].path == "machine.start"
    with pytest.raises(PolicyError) as error:
        build_policy({"machine": table, "generosity": 0.1})
    assert error.value.problems[0].path == "generosity"


def test_a_mixture_keeps_its_types_apart():
    parts = [
        {"weight": 0.25, "policy": {"name": "grim"}},
        {"weight": 0.75, "policy": {"name": "mixture"}},
    ]
    built = build_policy({"name": "mixture", "parts": parts})
    assert built.states == ("1.calm", "1.unforgiving", "2.1.calm", "2.1.provoked", "2.2.hostile")
    assert built.starts == ((0, 0.25), (2, pytest.approx(0.6)), (4, pytest.approx(0.15)))
    assert built.following[1].tolist() == [1] * 4
    assert built.following[3].tolist() == [2, 3, 2, 3]
    assert built.following[4].tolist() == [4] * 4


@pytest.mark.parametrize(
    ("parts", "tail"),
    [
        ([], "parts"),
        ("grim", "parts"),
        (["grim"], "parts.0"),
        ([{"weight": 0.5, "policy": {"name": "grim"}}], "parts"),
        ([{"weight": 1.5, "policy": {"name": "grim"}}], "parts.0.weight"),
        ([{"policy": {"name": "grim"}}], "parts.0.weight"),
        ([{"weight": 1.0}], "parts.0.policy"),
        ([{"weight": 1.0, "policy": {"name": "grin"}}], "parts.0.policy.name"),
        ([{"weight": 1.0, "policy": {"name": "random", "p": 2}}], "parts.0.policy.p"),
    ],
)
def test_wrong_mixtures(parts, tail):
    with pytest.raises(PolicyError) as error:
        build_policy({"name": "mixture", "parts": parts})
    assert error.value.problems[0].path == tail


def test_a_mixture_has_one_sensor():
    pressed = {"name": "grim", "sensor": "pressure_above", "threshold": 0.5}
    parts = [{"weight": 0.5, "policy": pressed}, {"weight": 0.5, "policy": {"name": "grim"}}]
    with pytest.raises(PolicyError, match="different sensors"):
        build_policy({"name": "mixture", "parts": parts})
    parts = [{"weight": 1.0, "policy": pressed}]
    assert build_policy({"name": "mixture", "parts": parts}).sensor == "pressure_above"


def test_a_machine_made_before_is_given_again_only_for_the_very_same_table():
    table = {"name": "generous_tit_for_tat", "generosity": 1}
    assert build_policy(table) is build_policy(dict(table))
    assert build_policy(table) is not build_policy(table | {"generosity": 0.5})
    with pytest.raises(PolicyError):
        build_policy(table | {"generosity": True})


#: Reward, sucker, temptation, punishment of a dilemma that is not Axelrod's.
R, S, T, P = 2.0, -1.0, 3.0, 0.0
STAGE = {"good": {"good": R, "bad": S}, "bad": {"good": T, "bad": P}}
GAME = Scenario.load("textbook/tft-noise").override(
    {"stage_payoffs.us": STAGE, "stage_payoffs.cn": STAGE}
)
OTHERS = (
    {"name": "always_concede"},
    {"name": "random"},
    {"name": "memory_one", "p_cc": 0.9, "p_cd": 0.5, "p_dc": 0.2, "p_dd": 0.1},
)


def payoffs(policy, other):
    """Mean payoffs a week in the long run, of the policy and of the other."""
    law = Chain(machine_of(GAME.spec, "us", policy), build_policy(other), Noise()).law()
    own = sum(p * value for p, value in zip(law, (R, S, T, P), strict=True))
    return own, sum(p * value for p, value in zip(law, (R, T, S, P), strict=True))


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("chi", [2.0, 3.0])
def test_extortion_enforces_its_ratio_in_the_game_that_is_played(other, chi):
    own, got = payoffs({"name": "zero_determinant", "chi": chi, "phi": 0.05}, other)
    assert own - P == pytest.approx(chi * (got - P), abs=1e-9)


@pytest.mark.parametrize("other", OTHERS)
def test_an_equalizer_fixes_what_the_other_gets_in_that_game(other):
    p_cc, p_dd = 0.9, 0.05
    _, got = payoffs({"name": "equalizer", "p_cc": p_cc, "p_dd": p_dd}, other)
    assert got == pytest.approx(((1 - p_cc) * P + p_dd * R) / ((1 - p_cc) + p_dd), abs=1e-9)


@pytest.mark.parametrize("name", ["zero_determinant", "equalizer"])
@pytest.mark.parametrize("inside", [False, True])
def test_it_is_refused_where_there_is_no_stage_game(name, inside):
    policy = {"name": name}
    if inside:
        other = {"weight": 0.5, "policy": {"name": "grim"}}
        policy = {"name": "mixture", "parts": [{"weight": 0.5, "policy": policy}, other]}
    with pytest.raises(ScenarioError, match="this scenario has none") as caught:
        Scenario.load("geneva-2025").override({"actors.us.policy": policy})
    assert name in str(caught.value)
    assert name not in standard(Scenario.load("geneva-2025"))
    assert name in standard(GAME)


def test_numbers_of_ones_own_are_of_the_stage_game_or_of_none():
    own = {"name": "equalizer", "temptation": 5, "reward": 3, "punishment": 1, "sucker": 0}
    assert can_play(Scenario.load("geneva-2025").spec, "us", own)
    with pytest.raises(ScenarioError, match="as in stage_payoffs"):
        GAME.override({"actors.us.policy": own})
    with pytest.raises(ScenarioError, match=r"stage_payoffs differ"):
        GAME.override({"actors.us.policy.name": "equalizer", "stage_payoffs.cn.bad.bad": 0.5})
