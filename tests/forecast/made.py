"""Small forecasts, what came of them, and facts of a textbook game: to be worked out by hand."""

import datetime
from collections.abc import Sequence

import numpy as np

from sim.forecast.frozen import (
    BASE,
    COIN,
    FIT,
    FORECAST,
    HAZARD,
    LEVELS,
    MODEL,
    PERSISTENCE,
    Forecast,
    Frozen,
)
from sim.forecast.observations import ACT, SIDES, TALKS, Fact, Observations
from sim.history.path import RecordPath
from sim.history.record import NORMAL_TONNES, Month
from sim.scenario import Scenario
from sim.scenario.calendar import last_day

DAY = datetime.date(2025, 5, 12)


def said(chance, rung=2.0, kind=FORECAST, weeks=13, paths=4):
    flat = (rung,) * len(LEVELS)
    return Forecast(
        label="made",
        kind=kind,
        holds={"standing": (chance,) * weeks},
        extended=chance,
        rungs={"us": (flat,) * weeks, "cn": (flat,) * weeks},
        flows={"2025-05": (0.5,) * len(LEVELS)},
        paths=(((rung,) * weeks, (rung,) * weeks),) * paths,
    )


def frozen(scenario="geneva-2025", elapsed=0, **changes):
    weeks = 13
    forecasts = {
        MODEL: said(0.8, kind=FIT),
        COIN: said(0.5, rung=4.0),
        BASE: Forecast("lives", FORECAST, {"standing": (0.6,) * weeks}),
        HAZARD: Forecast("lives", FORECAST, {"standing": (0.9,) * weeks}),
        PERSISTENCE: said(1.0, rung=0.0, paths=1),
    }
    values = {
        "scenario": scenario,
        "as_of": DAY,
        "start": DAY,
        "elapsed": elapsed,
        "weeks": weeks,
        "term": 13,
        "seed": 1,
        "runs": 100,
        "hashes": {"scenario": "a", "data": "b", "code": "c"},
        "forecasts": forecasts,
        "notes": ("made for a test",),
    }
    return Frozen(**(values | changes))


def truth(ends=6, extended=True, rung=3.0, weeks=13):
    months = (Month(DAY.replace(day=1), 0.1 * NORMAL_TONNES),)
    return RecordPath(
        weeks, np.full((2, weeks), rung), (1, 1), 0, {"standing": ends}, extended, months
    )


def levels_seen(
    scenario: Scenario, levels: Sequence[tuple[int, int]], error: float = 0.15
) -> Observations:
    """Facts that put the levers of us and cn on these levels in weeks 1, 2, ..., from 0."""
    facts, before = [], (0, 0)
    for week, now in enumerate(levels, start=1):
        day = last_day(scenario.spec.start, week)
        for i, side in enumerate(SIDES):
            change = now[i] - before[i]
            item = f"{side}.move" if change else ""
            facts.append(Fact(week, day, ACT, side, item, float(change), error, "made up"))
        facts.append(Fact(week, day, TALKS, "", "", 0.0, 0.0, "made up"))
        before = now
    start, weeks = scenario.spec.start, len(levels)
    return Observations(start, weeks, last_day(start, weeks), tuple(facts))
