"""Hand-made tallies with known counts, and a small scenario to go with them."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.engines.counts import Tally, new_tally
from sim.outcomes.decomposition import pulls
from sim.outcomes.definitions import defined
from sim.outcomes.result import Result
from sim.outcomes.sample import Act, Ladder, Sample
from sim.outcomes.spread import Spread, summary_rows
from sim.scenario import Scenario
from sim.scenario.compile import Compiled
from sim.world.params import BAND
from sim.world.state import LAPSE, OVERDUE, SHOCK_ACT, SLIP

SMALL = {
    "title": "Two tariffs",
    "start": "2025-05-12",
    "weeks": 6,
    "truce": {"term_weeks": 4, "core": ["us.tariffs"], "breakdown_after": 2, "rupture_rung": 0},
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
    """n runs: 10 lose `clean` every week; 5, 10 and 20 come to a dispute in weeks 2, 4 and 6."""
    tally = new_tally(scenario.compiled.params)
    tally.counts[:6] = (n, 70, 3, 50, 80, 2)
    tally.counts[7] = n
    tally.ended[0, 1:7] = 10
    tally.ended[1:3, [2, 4, 6]] = (5, 10, 20)
    tally.ended[:, -1] = n - tally.ended[:, :-1].sum(axis=1)
    for k in range(6):
        tally.by_definition[:, k, 3] = 30 - 5 * k
        tally.by_definition[:, k, -1] = n - (30 - 5 * k)
    tally.trigger[OVERDUE, 1, 1, 2] = 5  # cn, cn.licences
    tally.trigger[SLIP, 0, 0, 4] = 8  # us, us.tariffs
    tally.trigger[SHOCK_ACT, 0, 0, 4] = 2  # shock 0
    tally.trigger[LAPSE, 0, -1, 6] = 20  # no lever
    tally.first_talks[[2, 4]] = (25, 25)
    tally.first_talks[-1] = 50
    tally.conduct[1:] = (n - 30, 5, 15, 10)
    tally.joined[:, 3] = 20
    tally.joined[:, -1] = n - 20
    return tally


def result(scenario: Scenario | None = None, **fields: object) -> Result:
    """A result of the hand-made tally."""
    world = scenario or small()
    made = Result(world, world.compiled, counted(world), seed=1)
    return dataclasses.replace(made, **fields)


def full(scenario: Scenario | None = None, **fields: object) -> Result:
    """The same with all that a picture may want: sample, ladder, but-for shares, settings."""
    world = scenario or small()
    parts = {"sample": sample(world), "ladder": ladder(world), "but_for": but_for()}
    return result(world, **(parts | {"spread": spread(world)} | fields))


def spread(scenario: Scenario) -> Spread:
    """Twenty settings that give .05, .1, ... 1; two of three ranges pull, one has a long name."""
    shares = {name: [(i + 1) / 20 for i in range(20)] for name in defined(rules_of(scenario))}
    drawn = {
        "actors.us.slip": [0.01 * i for i in range(20)],
        "levers.cn.rare_earths_and_magnets.capacity_after_talks": [(7 * i) % 20 for i in range(20)],
        "levers.cn.licences.stock_weeks": [1.0 - 0.05 * i for i in range(20)],
    }
    values = {path: values[3] for path, values in drawn.items()}
    return Spread(
        points=20,
        runs=50,
        ranges=3,
        outcomes=summary_rows(shares, dict.fromkeys(shares, 0.65)),
        pulls={name: pulls(drawn, points, values) for name, points in shares.items()},
        judged=1,
        drawn=drawn,
        shares=shares,
    )


def rules_of(scenario: Scenario) -> np.void:
    """The numbers of its truce, as the engines read them."""
    return scenario.compiled.params.rules[0]


def sample(scenario: Scenario, runs: int = 8) -> Sample:
    """Runs that first violate in week 1, 2, ... and break down a week later, the last two never."""
    weeks, allies = scenario.compiled.weeks, len(scenario.compiled.allies)
    began = np.arange(1, runs + 1, dtype=np.int32)
    began[-2:] = 0
    began[began > weeks] = 0
    ended = np.where((began > 0) & (began < weeks), began + 1, 0).astype(np.int32)
    conduct = np.zeros((runs, weeks), np.int8)
    for run, week in enumerate(began.tolist()):
        if week:
            conduct[run, week - 1 :] = 3
            conduct[run, week - 1] = 1 + run % 2
    return Sample(conduct, began, ended, ended, np.full((runs, weeks, allies), 0.25, np.float32))


def ladder(scenario: Scenario) -> Ladder:
    """Run 1: an agency slips in week 1, China answers in the next, talks in the last."""
    weeks = scenario.compiled.weeks
    late = min(2, weeks)
    acts = (
        Act(1, "us", (("us.tariffs", 0, 1),), "an agency slips"),
        Act(late, "cn", (("cn.licences", 0, 1), ("cn.tariffs", 0, 2)), "answers a violation"),
    )
    rungs = {"us": [1.0] * weeks, "cn": [0.0] * (late - 1) + [1.5] * (weeks - late + 1)}
    broken = late if scenario.spec.truce else 0
    trigger = "an agency of the US slipped: us.tariffs" if broken else ""
    return Ladder(1, rungs, acts, (weeks,), ((weeks, "truce extended"),), broken, broken, trigger)


def but_for() -> pd.DataFrame:
    """Two channels: one that helps, one that does harm."""
    shared = {"outcome": "standing", "week": 4, "n": 100, "p": 0.85}
    helps = {"difference": 0.1, "low": 0.05, "high": 0.17, "gained": 12, "lost": 2}
    harms = {"difference": -0.02, "low": -0.07, "high": 0.02, "gained": 1, "lost": 3}
    return pd.DataFrame(
        [
            {"channel": "slips", **shared, "p_without": 0.95, **helps},
            {"channel": "shock:guidance", **shared, "p_without": 0.83, **harms},
        ]
    )


def following(quantity: int, scale: float) -> Compiled:
    """The small world with one band, a quantity of us."""
    world = small().compiled
    bands = np.array([(quantity, 0, scale)], BAND)
    return dataclasses.replace(world, params=world.params._replace(bands=bands))


def with_n(n: int) -> SimpleNamespace:
    """The least that a function which asks only for the number of runs needs."""
    return SimpleNamespace(counts=np.array([n, 0, 0, 0, 0, 0, 0, 0]))
