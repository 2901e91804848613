"""Best responses: known ones of theory, properties of the search, and both valuations alike."""

from functools import cache

import numpy as np
import pytest

from sim import Scenario
from sim.games.best_response import LABELS, SIGNAL_ONLY, best_response
from sim.games.bimatrix import UnsolvedError
from sim.games.responding import Question, SimulatedValuation, valuation_of
from sim.games.searches import Watcher, signal_machines
from sim.policies.library import POLICIES, build_policy

T, R, P, S = 5.0, 3.0, 1.0, 0.0
STEP = 0.005  # on either side of a critical discount factor


@cache
def quiet():
    return Scenario.load("textbook/quiet")


def question(against, discount=None, forever=True, scenario=None, states=3, **rest):
    scenario = scenario or quiet()
    changes = {"actors.cn.policy": against}
    if discount is not None:
        changes |= {"actors.us.discount": discount}
    named = {name: build_policy({"name": name}) for name in ("always_concede", "always_retaliate")}
    return Question(scenario.override(changes), "us", named, forever=forever, states=states, **rest)


def best_value(asked):
    """Over every small machine, exactly."""
    valuation, _ = valuation_of(asked)
    return valuation.values(signal_machines(asked.states).machines, 0, 0).max(), valuation


# V14: (policy, critical discount factor): below it some machine earns more than cooperation
CRITICAL = [
    ({"name": "grim"}, 0.5),
    ({"name": "tit_for_tat"}, 2 / 3),
    ({"name": "trigger", "weeks": 2}, 0.618034),
    ({"name": "trigger", "weeks": 3}, 0.543689),
    ({"name": "trigger", "weeks": 4}, 0.518790),
    ({"name": "trigger", "weeks": 5}, 0.508660),
]


@pytest.mark.parametrize(
    ("policy", "critical"),
    [
        *(CRITICAL[place] for place in (0,)),
        *(pytest.param(*CRITICAL[place], marks=pytest.mark.slow) for place in (1, 2, 3, 4, 5)),
    ],
)
def test_cooperation_is_a_best_response_from_the_critical_discount_factor_on(policy, critical):
    for discount, cooperates in ((critical - STEP, False), (critical + STEP, True)):
        found, _ = best_value(question(policy, discount, states=2))
        assert (found <= R / (1 - discount) + 1e-9) == cooperates, discount


@pytest.mark.parametrize(("delay", "critical"), [(1, 0.707107), (2, 0.793701)])
def test_a_slow_grim_deters_less(delay, critical):
    for discount, cooperates in ((critical - STEP, False), (critical + STEP, True)):
        asked = question({"name": "grim"}, discount, states=1)
        slow = asked.scenario.override({"actors.cn.reaction_delay": delay})
        found, _ = best_value(Question(slow, "us", asked.named, forever=True, states=1))
        assert (found <= R / (1 - discount) + 1e-9) == cooperates, discount


def test_one_week_of_punishment_never_deters():
    """V14: 3 and then 1 for one week is less than 5 at every discount below 1."""
    found, _ = best_value(question({"name": "trigger", "weeks": 1}, 0.99, states=2))
    assert found > R / (1 - 0.99) + 1.0


def test_an_equalizer_leaves_nothing_to_choose():
    """Press and Dyson 2012 (V09): every answer earns 7/3 a week in the long run, exact.

    Discounted by d, answers differ by their first weeks alone: (1 - d) of a bounded amount.
    """
    asked = question({"name": "equalizer"}, 0.9999, states=2)
    valuation, _ = valuation_of(asked)
    values = valuation.values(signal_machines(2).machines, 0, 0) * 0.0001
    assert np.ptp(values) < 0.002
    assert values == pytest.approx(np.full(len(values), 7 / 3), abs=0.002)


def test_grim_is_a_prisoner_of_its_payoffs():
    value, valuation = best_value(question({"name": "grim"}, 0.4, states=2))
    assert value == pytest.approx(T + 0.4 / 0.6 * P, abs=1e-9)
    assert valuation.value(build_policy({"name": "always_retaliate"})) == pytest.approx(value)


def test_against_extortion_full_cooperation_is_best():
    """Press and Dyson 2012: who gives in to extortion earns the most that it leaves (V08)."""
    extortion = {"name": "zero_determinant"}
    found, valuation = best_value(question(extortion, 0.999, states=2))
    kind = valuation.value(build_policy({"name": "always_concede"}))
    assert found * 0.001 == pytest.approx(21 / 11, abs=0.01)
    assert kind == pytest.approx(found, rel=0.005)


