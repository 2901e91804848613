"""From order to done: counted here straight from the table, and what friction it makes."""

import csv
import runpy
import sys
from datetime import date
from importlib.resources import files

import pytest
from scipy.stats import beta

from sim.history.answers import Chance
from sim.history.orders import friction, removals


def rows(name):
    text = files("sim.history").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_days_are_those_between_the_two_events():
    days = {row["event_id"]: date.fromisoformat(row["date"]) for row in rows("events")}
    told = [days[row["done_event"]] - days[row["order_event"]] for row in rows("orders")]
    assert [removal.days for removal in removals()] == [lag.days for lag in told]


@pytest.mark.parametrize(("days", "weeks"), [(0, 1), (2, 1), (7, 1), (8, 2), (14, 2), (49, 7)])
def test_a_removal_takes_the_weeks_begun(days, weeks):
    (first, *_) = removals()
    done = date.fromordinal(first.ordered.toordinal() + days)
    assert type(first)("x", first.ordered, done).weeks == weeks


def test_friction_is_the_mean_of_its_law():
    """27 weekly chances for 13 removals: 14 failures, so Beta(14.5, 13.5)."""
    found = friction()
    assert (found.n, found.weeks) == (14, 27)
    assert found.mean == pytest.approx(beta(14.5, 13.5).mean())
    low, high = found.interval((0.05, 0.95))
    assert beta(14.5, 13.5).cdf(high) - beta(14.5, 13.5).cdf(low) == pytest.approx(0.9)


def test_kinds_add_up_to_all():
    kinds = {removal.kind for removal in removals()}
    assert sum(friction(kind).weeks for kind in kinds) == friction().weeks
    assert friction(None, date(2025, 5, 12)) == Chance(0, 0)
    assert friction("tariffs", date(2025, 5, 31)) == Chance(0, 2)


def test_the_command_prints_every_kind(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["orders", "--until", "2025-12-31"])
    monkeypatch.delitem(sys.modules, "sim.history.orders")
    runpy.run_module("sim.history.orders", run_name="__main__")
    told = capsys.readouterr().out
    assert "all together: 13 in 27 weeks" in told
    assert "minerals: 3 in 11 weeks (days 8, 10, 49)" in told
