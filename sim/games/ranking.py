"""What the runs of a tournament settle: ranks, and whether anyone would change policy.

Luck is common to all cells. So runs are drawn again for all of them at once (bootstrap, Efron
1979), and policies are compared in pairs, run by run: two that fare alike in every run fare alike
in every resample. The tests of all pairs are corrected together (Holm 1979), so that with 95 %
confidence every separation reported is one. A rank's range follows from them: one more than the
policies surely above, up to the number not surely below (Mogstad, Romano, Shaikh and Wilhelm 2024).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.games.bimatrix import Array, Matrix, Vector
from sim.outcomes.estimates import quantile_of_normal
from sim.world import philox
from sim.world.purposes import RUNS_AGAIN

LEVEL = 0.05
_ENDS = (0.025, 0.975)  # with 1,000 resamples each end rests on 25 of them
_CHUNK = 100  # resamples whose weights are held at once
#: What the ranks that the runs leave open are called in tables and pictures.
RANKS = "rank, 95 %"


def resampled_means(values: Array, resamples: int, seed: int) -> Array:
    """Means over resampled runs: values of shape (..., runs) give shape (resamples, ...).

    Resample k is the same for the same `seed` and number of runs, whatever the values and however
    many resamples there are.
    """
    runs = values.shape[-1]
    flat = np.ascontiguousarray(values.reshape(-1, runs).T)
    parts = []
    drawn = philox.resamples(seed_words(seed), resamples, RUNS_AGAIN, runs)
    while counts := [np.bincount(row, minlength=runs) for row in islice(drawn, _CHUNK)]:
        parts.append(np.stack(counts) / runs @ flat)
    return np.concatenate(parts).reshape(resamples, *values.shape[:-1])


def interval(resampled: Array) -> tuple[Array, Array]:
    """The percentile interval of 95 % over the first axis: (low, high)."""
    low, high = np.quantile(resampled, _ENDS, axis=0)
    return low, high


def ends(resampled: Array) -> tuple[float, float]:
    """The percentile interval of one resampled number."""
    low, high = interval(resampled)
    return float(low), float(high)


def standard_error(values: Array) -> Array:
    """Of the mean over the last axis; nan for a single run."""
    n = values.shape[-1]
    if n < 2:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(values.std(axis=-1, ddof=1) / np.sqrt(n))


def mean_interval(values: Array) -> tuple[Array, Array, Array]:
    """The mean over the last axis with its normal interval of 95 %: (mean, low, high)."""
    mean, half = values.mean(axis=-1), quantile_of_normal(1 - LEVEL) * standard_error(values)
    return mean, mean - half, mean + half


@dataclass(frozen=True)
class Rank:
    """One policy's place: its score with a 95 % interval, and the ranks it may have.

    `best` is the share of resamples in which no policy scores higher; `ties` the policies that
    are not distinguished from it; `same` those that fare exactly the same in every run.
    """

    policy: str
    rank: int
    first: int
    last: int
    score: float
    low: float
    high: float
    best: float
    ties: tuple[str, ...]
    same: tuple[str, ...]

    @property
    def open_ranks(self) -> str:
        """The ranks that it may have, as "2" or "2 to 5"."""
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def settled(self) -> bool:
        """Whether the runs leave it only this rank (but for policies that fare exactly alike)."""
        return set(self.ties) <= set(self.same)


def ranking(
    names: Sequence[str], utility: Array, weights: Vector, resamples: int, seed: int
) -> list[Rank]:
    """The policies of one side, best first.

    `utility`: its utility of each run, shape (own policies, other's policies, runs);
    `weights`: how much each of the other's policies counts, with sum 1.
    """
    scores = np.einsum("ijr,j->ir", utility, weights)
    means = scores.mean(axis=1)
    resampled = resampled_means(scores, resamples, seed)
    low, high = interval(resampled)
    best = (resampled >= resampled.max(axis=1, keepdims=True) - _rounding(resampled)).mean(axis=0)
    above = separated(scores)
    # the same in every run, but for rounding
    apart = np.abs(scores[:, None, :] - scores[None, :, :]).max(axis=2)
    same = apart <= _rounding(scores)
    order = sorted(range(len(names)), key=lambda i: (-means[i], i))
    ranks = []
    for i in order:
        tied = [k for k in order if k != i and not above[k, i] and not above[i, k]]
        ranks.append(
            Rank(
                policy=names[i],
                rank=1 + sum(bool(means[k] > means[i] and not same[i, k]) for k in order),
                first=1 + int(above[:, i].sum()),
                last=len(names) - int(above[i].sum()),
                score=float(means[i]),
                low=float(low[i]),
                high=float(high[i]),
                best=float(best[i]),
                ties=tuple(names[k] for k in tied),
                same=tuple(names[k] for k in tied if same[i, k]),
            )
        )
    return ranks


def _rounding(values: Array) -> float:
    return 1e-9 * max(1.0, float(np.abs(values).max()))


def separated(scores: Array) -> NDArray[np.bool_]:
    """[i, k]: i surely scores higher than k. `scores` of shape (policies, runs).

    Two-sided normal tests of paired differences, Holm's correction over all pairs.
    """
    pairs = list(combinations(range(len(scores)), 2))
    differences = np.array([scores[i] - scores[k] for i, k in pairs])
    means, errors = differences.mean(axis=1), standard_error(differences)
    surely = holm(list(map(p_value, means, errors)))
    above = np.zeros((len(scores), len(scores)), bool)
    for (i, k), mean, sure in zip(pairs, means, surely, strict=True):
        if sure:
            above[(i, k) if mean > 0 else (k, i)] = True
    return above


def p_value(mean: float, error: float) -> float:
    """Two-sided, that a paired difference is 0; its runs all alike and not 0: surely not.

    With a single run nothing is sure.
    """
    if math.isnan(error) or mean == 0:
        return 1.0
    if error <= abs(mean) * 1e-12:
        return 0.0
    return math.erfc(abs(mean) / error / math.sqrt(2))


def holm(p_values: Sequence[float], level: float = LEVEL) -> list[bool]:
    """Which hypotheses are rejected, with this chance at most of one wrongly so (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    rejected = [False] * len(p_values)
    for place, i in enumerate(order):
        if p_values[i] > level / (len(p_values) - place):
            break
        rejected[i] = True
    return rejected


@dataclass(frozen=True)
class Reply:
    """The best answer of a side to what the other plays, against what it plays now.

    `gain` with its paired 95 % interval; `sure` if some policy surely gains (Holm, over all the
    deviations of this side); gain 0 and the policy itself if nothing is better in these runs.
    """

    side: str
    policy: str
    best: str
    gain: float
    low: float
    high: float
    sure: bool


def reply(side: str, names: tuple[str, ...], now: int, against: Array) -> Reply:
    """The best policy of a side, `against[k]` being the utility of policy k in each run."""
    means, errors = _gains(against, now)
    best = int(np.argmax(means)) if means.max() > 0 else now
    half = 0.0 if best == now else quantile_of_normal(1 - LEVEL) * float(errors[best])
    gain, sure = float(means[best]), _any_gains(means, errors)
    return Reply(side, names[now], names[best], gain, gain - half, gain + half, sure)


def _gains(against: Array, now: int) -> tuple[Vector, Vector]:
    """Mean gain of each policy over the one played now, run by run, and its standard error."""
    differences = against - against[now]
    return differences.mean(axis=1), standard_error(differences)


def _any_gains(means: Vector, errors: Vector) -> bool:
    """Whether some deviation surely gains: one-sided tests, corrected together."""
    chances = [p_value(m, e) / 2 if m > 0 else 1.0 for m, e in zip(means, errors, strict=True)]
    return any(holm(chances))


def unrefuted(us: Array, cn: Array) -> NDArray[np.bool_]:
    """The cells that may be equilibria: no deviation of either side surely gains.

    One-sided tests of all deviations from a cell, corrected together (Holm), level .05.
    `us`, `cn`: utility of each run, shape (us, cn, runs).
    """
    us_means, us_errors = _deviations(us)
    cn_means, cn_errors = _deviations(cn.transpose(1, 0, 2))
    cells = np.zeros(us.shape[:2], bool)
    for i, j in np.ndindex(*cells.shape):
        means = np.concatenate([us_means[j, i], cn_means[i, j]])
        errors = np.concatenate([us_errors[j, i], cn_errors[i, j]])
        cells[i, j] = not _any_gains(means, errors)
    return cells


def _deviations(utility: Array) -> tuple[Matrix, Matrix]:
    """[j, i, k]: gain of playing k instead of i against j, and its standard error."""
    count, others, _ = utility.shape
    means, errors = np.zeros((2, others, count, count))
    for j, i in np.ndindex(others, count):
        means[j, i], errors[j, i] = _gains(utility[:, j], i)
    return means, errors
