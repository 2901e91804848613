"""Textbook numbers of every machine, by an exact Markov chain: no simulation, no tolerance.

The world is the noisy iterated game: one lever of one notch a side. Slip flips what is executed;
a false alarm or a miss flips what is seen; the next state follows from (own executed, seen).
Numbers and their sources: the V-numbers of the validation table in docs.
"""

from itertools import product
from math import sqrt
from typing import NamedTuple

import numpy as np
import pytest

from sim.policies import build_policy
from sim.policies.machine import Machine
from tests.everyday import one_in

GOOD_BAD = (0, 1)


class Noise(NamedTuple):
    """Weekly chances: slip (both sides), and by side a false alarm and a miss."""

    slip: float = 0.0
    alarm: tuple[float, float] = (0.0, 0.0)
    miss: tuple[float, float] = (0.0, 0.0)


def implementation(e):
    return Noise(slip=e)


def perception(alarm, miss=None):
    miss = alarm if miss is None else miss
    return Noise(alarm=(alarm, alarm), miss=(miss, miss))


def named(name, **values):
    return build_policy({"name": name, **values})


def executed(machine: Machine, state: int, before: int, slip: float):
    """P(executed conduct = good, bad): a hold that does not slip keeps the conduct before."""
    retaliate, hold, concede = machine.moves[state]
    bad = retaliate * (1 - slip) + concede * slip + hold * (slip + (1 - slip) * before)
    return (1 - bad, bad)


class Chain:
    """The joint chain; `steps[a, b]` holds P(conduct a and b this week, then next joint state)."""

    def __init__(self, one: Machine, two: Machine, noise: Noise) -> None:
        sizes = (len(one.states), len(two.states), 2, 2)
        count = int(np.prod(sizes))
        self.start = np.zeros(count)
        for (s, p), (r, q) in product(one.starts, two.starts):
            self.start[np.ravel_multi_index((s, r, 0, 0), sizes)] += p * q
        self.steps = np.zeros((2, 2, count, count))
        for joint in range(count):
            s, r, x, y = np.unravel_index(joint, sizes)
            acts = executed(one, s, x, noise.slip), executed(two, r, y, noise.slip)
            for a, b in product(GOOD_BAD, repeat=2):
                for seen_one, seen_two in product(GOOD_BAD, repeat=2):
                    p = acts[0][a] * acts[1][b]
                    p *= seen(noise, 0, b, seen_one) * seen(noise, 1, a, seen_two)
                    pair = one.following[s, 2 * a + seen_one], two.following[r, 2 * b + seen_two]
                    after = np.ravel_multi_index((*pair, a, b), sizes)
                    self.steps[a, b, joint, after] += p

    def law(self):
        """Long-run share of weeks (CC, CD, DC, DD): the lazy chain has no period to trip over."""
        lazy = (self.steps.sum((0, 1)) + np.eye(len(self.start))) / 2
        for _ in range(60):
            lazy = lazy @ lazy
            lazy /= lazy.sum(axis=1, keepdims=True)
        return np.einsum("i,abij->ab", self.start @ lazy, self.steps).ravel()

    def cooperation(self, side=0):
        cc, cd, dc, _ = self.law()
        return cc + (cd, dc)[side]

    def payoff(self, side=0):
        reward, temptation, sucker, punishment = 3, 5, 0, 1
        own = (sucker, temptation) if side == 0 else (temptation, sucker)
        return self.law() @ [reward, own[0], own[1], punishment]

    def survival(self, weeks, event=((1, 1),)):
        """P(none of the conduct pairs of `event` within `weeks` weeks)."""
        return float(self.start @ np.linalg.matrix_power(self._clear(event), weeks).sum(axis=1))

    def mean_time(self, event=((1, 1),)):
        """Mean number of weeks to the first of `event`."""
        reach = self.start > 0
        clear = self._clear(event)
        for _ in range(len(reach)):
            reach = reach | (reach @ (clear > 0) > 0)
        clear = clear[np.ix_(reach, reach)]
        ones = np.ones(len(clear))
        return float(self.start[reach] @ np.linalg.solve(np.eye(len(clear)) - clear, ones))

    def _clear(self, event):
        return sum(self.steps[a, b] for a, b in product(GOOD_BAD, repeat=2) if (a, b) not in event)


