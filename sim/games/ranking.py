"""Who does best against the field, and which ranks the runs settle.

Policies are compared in pairs, run by run; the tests of all pairs are corrected together
(Holm 1979), so that with 95 % confidence every separation reported is one. A rank's range
follows from them: one more than the policies surely above, up to the number not surely below
(Mogstad, Romano, Shaikh and Wilhelm 2024).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.played import standard_error
from sim.games.resampling import interval, resampled_means

LEVEL = 0.05
#: What the ranks that the runs leave open are called in tables and pictures.
RANKS = "rank, 95 %"


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
    names: Sequence[str],
    utility: NDArray[np.float64],
    weights: NDArray[np.float64],
    resamples: int,
    seed: int,
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
    above, same = separated(scores), _all_alike(scores)
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


def separated(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[i, k]: i surely scores higher than k. `scores` of shape (policies, runs).

    Two-sided normal tests of paired differences, Holm's correction over all pairs.
    """
    count = len(scores)
    pairs = [(i, k) for i in range(count) for k in range(i + 1, count)]
    differences = np.array([scores[i] - scores[k] for i, k in pairs])
    means, errors = differences.mean(axis=1), standard_error(differences)
    surely = holm([p_value(m, e) for m, e in zip(means, errors, strict=True)])
    above = np.zeros((count, count), bool)
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


def _all_alike(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[i, k]: the two score the same in every run, but for rounding."""
    close = np.abs(scores[:, None, :] - scores[None, :, :]).max(axis=2)
    return np.asarray(close <= _rounding(scores))


def _rounding(values: NDArray[np.float64]) -> float:
    return 1e-9 * max(1.0, float(np.abs(values).max()))
