"""Backlog and stock derived from a dated history, against exact fractions."""

import datetime
from fractions import Fraction

import pytest

from sim.scenario.compile_levers import history_steps, supplied_at_start
from sim.scenario.schema_lever import LeverSpec

START = datetime.date(2025, 5, 12)


def lever(*history, **values):
    past = [{"date": START - datetime.timedelta(days=d), "level": n} for d, n in history]
    base = {"control": "licence", "notches": 2, "capacity": 0.25, "squeeze": 0.3}
    return LeverSpec.model_validate(base | {"history": past} | values)


def test_without_a_history_the_values_are_those_given():
    now = supplied_at_start(lever(stock_weeks=3.5, backlog_weeks=1.25), START)
    assert (now.backlog, now.stock, now.shortage) == (1.25, 3.5, 0.0)


def test_the_head_start_of_geneva():
    """38 days of the near-embargo of 4 April 2025, from 5 weeks of stock."""
    now = supplied_at_start(lever((38, 2), stock_weeks=5.0, dependence=0.9), START)
    weeks, flow = Fraction(38, 7), Fraction(75, 1000)
    assert now.backlog == pytest.approx(float(weeks * (1 - flow)))
    assert now.stock == pytest.approx(float(5 - weeks * Fraction(9, 10) * (1 - flow)))
    assert now.shortage == 0.0


@pytest.mark.parametrize("days", [0, 1, 7, 10, 14, 63])
def test_overload_is_the_fluid_queue_whatever_the_remainder(days):
    now = supplied_at_start(lever((days, 0), listed=True), START)
    assert now.backlog == pytest.approx(0.75 * days / 7)
    assert now.shortage == pytest.approx(0.75 if days else 0.0)


def test_stock_runs_out_within_the_part_week():
    """Half a week of stock against a cut of .8: 3 days need 3/7 * .8, so some is left."""
    ban = {"control": "ban", "notches": 1, "bite": 0.8}
    partly = supplied_at_start(lever((3, 1), stock_weeks=0.5, **ban), START)
    assert partly.stock == pytest.approx(0.5 - 0.8 * 3 / 7)
    assert partly.shortage == 0.0
    gone = supplied_at_start(lever((10, 1), stock_weeks=1.0, **ban), START)
    need, supply = Fraction(3, 7), Fraction(3, 7) * Fraction(1, 5) + Fraction(1, 5)
    assert gone.stock == 0.0
    assert gone.shortage == pytest.approx(float(1 - supply / need))


def test_levels_are_those_of_the_first_day_of_each_step():
    history = lever((17, 2), (11, 1), (3, 0)).history
    assert list(history_steps(history, START)) == [(1.0, 2), (1.0, 1), (3 / 7, 0)]
    unsorted = tuple(reversed(history))
    assert list(history_steps(unsorted, START)) == list(history_steps(history, START))


def test_a_licence_that_was_never_used_is_no_queue():
    now = supplied_at_start(lever((70, 0), stock_weeks=1.0, stock_cap_weeks=2.0), START)
    assert (now.backlog, now.shortage) == (0.0, 0.0)
    assert now.stock == pytest.approx(2.0)


def test_once_used_it_stays_on_the_books():
    now = supplied_at_start(lever((14, 1), (7, 0), squeeze=1.0), START)
    assert now.backlog == pytest.approx(1.5)


def test_restocking_is_scaled_and_capped():
    free = lever((10, 0), stock_weeks=1.0, stock_cap_weeks=5.0, restock=0.7, control="ban")
    assert supplied_at_start(free, START).stock == pytest.approx(1.0 + 0.7 * 10 / 7)
    assert lever(stock_weeks=4.0).stock_cap == 4.0
    assert supplied_at_start(lever((70, 0), stock_weeks=4.0, control="ban"), START).stock == 4.0
