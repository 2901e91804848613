"""The filter: against the batch engine, the path of the record, and chains solved by hand."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from sim.engines.batch import run_batch
from sim.engines.counts import ROW
from sim.engines.follow import choose
from sim.engines.setting import seed_words
from sim.forecast.filter import UNINFORMATIVE, Island, facts_table, impossible, new_pool
from sim.forecast.observations import EXTENDED, ForecastError, observations
from sim.history.path import record_path
from sim.scenario import Scenario
from tests.forecast.made import levels_seen

GENEVA = Scenario.load("geneva-2025")
SEEN = observations(GENEVA)


def island(scenario, seen, copies, seed=1, first=0, tolerance=1.0):
    params = scenario.compiled.params
    facts = facts_table(scenario.compiled, seen, tolerance)
    return Island(params, facts, new_pool(params, facts, copies), seed_words(seed), first)


@pytest.mark.parametrize("weeks", [[26], [5, 13, 26]])
def test_without_facts_a_copy_is_the_run_of_its_index(weeks):
    found = island(GENEVA, SEEN, 40, seed=7, first=3, tolerance=UNINFORMATIVE)
    for week in weeks:
        assert found.play_to(week) == 0
    rows = run_batch(GENEVA.compiled.params, 7, 3, 40, threads=1, keep=True).rows
    for name in set(ROW.names) & set(found.pool.state.run.dtype.names):
        assert np.array_equal(found.pool.state.run[name][:, 0], rows[name]), name
    assert np.array_equal(found.pool.state.sides["payoff"][:, 0], rows["payoff_us"])
    assert found.evidence == 0.0


@pytest.mark.parametrize("name", ["geneva-2025", "london-2025", "april-2025", "geneva-as-happened"])
def test_every_copy_stands_where_the_record_stood(name):
    """Its rungs, breakdown and dispute follow by the model's rules: `sim.history.path` has them."""
    scenario = Scenario.load(name)
    path = record_path(scenario)
    found = island(scenario, observations(scenario), 30)
    assert found.play_to(path.weeks) == 0
    rungs = found.pool.rungs[:, :, 1 : path.weeks + 1]
    assert np.array_equal(rungs, np.broadcast_to(path.rungs, rungs.shape))
    run = found.pool.state.run[:, 0]
    assert (run["first_talks"] == path.first_talks).all()
    for outcome in {"undisputed", "standing"} & set(path.ends):
        assert (run[f"{outcome}_week"] == path.ends[outcome]).all()


def perceived(conduct, error=0.05):
    """P(a signal is bad) of each side about the other's conduct, misread with `error`."""
    us, cn = conduct
    return (1 - error if cn else error), (1 - error if us else error)


def chance_of_acts(before, conduct, seen, coding):
    """Tit for tat repeats its signal: the chance of the coded changes of both levels."""
    chance = 1.0
    for i in range(2):
        bad = perceived(before)[i]
        total = 0.0
        for act, p in ((1, bad), (0, 1 - bad)):
            right = np.sign(act - before[i]) == seen[i]
            total += p * (1 - coding if right else coding / 2)
        chance *= total
    return chance


def test_the_evidence_of_a_textbook_game_is_that_of_its_chain():
    """tft-perception: acts repeat signals, so with levels laid on, weeks are independent."""
    scenario = Scenario.load("textbook/tft-perception")
    levels = [(0, 0), (1, 0), (0, 1), (0, 1), (1, 0), (0, 0)]
    exact, before = 0.0, (0, 0)
    for week, now in enumerate(levels):
        seen = [np.sign(now[i] - before[i]) for i in range(2)]
        # in week 1 there is no signal yet: both hold
        chance = chance_of_acts(before, now, seen, 0.15) if week else 0.85**2
        exact += np.log(chance)
        before = now
    logs = []
    for k in range(20):
        one = island(scenario, levels_seen(scenario, levels), 400, first=400 * k)
        assert one.play_to(len(levels)) == 0
        logs.append(one.evidence)
    likelihood = np.exp(np.array(logs) - exact)
    error = likelihood.std(ddof=1) / np.sqrt(len(logs))
    assert abs(likelihood.mean() - 1) < 4 * error
    assert error < 0.05


