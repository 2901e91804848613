"""Two scenarios with common random numbers: equal until they part, and differences that add up."""

import numpy as np
import pytest

from sim import Scenario, simulate
from sim.engines.trace import record_run
from sim.errors import ScenarioError
from sim.outcomes.butfor import but_for_frame, but_for_shares
from sim.outcomes.definitions import holds_at
from sim.outcomes.tables import tables
from sim.studies.changes import share_change
from sim.studies.pair import without
from sim.studies.pairs import compare, divergence, first_difference, played_rows
from sim.world.outcomes import CURVES, NAMES

SEED = 7
RUNS = 2000
GENEVA = Scenario.load("geneva-2025")
HAPPENED = Scenario.load("geneva-as-happened").compiled
CALL, CALL_WEEK = "shock:leaders-call", 4
WEEKS = ("clean_week", "standing_week", "core_week", "lapse_week", "first_talks")


@pytest.fixture(scope="module")
def pair():
    return compare(HAPPENED, without(HAPPENED, [CALL]), RUNS, SEED)


@pytest.mark.parametrize(
    ("shock", "week"), [("leaders-call", 4), ("stockholm", 12), ("affiliates-rule", 21)]
)
def test_nothing_differs_before_the_intervention(shock, week):
    other = without(HAPPENED, [f"shock:{shock}"])
    one, two = (played_rows(world, RUNS, SEED) for world in (HAPPENED, other))
    for name in WEEKS:
        early = ((one[name] > 0) & (one[name] < week)) | ((two[name] > 0) & (two[name] < week))
        assert (one[name] == two[name])[early].all()
    for run in range(20):
        records = [record_run(world.params, SEED, run) for world in (HAPPENED, other)]
        for name in ("run", "seen", "sides", "levers", "levels", "rungs", "allies", "memory"):
            before, after = (getattr(record, name)[:week] for record in records)
            assert before.tolist() == after.tolist(), name
    assert divergence(HAPPENED, other, SEED, 200).earliest == week


def test_a_scenario_differs_nowhere_from_itself():
    same = compare(HAPPENED, HAPPENED, 500, SEED)
    for share in (*same.outcomes, *same.talks):
        assert (share.difference.gained, share.difference.lost, share.chance) == (0, 0, 1.0)
        assert share.difference.low < 0 < share.difference.high
        assert share.fewer_runs is None
    for mean in (*same.amounts, same.number_of_talks, same.first_talks):
        assert (mean.difference, mean.low, mean.high) == (0.0, 0.0, 0.0)
    assert same.divergence.runs == 200
    assert same.divergence.parted == 0
    assert same.divergence.earliest is None
    assert not same.notes


def test_flips_add_up_to_the_difference(pair):
    assert {row.outcome for row in pair.outcomes} == set(NAMES)
    assert [row.week for row in pair.outcomes if row.outcome == "standing"] == [13, 33]
    for row in (*pair.outcomes, *pair.talks):
        change = row.difference
        assert change.n == RUNS
        assert round((row.second - row.first) * RUNS) == change.gained - change.lost
        assert change.value == pytest.approx(row.second - row.first)
        assert change.low <= change.value <= change.high


def test_it_is_the_but_for_table_of_the_same_shock(pair):
    rows = played_rows(HAPPENED, RUNS, SEED)
    table = but_for_frame(
        but_for_shares(rows, HAPPENED.parts, HAPPENED.shocks, "standing", 13, SEED)
    )
    told = table.set_index("channel").loc[CALL]
    assert (told["gained"], told["lost"]) == (
        pair.outcomes[0].difference.gained,
        pair.outcomes[0].difference.lost,
    )


@pytest.mark.slow
def test_paired_intervals_cover_the_difference_of_many_runs():
    other = without(HAPPENED, [CALL])
    many = compare(HAPPENED, other, 40_000, SEED)
    few = [compare(HAPPENED, other, 400, seed) for seed in range(100, 140)]
    truth = many.outcomes[0].difference.value
    hits = sum(c.outcomes[0].difference.low <= truth <= c.outcomes[0].difference.high for c in few)
    assert 34 <= hits <= 40
    truth = many.amounts[0].difference
    assert 34 <= sum(c.amounts[0].low <= truth <= c.amounts[0].high for c in few) <= 40
    # the variance over seeds is that of a paired sample, so pairing saves what it says it saves
    values = [c.outcomes[0].difference.value for c in few]
    p, q = many.outcomes[0].first, many.outcomes[0].second
    measured = (p * (1 - p) + q * (1 - q)) / 400 / np.var(values, ddof=1)
    assert many.outcomes[0].fewer_runs == pytest.approx(measured, rel=0.5)


