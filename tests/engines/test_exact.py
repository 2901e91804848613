"""The exact engine: against closed forms, against a chain written out here, and at its limits."""

import math
import tracemalloc
from fractions import Fraction
from math import prod

import numpy as np
import pytest

from sim import Scenario, simulate, solve
from sim.engines import long_run
from sim.engines.chain import MOST_STATES, TooManyStatesError
from sim.engines.exact import CONDUCT
from sim.engines.reduction import NotReducibleError, obstacles
from sim.errors import ResultError, ScenarioError
from tests.statistical.exact import assert_share, textbook

HONEST = {"false_alarm": 0.2, "miss": 0.02}
TOUGH = {
    "name": "mixture",
    "parts": [
        {"weight": 0.8, "policy": {"name": "tit_for_tat"}},
        {"weight": 0.2, "policy": {"name": "always_retaliate"}},
    ],
}
HOLDING = {"name": "tit_for_k_tats", "k": 2, "below": "hold"}

# Closed forms


@pytest.mark.parametrize("slip", [0.01, 0.05, 0.1])
def test_tit_for_tat_under_slips(slip):
    result = solve(textbook("base", slip=slip))
    assert list(result.law.values()) == pytest.approx([0.25] * 4, abs=1e-12)
    assert result.mean() == pytest.approx(2 / slip, rel=1e-12)
    assert result.mean("clean") == pytest.approx(1 / (slip * (2 - slip)), rel=1e-12)
    weeks = np.arange(1, 27)
    assert result.holds("clean") == pytest.approx((1 - slip) ** (2 * weeks), abs=1e-14)
    good = result.conduct_table() @ [1, 1, 0, 0]
    assert good == pytest.approx(0.5 + 0.5 * (1 - 2 * slip) ** weeks, abs=1e-14)


def test_each_side_has_its_own_noise_and_delay():
    """Honest tit for tat: each week a side copies what it saw, whatever it waits."""
    paths = {"actors.us.reaction_delay": 2, "actors.cn.reaction_delay": 1}
    paths |= {"actors.us.false_alarm": 0.25, "actors.us.miss": 0.02}
    paths |= {"actors.cn.false_alarm": 0.05, "actors.cn.miss": 0.02}
    result = solve(textbook("base", paths=paths))
    assert result.cooperation["us"] == pytest.approx(346 / 3211, abs=1e-12)
    assert result.cooperation["cn"] == pytest.approx(386 / 3211, abs=1e-12)


def test_two_mutual_weeks_in_a_row():
    """Bad weeks of both with chance .3 each, independently: runs of length k (Feller, vol. 1)."""
    result = solve(textbook("base", policy={"name": "random", "p": 1 - math.sqrt(0.3)}))
    for k in range(1, 5):
        exact = (1 - 0.3**k) / (0.7 * 0.3**k)
        assert result.mean(breakdown_after=k) == pytest.approx(exact, rel=1e-12)
    first = result.holds(weeks=3, breakdown_after=2)
    assert first == pytest.approx([1.0, 1 - 0.09, 1 - 0.09 - 0.7 * 0.09], abs=1e-14)


# The same games played by the batch engine

GAMES = [
    {"policy": {"name": "tit_for_tat"}, "slip": 0.05, "reaction_delay": 1, **HONEST},
    {"policy": TOUGH, "slip": 0.05, "reaction_delay": 2},
    {"policy": HOLDING, "slip": 0.1, **HONEST},
    {"policy": {"name": "contrite_tit_for_tat"}, "slip": 0.05, **HONEST},
    {"policy": {"name": "trigger", "weeks": 3}, "false_alarm": 0.05},
]


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("other", [{}, {"actors.cn.policy": {"name": "win_stay_lose_shift"}}])
def test_both_engines_play_the_same_game(game, other):
    """Conduct and survival for K = 1, 2, 3 in weeks 3, 9 and 20; n = 4,000, 4 standard errors."""
    scenario = textbook("base", **game, paths={"weeks": 20, **other})
    played, solved = simulate(scenario, runs=4_000, seed=7), solve(scenario)
    conduct = solved.conduct_table()
    counts = played.tally.conduct[1:]
    for week in (3, 9, 20):
        for pair in range(4):
            assert_share(counts[week - 1, pair] / 4_000, conduct[week - 1, pair], 4_000)
        for k in (1, 2, 3):
            found = played.standing_after(k)["p"].iloc[week - 1]
            assert_share(found, solved.holds(breakdown_after=k)[week - 1], 4_000)
        clean = min(1.0, max(0.0, solved.holds("clean")[week - 1]))
        assert_share(played.at("clean", week).p, clean, 4_000)


