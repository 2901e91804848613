"""Two samples week by week: the share that still holds in each, and the difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.outcomes.definitions import holds_at
from sim.outcomes.estimates import paired, unpaired, wilson
from sim.world.outcomes import outcome_of

Values = tuple[float, ...]  # one a week, from week 1
Band = tuple[Values, Values, Values]  # value, low, high


@dataclass(frozen=True)
class Curve:
    """One outcome at the end of every week: both shares (Wilson), and second minus first.

    The difference has Tango's paired interval, or Newcombe's if the samples are independent.
    """

    outcome: str
    first: Band
    second: Band
    difference: Band


def curves(
    rows_a: np.ndarray, rows_b: np.ndarray, weeks: int, outcomes: Sequence[str], independent: bool
) -> tuple[Curve, ...]:
    """Curves of the outcomes that have one (none decided once), from rows of both samples."""
    return tuple(
        _curve(rows_a, rows_b, weeks, outcome, independent)
        for outcome in outcomes
        if not outcome_of(outcome).once
    )


def _curve(
    rows_a: np.ndarray, rows_b: np.ndarray, weeks: int, outcome: str, independent: bool
) -> Curve:
    n = rows_a.size
    counts = np.zeros((4, weeks), np.int64)  # first, second, gained, lost
    for week in range(1, weeks + 1):
        a, b = (holds_at(rows, outcome, week) for rows in (rows_a, rows_b))
        counts[:, week - 1] = [np.count_nonzero(kind) for kind in (a, b, b & ~a, a & ~b)]
    holding, other, gained, lost = counts
    difference = unpaired(holding, n, other, n) if independent else paired(gained, lost, n)
    first, second = (_band(hits / n, *wilson(hits, n)) for hits in (holding, other))
    return Curve(outcome, first, second, _band(*difference))


def _band(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> Band:
    return tuple(value.tolist()), tuple(low.tolist()), tuple(high.tolist())
