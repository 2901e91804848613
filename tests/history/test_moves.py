"""The coding rule of data/README.md, held against every row of moves.csv and the base scenario."""

import datetime
import math

import pytest

from sim.history import record
from sim.history.rows import read_table
from sim.scenario import Scenario

BASE = Scenario.load("base/us-china").spec
ROWS = {f"{side}.{name}": row for side, table in BASE.levers.items() for name, row in table.items()}
MOVES = record.shipped().moves_of()
#: General add-on duties in percentage points that the levels of the two tariff levers are.
DUTIES = {"us.tariffs": (0, 30, 54, 145), "cn.tariffs": (0, 10, 34, 125)}
#: What the duty was after each row coded by it, points (series and descriptions of the events).
POINTS = {
    "2025-02-01-fentanyl10-us": 10,
    "2025-03-04-fentanyl20-us": 20,
    "2025-04-02-reciprocal34-us": 54,
    "2025-04-04-tariff34-cn": 34,
    "2025-04-09-rate104-us": 104,
    "2025-04-09-rate125-us": 145,
    "2025-04-09-tariff84-cn": 84,
    "2025-04-11-tariff125-cn": 125,
    "2025-05-12-geneva-cn": 10,
    "2025-05-12-geneva-us": 30,
    "2025-11-04-orders-us": 20,
}


def before_geneva(lever: str) -> int:
    """Notches moved from January to the eve of 12 May 2025."""
    eve = datetime.date(2025, 5, 11)
    return sum(move.change for move in record.shipped().moves_of(end=eve) if move.lever == lever)


@pytest.mark.parametrize(
    "move", [m for m in MOVES if m.rule == "grade"], ids=lambda m: m.event.name
)
def test_size_is_the_grade_over_the_severity(move):
    notches = move.event.magnitude / ROWS[move.lever].severity
    assert abs(move.change) == max(1, math.ceil(notches - 0.5))


@pytest.mark.parametrize(
    "move", [m for m in MOVES if m.rule == "reversal"], ids=lambda m: m.event.name
)
def test_a_reversal_takes_back_what_it_names(move):
    undone = [m for m in MOVES if m.event.name in move.why]
    assert undone or move.event.name == "2025-05-14-uel-suspend-cn"
    assert move.change == -sum(m.change for m in undone if m.lever == move.lever)


def test_duties_stand_for_the_nearest_level():
    level = dict.fromkeys(DUTIES, 0)
    coded = [row for row in read_table("moves") if row["rule"] == "duty"]
    assert {row["event_id"] for row in coded} == set(POINTS)
    for row in coded:
        lever, points = row["lever"], POINTS[row["event_id"]]
        nearest = min(range(4), key=lambda n: abs(DUTIES[lever][n] - points))
        level[lever] += int(row["change"])
        assert level[lever] == nearest, row


@pytest.mark.parametrize("lever", ROWS)
def test_levels_stay_in_range_and_lead_to_those_of_the_base(lever):
    level = ROWS[lever].level - before_geneva(lever)
    assert 0 <= level <= ROWS[lever].notches
    for move in MOVES:
        if move.lever == lever:
            level += move.change
            assert 0 <= level <= ROWS[lever].notches, move.event.name


def test_the_dated_shocks_are_moves_of_the_record():
    spec = Scenario.load("geneva-as-happened").spec
    for shock in spec.shocks:
        if shock.lever is None:
            continue
        moved = [m for m in MOVES if (m.lever, m.event.day) == (shock.lever, shock.date)]
        assert [m.change for m in moved] == [shock.change], shock.name
