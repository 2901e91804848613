"""What the outer loop varies and what it holds: decisions of the user, her own levers, nothing."""

from functools import partial

import numpy as np
import pytest

from sim import Scenario, simulate
from sim.outcomes.decomposition import pulls
from sim.outcomes.estimates import estimate
from sim.outcomes.manifest import result_hash
from sim.outcomes.page import result_report
from sim.outcomes.spread import outer_loop, spread_from, varied
from sim.outcomes.summary import summary
from sim.report.numbers import half_width_text
from sim.scenario.key_paths import path_parts
from sim.scenario.registry import entry_at

SLIP, CAPACITY = "actors.us.slip", "levers.cn.rare_earths.capacity"
SCRATCH = """
title = "a crisis of my own"
start = 2027-01-04
weeks = 13
[truce]
term_weeks = 13
[actors.us]
slip = 0.3
[actors.cn]
[levers.us.chips]
notches = 3
level = 1
friction = 0.9
[levers.cn.magnets]
control = "licence"
notches = 2
level = 1
capacity = 5.0
stock_weeks = 40.0
"""


@pytest.fixture(autouse=True)
def few_points(monkeypatch):
    """Enough of the outer loop for what is said of it."""
    monkeypatch.setattr("sim.outcomes.simulate.outer_loop", partial(outer_loop, points=40, runs=50))


@pytest.fixture(scope="module")
def geneva():
    return Scenario.load("geneva-2025")


def test_nothing_of_a_shipped_scenario_is_a_decision(geneva):
    assert geneva.decisions() == ()
    assert varied(geneva, ()) == geneva.distributions()


def test_every_number_that_is_set_is_held_and_nothing_else(geneva):
    for path in list(geneva.distributions())[::7]:
        changed = geneva.override({path: entry_value(geneva, path)})
        assert changed.decisions() == (path,)
        assert set(varied(changed, changed.decisions())) == set(geneva.distributions()) - {path}
    both = geneva.override({SLIP: 0.1, CAPACITY: 0.9})
    assert set(both.decisions()) == {SLIP, CAPACITY}
    assert outer_loop(both, 1, points=3, runs=5).fixed == both.decisions()
    every = outer_loop(both, 1, points=3, runs=5, vary_decisions=True)
    assert (every.fixed, every.ranges) == ((), len(geneva.distributions()))


def entry_value(scenario, path):
    return next(row.value for row in scenario.entries() if row.path == path)


def test_a_number_that_is_given_a_range_is_no_decision(geneva):
    ranged = geneva.override({SLIP: 0.1, "ranges": {SLIP: [0.05, 0.2]}})
    assert ranged.decisions() == ()
    assert ranged.distributions()[SLIP].low == 0.05
    believed = geneva.override({SLIP: {"triangular": [0.01, 0.05, 0.2]}})
    assert believed.decisions() == ()
    # a range that the scenario had before says nothing of the new value
    assert geneva.override({"ranges": {SLIP: [0.05, 0.2]}}).override({SLIP: 0.1}).decisions() == ()


