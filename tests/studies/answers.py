"""Answers of made-up models: known functions on the points of a design, with or without chance."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.outcomes.estimates import wilson
from sim.studies.answers import Answers
from sim.studies.design import Design, Factor, Level, points, size
from sim.studies.study import Study

ASKED = "Does it matter?"


def ranged(*names: str, low: float = 0.0, high: float = 1.0) -> list[Factor]:
    return [Factor(name, f"actors.us.{name}", low=low, high=high) for name in names]


def listed(name: str, *values: object) -> Factor:
    return Factor(name, name, tuple(Level(value, value) for value in values))


def made(
    model, factors, design, seed=1, runs=10**9, chance=None, fresh_luck=False, question=ASKED
) -> Answers:
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
    factors_kept = [
        {"name": f.name, "path": f.path, "labels": [v.label for v in f.levels], "link": f.link}
        | ({} if f.low is None else {"low": f.low, "high": f.high})
        for f in factors
    ]
    plan = {"scenario": "geneva-2025", "seed": seed, "fresh_luck": fresh_luck}
    plan |= {"design": design.table(size(factors, design)), "factors": factors_kept}
    whole = {"experiment": plan, "scenarios": {"geneva-2025": {"table": {}}}}
    study = Study(Path(), {"name": "made", "question": question, "plan": whole})
    definition = "no 2 weeks in a row of violation by both sides"
    return Answers(study, "standing", 13, definition, headline=True, frame=frame)


def grid() -> Design:
    return Design("grid")
