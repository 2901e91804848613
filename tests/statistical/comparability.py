"""Two results compared in distribution: shares within four standard errors of their difference.

Shares are keyed by what they count, so that a relabelled result is compared under mapped keys.
"""

import math

import numpy as np

from sim.engines.counts import ENDED


def outcomes(result):
    """Shares of runs by (outcome lost, by week), (first talks, by week), (talks, how many)."""
    n, tally = result.n, result.tally
    shares = {}
    ends = dict(zip(ENDED, tally.ended, strict=True))
    ends |= {f"rung {r}, K {k}": tally.by_definition[r, k - 1] for r in (0, -1) for k in (1, 6)}
    for name, ended in ends.items():
        for week, runs in enumerate(np.cumsum(ended[:-1]).tolist()):
            shares[name, week] = runs / n
    for week, runs in enumerate(np.cumsum(tally.first_talks[:-1]).tolist()):
        shares["first talks", week] = runs / n
    shares |= {("extended", 0): tally.counts[1] / n, ("lapsed", 0): tally.counts[2] / n}
    return shares | {("talks", m): x / n for m, x in enumerate(tally.talks_number.tolist())}


def conduct(result):
    rows = result.conduct[["week", "pair", "count"]].itertuples(index=False)
    return {(week, pair): count / result.n for week, pair, count in rows}


def assert_alike(one, two, n):
    """Shares of two independent samples of n: within four standard errors of their difference."""
    assert one.keys() == two.keys()
    for key in one:
        pooled = (one[key] + two[key]) / 2
        assert abs(one[key] - two[key]) <= 4 * math.sqrt(2 * pooled * (1 - pooled) / n), key


def assert_same_payoffs(one, two, who):
    frames = (r.payoffs.set_index(["who", "measure"])[["mean", "se"]] for r in (one, two))
    first, second = (frame.to_dict("index") for frame in frames)
    for (side, measure), a in first.items():
        b = second[who[side], measure]
        assert abs(a["mean"] - b["mean"]) <= 4 * math.hypot(a["se"], b["se"])


def triggers(result):
    frame = result.triggers[result.triggers["week"] == result.horizon]
    rows = frame[["cause", "who", "item", "p"]].itertuples(index=False)
    return {(cause, who, item): p for cause, who, item, p in rows}