def gap_of(response, label):
    return next(entry for entry in response.entries if entry.label == label)


@pytest.mark.slow
def test_the_best_found_is_never_below_a_named_policy_of_the_class():
    scenario = Scenario.load("textbook/gtft-noise")
    named = {name: build_policy({"name": name}) for name in POLICIES}
    asked = Question(scenario, "us", named, states=2, against="generous_tit_for_tat")
    found = best_response(asked, 100, 7, Watcher())
    assert found.exact
    assert found.best.kind == SIGNAL_ONLY  # no named policy alternates
    assert all(entry.gap >= 0.0 for entry in found.entries)
    assert gap_of(found, "tit_for_tat").gap > 1.0
    assert found.best.value == max(entry.value for entry in found.entries)
    assert [entry.value for entry in found.entries] == sorted(
        (entry.value for entry in found.entries), reverse=True
    )


@pytest.mark.parametrize("utility", ["payoff", "standing", "clean"])
def test_exact_and_simulated_values_agree(utility):
    """On a scenario that reduces: n = 4,000, tolerance 4 standard errors of the runs."""
    asked = question(
        {"name": "generous_tit_for_tat"}, None, False, Scenario.load("textbook/gtft-noise")
    )
    asked = Question(asked.scenario, "us", {}, utility)
    exact, obstacles = valuation_of(asked)
    assert exact.exact
    assert obstacles == []
    simulated = SimulatedValuation(asked)
    for name in ("tit_for_tat", "win_stay_lose_shift", "always_retaliate", "memory_one"):
        machine = build_policy({"name": name})
        values = simulated.by_run(machine, 4_000, 3)
        error = values.std(ddof=1) / np.sqrt(len(values))
        assert abs(values.mean() - exact.value(machine)) <= 4 * error + 1e-6, name


def test_a_seated_machine_plays_as_the_scenario_that_names_it():
    geneva = Scenario.load("geneva-2025")
    policy = {"name": "win_stay_lose_shift"}
    there = geneva.override({"actors.us.policy": policy})
    machine = build_policy(policy)
    asked = SimulatedValuation(Question(geneva, "us", {}))
    own = SimulatedValuation(Question(there, "us", {}))
    assert np.array_equal(asked.by_run(machine, 200, 5), own.by_run(machine, 200, 5))


@pytest.mark.slow
def test_geneva_is_played_and_reported_on_other_luck():
    geneva = Scenario.load("geneva-2025")
    named = {name: build_policy({"name": name}) for name in ("grim", "always_concede")}
    asked = Question(geneva, "us", named, states=1, against="as shipped")
    found = best_response(asked, 400, 11, Watcher(), threads=2)
    assert not found.exact
    assert (found.n, found.seed, found.chosen_on) == (400, 12, 11)
    assert found.obstacles
    assert found.best.gap == 0.0
    assert gap_of(found, "grim").gap_low > 0.0
    again = best_response(asked, 400, 11, Watcher(), threads=1)
    assert [entry.value for entry in again.entries] == [entry.value for entry in found.entries]
    assert LABELS[SIGNAL_ONLY] in {entry.label for entry in found.entries}


def test_a_constant_utility_is_refused():
    asked = question({"name": "always_concede"}, None, False, states=1)
    constant = asked.scenario.override(
        {
            "stage_payoffs.us.good": {"good": 1.0, "bad": 1.0},
            "stage_payoffs.us.bad": {"good": 1.0, "bad": 1.0},
        }
    )
    with pytest.raises(UnsolvedError, match="whatever this side plays"):
        best_response(Question(constant, "us", asked.named, states=1), 100, 1, Watcher())


@pytest.mark.parametrize(
    ("changes", "rest", "message"),
    [
        ({}, {"utility": "core"}, "allowed: payoff"),
        ({}, {"forever": True}, "a discount below 1"),
        (
            {},
            {
                "named": {
                    "felt": {"name": "tit_for_tat", "sensor": "belief_above", "threshold": 0.5}
                }
            },
            "felt on another sensor",
        ),
    ],
)
def test_what_the_exact_solver_has_not_is_refused(changes, rest, message):
    named = {name: build_policy(table) for name, table in rest.pop("named", {}).items()}
    with pytest.raises(UnsolvedError, match=message):
        valuation_of(Question(quiet().override(changes), "us", named, **rest))


def test_forever_is_for_exact_games():
    with pytest.raises(UnsolvedError, match="without an exact solution"):
        valuation_of(Question(Scenario.load("geneva-2025"), "us", {}, forever=True))
