"""The outer loop plays each point no further than it is read."""

from dataclasses import fields

import numpy as np
import pytest

from sim import Scenario
from sim.engines.batch import run_batch
from sim.outcomes import spread
from sim.outcomes.butfor import without_bands
from sim.outcomes.decomposition import Decomposition
from sim.outcomes.spread import held_at_term, up_to_the_term
from sim.report.side_by_side import may_fork


@pytest.mark.parametrize("name", ["geneva-2025", "geneva-as-happened", "textbook/tft-noise"])
def test_what_comes_after_the_term_changes_no_outcome_of_it(name):
    params = without_bands(Scenario.load(name).compiled.params)
    short = up_to_the_term(params)
    whole, cut = (run_batch(p, 7, 0, 400, threads=1, keep=True).rows for p in (params, short))
    expected, found = (held_at_term(rows, params.rules[0]) for rows in (whole, cut))
    assert expected.keys() == found.keys()
    for outcome, holds in expected.items():
        assert np.array_equal(found[outcome], holds), outcome


def test_it_stops_at_the_term_and_without_one_at_the_horizon():
    geneva = Scenario.load("geneva-2025")
    assert up_to_the_term(geneva.compiled.params).rules[0]["weeks"] == 13
    open_ended = Scenario.load("textbook/tft-noise")
    assert up_to_the_term(open_ended.compiled.params).rules[0]["weeks"] == 26


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("luck", ["common", "fresh"])
def test_points_are_the_same_in_copies_of_the_process_in_threads_and_alone(luck, monkeypatch):
    world = Scenario.load("geneva-2025")
    drawn = spread.design(spread.varied(world, ()), spread.whole_paths(world), 5, 3)
    found = []
    for may, threads in ((True, 2), (False, 2), (False, 1)):
        monkeypatch.setattr(spread, "may_fork", lambda may=may: may and may_fork())
        found.append(spread.holding_at(world, drawn, 3, threads, 40, luck, ("standing", "clean")))
    for one in found[1:]:
        assert one.keys() == found[0].keys()
        for outcome, points in one.items():
            assert np.array_equal(points, found[0][outcome])


def test_every_setting_that_was_drawn_is_kept_with_what_came_of_it():
    world = Scenario.load("geneva-2025")
    made = spread.outer_loop(world, 3, points=6, runs=30)
    table = made.settings
    believed = spread.varied(world, world.decisions())
    assert list(table) == [*believed, *(row["outcome"] for row in made.outcomes)]
    assert len(table) == 6
    assert table.standing.max() == made.of("standing")["high"]
    for row in table.to_dict("records")[2:4]:
        values = {path: row[path] for path in believed}
        again = spread.runs_that_hold(world.with_values(values).unfollowed, 3, 0, 30)
        assert {name: holds.mean() for name, holds in again.items()} == {n: row[n] for n in again}
    back = spread.spread_from(made.to_table())
    assert back.settings is None
    assert back.with_settings(table) == made


def test_a_table_in_which_the_part_from_chance_is_called_dice_is_read():
    """Folders of this format hold both names."""
    part = {field.name: 0.5 for field in fields(Decomposition)}
    old = {("dice" if name == "chance" else name): value for name, value in part.items()}
    table = {"points": 1, "runs": 1, "ranges": 1, "outcomes": [], "shaped": 0, "luck": "common"}
    read = [spread.spread_from(table | {"parts": {"clean": each}}) for each in (part, old)]
    assert read[0].parts == read[1].parts == {"clean": Decomposition(**part)}
