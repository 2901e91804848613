"""Tables computed from hand-made tallies with known answers."""

import datetime
import math

import numpy as np
import pandas as pd
import pytest

from sim.outcomes import bands, definitions
from sim.outcomes.bands import phrase
from sim.outcomes.estimates import wilson
from sim.outcomes.simulate import simulate
from sim.outcomes.tables import runs_frame
from sim.scenario import Scenario
from sim.world.state import CAUSES
from tests.outcomes.tallies import counted, following, result, small, with_n

START = datetime.date(2025, 5, 12)


def test_survival_counts_down_week_by_week():
    frame = result().survival("standing")
    assert list(frame.columns) == ["week", "date", "n", "p", "low", "high"]
    assert frame["week"].tolist() == [1, 2, 3, 4, 5, 6]
    assert frame["p"].tolist() == [1.0, 0.95, 0.95, 0.85, 0.85, 0.65]
    assert frame["date"].iloc[1] == pd.Timestamp("2025-05-19")
    low, high = wilson(85, 100)
    assert frame["low"].iloc[3] == float(low)
    assert frame["high"].iloc[3] == float(high)


def test_median_week_and_restricted_mean():
    frame = definitions.survival_frame(np.array([90, 50, 20]), 100, START)
    assert definitions.median_week(frame) == 2
    assert definitions.restricted_mean(frame) == pytest.approx(1.6)
    assert math.isnan(definitions.median_week(frame.iloc[:1]))


def test_triggers_by_term_and_horizon():
    frame = result().triggers
    term = frame[frame["week"] == 4]
    assert term[["cause", "who", "item", "count"]].to_numpy().tolist() == [
        ["slip", "us", "us.tariffs", 8],
        ["overdue", "cn", "cn.licences", 5],
        ["shock", "us", "guidance", 2],
    ]
    assert term["share"].tolist() == pytest.approx([8 / 15, 5 / 15, 2 / 15])
    assert term["p"].tolist() == pytest.approx([0.08, 0.05, 0.02])
    horizon = frame[frame["week"] == 6]
    assert horizon.iloc[0][["cause", "item", "count"]].tolist() == ["lapse", "", 20]


def test_triggers_add_up_to_the_breakdowns_every_week():
    made = result()
    by_week = made.triggers_by_week.groupby("week")["count"].sum()
    lost = made.n - definitions.holding(made.tally, "standing")
    assert by_week.to_dict() == {w: c for w, c in enumerate(lost.tolist(), start=1) if c}


def test_every_cause_has_its_words():
    for cause in CAUSES:
        assert phrase(cause, "us", "us.chips")
        assert not phrase(cause, "cn", "").endswith((":", " "))


def test_band_quantiles_are_exact_on_whole_rungs():
    """Of 100 runs 30 stand at 0, 40 at 1, 25 at 2 and 5 at 3."""
    hist = np.zeros((1, 1, 256), np.int64)
    for value, count in ((0, 30), (1, 40), (2, 25), (3, 5)):
        hist[0, 0, 0 if value == 0 else 1 + 4 * value] = count
    found = bands.quantiles(hist, np.array([4.0]))
    assert found[:, 0, 0].tolist() == [0, 0, 1, 2, 2]


def test_band_quantile_of_a_share_of_one_is_one():
    hist = np.zeros((1, 1, 256), np.int64)
    hist[0, 0, 1 + 253] = 10
    assert bands.quantiles(hist, np.array([253.0]))[:, 0, 0].tolist() == [1.0] * 5


def test_band_frame_has_a_row_a_week_and_band():
    tally = counted(small())
    few = tally._replace(
        hist=np.zeros((1, 7, 256), np.int64), bands_sum=np.full((1, 7), 50 * 2**24)
    )
    frame = bands.band_frame(few, following(0, 4.0))
    expected = ["week", "date", "variable", "who", "mean", "q05", "q25", "q50", "q75", "q95"]
    assert list(frame.columns) == expected
    assert frame["mean"].tolist() == [0.5] * 6
    assert set(zip(frame["variable"], frame["who"], strict=True)) == {("rung", "us")}