def without_stage(text_path, tmp_path):
    """A textbook file whose payoffs are those of the levers."""
    base = Scenario.load("textbook/base").to_table()
    base.pop("stage_payoffs")
    return Scenario.from_table(base, name="additive")


def test_additive_payoffs_are_those_of_the_levers(tmp_path):
    """Weeks 1 to 40 of both engines: gains, own costs and harms of a lever that is up."""
    changes = {"weeks": 40, "levers.us.move.own_gain": 0.3, "levers.cn.move.own_cost": 0.2}
    changes |= {"levers.us.move.dependence": 0.5, "levers.cn.move.dependence": 0.4}
    changes |= {f"levers.{side}.move.{key}": 0.0 for side in ("us", "cn") for key in ("restock",)}
    changes |= {f"actors.{side}.slip": 0.2 for side in ("us", "cn")}
    scenario = without_stage("base", tmp_path).override(changes)
    solved = solve(scenario)
    assert solved.game.payoffs is not None
    found = simulate(scenario, runs=4_000).payoffs
    weeks = solved.conduct_table().sum(axis=0)
    for i, (who, order) in enumerate((("us", [0, 1, 2, 3]), ("cn", [0, 2, 1, 3]))):
        row = found[(found["who"] == who) & (found["measure"] == "payoff")].iloc[0]
        assert abs(row["mean"] - weeks[order] @ solved.game.payoffs[i]) <= 4 * row["se"]


def test_payoffs_that_conduct_does_not_decide_are_none(tmp_path):
    """A stock fills and empties: a week's harm depends on the weeks before."""
    changes = {"levers.cn.move.stock_weeks": 4.0}
    scenario = without_stage("base", tmp_path).override(changes)
    assert solve(scenario).payoffs is None


# Long runs that are not unique, and means that are infinite


def test_absorbing_machines_say_which_law_is_meant():
    result = solve(textbook("base", paths={"actors.us.policy": TOUGH, "actors.us.slip": 0.0}))
    assert result.long_run.shares == pytest.approx((0.8, 0.2))
    assert "not unique" in result.meaning
    assert "0.8, 0.2" in result.meaning
    assert result.law == pytest.approx({"CC": 0.8, "CD": 0.0, "DC": 0.0, "DD": 0.2})
    assert result.mean() == math.inf


def test_one_law_is_said_to_be_one():
    result = solve(textbook("grim-perception"))
    assert result.law == pytest.approx({"CC": 0.0, "CD": 0.0, "DC": 0.0, "DD": 1.0})
    assert "not" not in result.meaning


def test_a_game_without_noise_never_ends():
    result = solve(textbook("quiet"))
    assert result.mean() == result.mean("clean") == math.inf
    assert (result.holds() == 1.0).all()


def by_fractions(slip: float, end: str, k: int = 1) -> Fraction:
    """Mean weeks of tit for tat against itself, by Gaussian elimination with exact fractions.

    States: what each did last week, and the weeks of mutual violation so far.
    """
    e = Fraction(slip)
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1)]

    def chance(was, now):
        return prod((1 - e if now[i] == was[1 - i] else e) for i in (0, 1))

    states = [(pair, run) for pair in pairs for run in range(k)]
    system = [[Fraction(int(a == b)) for b in states] + [Fraction(1)] for a in states]
    for row, (was, run) in enumerate(states):
        for now in pairs:
            after = run + 1 if now == (1, 1) else 0
            if (now == (0, 0)) if end == "clean" else after < k:
                system[row][states.index((now, after))] -= chance(was, now)
    return solved(system)[states.index(((0, 0), 0))]


def solved(system: list[list[Fraction]]) -> list[Fraction]:
    """Gauss and Jordan."""
    for i in range(len(system)):
        pivot = next(row for row in range(i, len(system)) if system[row][i])
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [x / system[i][i] for x in system[i]]
        for j, row in enumerate(system):
            if j != i and row[i]:
                system[j] = [x - row[i] * y for x, y in zip(row, system[i], strict=True)]
    return [row[-1] for row in system]


