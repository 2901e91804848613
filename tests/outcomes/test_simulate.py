"""From scenario to result with the real engine: reproducible, paired, precise enough."""

import numpy as np
import pytest
from scipy import stats

from sim.engines.batch import run_batch
from sim.errors import ResultError
from sim.outcomes import spread
from sim.outcomes.butfor import channels_off
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.scenario.distribution import read_distribution, uniform
from sim.world.outcomes import NAMES


@pytest.fixture(scope="module")
def geneva() -> Scenario:
    return Scenario.load("geneva-2025")


def same(one, two) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.tally, two.tally, strict=True))


def test_same_seed_same_tally_whatever_the_threads(geneva):
    one, two = (simulate(geneva, runs=200, seed=7, threads=threads) for threads in (1, 2))
    assert same(one, two)
    assert not same(one, simulate(geneva, runs=200, seed=8))


def test_rows_agree_with_the_counts(geneva):
    result = simulate(geneva, runs=300, seed=3, keep_runs=True)
    runs = result.runs
    assert len(runs) == result.n == 300
    stands = runs["breakdown_week"].isna() | (runs["breakdown_week"] > 13)
    assert stands.mean() == result.standing.p
    assert runs["extended"].mean() == result.extended.p
    assert runs["cause"].isna().sum() == runs["dispute_week"].isna().sum()
    mean = result.payoffs.set_index(["who", "measure"])["mean"]
    assert runs["payoff_us"].mean() == pytest.approx(mean["us", "payoff"], abs=1e-6)


def test_until_stops_at_the_first_batch_that_is_precise_enough(geneva):
    told: list[int] = []
    result = simulate(geneva, runs=100, until=0.02, progress=told.append)
    assert result.n == 10_100
    assert result.standing.half_width <= 0.02
    assert told == sorted(told)
    assert told[-1] == result.n
    assert same(result, simulate(geneva, runs=10_100))


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"until": 0}, {"until": 0.5}, {"engine": "abacus"}])
def test_impossible_requests_are_refused(geneva, wrong):
    with pytest.raises(ResultError, match="allowed"):
        simulate(geneva, **({"runs": 10} | wrong))


def test_but_for_shares_are_paired_with_the_very_same_runs(geneva):
    result = simulate(geneva, runs=400, seed=5, but_for=True)
    frame = result.but_for.set_index("channel")
    assert set(frame.index) == {"slips", "false_alarms", "slow_licences", "friction"}
    assert (frame["p"] == result.standing.p).all()
    change = (frame["gained"] - frame["lost"]) / frame["n"]
    assert np.allclose(change, frame["difference"])
    assert np.allclose(frame["p"] + change, frame["p_without"])
    assert (frame["low"] <= frame["difference"]).all()
    assert (frame["difference"] <= frame["high"]).all()


def test_but_for_slips_is_the_run_without_slips(geneva):
    quiet = geneva.override(
        {f"actors.{who}.{key}": 0.0 for who in ("us", "cn") for key in ("slip", "slip_fail")}
    )
    frame = simulate(geneva, runs=300, seed=5, but_for=True).but_for.set_index("channel")
    assert frame.loc["slips", "p_without"] == simulate(quiet, runs=300, seed=5).standing.p


def test_channels_are_those_that_are_on(geneva):
    happened = Scenario.load("geneva-as-happened")
    names = tuple(shock.name for shock in happened.spec.shocks)
    channels = channels_off(happened.compiled.params, names)
    assert {f"shock:{name}" for name in names} <= set(channels)
    off = channels[f"shock:{names[0]}"].shocks[0]
    assert (off["week"], off["chance"]) == (0, 0.0)
    assert happened.compiled.params.shocks[0]["week"] > 0
    calm = geneva.override({"actors.us.false_alarm": 0.0, "actors.cn.false_alarm": 0.0})
    assert "false_alarms" not in channels_off(calm.compiled.params, ())


def test_fast_licences_touch_licence_offices_alone(geneva):
    params = geneva.compiled.params
    fast = channels_off(params, ())["slow_licences"].levers
    offices = params.levers["control"] == 2
    assert (fast["capacity"][offices] >= 1).all()
    assert (fast["capacity"][~offices] == params.levers["capacity"][~offices]).all()
    assert (fast["stock"] == params.levers["stock"]).all()
    assert (fast["backlog"] == params.levers["backlog"]).all()


def test_a_shock_that_never_comes_never_comes():
    """With its only channel off, a world of one dated shock stays clean in every run."""
    quiet = Scenario.load("textbook/quiet")
    lever = f"us.{next(iter(quiet.spec.levers['us']))}"
    storm = {"name": "storm", "date": str(quiet.spec.start), "lever": lever, "change": 1}
    compiled = Scenario.from_table(quiet.to_table() | {"shocks": [storm]}).compiled
    calm = channels_off(compiled.params, compiled.shocks)["shock:storm"]
    assert run_batch(compiled.params, 1, 0, 20).tally.ended[0, 1] == 20
    assert run_batch(calm, 1, 0, 20).tally.ended[0, -1] == 20