def test_flow_and_stock_bands_are_named_after_levers():
    names = bands.band_names(small().compiled)
    assert ("flow", "cn.licences") in names
    assert ("stock", "cn.licences") in names
    assert ("belief", "us") in names


def test_conduct_pairs_add_up_to_all_runs():
    frame = bands.conduct_frame(counted(small()), small().compiled)
    assert frame.groupby("week")["count"].sum().tolist() == [100] * 6
    assert frame["pair"].tolist()[:4] == ["both good", "cn bad", "us bad", "both bad"]


def test_payoff_moments_are_those_of_the_values():
    values = [1.5, -2.25, 4.0, 0.5]
    total = sum(round(x * 2**24) for x in values)
    squares = sum(round(x * x * 2**24) for x in values)
    mean, sd = bands.moments(total, squares, len(values))
    assert mean == np.mean(values)
    assert sd == pytest.approx(np.std(values, ddof=1), abs=1e-12)


def test_payoff_moments_of_one_run_and_of_none():
    assert bands.moments(2**24, 2**24, 1)[0] == 1.0
    assert math.isnan(bands.moments(2**24, 2**24, 1)[1])
    assert math.isnan(bands.moments(0, 0, 0)[0])


def test_payoff_frame_joins_the_halves_of_the_squares():
    tally = with_n(2)
    tally.payoffs = np.zeros((2, 2, 3), np.int64)
    square = 2 * 300**2 * 2**24
    tally.payoffs[0, 0] = (0, square >> 32, square & 0xFFFFFFFF)
    frame = bands.payoff_frame(tally, ("us", "cn"))
    assert frame.iloc[0][["who", "measure", "n"]].tolist() == ["us", "payoff", 2]
    assert frame.iloc[0]["sd"] == pytest.approx(300 * math.sqrt(2))


def test_talks():
    talks = result().talks
    assert talks.share.p == 0.5
    assert talks.mean_first_week == 3.0
    assert talks.mean_number == 0.8


def test_runs_frame_says_never_with_nan_and_none():
    from sim.engines.counts import ROW

    rows = np.zeros(2, ROW)
    rows["cause"] = (0, -1)
    rows["cause_who"][0] = rows["cause_item"][0] = 1
    rows["cause_week"] = (3, 0)
    rows["standing_week"] = (4, 0)
    frame = runs_frame(rows, small().compiled, first=10)
    assert frame["run"].tolist() == [10, 11]
    assert frame["breakdown_week"].iloc[0] == 4
    assert math.isnan(frame["breakdown_week"].iloc[1])
    assert frame.loc[0, ["cause", "cause_who", "cause_item"]].tolist() == [
        "overdue",
        "cn",
        "cn.licences",
    ]
    assert frame["cause"].iloc[1] is None


def test_causes_add_up_to_the_breakdowns():
    made = result()
    frame = made.causes_by_week
    last = frame[frame["week"] == made.horizon]
    pairs = list(zip(last["cause"], last["who"], last["count"], strict=True))
    assert pairs == [("lapse", "", 20), ("slip", "us", 8), ("overdue", "cn", 5), ("shock", "us", 2)]
    broken = 1 - made.survival("standing")["p"].to_numpy()
    assert frame.groupby("week")["p"].sum().to_numpy() == pytest.approx(broken)


def test_without_a_breakdown_there_are_no_causes():
    made = result()
    made.tally.trigger[:] = 0
    assert made.causes_by_week.empty


def test_allies_with_a_lever_join_and_are_counted():
    allies = {"jp": {"lever": "us.tariffs", "coverage": 0.1}, "eu": {}}
    frame = result(small(allies=allies)).joined
    assert set(frame["ally"]) == {"jp"}
    assert frame["p"].tolist() == [0, 0, 0.2, 0.2, 0.2, 0.2]
    assert result().joined.empty


def test_every_run_is_counted_once_for_every_ally():
    made = simulate(Scenario.load("geneva-2025"), runs=200, seed=5)
    assert made.tally.joined.sum(axis=1).tolist() == [200] * len(made.compiled.allies)
    assert 0 < made.joined["p"].max() < 1
    assert made.tally.joined[made.compiled.allies.index("eu"), -1] == 200
