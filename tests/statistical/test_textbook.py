"""Textbook numbers from the engine, through the public interface: `Scenario` and `simulate`.

Every test states the exact value (V-numbers of the design's theory notes, section 1), the number
of runs and the tolerance, four standard errors (tests/statistical/exact.py).
"""

import math
from itertools import product

import pytest

from tests.everyday import one_in
from tests.statistical.exact import (
    BOTH,
    RUNS,
    assert_share,
    cooperation,
    played,
    survives,
    textbook,
)

# V01, V12: tit for tat under slips


def test_v01_cooperation_of_tit_for_tat_decays_to_a_half():
    """P(C at t) = 1/2 + 1/2 (1 - 2 e)^t, e = .05; both sides; n = 20,000."""
    result = played(textbook("tft-noise"))
    for week, side in product((1, 2, 5, 13, 26), (0, 1)):
        exact = 0.5 + 0.5 * 0.9**week
        assert_share(cooperation(result, week, side), exact, RUNS)
    assert round(0.5 + 0.5 * 0.9**13, 6) == 0.627093


def test_v01_in_the_long_run_all_four_pairs_are_alike():
    """Week 120, n = 20,000: .25 each, payoff 2.25 a week."""
    result = played(textbook("tft-noise", paths={"weeks": 120}))
    last = result.conduct[result.conduct["week"] == 120]
    for count in last["count"]:
        assert_share(count / RUNS, 0.25, RUNS)


def test_v12_survival_without_mutual_defection():
    exact = {13: 0.796822, 26: 0.554387}
    survives(textbook("tft-noise"), exact)
    survives(textbook("tft-noise"), {13: 0.95**26, 26: 0.95**52}, "clean")


# V03 to V11: long-run cooperation under either noise, all policies, one engine

LAWS = [
    # policy, its parameters, cooperation under slips of .05, and under misperception of .05
    ("tit_for_tat", {}, 0.5, 0.5),
    ("win_stay_lose_shift", {}, 0.8645, 0.8645),
    ("generous_tit_for_tat", {}, 0.875, 0.916667),
    ("generous_tit_for_tat", {"generosity": 0.1}, 0.736842, 0.763158),
    ("tit_for_k_tats", {}, 0.947192, 0.996880),
    ("contrite_tit_for_tat", {}, 0.909091, 0.5),
    ("firm_but_fair", {}, 0.725, 0.671835),
    ("grim", {}, 0.05, 0.0),
    ("two_tits_for_tat", {}, 0.052808, None),
    ("tit_for_k_tats", {"below": "hold"}, 0.919131, None),
]


def slow_but(count, rows):
    """The first rows every day, the others on a slow day."""
    return [*rows[:count], *(pytest.param(*row, marks=pytest.mark.slow) for row in rows[count:])]


@pytest.mark.parametrize(("name", "values", "slips", "sights"), slow_but(2, LAWS))
def test_v10_the_two_noises_told_apart(name, values, slips, sights):
    """Week 260, where every chain has forgotten its start; n = 3,000."""
    policy, runs = {"name": name, **values}, 3_000
    base = {"weeks": 260}
    law = played(textbook("base", policy=policy, slip=0.05, paths=dict(base)), runs)
    assert_share(cooperation(law, 260), slips, runs)
    if sights is None:
        return
    errors = {"false_alarm": 0.05, "miss": 0.05}
    law = played(textbook("base", policy=policy, **errors, paths=dict(base)), runs)
    if name == "grim":
        assert cooperation(law, 260) < 1e-3
    else:
        assert_share(cooperation(law, 260), sights, runs)


@pytest.mark.parametrize(
    ("name", "values", "exact"),
    [
        ("tit_for_tat", {}, 1 / 11),
        ("generous_tit_for_tat", {"generosity": 0.5}, 0.836066),
        ("win_stay_lose_shift", {}, 0.674366),
        ("tit_for_k_tats", {}, 0.812293),
    ],
)
def test_v11_false_alarms_outnumber_misses(name, values, exact):
    """Good read as bad with .20, bad as good with .02; week 130, n = 6,000."""
    policy, runs = {"name": name, **values}, 6_000
    scenario = textbook("one-sided-alarm", policy=policy, paths={"weeks": 130})
    assert_share(cooperation(played(scenario, runs), 130), exact, runs)


def test_v11_unequal_players():
    """U misreads C (.25, .02), C misreads U (.05, .02): 346/3211 and 386/3211."""
    errors = {
        "actors.us.false_alarm": 0.25,
        "actors.us.miss": 0.02,
        "actors.cn.false_alarm": 0.05,
        "actors.cn.miss": 0.02,
        "weeks": 130,
    }
    result = played(textbook("base", paths=errors))
    assert_share(cooperation(result, 130, 0), 346 / 3211, RUNS)
    assert_share(cooperation(result, 130, 1), 386 / 3211, RUNS)