def test_latin_hypercube_has_one_point_in_every_slice():
    cube = spread.latin_hypercube(50, 7, seed=2025)
    assert ((cube >= 0) & (cube < 1)).all()
    slices = np.floor(cube * 50).astype(int)
    assert (np.sort(slices, axis=0) == np.arange(50)[:, None]).all()
    assert abs(np.corrcoef(cube.T)[0, 1:]).max() < 0.5
    assert np.array_equal(cube, spread.latin_hypercube(50, 7, seed=2025))
    assert not np.array_equal(cube, spread.latin_hypercube(50, 7, seed=2**40))


def test_designs_share_whole_numbers_out_evenly():
    points = spread.design(
        {"delay": uniform(0, 3), "slip": uniform(0.1, 0.3)}, ["delay"], 40, seed=1
    )
    assert sorted(p["delay"] for p in points) == sorted([0, 1, 2, 3] * 10)
    assert all(0.1 <= p["slip"] <= 0.3 for p in points)


def test_outer_loop_reports_every_defined_outcome(geneva):
    found = spread.outer_loop(geneva, seed=1, points=6, runs=50)
    assert (found.points, found.runs) == (6, 50)
    assert found.ranges == len(geneva.range_paths())
    assert found.frame["outcome"].tolist() == list(NAMES)
    row = found.of("standing")
    assert row["low"] <= row["q05"] <= row["q50"] <= row["q95"] <= row["high"]
    again = spread.outer_loop(geneva, seed=1, points=6, runs=50, threads=1)
    assert found.frame.equals(again.frame)


def test_points_of_the_outer_loop_follow_the_distributions():
    laws = {
        "slip": read_distribution({"triangular": [0, 0.1, 0.4]}),
        "delay": read_distribution({"beta": [2, 2], "bounds": [0, 8]}),
    }
    points = spread.design(laws, ["delay"], 400, seed=1)
    slips = [p["slip"] for p in points]
    assert np.median(slips) == pytest.approx(laws["slip"].median(), abs=0.002)
    assert stats.kstest(slips, stats.triang(0.25, 0, 0.4).cdf).pvalue > 0.5  # even, by design
    delays = [p["delay"] for p in points]
    assert all(isinstance(delay, int) for delay in delays)
    assert set(delays) == set(range(9))
    assert delays.count(4) > 3 * delays.count(0) > 0


def test_distributions_count_as_shaped_and_narrow_the_range(geneva):
    law = {"truncated_normal": [0.05, 0.002, 0, 0.2]}
    sure = geneva.override({"actors.us.slip": law})
    found = spread.outer_loop(sure, seed=1, points=6, runs=50)
    own = sum(each.kind != "uniform" for each in geneva.distributions().values())
    assert own > 0
    assert (found.shaped, found.luck) == (own + 1, "common")
    part = found.parts["standing"]
    assert (part.points, part.runs) == (6, 50)
    assert part.mean == pytest.approx(found.frame["q50"][0], abs=0.5)


def test_fresh_luck_plays_other_runs_at_each_point(geneva):
    """With nothing varied but a value that does not matter, common numbers give equal points."""
    paths = {path: [law.low, law.low] for path, law in geneva.distributions().items()}
    still = geneva.override({"ranges": paths})
    common, fresh = (
        spread.outer_loop(still, seed=1, points=8, runs=40, luck=luck)
        for luck in ("common", "fresh")
    )
    row = common.of("undisputed")
    assert row["low"] == row["high"]
    assert common.parts["undisputed"].parameters == 0.0
    row = fresh.of("undisputed")
    assert row["low"] < row["high"]
    params = still.with_values({p: low for p, (low, _) in paths.items()}).compiled.params
    rows = run_batch(params, 1, 0, 8 * 40, keep=True).rows
    held = spread.held_at_term(rows, params.rules[0])["undisputed"].reshape(8, 40)
    assert (row["low"], row["high"]) == (held.mean(axis=1).min(), held.mean(axis=1).max())
    again = spread.outer_loop(still, seed=1, points=8, runs=40, luck="fresh", threads=1)
    assert (again.frame.equals(fresh.frame), again.parts) == (True, fresh.parts)


def test_another_luck_is_refused(geneva):
    with pytest.raises(ResultError, match="'common', 'fresh'"):
        simulate(geneva, runs=10, luck="own")


def test_without_ranges_the_outer_loop_is_one_point():
    quiet = Scenario.load("textbook/quiet").override({"ranges": "none"})
    found = spread.outer_loop(quiet, seed=1, points=6, runs=20)
    assert (found.points, found.ranges) == (1, 0)
    assert found.of("standing")["q05"] == found.of("standing")["q95"] == 1.0
    assert found.of("extended") is None
