"""Who answers what: counts on the record, recounted here straight from its table."""

import csv
from datetime import date
from importlib.resources import files
from math import ceil
from types import SimpleNamespace

import pytest

from sim import Scenario
from sim.history.answers import (
    Chance,
    answering,
    answers,
    escalations,
    in_truce,
    lines,
    print_counts,
    quiet_after_talks,
    spells,
)
from sim.outcomes.estimates import wilson

SIGNING, LAST = date(2025, 5, 12), date(2025, 12, 31)


def rows():
    text = files("sim.history").joinpath("data/events.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("until", [SIGNING, LAST])
@pytest.mark.parametrize(("who", "other"), [("US", "CN"), ("CN", "US")])
def test_answers_are_those_the_table_names(who, other, until):
    """Days of the other with an answer named in `in_response_to`, at most 14 days later."""
    acts = {
        row["event_id"]: date.fromisoformat(row["date"])
        for row in rows()
        if row["actor"] == other
        and row["direction"] == "escalate"
        and row["date_precision"] == "day"
        and row["target"] in (who, "BOTH", "ALL")
        and int(row["magnitude"]) >= 2
        and date.fromisoformat(row["date"]) <= until
    }
    lags = {}
    for row in rows():
        day = date.fromisoformat(row["date"])
        if row["actor"] == who and row["direction"] == "escalate" and day <= until:
            provoked = acts.get(row["in_response_to"])
            if provoked is not None and 0 <= (day - provoked).days <= 14:
                lag = (day - provoked).days
                lags[provoked] = min(lag, lags.get(provoked, lag))
    found = answers(who, until)
    assert found.answered.n == len(set(acts.values()))
    assert found.lags == tuple(sorted(lags.values()))
    assert found.answered.p == len(lags) / found.answered.n
    low, high = wilson(len(lags), found.answered.n)
    assert (found.answered.low, found.answered.high) == (low, high)
    assert found.followed.p >= found.answered.p


def test_china_is_the_side_that_answers():
    for until in (SIGNING, LAST):
        assert answers("CN", until).answered.p > answers("US", until).answered.p


def test_the_united_states_answers_grave_acts_and_lets_small_ones_pass():
    """By the gravest act of the day, to May 2025: none of 9, 5 of 20, 1 of 2, 1 of 2."""
    found = answers("US", SIGNING)
    counted = {g: (round(e.p * e.n), e.n) for g, e in found.by_grade.items()}
    assert counted == {2: (0, 9), 3: (5, 20), 4: (1, 2), 5: (1, 2)}
    assert sum(n for _, n in counted.values()) == found.answered.n


def test_nothing_after_the_day_is_counted():
    assert all(event.day <= SIGNING for event in escalations("US", SIGNING))
    assert in_truce("US", SIGNING).unprovoked.n < in_truce("US", LAST).unprovoked.n


def test_acts_in_a_truce_counted_by_hand_to_may_2025():
    """US: tariffs of May 2018, May and August 2019; Huawei twice, TikTok, SMIC in phase one."""
    us, cn = in_truce("US", SIGNING), in_truce("CN", SIGNING)
    assert (us.tariffs.p * us.tariffs.n, us.tariffs.n) == (3, 7)
    assert us.unprovoked.p * us.unprovoked.n == pytest.approx(4)
    assert (cn.tariffs.p, cn.tariffs.n) == (0.0, 3)
    assert us.unprovoked.n == cn.unprovoked.n == 146


def test_quiet_days_after_the_truces_of_2018_to_2020():
    found = quiet_after_talks("US", SIGNING)
    assert [days for _, days in found] == [9, 155, 70, 33, 217, 121]


def test_the_command_prints_every_share_with_n_and_interval():
    text = list(lines(SIGNING))
    assert sum("n = " in line and " to " in line for line in text) == 18


def test_a_day_beyond_the_record_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["answers", "--until", "2031-01-01"])
    with pytest.raises(SystemExit) as ended:
        print_counts("who answers what", lines)
    assert ended.value.code == 2
    assert "allowed: 2018-03-22 to 2025-12-31" in capsys.readouterr().err


def recounted(who: str, other: str, linked: bool) -> tuple[int, int, int]:
    """Spells, answers and weekly chances straight from the table, day by day."""
    table = [row for row in rows() if row["direction"] == "escalate"]
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
    low, high = chance.interval()
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