@pytest.mark.parametrize("slip", [0.05, 1e-6, 1e-10, 1e-13, 1e-40])
def test_leaks_are_counted_however_small(slip):
    """Every digit told is that of exact fractions, for slips far below the precision of 1."""
    result = solve(textbook("tft-noise", slip=slip))
    for k in (1, 2, 5):
        weeks, digits = result.mean_weeks(breakdown_after=k)
        right = by_fractions(slip, "standing", k)
        assert digits == long_run.MOST_DIGITS
        assert abs(Fraction(weeks) / right - 1) < Fraction(1, 10**13)
    assert result.mean("clean") == pytest.approx(float(by_fractions(slip, "clean")), rel=1e-13)
    assert result.law == pytest.approx(dict.fromkeys(CONDUCT, 0.25), abs=1e-13)
    assert result.payoffs == pytest.approx({"us": 2.25, "cn": 2.25}, abs=1e-12)


def test_grim_machines_wait_for_the_first_slip():
    """Two grim machines: the truce ends with the first slip of either, in 5e12 weeks."""
    game = {"policy": {"name": "grim"}, "false_alarm": 0.0, "miss": 0.0}
    result = solve(textbook("base", **game, slip=1e-13))
    assert result.mean("clean") == pytest.approx(1 / (2e-13), rel=1e-12)


@pytest.mark.parametrize("least", ["DENSE", "DIRECT"])
def test_a_mean_or_law_beyond_arithmetic_is_refused_with_the_condition_number(least, monkeypatch):
    monkeypatch.setattr(long_run, "DENSE", 1)
    monkeypatch.setattr(long_run, least, 1)
    scenario = textbook("tft-noise", slip=1e-13)
    with pytest.raises(long_run.NotSolvedError, match=r"condition number .* is about \de\+"):
        solve(scenario).mean()
    with pytest.raises(ResultError, match="condition number"):
        _ = solve(scenario).law


@pytest.mark.parametrize("least", ["DENSE", "DIRECT"])
def test_the_digits_told_of_a_mean_are_right_by_every_way(least, monkeypatch):
    monkeypatch.setattr(long_run, "DENSE", 1)
    monkeypatch.setattr(long_run, least, 1)
    for slip in (0.05, 1e-2, 1e-3):
        weeks, digits = solve(textbook("tft-noise", slip=slip)).mean_weeks(breakdown_after=2)
        right = by_fractions(slip, "standing", 2)
        assert abs(Fraction(weeks) / right - 1) < Fraction(1, 10**digits)
        assert digits >= long_run.FEWEST_DIGITS


def test_outcomes_and_counts_that_there_are_not():
    result = solve(textbook("tft-noise"))
    with pytest.raises(ValueError, match="the exact engine has clean, undisputed, standing"):
        result.holds("core")
    with pytest.raises(ValueError, match="at least 1"):
        result.holds(breakdown_after=0)


# Delays


def test_delays_up_to_the_horizon():
    """Nobody reacts before week 6: slips alone, and each a bad week of both with e^2."""
    result = solve(textbook("tft-noise", reaction_delay=5, paths={"weeks": 6}))
    weeks = np.arange(1, 7)
    assert result.holds("clean") == pytest.approx(0.95 ** (2 * weeks), abs=1e-14)
    assert result.holds() == pytest.approx((1 - 0.05**2) ** weeks, abs=1e-14)


def test_a_delay_beyond_the_horizon_is_in_the_way():
    scenario = textbook("tft-noise", paths={"actors.us.reaction_delay": 26})
    ((path, found, wanted),) = obstacles(scenario)
    assert path == "actors.us.reaction_delay"
    assert found == "26"
    assert "less than weeks (26)" in wanted


def test_a_machine_that_never_reacts_may_wait_for_ever():
    scenario = textbook("base", policy={"name": "always_concede"}, slip=0.1, reaction_delay=400)
    assert solve(scenario).mean() == pytest.approx(100.0)


# Size


def large(k=30, delay=3):
    game = {"policy": {"name": "tit_for_k_tats", "k": k}, "slip": 0.2, "reaction_delay": delay}
    return textbook("base", **game, false_alarm=0.1, miss=0.1)


def test_many_states():
    """Thousands of joint states: nobody is ever answered, so the law is a product."""
    result = solve(large(20))
    assert len(result.chain.start) > 20_000
    assert result.cooperation["us"] == pytest.approx(0.8, abs=1e-9)
    assert result.mean() == pytest.approx(1 / 0.2**2, rel=1e-9)
    assert result.holds()[-1] == pytest.approx((1 - 0.2**2) ** 26, abs=1e-12)


@pytest.mark.slow
def test_a_hundred_thousand_states_in_two_gigabytes():
    """How long it takes is measured in benchmarks/exact_solver.py."""
    scenario = large(44)
    tracemalloc.start()
    result = solve(scenario)
    states = len(result.chain.start)
    assert result.cooperation["us"] == pytest.approx(0.8, abs=1e-9)
    assert result.mean() == pytest.approx(25.0, rel=1e-9)
    assert 90_000 < states < MOST_STATES
    assert tracemalloc.get_traced_memory()[1] < 2e9
    tracemalloc.stop()


