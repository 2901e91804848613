"""Policies made for a stage game have its payoffs, or are refused where there is none."""

import pytest

from sim import Scenario
from sim.errors import ScenarioError
from sim.games.lineup import standard
from sim.policies import build_policy
from sim.scenario.compile_actors import can_play, machine_of
from tests.policies.test_machines_exact import Chain, Noise

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
