"""Hand-made tallies with known counts, and a small scenario to go with them."""

import dataclasses
from types import SimpleNamespace

import numpy as np

from sim.engines.tally import Tally, new_tally
from sim.outcomes.result import Result
from sim.scenario import Scenario
from sim.world.state import LAPSE, OVERDUE, SHOCK_ACT, SLIP

SMALL = {
    "title": "Two tariffs",
    "start": "2025-05-12",
    "weeks": 6,
    "truce": {"term_weeks": 4, "core": ["us.tariffs"], "breakdown_after": 2},
    "levers": {
        "us": {"tariffs": {"control": "tariff", "notches": 2, "harm_weight": 0.8}},
        "cn": {"licences": {"control": "licence", "notches": 2, "harm_weight": 1.0}},
    },
    "shocks": [{"name": "guidance", "date": "2025-05-13", "lever": "us.tariffs", "change": 1}],
}


def small(**changes: object) -> Scenario:
    """The small scenario with top-level keys replaced, or left out where None."""
    table = {key: value for key, value in (SMALL | changes).items() if value is not None}
    return Scenario.from_table(table, name="small")


def counted(scenario: Scenario, n: int = 100) -> Tally:
    """n runs: 10 lose `clean` every week; 5, 10 and 20 lose `standing` in weeks 2, 4 and 6."""
    tally = new_tally(scenario.compiled.params)
    tally.counts[:6] = (n, 70, 3, 50, 80, 2)
    tally.ended[0, 1:7] = 10
    tally.ended[1, [2, 4, 6]] = (5, 10, 20)
    tally.ended[:, -1] = n - tally.ended[:, :-1].sum(axis=1)
    for k in range(6):
        tally.ended[3 + k, 3] = 30 - 5 * k
        tally.ended[3 + k, -1] = n - tally.ended[3 + k, :-1].sum()
    tally.trigger[OVERDUE, 1, 1, 2] = 5  # cn, cn.licences
    tally.trigger[SLIP, 0, 0, 4] = 8  # us, us.tariffs
    tally.trigger[SHOCK_ACT, 0, 0, 4] = 2  # shock 0
    tally.trigger[LAPSE, 0, -1, 6] = 20  # no lever
    tally.first_talks[[2, 4]] = (25, 25)
    tally.first_talks[-1] = 50
    tally.conduct[1:] = (n - 30, 5, 15, 10)
    return tally


def result(scenario: Scenario | None = None, **fields: object) -> Result:
    """A result of the hand-made tally."""
    world = scenario or small()
    made = Result(world, world.compiled, counted(world), seed=1)
    return dataclasses.replace(made, **fields)


def band_table(scale: float) -> np.ndarray:
    """One band, the rung of us."""
    return np.array([(0, 0, scale)], dtype=[("quantity", "i4"), ("index", "i4"), ("scale", "f8")])


def with_n(n: int) -> SimpleNamespace:
    """The least that a function which asks only for the number of runs needs."""
    return SimpleNamespace(counts=np.array([n, 0, 0, 0, 0, 0, 0, 0]))
