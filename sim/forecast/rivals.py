"""The rivals of the model, always in the same table: governments without reciprocity, truces
without governments, and tomorrow as today."""

from typing import TYPE_CHECKING

import numpy as np

from sim.forecast import survival
from sim.forecast.facts import SIDES, Date
from sim.forecast.frozen import BASE, FORECAST, FRAILTY, HAZARD, LEVELS, Forecast, rounded
from sim.forecast.members import curves_of
from sim.history.path import months_ahead, record_path

if TYPE_CHECKING:
    from sim.history.record import Record
    from sim.scenario import Scenario

#: Rivals that know only how long truces lasted.
LIVES = {
    BASE: survival.base_rate,
    HAZARD: survival.constant_hazard,
    FRAILTY: survival.frailty,
}
#: What "a truce ended" is taken to be a forecast of: how the record's truces ended is coded by acts
#: (truces.csv), which is not the rule of either outcome; both are scored.
OF_LIVES = ("standing", "undisputed")


def from_lives(
    rival: str, scenario: "Scenario", elapsed: int, past: survival.Lives, as_of: Date
) -> Forecast:
    """What a rival that knows how long earlier truces lasted says. Raises ValueError for none."""
    ahead = np.arange(1, scenario.spec.weeks - elapsed + 1)
    chances = tuple(rounded(p, 6) for p in LIVES[rival](past, float(elapsed), ahead))
    outcomes = OF_LIVES if scenario.spec.truce is not None else ()
    return Forecast(
        label=f"lives of truces that ended before {as_of}",
        kind=FORECAST,
        holds=dict.fromkeys(outcomes, chances),
    )


def persistence(scenario: "Scenario", elapsed: int, record: "Record", as_of: Date) -> Forecast:
    """Tomorrow as today: what holds goes on to hold, rungs and flow stay where they were seen.

    At the start of a scenario rungs are 0: what stands there counts (model.md, step 9).
    """
    spec = scenario.spec
    weeks = spec.weeks - elapsed
    known_record = record.until(as_of)
    rungs_seen = record_path(scenario, known_record).rungs
    now = rungs_seen[:, -1] if rungs_seen.shape[1] else np.zeros(2)
    levels = [(rounded(rung),) * len(LEVELS) for rung in now]
    last = rounded(known_record.magnets[-1].share) if known_record.magnets else None
    months = months_ahead(spec.start, spec.weeks, as_of) if last is not None else ()
    flow = (last,) * len(LEVELS) if last is not None else ()
    return Forecast(
        label=f"as it was on {as_of}",
        kind=FORECAST,
        holds=dict.fromkeys((curve.name for curve in curves_of(scenario)), (1.0,) * weeks),
        rungs={side: (levels[place],) * weeks for place, side in enumerate(SIDES)},
        flows={month.name: flow for month in months},
        paths=(((rounded(now[0]),) * weeks, (rounded(now[1]),) * weeks),),
    )
