"""Runs of a scenario from its first day on, as members of a forecast: nothing is known yet."""

from typing import TYPE_CHECKING

import numpy as np

from sim.forecast.horizons import months_ahead, name_of
from sim.forecast.members import Members
from sim.history.path import month_weights
from sim.history.replay import LICENCE
from sim.history.single_runs import play
from sim.world.outcomes import CURVES

if TYPE_CHECKING:
    from sim.scenario import Scenario


def from_batch(scenario: "Scenario", runs: int, seed: int) -> Members:
    """The first `runs` runs of the batch engine (at most 20,000), every week of them ahead."""
    spec = scenario.spec
    played = play(scenario.compiled, LICENCE, runs, seed)
    months = months_ahead(spec.start, spec.weeks, spec.start)
    weights = {name_of(m): month_weights(m, spec.start, spec.weeks) for m in months}
    truce = spec.truce
    curves = [curve for curve in CURVES if truce is not None or not curve.needs_truce]
    termed = truce is not None and 0 < (truce.term_weeks or 0) <= spec.weeks
    return Members(
        first=1,
        rungs=played.rungs,
        flows={name: played.flow @ weight for name, weight in weights.items()},
        ends={curve.name: played.rows[curve.field].astype(np.int64) for curve in curves},
        extended=played.rows["extended"] == 1 if termed else None,
        weight=np.full(runs, 1 / runs),
    )