def seen(noise, side, conduct, sight):
    wrong = (noise.alarm, noise.miss)[conduct][side]
    return wrong if sight != conduct else 1 - wrong


def alone(name, noise, **values):
    return Chain(named(name, **values), named(name, **values), noise)


def test_v01_tit_for_tat():
    chain = alone("tit_for_tat", implementation(0.05))
    assert chain.law() == pytest.approx([0.25] * 4)
    weeks = [0.5 + 0.5 * 0.9**t for t in range(1, 27)]
    state, rates = chain.start, []
    for _ in weeks:
        rates.append(np.einsum("i,abij->ab", state, chain.steps)[0].sum())
        state = state @ chain.steps.sum((0, 1))
    assert rates == pytest.approx(weeks)


@pytest.mark.parametrize(
    ("generosity", "noise", "slips", "sights"),
    [
        (1 / 3, 0.01, 101 / 104, 51 / 52),
        (1 / 3, 0.05, 7 / 8, 11 / 12),
        (1 / 3, 0.10, 11 / 14, 6 / 7),
        (0.1, 0.05, 14 / 19, 29 / 38),
    ],
)
def test_v03_generous_tit_for_tat(generosity, noise, slips, sights):
    values = {"generosity": generosity}
    implemented = alone("generous_tit_for_tat", implementation(noise), **values)
    assert implemented.cooperation() == pytest.approx(slips)
    perceived = alone("generous_tit_for_tat", perception(noise), **values)
    assert perceived.cooperation() == pytest.approx(sights)


def test_v02_v03_generosity_against_others():
    generous, noise = named("generous_tit_for_tat"), implementation(0.05)
    against_hostile = Chain(named("always_retaliate"), generous, noise)
    assert [against_hostile.payoff(0), against_hostile.payoff(1)] == pytest.approx([2.451, 0.801])
    chain = Chain(generous, named("tit_for_tat"), noise)
    cooperation = [chain.cooperation(0), chain.cooperation(1)]
    assert cooperation == pytest.approx([19 / 23, 73 / 92])


@pytest.mark.parametrize("e", [0.01, 0.05, 0.10])
def test_v04_win_stay_lose_shift(e):
    law = alone("win_stay_lose_shift", implementation(e)).law()
    assert law[0] == pytest.approx((1 - e) * (1 - 3 * e + 4 * e * e))
    assert law[3] == pytest.approx(e * (2 - 5 * e + 4 * e * e))
    expected = (1 - e) * (1 - 2 * e + 4 * e * e)
    assert alone("win_stay_lose_shift", perception(e)).cooperation() == pytest.approx(expected)


def test_v04_win_stay_lose_shift_is_exploitable():
    noise = implementation(0.05)
    chain = Chain(named("win_stay_lose_shift"), named("always_retaliate"), noise)
    assert [chain.payoff(0), chain.payoff(1)] == pytest.approx([0.675, 2.925])


@pytest.mark.parametrize("e", [0.01, 0.05, 0.10])
def test_v05_contrite_tit_for_tat(e):
    law = alone("contrite_tit_for_tat", implementation(e)).law()
    assert law[0] == pytest.approx((1 - e) * (1 - e + 2 * e * e) / (1 + 2 * e))
    assert law[0] + law[1] == pytest.approx(1 / (1 + 2 * e))
    assert law[3] == pytest.approx(e * e * (3 - 2 * e) / (1 + 2 * e))
    assert alone("contrite_tit_for_tat", perception(e)).law() == pytest.approx([0.25] * 4)


def test_v05_contrite_against_tit_for_tat():
    chain = Chain(named("contrite_tit_for_tat"), named("tit_for_tat"), implementation(0.05))
    cooperation = [chain.cooperation(0), chain.cooperation(1)]
    assert cooperation == pytest.approx([0.653586, 0.638228], abs=5e-7)


@pytest.mark.parametrize(
    ("noise", "expected"),
    [
        (implementation(0.01), 0.989897),
        (implementation(0.05), 747071 / 788722),
        (implementation(0.10), 2767 / 3114),
        (perception(0.01), 0.999895),
        (perception(0.05), 786261 / 788722),
        (perception(0.10), 0.985710),
    ],
)
def test_v06_tit_for_two_tats(noise, expected):
    assert alone("tit_for_k_tats", noise).cooperation() == pytest.approx(expected, abs=5e-7)