def test_a_file_that_changes_a_scenario_decides_too(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(f'title = "mine"\nextends = "geneva-2025"\n{CAPACITY} = 0.9\n')
    assert Scenario.load(mine).decisions() == (CAPACITY,)
    mine.write_text(mine.read_text() + f'[ranges]\n"{CAPACITY}" = [0.8, 1.0]\n')
    assert Scenario.load(mine).decisions() == ()


PATIENT = {"name": "tit_for_k_tats", "k": 2}


@pytest.mark.parametrize(
    ("side", "values"),
    [
        ("us", {"actors.us.policy.name": "tit_for_k_tats"}),
        ("cn", {"actors.cn.policy": PATIENT}),
        ("us", {"actors.us.policy": PATIENT}),
    ],
)
def test_a_policy_that_is_named_is_decided_whole(geneva, side, values):
    """Ranges of what it replaced, or of the same parameter before, say nothing of its defaults."""
    named = geneva.override(values)
    parameters = {f"actors.{side}.policy.{key}" for key in ("k", "generosity")}
    assert set(named.decisions()) == parameters
    assert not parameters & set(varied(named, named.decisions()))
    doubted = named.override({"ranges": {f"actors.{side}.policy.generosity": [0.0, 0.2]}})
    assert set(doubted.decisions()) == {f"actors.{side}.policy.k"}


def test_a_file_that_names_a_policy_decides_it_whole(tmp_path):
    mine = tmp_path / "mine.toml"
    text = 'title = "mine"\nextends = "geneva-2025"\n[actors.cn.policy]\nname = "tit_for_k_tats"\n'
    mine.write_text(text)
    parameters = ("actors.cn.policy.k", "actors.cn.policy.generosity")
    assert Scenario.load(mine).decisions() == parameters


def test_registry_ranges_lie_around_the_values_of_ones_own_levers(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(SCRATCH)
    scenario = Scenario.load(mine)
    assert scenario.decisions() == ()
    written = [SLIP, "levers.us.chips.friction", "levers.cn.magnets.capacity"]
    written += ["levers.cn.magnets.stock_weeks"]
    believed = scenario.distributions()
    for path in written:
        value, law, entry = entry_value(scenario, path), believed[path], entry_at(path_parts(path))
        assert law.low <= value <= law.high, path
        assert law.low < law.high
        assert entry.low <= law.low
        assert entry.high is None or law.high <= entry.high
    assert believed["actors.cn.slip"].low == entry_at(("actors", "cn", "slip")).span[0]  # unwritten
    over = tmp_path / "over.toml"
    over.write_text('title = "over"\nextends = "mine.toml"\nlevers.cn.magnets.capacity = 0.2\n')
    assert Scenario.load(over).decisions() == ("levers.cn.magnets.capacity",)


def test_a_range_off_its_value_is_named_as_what_pulls(geneva):
    path = "actors.us.policy.generosity"
    ranges = {path: [0.0, 0.3], CAPACITY: [0.0, 0.1]}
    off = geneva.override({"ranges": ranges, path: 0.9, CAPACITY: 1.0})
    page = summary(simulate(off, 4_000, spread=True))
    top = page["headline"]
    assert top["low"] > top["ranges"]["q95"]
    (line,) = [line for line in page["spread"]["text"] if line.startswith("the range lies below")]
    named = line.partition("pulled most by ")[2]
    assert {words.split()[0] for words in named.split("; ")[:2]} == {path, CAPACITY}
    assert f"{path} (0.9, plausible 0" in named
    assert "under [ranges]" in line


def test_pulls_are_those_of_a_line():
    rng = np.random.default_rng(4)
    drawn = [{"a": a, "b": b, "c": 1} for a, b in rng.random((200, 2))]
    shares = [0.8 * point["a"] + 0.001 * rng.random() for point in drawn]
    columns = {path: np.array([point[path] for point in drawn], float) for path in "abc"}
    by_path = {pull.path: pull for pull in pulls(columns, shares, {"a": 0.0, "b": 0.0, "c": 1})}
    expected = 0.8 * np.mean([point["a"] for point in drawn])
    assert by_path["a"].by == pytest.approx(expected, abs=0.01)
    assert "c" not in by_path


@pytest.mark.parametrize("ranges", ["none", {}])
def test_a_range_is_said_only_where_something_varies(geneva, ranges):
    still = geneva.override({"ranges": ranges})
    made = simulate(still, 60, spread=True)
    varies = bool(still.distributions())
    assert (made.spread is not None) == varies
    page = summary(made)
    assert ("over plausible ranges" in page["headline"]["text"]) == varies
    assert all((entry["ranges"] is not None) == varies for entry in page["outcomes"])
    assert ("plausible ranges" in page["caveats"][-1]) == varies


def test_what_was_held_is_in_the_folders_name_and_manifest(geneva):
    held = simulate(geneva.override({SLIP: 0.1}), 50, spread=True)
    every = simulate(geneva.override({SLIP: 0.1}), 50, spread=True, vary_decisions=True)
    assert result_hash(held) != result_hash(every)
    back = spread_from(held.spread.to_table())
    assert (back.fixed, back.pulls) == (held.spread.fixed, held.spread.pulls)


@pytest.mark.parametrize(
    ("hits", "n", "text"),
    [
        (63, 100, "±0.09"),
        (0, 100, "0.00 to 0.04"),
        (100, 100, "0.96 to 1.00"),
        (3, 100, "0.01 to 0.08"),
        (8, 100, "0.041 to 0.150"),
        (6300, 10_000, "±0.01"),
    ],
)
def test_the_dice_are_told_by_ends_where_they_lie_unevenly(hits, n, text):
    found = estimate(hits, n)
    told = half_width_text(found.p, found.low, found.high)
    if text.startswith("±"):
        assert told == text
    else:
        low, high = (float(end) for end in told.split(" to "))
        assert (low, high) == pytest.approx((found.low, found.high), abs=0.006)


def test_the_opening_says_how_often_and_how_sure(geneva):
    page = result_report(summary(simulate(geneva.override({SLIP: 0.1}), 50, spread=True)))
    assert f"with {SLIP} as you set it, nine in ten plausible ones" in " ".join(page.lead)
    sure = result_report(summary(simulate("textbook/quiet", 50)))
    assert sure.lead[1].startswith(
        "So it is in all of the 50 runs: more of them could move this number by 7 of 100 at most;"
    )