def test_independent_luck_saves_nothing():
    one, two = (
        played_rows(HAPPENED, RUNS, SEED),
        played_rows(without(HAPPENED, [CALL]), RUNS, SEED + 1),
    )
    row = share_change("standing", 13, holds_at(one, "standing", 13), holds_at(two, "standing", 13))
    assert row.fewer_runs == pytest.approx(1, abs=0.1)


def test_threads_do_not_matter():
    other = without(HAPPENED, [CALL])
    one, two = (compare(HAPPENED, other, 3000, SEED, threads) for threads in (1, 3))
    assert (one.outcomes, one.amounts, one.divergence) == (
        two.outcomes,
        two.amounts,
        two.divergence,
    )


def test_progress_counts_the_runs_of_both():
    seen: list[int] = []
    compare(HAPPENED, HAPPENED, 3000, SEED, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 6000


def test_the_first_difference_may_be_talks_alone():
    quiet = Scenario.load("textbook/quiet")
    shock = {"name": "call", "date": quiet.date_of_week(5), "talks": True}
    called = quiet.override({"shocks": [shock]})
    one, two = (record_run(world.compiled.params, SEED, 0) for world in (quiet, called))
    assert (one.levels == two.levels).all()
    assert first_difference(one, two, ([0], [0])) == 5


def test_levers_that_only_one_has_are_left_out_of_the_week_they_part():
    lever = {"control": "ban", "notches": 1, "level": 1, "floor": 1}
    more = GENEVA.override({"levers.us.idle": lever}).compiled
    found = compare(GENEVA.compiled, more, 200, SEED)
    assert found.divergence.parted < 200  # the columns of cn have moved, and are still matched
    assert any(text.startswith("their levers differ") for text in found.notes)


def test_different_horizons_are_refused():
    with pytest.raises(ScenarioError) as refused:
        compare(GENEVA.compiled, HAPPENED, 100, SEED)
    assert "26 weeks in the first scenario, 33 in the second" in str(refused.value)
    assert "--set weeks=26" in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"truce.term_weeks": 10}, "the terms differ (13 weeks and 10 weeks)"),
        ({"truce.breakdown_after": 3}, "standing is counted differently"),
        ({"truce.term_weeks": 40}, "not compared: extended (its term of 40 weeks"),
        ({"start": "2025-05-13", "as_of": "2025-05-13"}, "weeks are compared, not dates"),
    ],
)
def test_what_bears_on_the_reading_is_noted(changes, note):
    other = GENEVA.override(changes).compiled
    found = compare(GENEVA.compiled, other, 100, SEED)
    assert any(note in text for text in found.notes), found.notes


def test_other_terms_are_read_at_the_horizon():
    found = compare(GENEVA.compiled, GENEVA.override({"truce.term_weeks": 10}).compiled, 100, SEED)
    assert found.term is None
    assert [(row.outcome, row.week) for row in found.outcomes] == [
        ("standing", 26),
        ("undisputed", 26),
        ("clean", 26),
        ("core", 26),
    ]


def test_without_a_truce_only_clean_is_compared():
    base = Scenario.load("base/us-china").compiled
    found = compare(base, without(base, ["lever:us.eda"]), 100, SEED)
    assert {row.outcome for row in found.outcomes} == {"clean"}
    assert found.notes == (
        "not compared: standing, undisputed, core, extended (the scenario has no [truce])",
    )


def test_levers_in_another_order_have_other_luck():
    table = GENEVA.to_table()
    table["levers"]["us"] = dict(reversed(table["levers"]["us"].items()))
    found = compare(GENEVA.compiled, Scenario.from_table(table).compiled, 100, SEED)
    assert [text.partition(":")[0] for text in found.notes] == [
        "their levers differ in name, number or order"
    ]