def test_the_state_of_a_hidden_machine_is_filtered():
    """Tit for two tats: China's rise in week 4 says that it saw defections in weeks 2 and 3.

    Exact posterior of its signal of week 3, which was false, by enumeration of all signals.
    """
    scenario = Scenario.load("textbook/tf2t-perception")
    levels = [(0, 0), (1, 0), (0, 0), (0, 1)]
    signals = list(product((0, 1), repeat=2 * len(levels)))
    chance = np.array([_chance_of(one, levels) for one in signals])
    bad = chance @ [one[2 * 2 + 1] for one in signals] / chance.sum()
    shares, logs = [], []
    for k in range(20):
        one = island(scenario, levels_seen(scenario, levels), 400, first=400 * k)
        assert one.play_to(len(levels)) == 0
        side = one.pool.state.sides[:, 1]
        shares.append(np.exp(one.pool.log_weight) @ (side["state"] != side["start"]))
        logs.append(one.evidence)
    weights = np.exp(logs) / np.exp(logs).sum()
    found = weights @ shares
    error = np.sqrt(weights**2 @ (np.array(shares) - found) ** 2)
    assert 0.2 < bad < 0.8
    assert error < 0.05
    assert abs(found - bad) < 4 * error


def _chance_of(signals, levels, error=0.05, coding=0.15):
    """P(signals and coded acts): side i answers when its last two signals were bad."""
    pairs = [signals[2 * t : 2 * t + 2] for t in range(len(levels))]
    chance, before = 1.0, (0, 0)
    for week, now in enumerate(levels):
        for i in range(2):
            acts = week >= 2 and pairs[week - 1][i] and pairs[week - 2][i]
            right = np.sign(int(acts) - before[i]) == np.sign(now[i] - before[i])
            chance *= 1 - coding if right else coding / 2
            other = now[1 - i]
            chance *= 1 - error if pairs[week][i] == other else error
        before = now
    return chance


def test_offspring_follow_the_weights():
    """Systematic resampling: each copy has its share of N, rounded down or up."""
    rng = np.random.default_rng(5)
    as_python = getattr(choose, "py_func", choose)
    found = island(GENEVA, SEEN, 30)
    for _ in range(50):
        weights = rng.dirichlet(np.full(30, 0.2))
        found.pool.log_weight[:] = np.log(np.maximum(weights, 1e-300))
        as_python(found.pool, float(rng.random()))
        counts = np.bincount(found.pool.ancestor, minlength=30)
        assert counts.sum() == 30
        assert (counts >= np.floor(30 * weights - 1e-9)).all()
        assert (counts <= np.ceil(30 * weights + 1e-9)).all()
        stayed = found.pool.ancestor == np.arange(30)
        assert (stayed == (counts > 0)).all()


def test_facts_that_no_run_can_follow_are_named():
    other = [replace(f, value=0.0) if f.kind == EXTENDED else f for f in SEEN.facts]
    seen = replace(SEEN, facts=tuple(other))
    found = island(GENEVA, seen, 20)
    assert found.play_to(26) == 13
    error = impossible(seen, 13, int(found.pool.why[13]))
    assert "week 13" in str(error)
    assert "the end of the first term" in str(error)


def test_a_tolerance_must_be_above_zero():
    with pytest.raises(ForecastError, match="a factor above 0"):
        facts_table(GENEVA.compiled, SEEN, 0.0)


def test_weaker_facts_keep_more_copies():
    least = []
    for tolerance in (0.5, 1.0, 2.0):
        found = island(GENEVA, SEEN, 200, tolerance=tolerance)
        assert found.play_to(26) == 0
        least.append(found.pool.effective[found.pool.effective > 0].min())
    assert all(one < two for one, two in pairwise(least))
