"""A scenario with readings: every run is of one, and all that is said is of the mix or of one."""

import numpy as np
import pandas as pd
import pytest

from sim import Scenario, load, simulate
from sim.engines.batch import run_batch
from sim.engines.exact import solve
from sim.errors import ScenarioError
from sim.explain import trace_run
from sim.outcomes.store import write_result
from sim.outcomes.summary import summary
from sim.scenario.schema_world import SLOTS
from sim.studies.pairs import compare

MIXED = Scenario.load("geneva-2025-readings")
RUNS, SEED = 2000, 11


@pytest.fixture(scope="module")
def result():
    return simulate(MIXED, runs=RUNS, seed=SEED, keep_runs=True, but_for=True)


def test_a_run_is_the_run_of_its_reading(result):
    for name in MIXED.readings:
        alone = simulate(MIXED.reading(name), runs=RUNS, seed=SEED, keep_runs=True).runs
        own = [run for run in range(RUNS) if MIXED.of_run(run).name.endswith(name)]
        assert len(own) == RUNS // 2
        pd.testing.assert_frame_equal(result.runs.iloc[own], alone.iloc[own])


def test_the_shipped_readings_are_the_shipped_pair():
    for name in MIXED.readings:
        pair = Scenario.load(f"geneva-2025-{name}")
        for ours, theirs in zip(
            MIXED.reading(name).compiled.params, pair.compiled.params, strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def test_the_mix_is_what_its_parts_add_up_to(result):
    table = result.by_reading
    standing = table[table["outcome"] == "standing"]
    assert standing["n"].sum() == result.n == RUNS
    assert standing["count"].sum() / RUNS == result.standing.p
    assert standing["p"].nunique() == 2


def test_pieces_threads_and_weights_change_no_run():
    whole = simulate(MIXED, runs=450, seed=SEED, threads=2, keep_runs=True)
    other = MIXED.override({"readings.capacity.weight": 0.25, "readings.design.weight": 0.75})
    moved = simulate(other, runs=450, seed=SEED, threads=1, keep_runs=True)
    kept = [run for run in range(450) if not 25 <= run % SLOTS < 50]
    pd.testing.assert_frame_equal(whole.runs.iloc[kept], moved.runs.iloc[kept])


@pytest.mark.slow
def test_mesa_plays_the_same_runs():
    batch = simulate(MIXED, runs=60, seed=SEED, keep_runs=True)
    mesa = simulate(MIXED, runs=60, seed=SEED, keep_runs=True, engine="mesa")
    pd.testing.assert_frame_equal(batch.runs, mesa.runs)
    pd.testing.assert_frame_equal(batch.by_reading, mesa.by_reading)


def test_a_folder_and_a_page_keep_the_readings(result, tmp_path):
    again = load(write_result(result, tmp_path, pictures=()))
    pd.testing.assert_frame_equal(again.by_reading, result.by_reading)
    text = (next(tmp_path.iterdir()) / "summary.md").read_text()
    assert "## By reading" in text
    assert "capacity (50%, 1,000 runs)" in text
    assert len(summary(result)["readings"]) == len(result.by_reading)


def test_but_for_shares_are_of_the_mix(result):
    row = result.but_for.set_index("channel").loc["slips"]
    assert row["p"] == result.standing.p
    quiet = MIXED.override(
        {f"actors.{s}.{k}": 0.0 for s in ("us", "cn") for k in ("slip", "slip_fail")}
    )
    assert row["p_without"] == simulate(quiet, runs=RUNS, seed=SEED).standing.p


def test_a_story_is_of_the_reading_of_its_run():
    assert trace_run(MIXED, SEED, 10).scenario.name == "geneva-2025-readings-capacity"
    assert trace_run(MIXED, SEED, 60).scenario.name == "geneva-2025-readings-design"


def test_pairs_take_readings():
    quiet = MIXED.override({"actors.us.slip": 0.0})
    found = compare(MIXED.compiled, quiet.compiled, runs=400, seed=SEED)
    assert found.n == 400


def test_what_plays_one_world_alone_says_which_to_choose():
    with pytest.raises(ScenarioError, match="readings"):
        run_batch(MIXED.compiled.params, SEED, runs=10)
    with pytest.raises(ScenarioError, match="readings"):
        solve(MIXED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"readings.design.weight": 0.6}, "weights 0.5 \\+ 0.6 = 1.1"),
        ({"readings.design.weight": 0.495, "readings.capacity.weight": 0.505}, "whole hundredths"),
        ({"readings.design.values.weeks": 30}, "not for a reading to change"),
        ({"readings.design.values": {"actors.us.slp": 0.1}}, "did you mean actors.us.slip"),
        ({"readings.design.values": {"actors.us.slip": 7}}, "a number from 0 to 1"),
    ],
)
def test_readings_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(ScenarioError, match=words):
        MIXED.override(changes)


def test_an_unknown_reading_is_named_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean capacity"):
        MIXED.reading("capacty")
