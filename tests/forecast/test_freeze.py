"""Freezing: no fact dated later reaches a forecast, and each rival says what it is."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from sim.forecast.fitted import Settings, as_shipped
from sim.forecast.freeze import freeze
from sim.forecast.frozen import (
    BASE,
    COIN,
    CONCEDE,
    FIT,
    FITTED,
    FORECAST,
    FORECASTERS,
    FRAILTY,
    HAZARD,
    MODEL,
    PERSISTENCE,
)
from sim.forecast.members import from_batch, members_on
from sim.forecast.observations import ForecastError
from sim.history.record import Month, Move, Record, Truce, shipped
from sim.scenario import Scenario

Date = datetime.date
RUNS = 50
JUNE = Date(2025, 6, 27)


def poisoned(record: Record, since: Date) -> Record:
    """The record with a war from a day on: every lever up, every truce broken, no magnets."""
    act = next(e for e in record.events if e.direction == "escalate")
    war = replace(act, name="war", day=since, exact=True, actor="US", target="CN", magnitude=5)
    levers = sorted({move.lever for move in record.moves})
    until = since + datetime.timedelta(days=20)
    return replace(
        record,
        events=(*record.events, war),
        moves=(*record.moves, *(Move(war, lever, 9, "grade", "war") for lever in levers)),
        truces=(
            *record.truces,
            *(Truce(f"war-{n}", since, until, None, "broken", "war") for n in range(50)),
        ),
        magnets=(*record.magnets, Month(since.replace(day=1), 0.0)),
    )


@pytest.fixture(scope="module")
def london():
    return Scenario.load("london-2025")


@pytest.fixture(scope="module")
def clean(london):
    return freeze(london, JUNE, runs=RUNS)


def test_a_fact_dated_after_the_day_cannot_reach_a_forecast(london, clean):
    for later in (1, 30, 120):
        since = JUNE + datetime.timedelta(days=later)
        assert freeze(london, JUNE, poisoned(shipped(), since), runs=RUNS) == clean


def test_mid_truce_no_later_fact_reaches_a_forecast_either():
    geneva, october = Scenario.load("geneva-2025"), Date(2025, 10, 9)
    clean = freeze(geneva, october, runs=RUNS)
    war = poisoned(shipped(), october + datetime.timedelta(days=1))
    assert freeze(geneva, october, war, runs=RUNS) == clean
    assert clean.elapsed == 21
    model = clean.forecasts[MODEL]
    assert len(model.holds["standing"]) == 5
    assert model.extended is None  # the first term is over
    assert set(model.flows) == {"2025-10"}


def test_at_the_start_the_filter_gives_what_the_batch_engine_gives(london):
    """Two samples of the same forecast: no chance differs by more than four standard errors."""
    first = from_batch(london, 2_000, 1).forecast("", FORECAST)
    second = members_on(london, JUNE, shipped(), 2_000, 2, as_shipped(london)).forecast(
        "", FORECAST
    )
    for outcome, chances in first.holds.items():
        for p, q in zip(chances, second.holds[outcome], strict=True):
            assert abs(p - q) < 4 * (2 * max(p * (1 - p), 0.001) / 2_000) ** 0.5
    gap = np.array(first.rungs["us"]) - np.array(second.rungs["us"])
    assert np.abs(gap).mean() < 0.5


def test_the_same_facts_dated_earlier_would_change_everything(london, clean):
    early = poisoned(shipped(), JUNE - datetime.timedelta(days=30))
    changed = freeze(london, JUNE, early, runs=RUNS)
    assert changed.hashes["data"] != clean.hashes["data"]
    for rival in (BASE, HAZARD, FRAILTY):
        after = changed.forecasts[rival].holds["standing"][12]
        assert after < clean.forecasts[rival].holds["standing"][12] - 0.2
    assert changed.forecasts[PERSISTENCE].flows["2025-07"][0] == 0


def test_every_forecaster_is_in_the_same_forecast(clean):
    assert list(clean.forecasts) == [MODEL, COIN, CONCEDE, BASE, HAZARD, FRAILTY, PERSISTENCE]
    assert set(clean.forecasts) <= set(FORECASTERS)
    for said in clean.forecasts.values():
        for chances in said.holds.values():
            assert len(chances) == 26
            assert all(0 <= p <= 1 for p in chances)
            assert list(chances) == sorted(chances, reverse=True)
    model = clean.forecasts[MODEL]
    assert all(0 < p < 1 for p in model.holds["standing"])
    assert len(model.paths) == 50
    assert set(model.flows) == {f"2025-{month:02d}" for month in range(7, 13)}


def test_a_fit_is_not_called_a_forecast(clean):
    busan = freeze(Scenario.load("busan-2025"), Date(2025, 12, 31), runs=RUNS)
    assert busan.forecasts[MODEL].kind == FORECAST  # nothing of Busan's is dated later
    assert ": 0 rest on what was known later" in busan.notes[0]
    assert clean.forecasts[MODEL].kind == FIT
    assert clean.forecasts[HAZARD].kind == FORECAST  # no setting of its own


@pytest.mark.slow
def test_settings_that_the_record_has_weighed_are_a_forecaster_of_their_own(london, clean):
    """If neither they nor what was not fitted has seen anything later; else they are a fit."""
    busan, december = Scenario.load("busan-2025"), Date(2025, 12, 31)
    for scenario, day, known, kind in (
        (busan, december, december, FORECAST),
        (busan, december, Date(2026, 1, 1), FIT),
        (london, JUNE, JUNE, FIT),  # much of London was known only later
    ):
        settings = Settings("fitted to a test", lambda one, n: [one.compiled] * n, known)
        frozen = freeze(scenario, day, runs=RUNS, fit=settings)
        said = frozen.forecasts[FITTED]
        assert said.kind == kind
        assert said.label.startswith("fitted to a test")
        assert ("in hindsight, no forecast" in said.label) == (known > day)
        assert list(frozen.forecasts)[:2] == [MODEL, FITTED]
    assert frozen.forecasts[MODEL] == clean.forecasts[MODEL]


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("london-2025", Date(2025, 6, 26), "2025-06-27 to"),
        ("london-2025", Date(2026, 6, 26), "2025-06-27 to"),
        ("textbook/tft-noise", JUNE, "levers and days of the record"),
        ("geneva-2025-readings", Date(2025, 5, 12), "one reading"),
    ],
)
def test_a_day_or_scenario_without_a_record_is_refused(name, day, said):
    with pytest.raises(ForecastError, match=said):
        freeze(Scenario.load(name), day, runs=RUNS)
