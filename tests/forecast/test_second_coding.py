"""The second coding of the acts: by class and grade, and the mean of both in the filter."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.forecast.facts import CLASS, Fact, ForecastError, class_names
from sim.forecast.observations import by_class, observations
from sim.forecast.tables import facts_table
from sim.history.record import Event, shipped
from sim.scenario import Scenario
from tests.forecast.facts_of import levels_seen
from tests.forecast.test_filter import island

GENEVA = Scenario.load("geneva-2025")
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
