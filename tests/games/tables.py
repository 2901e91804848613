"""Tournaments made by hand: measures of every run without a simulator."""

import numpy as np

from sim.games.tournament import PairRuns


def played_of(us, cn, noise=0.0, runs=400, seed=7, names=None):
    """A tournament with these mean payoffs and independent normal noise in every cell and run."""
    us, cn = np.asarray(us, float), np.asarray(cn, float)
    rng = np.random.Generator(np.random.Philox(seed))
    shape = (*us.shape, runs)
    measures = {
        "payoff_us": us[..., None] + noise * rng.standard_normal(shape),
        "payoff_cn": cn[..., None] + noise * rng.standard_normal(shape),
    }
    measures["harm_us"], measures["harm_cn"] = np.ones(shape), np.zeros(shape)
    measures["standing"] = (rng.random(shape) < 0.5).astype(float)
    rows, columns = names or ("ABCDEFGH"[: us.shape[0]], "abcdefgh"[: us.shape[1]])
    return PairRuns(tuple(rows), tuple(columns), 13, measures)
