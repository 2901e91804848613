"""Answers of made-up models: known functions on the points of a design, with or without chance."""

import numpy as np
import pandas as pd

from sim.outcomes.estimates import wilson
from sim.studies.answers import Answers
from sim.studies.design import Design, Factor, Level, points, size
from sim.studies.study import StudyFactor


def ranged(*names: str, low: float = 0.0, high: float = 1.0) -> list[Factor]:
    return [Factor(name, f"actors.us.{name}", low=low, high=high) for name in names]


def listed(name: str, *values: object) -> Factor:
    return Factor(name, name, tuple(Level(value, value) for value in values))


def made(model, factors, design, seed=1, runs=10**9, chance=None, fresh_luck=False) -> Answers:
    """The answers of `model`, a function of columns by name; `chance` draws binomial noise."""
    rows = [[level.label for level in point] for point in points(factors, design, seed)]
    frame = pd.DataFrame(rows, columns=[factor.name for factor in factors])
    p = np.asarray(model(**{name: frame[name].to_numpy() for name in frame.columns}), float)
    holds = np.round(p * runs)
    if chance is not None:
        holds = np.random.default_rng(chance).binomial(runs, np.clip(p, 0, 1)).astype(float)
    frame.insert(0, "point", range(len(frame)))
    frame["n"], frame["holds"], frame["p"] = runs, holds, holds / runs
    if p.min() < 0 or p.max() > 1:
        frame["p"] = p  # a plain function, no share: no intervals
        frame["low"], frame["high"] = p, p
    else:
        frame["low"], frame["high"] = wilson(frame["holds"], frame["n"])
    told = tuple(
        StudyFactor(f.name, f.path, tuple(v.label for v in f.levels), f.low, f.high, f.link)
        for f in factors
    )
    return Answers(
        name="made",
        question="Does it matter?",
        scenario="geneva-2025",
        seed=seed,
        fresh_luck=fresh_luck,
        design=design.table(size(factors, design)),
        factors=told,
        outcome="standing",
        week=13,
        definition="no 2 weeks in a row of violation by both sides",
        headline=True,
        frame=frame,
    )


def grid() -> Design:
    return Design("grid")