# V12, V13: survival by size of noise and by delay


@pytest.mark.parametrize(("slip", "exact"), [(0.01, 0.985594), (0.10, 0.547283)])
def test_v12_other_sizes_of_noise(slip, exact):
    survives(textbook("base", slip=slip), {13: exact})


@pytest.mark.parametrize(
    ("delay", "exact"),
    [
        (0, {13: 0.796822, 26: 0.554387}),
        (1, {13: 0.858558, 26: 0.634926}),
        (2, {13: 0.891717, 26: 0.693912}),
        (3, {13: 0.912151, 26: 0.737121}),
    ],
)
def test_v13_delay_makes_interleaved_games(delay, exact):
    survives(textbook("tft-noise", reaction_delay=delay), exact)


# V08, V09: payoffs of the stage game, through the machines of Press and Dyson


@pytest.mark.parametrize(
    ("own", "other", "payoffs"),
    slow_but(
        1,
        [
            ("zero_determinant", "always_concede", (41 / 11, 21 / 11)),
            ("zero_determinant", "random", (2.5625, 1.520833)),
            ("zero_determinant", "win_stay_lose_shift", (2.363636, 1.454545)),
            ("equalizer", "always_concede", (3.444444, 7 / 3)),
            ("equalizer", "always_retaliate", (0.666667, 7 / 3)),
            ("equalizer", "random", (2.214286, 7 / 3)),
        ],
    ),
)
def test_v08_v09_payoffs_a_week(own, other, payoffs):
    """Mean over weeks 21 to 220 as the difference of two horizons of the same 3,000 runs.

    Four standard errors of the longer one's mean, a week.
    """
    machines = {"actors.us.policy.name": own, "actors.cn.policy.name": other}
    short, long = (
        played(textbook("base", paths=machines | {"weeks": weeks}), 3000).payoffs
        for weeks in (20, 220)
    )
    for who, exact in zip(BOTH, payoffs, strict=True):
        rows = [f[(f["who"] == who) & (f["measure"] == "payoff")].iloc[0] for f in (short, long)]
        found = (rows[1]["mean"] - rows[0]["mean"]) / 200
        assert abs(found - exact) <= 4 * rows[1]["se"] / 200 + 1e-6


# V15, V16, V18


@pytest.mark.parametrize("weeks", one_in(2, [1, 4]))
def test_v15_green_and_porter(weeks):
    """P(CC) = ((1-e)^2 + a L e^2)/(1 + a L) with a = .05, e = 1 - sqrt(1 - a); week 260."""
    a, runs = 0.05, 20_000
    e = 1 - math.sqrt(1 - a)
    policy = {"name": "trigger", "weeks": weeks}
    result = played(textbook("base", policy=policy, slip=e, paths={"weeks": 260}), runs)
    frame = result.conduct
    both_good = frame[(frame["week"] == 260) & (frame["pair"] == "both good")]["count"].iloc[0]
    assert_share(both_good / runs, ((1 - e) ** 2 + a * weeks * e * e) / (1 + a * weeks), runs)


@pytest.mark.parametrize(("hazard", "exact"), [(0.008072, 0.9), (0.021886, 0.75), (0.051922, 0.5)])
def test_v16_hazards_of_a_90_day_truce(hazard, exact):
    scenario = textbook("constant-hazard", paths={"shocks.act.chance": hazard})
    result = played(scenario)
    assert_share(result.at("standing", 13).p, (1 - hazard) ** 13, RUNS)
    assert (1 - hazard) ** 13 == pytest.approx(exact, abs=5e-5)
    assert result.at("clean", 13).p == 1.0


@pytest.mark.parametrize("delay", [0, 2])
@pytest.mark.parametrize(("k", "exact"), [(1, 0.054976), (2, 0.654395), (3, 0.929216)])
def test_v18_k_bad_signals_in_a_row(k, exact, delay):
    """Signals of .2 that nobody answers: a violation a week and the delay after the k-th."""
    paths = {
        "actors.us.policy": {"name": "tit_for_k_tats", "k": k},
        "actors.us.false_alarm": 0.2,
        "actors.us.reaction_delay": delay,
        "actors.cn.policy": {"name": "always_concede"},
    }
    survives(textbook("base", paths=paths), {14 + delay: exact}, "clean")


# Exactly


def test_everything_off_holds_with_probability_exactly_1():
    result = played(textbook("quiet"), 5000)
    for outcome in ("clean", "standing", "core"):
        assert result.at(outcome, 26).p == 1.0


def test_slips_of_1_violate_every_week():
    result = played(textbook("base", policy={"name": "always_concede"}, slip=1.0), 500)
    frame = result.conduct
    assert (frame[frame["pair"] == "both bad"]["count"] == 500).all()
    assert result.at("clean", 1).p == 0.0