def test_v06_relatives():
    noise = implementation(0.05)
    chain = Chain(named("tit_for_k_tats", k=2), named("tit_for_tat"), noise)
    cooperation = [chain.cooperation(0), chain.cooperation(1)]
    assert cooperation == pytest.approx([0.934321, 0.890889], abs=5e-7)
    two_tits = alone("two_tits_for_tat", noise)
    assert two_tits.cooperation() == pytest.approx(0.052808, abs=5e-7)
    holding = alone("tit_for_k_tats", noise, below="hold")
    assert holding.cooperation() == pytest.approx(0.919131, abs=5e-7)
    assert alone("tit_for_k_tats", noise, k=1).law() == pytest.approx([0.25] * 4)


def test_v07_grim():
    chain, any_bad = alone("grim", implementation(0.05)), ((0, 1), (1, 0), (1, 1))
    assert chain.mean_time(any_bad) == pytest.approx(1 / (0.05 * 1.95))
    assert chain.survival(13, any_bad) == pytest.approx(0.95**26)
    assert chain.mean_time() == pytest.approx(2800 / 247)
    assert chain.survival(13) == pytest.approx(0.294619, abs=5e-7)
    assert chain.cooperation() == pytest.approx(0.05)
    seen_only = alone("grim", perception(0.05))
    assert seen_only.mean_time() == pytest.approx(479 / 39)
    assert seen_only.survival(13) == pytest.approx(0.324527, abs=5e-7)
    assert seen_only.cooperation() == pytest.approx(0)


@pytest.mark.parametrize(
    ("other", "own_payoff", "other_payoff"),
    [
        ({"name": "always_concede"}, 41 / 11, 21 / 11),
        ({"name": "random"}, 2.5625, 1.520833),
        ({"name": "win_stay_lose_shift"}, 2.363636, 1.454545),
        (
            {"name": "memory_one", "p_cc": 0.9, "p_cd": 0.5, "p_dc": 0.2, "p_dd": 0.1},
            1.717391,
            1.239130,
        ),
        ({"name": "tit_for_tat"}, 1, 1),
        ({"name": "always_retaliate"}, 1, 1),
    ],
)
def test_v08_zero_determinant(other, own_payoff, other_payoff):
    chain = Chain(named("zero_determinant"), build_policy(other), Noise())
    payoffs = [chain.payoff(0), chain.payoff(1)]
    assert payoffs == pytest.approx([own_payoff, other_payoff], abs=1e-6)


@pytest.mark.parametrize(
    ("other", "own_payoff"),
    [("always_concede", 3.444444), ("always_retaliate", 0.666667), ("random", 2.214286)],
)
def test_v09_equalizer(other, own_payoff):
    chain = Chain(named("equalizer"), named(other), Noise())
    assert [chain.payoff(0), chain.payoff(1)] == pytest.approx([own_payoff, 7 / 3], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "implemented", "perceived"),
    [
        ("tit_for_tat", 0.5, 0.5),
        ("win_stay_lose_shift", 0.8645, 0.8645),
        ("generous_tit_for_tat", 0.875, 0.916667),
        ("tit_for_k_tats", 0.947192, 0.996880),
        ("contrite_tit_for_tat", 0.909091, 0.5),
        ("firm_but_fair", 0.725, 0.671835),
        ("grim", 0.05, 0.0),
    ],
)
def test_v10_discriminator(name, implemented, perceived):
    assert alone(name, implementation(0.05)).cooperation() == pytest.approx(implemented, abs=1e-6)
    assert alone(name, perception(0.05)).cooperation() == pytest.approx(perceived, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("tit_for_tat", {}, 1 / 11),
        ("generous_tit_for_tat", {"generosity": 0.1}, 0.395973),
        ("generous_tit_for_tat", {}, 13 / 18),
        ("generous_tit_for_tat", {"generosity": 0.5}, 0.836066),
        ("win_stay_lose_shift", {}, 0.674366),
        ("tit_for_k_tats", {}, 0.812293),
        ("contrite_tit_for_tat", {}, 1 / 11),
        ("two_tits_for_tat", {}, 0.000419),
    ],
)
def test_v11_one_sided_misperception(name, values, expected):
    chain = alone(name, perception(0.20, 0.02), **values)
    assert chain.cooperation() == pytest.approx(expected, abs=1e-6)


