"""The record as a table of facts: what it says week by week, and nothing of the future."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sim.forecast.filter import facts_table
from sim.forecast.observations import (
    ACT,
    CLASS,
    EXTENDED,
    FLOW,
    TALKS,
    Fact,
    ForecastError,
    Observations,
    by_class,
    class_names,
    observations,
)
from sim.history.path import levels, record_path
from sim.history.record import Event, shipped
from sim.scenario import Scenario
from tests.forecast.made import levels_seen
from tests.forecast.test_filter import island

GENEVA = Scenario.load("geneva-2025")
FACTS = observations(GENEVA)
DATED = ("april-2025", "geneva-2025", "london-2025", "busan-2025", "geneva-as-happened")


def values(kind, facts=FACTS):
    return {(fact.week, fact.item): fact.value for fact in facts.of(kind) if fact.value}


def test_geneva_by_hand():
    """From moves.csv, events.csv, series.csv and truces.csv; week 3 is 26 May to 1 June."""
    acts = values(ACT)
    assert acts[1, "us.chips"] == 1
    assert acts[1, "cn.unreliable_entities"] == -1
    assert {item for week, item in acts if week == 3} == {"us.eda", "us.engines", "us.visas"}
    assert acts[26, "cn.critical_minerals"] == -2  # of 7 and 9 November, added up
    assert [week for week, _ in values(TALKS)] == [4, 12, 18, 24]
    assert values(FLOW)[3, "2025-05"] == pytest.approx(46 / 620)
    assert values(EXTENDED) == {(13, ""): 1.0}


@pytest.mark.parametrize("name", DATED)
def test_acts_add_up_to_the_path_of_the_levers(name):
    scenario = Scenario.load(name)
    found = observations(scenario)
    assert found.weeks == record_path(scenario).weeks
    for lever in scenario.compiled.levers:
        path = levels(scenario.spec, lever, found.weeks)
        moved = {fact.week: fact.value for fact in found.of(ACT) if fact.item == lever}
        first = scenario.compiled.params.levers[scenario.compiled.levers.index(lever)]
        level = int(first.level)
        for week in range(1, found.weeks + 1):
            level = min(max(level + int(moved.get(week, 0)), 0), int(first.top))
            assert level == path[week - 1], (lever, week)


@pytest.mark.parametrize("days", range(0, 190, 19))
def test_nothing_dated_later_is_in_the_table(days):
    day = GENEVA.spec.start + timedelta(days=days)
    found = observations(GENEVA, until=day)
    assert all(fact.date <= day for fact in found.facts)
    assert found.weeks == min(26, (days + 1) // 7)
    assert found.known_on(day) is found


def test_what_is_known_later_only_adds_to_what_was_known():
    """Events without an exact day are known at the end of their month: until then, no act."""
    early = observations(GENEVA, until=date(2025, 6, 29))
    late = [fact for fact in FACTS.facts if fact.date <= early.until]
    assert [f for f in early.facts if f.value] == [f for f in late if f.value]


def test_a_poisoned_table_is_refused():
    later = replace(FACTS.facts[5], date=date(2025, 12, 24))
    poisoned = replace(FACTS, facts=(*FACTS.facts, later))
    with pytest.raises(ForecastError, match="2025-12-24"):
        poisoned.known_on(FACTS.until)


def facts(*rows, weeks=2):
    return Observations(date(2025, 5, 12), weeks, date(2025, 5, 25), rows)


def quiet(week):
    day = date(2025, 5, 11) + timedelta(days=7 * week)
    sides = [Fact(week, day, ACT, side, "", 0.0, 0.15, "none") for side in ("us", "cn")]
    return [*sides, Fact(week, day, TALKS, "", "", 0.0, 0.0, "none")]


GOOD = facts(*quiet(1), *quiet(2))
FIRST = GOOD.facts[0]


def test_a_whole_table_passes():
    assert GOOD.checked(("us.chips",)) is GOOD


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (quiet(1), "week 2"),
        (quiet(1)[:2] + quiet(2), "no row of talks"),
        ([*quiet(1), replace(FIRST, item="us.chipz"), *quiet(2)], "did you mean us.chips"),
        (quiet(2) + quiet(1), "week 1 after week 2"),
        ([replace(FIRST, date=date(2025, 5, 11)), *quiet(1), *quiet(2)], "the start"),
        ([replace(FIRST, side="uk"), *quiet(1), *quiet(2)], "us, cn"),
        ([replace(FIRST, kind="akt"), *quiet(1), *quiet(2)], "did you mean act"),
        ([replace(FIRST, tolerance=-0.1), *quiet(1), *quiet(2)], "0 or more"),
    ],
)
def test_a_bad_table_is_one_clear_error(rows, words):
    with pytest.raises(ForecastError, match=words):
        facts(*rows).checked(("us.chips",))


def test_all_mistakes_come_at_once():
    rows = [replace(FIRST, item="us.chipz"), replace(FIRST, side="uk"), *quiet(2)]
    with pytest.raises(ForecastError) as caught:
        facts(*rows).checked(("us.chips",))
    assert len(caught.value.problems) >= 4


def test_a_record_with_a_lever_that_nobody_knows():
    record = shipped()
    first = replace(record.moves[0], lever="us.chipz")
    with pytest.raises(ForecastError, match=r"us\.chipz"):
        observations(GENEVA, replace(record, moves=(*record.moves, first)))


def test_a_textbook_game_has_no_record():
    with pytest.raises(ForecastError, match="levers of the record"):
        observations(Scenario.load("textbook/tft-noise"))


START = date(2025, 5, 12)


def event(day, actor, instrument, direction, grade, stage="effect", exact=True):
    target = "CN" if actor == "US" else "US"
    return Event(
        f"{day}", day, exact, actor, target, instrument, direction, stage, grade, "", "made up"
    )


def coded(*events):
    record = replace(shipped(), events=events)
    facts = by_class(GENEVA.compiled.levers, START, 2, record)
    return [(f.week, f.date, f.side, f.item, f.value) for f in facts if f.item]


def test_grades_of_a_class_add_up_and_words_do_not():
    day = date(2025, 5, 14)
    assert coded(
        event(day, "US", "eda", "escalate", 3),
        event(day, "US", "aerospace", "concede", 2),
        event(day, "US", "entity_list", "escalate", 1),
        event(day, "CN", "rare_earths", "escalate", 4, stage="threat"),
        event(day, "CN", "agriculture", "escalate", 4),
        event(START, "CN", "tariffs", "concede", 5),
    ) == [(1, day, "us", "technology", 1.0)]


def test_an_event_without_an_exact_day_is_a_row_of_its_own_from_the_end_of_its_month():
    day = date(2025, 5, 20)
    sure = event(day, "CN", "rare_earths", "escalate", 2)
    vague = event(day, "CN", "critical_minerals", "escalate", 3, exact=False)
    assert coded(sure, vague) == [
        (2, day, "cn", "minerals", 2.0),
        (2, date(2025, 5, 31), "cn", "minerals", 3.0),
    ]


def test_tables_hold_both_codings():
    seen = observations(GENEVA)
    both = facts_table(GENEVA.compiled, seen)
    alone = facts_table(GENEVA.compiled, observations(GENEVA, codings=1))
    assert len(both.change) == 2
    assert np.array_equal(both.change[:1], alone.change)
    assert np.array_equal(both.level, alone.level)
    technology = class_names(GENEVA.compiled.levers).index(("us", "technology"))
    assert both.change[1, 3, technology] == 1  # the package of late May
    assert both.change[1, 10, technology] == -1  # chips promised on 14 July: words, by the first
    assert both.change[0, 10, technology] == 0


def test_the_chance_of_acts_is_the_mean_over_codings():
    """In week 1 of tit for tat both hold: the first coding says so, the second is wrong twice."""
    scenario = Scenario.load("textbook/tft-perception")
    one = levels_seen(scenario, [(0, 0)])
    wrong = [
        Fact(1, one.until, CLASS, side, f"{side}.move", 1.0, 0.15, "made up")
        for side in ("us", "cn")
    ]
    found = island(scenario, replace(one, facts=(*one.facts, *wrong)), 10)
    assert found.play_to(1) == 0
    assert found.evidence == pytest.approx(np.log((0.85**2 + 0.075**2) / 2))


def test_a_class_that_nobody_has_is_named():
    seen = observations(GENEVA)
    fact = replace(next(seen.of(CLASS)), item="technolgy", side="us")
    with pytest.raises(ForecastError, match="did you mean technology"):
        replace(seen, facts=(fact, *seen.facts)).checked(GENEVA.compiled.levers)