def test_elimination_and_iteration_agree(monkeypatch):
    """Law and means of a chain of some hundred states, both ways, to 1e-9."""
    scenario = textbook(
        "base", policy=HOLDING, slip=0.03, reaction_delay=2, false_alarm=0.1, miss=0.05
    )
    direct, again = solve(scenario), solve(scenario)
    assert 200 < len(direct.chain.start) <= long_run.DIRECT
    law, means = direct.law, [direct.mean(breakdown_after=k) for k in (1, 2)]
    monkeypatch.setattr(long_run, "DIRECT", 1)
    assert again.law == pytest.approx(law, abs=1e-10)
    assert [again.mean(breakdown_after=k) for k in (1, 2)] == pytest.approx(means, rel=1e-9)


@pytest.mark.parametrize(("k", "delay"), [(64, 3), (2, 25)])
def test_a_chain_too_large_is_refused_with_its_size(k, delay):
    with pytest.raises(TooManyStatesError) as error:
        solve(large(k, delay))
    told = str(error.value)
    assert f"more than {MOST_STATES:,} joint states: of {k + 1} and {k + 1}" in told
    assert "shorter reaction_delay" in told


# Scenarios that are no textbook game

IN_THE_WAY = {
    "noise": ("agency", {"actors.us.slip": 0.1}, "flip"),
    "truce.term_weeks": (13, {}, "at least weeks (26)"),
    "truce.unilateral_after": (8, {}, "0"),
    "truce.core": (["us.move"], {}, "[]"),
    "truce.rupture_rung": (1.5, {}, "at most 1"),
    "talks.talks_rate": (0.1, {}, "0"),
    "talks.talks_pressure": (0.5, {}, "0"),
    "actors.us.proportionality": (0.5, {}, "at least 1"),
    "levers.us.move.notches": (2, {}, "1"),
    "levers.us.move.severity": (2.0, {}, "1"),
    "levers.us.move.friction": (0.2, {}, "0"),
    "levers.cn.move.control": ("licence", {}, '"ban" or "tariff"'),
}


@pytest.mark.parametrize("path", IN_THE_WAY)
def test_each_setting_in_the_way_is_named_with_what_would_remove_it(path):
    value, more, wanted = IN_THE_WAY[path]
    found = obstacles(Scenario.load("textbook/base").override({path: value, **more}))
    assert path in [one[0] for one in found]
    assert wanted in next(one[2] for one in found if one[0] == path)


def test_retention_and_sensors_are_in_the_way():
    paths = {"actors.us.retention": 0.5, "levers.us.move.believed_value": 0.5}
    policy = {"name": "tit_for_tat", "sensor": "belief_above", "threshold": 0.5}
    scenario = textbook("base", paths={**paths, "actors.cn.policy": policy})
    assert {one[0] for one in obstacles(scenario)} == {
        "actors.us.retention",
        "actors.cn.policy.sensor",
    }


def test_noise_of_agencies_is_not_in_the_way_if_nobody_slips():
    assert obstacles(textbook("base", **HONEST, paths={"noise": "agency"})) == []


def test_the_error_is_a_table_of_all_of_them():
    with pytest.raises(NotReducibleError) as error:
        solve(Scenario.load("geneva-2025"))
    told = str(error.value)
    assert told.startswith("geneva-2025 is no textbook game")
    for path in ("noise", "truce.term_weeks", "levers.us", "actors.cn.proportionality"):
        assert f"\n  {path} " in told
    assert len(error.value.problems) >= 9


# Frames


def test_frames_are_those_of_the_batch_engine():
    scenario = textbook("tft-noise")
    played, solved = simulate(scenario, runs=50), solve(scenario)
    one, two = played.survival("standing"), solved.survival("standing")
    assert list(one.columns) == list(two.columns)
    assert (one["date"] == two["date"]).all()
    assert one["date"].dtype == two["date"].dtype
    assert (two["n"] == 0).all()
    assert (two["p"] == two["low"]).all()
    assert played.exact.holds() == pytest.approx(solved.holds())
    assert simulate(textbook("constant-hazard"), runs=5).exact is None


def test_a_scenario_may_be_named():
    assert solve("textbook/tft-noise").scenario.name == "tft-noise"
    with pytest.raises(ScenarioError):
        solve("nowhere")