def test_v11_unequal_players():
    noise = Noise(alarm=(0.25, 0.05), miss=(0.02, 0.02))
    chain = Chain(named("tit_for_tat"), named("tit_for_tat"), noise)
    cooperation = [chain.cooperation(0), chain.cooperation(1)]
    assert cooperation == pytest.approx([346 / 3211, 386 / 3211])


@pytest.mark.parametrize(
    ("name", "values", "mean", "survival", "perceived_mean"),
    [
        ("tit_for_tat", {}, 40.0, 0.796822, 41.0),
        ("generous_tit_for_tat", {"generosity": 0.1}, 59.889503, 0.842144, None),
        ("generous_tit_for_tat", {}, 115.0, 0.903904, 248.5),
        ("contrite_tit_for_tat", {}, 155.932203, 0.922830, 41.0),
        ("tit_for_k_tats", {}, 370.131004, 0.965826, 35173.321041),
        ("win_stay_lose_shift", {}, 11.363636, 0.295653, 12.363636),
    ],
)
def test_v12_time_to_mutual_defection(name, values, mean, survival, perceived_mean):
    chain = alone(name, implementation(0.05), **values)
    assert chain.mean_time() == pytest.approx(mean, abs=1e-6)
    assert chain.survival(13) == pytest.approx(survival, abs=5e-7)
    if perceived_mean is not None:
        perceived = alone(name, perception(0.05), **values)
        assert perceived.mean_time() == pytest.approx(perceived_mean, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("weeks", [1, 2, 4])
def test_v15_trigger(weeks):
    a = 0.05
    e = 1 - sqrt(1 - a)
    law = alone("trigger", implementation(e), weeks=weeks).law()
    assert law[0] == pytest.approx(((1 - e) ** 2 + a * weeks * e * e) / (1 + a * weeks))
    if weeks == 4:
        assert law[0] == pytest.approx(0.791774, abs=5e-7)


@pytest.mark.parametrize("persistence", [0.0, 0.3, 1.0])
def test_inertial_is_a_mix_of_repetition_and_tit_for_tat(persistence):
    chances = {"p_cc": 1, "p_cd": persistence, "p_dc": 1 - persistence, "p_dd": 0}
    noise = perception(0.2, 0.1)._replace(slip=0.05)
    law = alone("inertial", noise, persistence=persistence).law()
    assert law == pytest.approx(alone("memory_one", noise, **chances).law())


def test_mixture_is_the_average_of_its_types():
    types = ("tit_for_tat", "win_stay_lose_shift")
    parts = [{"weight": w, "policy": {"name": n}} for w, n in zip((0.3, 0.7), types, strict=True)]
    noise, other = implementation(0.05), named("generous_tit_for_tat")
    laws = [Chain(named(name), other, noise).law() for name in types]
    mixed = Chain(named("mixture", parts=parts), other, noise).law()
    assert mixed == pytest.approx(0.3 * laws[0] + 0.7 * laws[1])


@pytest.mark.parametrize("chi", one_in(3, [1.5, 3.0, 7.0]))
def test_zero_determinant_keeps_its_ratio_against_any_memory_one_opponent(chi):
    """Press and Dyson (2012): s_own - P = chi (s_other - P), to rounding; 40 opponents."""
    rng = np.random.default_rng(8)
    largest = 1 / (1 + chi * 4)
    for share in rng.uniform(0.2, 1.0, size=40):
        chances = rng.uniform(0.05, 0.95, size=4)
        other = named(
            "memory_one", **dict(zip(("p_cc", "p_cd", "p_dc", "p_dd"), chances, strict=True))
        )
        chain = Chain(named("zero_determinant", chi=chi, phi=share * largest), other, Noise())
        own, others = chain.payoff(0), chain.payoff(1)
        assert own - 1 == pytest.approx(chi * (others - 1), abs=1e-9)
        assert others > 1  # so that it is no empty word