def test_tables_are_the_same_before_an_intervention_in_the_middle():
    """The leaders' call of week 4 never comes: every curve is equal to the bit before it."""
    found = compare(HAPPENED, without(HAPPENED, [CALL]), RUNS, SEED)
    for curve in found.curves:
        for first, second in zip(curve.first, curve.second, strict=True):
            assert first[: CALL_WEEK - 1] == second[: CALL_WEEK - 1]
        assert set(curve.difference[0][: CALL_WEEK - 1]) == {0.0}
    standing = found.curves[0]
    assert standing.first != standing.second


def test_curves_are_the_table_at_its_weeks(pair):
    by_name = {curve.outcome: curve for curve in pair.curves}
    assert set(by_name) == {one.name for one in CURVES}
    for row in pair.outcomes:
        if row.outcome != "extended":
            curve = by_name[row.outcome]
            assert len(curve.first[0]) == pair.horizon
            assert curve.first[0][row.week - 1] == row.first
            assert curve.second[0][row.week - 1] == row.second
            told = tuple(values[row.week - 1] for values in curve.difference)
            assert told == (row.difference.value, row.difference.low, row.difference.high)


@pytest.fixture(scope="module")
def alone():
    return compare(HAPPENED, without(HAPPENED, [CALL]), RUNS, SEED, independent=True)


def test_independent_samples_share_no_run(alone, pair):
    assert alone.independent
    assert alone.divergence is None
    row, paired_row = alone.outcomes[0], pair.outcomes[0]
    assert row.first == paired_row.first  # the first sample is the same
    rows = played_rows(without(HAPPENED, [CALL]), RUNS, SEED, start=RUNS)
    assert row.second == holds_at(rows, "standing", 13).mean()
    assert (row.difference.gained, row.difference.lost, row.fewer_runs) == (None, None, 1.0)
    assert alone.curves[0].difference[0][12] == row.difference.value


def test_pairing_narrows_the_interval_by_what_it_says(alone, pair):
    """The length of an interval goes with the root of the variance."""
    for one, two in zip(alone.outcomes[:2], pair.outcomes[:2], strict=True):
        longer = (one.difference.high - one.difference.low) ** 2
        shorter = (two.difference.high - two.difference.low) ** 2
        assert longer / shorter == pytest.approx(two.fewer_runs, rel=0.15)
    one, two = alone.amounts[0], pair.amounts[0]
    assert (one.high - one.low) ** 2 / (two.high - two.low) ** 2 == pytest.approx(
        two.fewer_runs, rel=0.15
    )


@pytest.mark.slow
def test_independent_intervals_cover_the_difference_of_many_runs():
    other = without(HAPPENED, [CALL])
    truth = compare(HAPPENED, other, 100_000, SEED)
    few = [compare(HAPPENED, other, 400, seed, independent=True) for seed in range(200, 240)]
    value = truth.outcomes[0].difference.value
    hits = sum(c.outcomes[0].difference.low <= value <= c.outcomes[0].difference.high for c in few)
    assert 33 <= hits <= 40  # binomial, 40 at 95 %: 38 less four standard deviations is 32.5
    value = truth.amounts[0].difference
    assert 33 <= sum(c.amounts[0].low <= value <= c.amounts[0].high for c in few) <= 40


def test_all_tables_of_a_result_are_equal_before_a_shock_in_the_middle():
    """A shock of week 10 added to Geneva: not one number of weeks 1 to 9 is another."""
    shock = {"name": "raid", "date": GENEVA.date_of_week(10), "lever": "us.chips", "change": 1}
    shocked = GENEVA.override({"+shocks": [shock]})
    one, two = (dict(tables(simulate(s, runs=500, seed=SEED))) for s in (GENEVA, shocked))
    weekly = [name for name, table in one.items() if "week" in table]
    assert {"outcomes", "conduct", "bands"} <= set(weekly)
    for name in weekly:
        early, other = (
            table[table["week"] < 10].reset_index(drop=True) for table in (one[name], two[name])
        )
        assert len(early) > 0 or name == "triggers"
        assert early.equals(other), name
    late = (table[table["week"] >= 10] for table in (one["outcomes"], two["outcomes"]))
    assert not next(late).equals(next(late))
