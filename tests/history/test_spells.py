"""How often a week read as bad is answered: spells counted by hand, and on the record again."""

import csv
from datetime import date
from importlib.resources import files
from math import ceil
from types import SimpleNamespace

import pytest

from sim import Scenario
from sim.history.spells import Chance, answering, spells

SIGNING = date(2025, 5, 12)


def recounted(who: str, other: str, linked: bool) -> tuple[int, int, int]:
    """Spells, answers and weekly chances straight from the table, day by day."""
    text = files("sim.history").joinpath("data/events.csv").read_text(encoding="utf-8")
    table = [row for row in csv.DictReader(text.splitlines()) if row["direction"] == "escalate"]
    for row in table:
        row["day"] = date.fromisoformat(row["date"]).toordinal()
    table = [row for row in table if row["day"] <= SIGNING.toordinal()]
    acts = [
        row
        for row in table
        if row["actor"] == other
        and row["target"] in (who, "BOTH", "ALL")
        and row["date_precision"] == "day"
        and int(row["magnitude"]) >= 2
    ]
    groups: list[list[dict]] = []
    for row in acts:
        if groups and row["day"] - groups[-1][-1]["day"] <= 14:
            groups[-1].append(row)
        else:
            groups.append([row])
    answers = weeks = 0
    for group in groups:
        first, end = group[0]["day"], group[-1]["day"] + 14
        names = {row["event_id"] for row in group}
        own = [row for row in table if row["actor"] == who and first <= row["day"] <= end]
        named = [row["day"] for row in own if row["in_response_to"] in names]
        later = [row["day"] for row in own if row["day"] > first]
        days = min(named if linked else named + later, default=None)
        answers += days is not None
        end = min(end, SIGNING.toordinal())
        weeks += max(1, ceil(((end if days is None else days) - first) / 7))
    return len(groups), answers, weeks


@pytest.mark.parametrize(("who", "other"), [("US", "CN"), ("CN", "US")])
def test_both_bounds_are_those_of_the_table(who, other):
    found = answering(who, SIGNING)
    for linked, chance in ((True, found.linked), (False, found.followed)):
        assert (found.spells, chance.n, chance.weeks) == recounted(who, other, linked)
    assert found.linked.mean < found.followed.mean


def test_a_spell_ends_after_fourteen_quiet_days():
    days = [date(2025, 3, 1), date(2025, 3, 15), date(2025, 3, 30)]
    found = spells([SimpleNamespace(day=day) for day in days])
    assert [len(spell) for spell in found] == [2, 1]


def test_a_chance_is_that_of_jeffreys():
    """3 in 11, as the friction of minerals has it: (3 + 1/2) / 12."""
    chance = Chance(3, 11)
    assert chance.mean == pytest.approx(3.5 / 12)
    low, high = chance.interval
    assert low < chance.mean < high


@pytest.mark.parametrize("who", ["us", "cn"])
def test_geneva_has_what_the_record_before_it_says(who):
    """Value and range to two digits."""
    scenario = Scenario.load("geneva-2025")
    found = answering(who.upper(), SIGNING).generosity
    policy = scenario.spec.actors[who].policy
    given = scenario.spec.ranges[f"actors.{who}.policy.generosity"]
    assert policy["generosity"] == pytest.approx(found[0], abs=0.005)
    assert list(given) == pytest.approx(found[1:], abs=0.005)
