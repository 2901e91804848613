"""The articles' chain, found in runs where it is known to be, and not elsewhere."""

import numpy as np
import pytest

from docs.energy_score import energy_score
from docs.story_chain import follow
from sim.scenario import Scenario

LICENCE = "cn.rare_earths"
GENEVA = Scenario.load("geneva-2025-capacity")
RUNS, SEED, WEEKS = 300, 7, 13
#: Nothing by chance: no slips, no misreading, no talks.
SURE = {f"actors.{side}.{name}": 0.0 for side in ("us", "cn") for name in ("slip", "slip_fail")}
SURE |= {f"actors.{side}.false_alarm": 0.0 for side in ("us", "cn")}
SURE |= {"talks.talks_rate": 0.0, "talks.talks_pressure": 0.0}
TIT_FOR_TAT = {f"actors.{side}.policy": {"name": "tit_for_tat"} for side in ("us", "cn")}


def chain(values):
    return follow(GENEVA.override(values).compiled, LICENCE, RUNS, SEED, WEEKS)


def test_steps_come_in_their_order():
    found = follow(GENEVA.compiled, LICENCE, 2000, SEED, WEEKS)
    went = found.tightened > 0
    assert went.any()
    assert (found.slow[went] > 0).all()
    assert (found.slow[went] <= found.answered[went]).all()
    assert (found.answered[went] < found.tightened[went]).all()
    assert (found.answered[found.slow == 0] == 0).all()


def test_interruptions_and_whole_chains_are_all_runs():
    found = follow(GENEVA.compiled, LICENCE, 2000, SEED, WEEKS)
    assert sum(found.interruptions().values()) + (found.tightened > 0).sum() == found.n == 2000


def test_two_that_answer_everything_go_the_whole_way_unless_nobody_is_slow():
    slow = chain(SURE | TIT_FOR_TAT)
    assert (slow.tightened > 0).mean() > 0.7
    quick = chain(
        SURE
        | TIT_FOR_TAT
        | {"levers.cn.rare_earths.capacity": 1.5, "levers.cn.rare_earths.history": []}
    )
    assert (quick.answered == 0).all()


def test_an_agency_slip_is_no_answer():
    silent = {f"actors.{side}.policy": {"name": "always_concede"} for side in ("us", "cn")}
    silent |= {f"actors.{side}.insistence": 0.0 for side in ("us", "cn")}
    found = chain(silent | {"actors.us.slip": 1.0})
    assert (found.slow > 0).all()
    assert (found.struck == 0).all()


def test_energy_score_of_known_cases():
    record = np.zeros((2, 4))
    far = np.full((2, 20, 4), 3.0)
    assert energy_score(far, record).value == pytest.approx(3 * np.sqrt(8))
    two = np.zeros((2, 20, 4))
    two[:, ::2] = 1.0  # half of the runs one away in each of eight numbers
    pairs = 2 * 10 * 10 / (20 * 19)
    expected = np.sqrt(8) * (0.5 - pairs / 2)
    assert energy_score(two, record).value == pytest.approx(expected)


def test_the_truth_scores_best():
    luck = np.random.Generator(np.random.Philox(5))
    truth = luck.normal(size=(400, 2, 5))
    right, wrong = luck.normal(size=(2, 200, 5)), luck.normal(1.0, 1.0, size=(2, 200, 5))
    rights = np.mean([energy_score(right, record).value for record in truth])
    assert rights < np.mean([energy_score(wrong, record).value for record in truth])


def test_too_few_runs_are_refused():
    with pytest.raises(ValueError, match="20 or more"):
        energy_score(np.zeros((2, 5, 3)), np.zeros((2, 3)))
