"""A tournament that was played: every measure of every run in every cell, and its estimates."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.rows import amounts
from sim.games.bimatrix import Bimatrix, GameError
from sim.outcomes.estimates import quantile_of_normal, wilson
from sim.scenario.sides import DEFAULT, Sides
from sim.world.outcomes import NAMES

PAYOFF, HARM = "payoff", "harm"
#: What a side may be taken to want; of harm as little as possible.
UTILITIES = (PAYOFF, HARM, *NAMES)


@dataclass(frozen=True)
class Played:
    """Runs of all pairs of policies with common random numbers.

    `measures` holds, by name, arrays of shape (policies of us, policies of cn, runs): the
    outcomes that are defined as 0 or 1 at the end of `week`, payoffs and harms as discounted
    totals of whole runs. Run r meets the same random numbers in every cell.
    """

    us: tuple[str, ...]
    cn: tuple[str, ...]
    week: int
    measures: dict[str, NDArray[np.float64]]
    sides: Sides = DEFAULT

    @property
    def amounts(self) -> tuple[str, ...]:
        """The payoffs and harms among its measures."""
        return tuple(amounts(self.sides.ids))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of policies of each side."""
        return len(self.us), len(self.cn)

    @property
    def n(self) -> int:
        """Runs in each cell."""
        return int(next(iter(self.measures.values())).shape[2])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are defined."""
        return tuple(name for name in NAMES if name in self.measures)

    def utility(self, name: str, side: str) -> NDArray[np.float64]:
        """A side's utility of each run, shape (us, cn, runs).

        Raises GameError if it is not defined here, or is the same whatever the two play.
        """
        if name in (PAYOFF, HARM):
            values_now = self.measures[f"{name}_{side}"]
            values = values_now if name == PAYOFF else -values_now
        elif name in self.measures:
            values = self.measures[name]
        else:
            defined_names = ", ".join((PAYOFF, HARM, *self.outcomes))
            raise GameError(
                "--utility", f"{name}, which is not defined in this scenario", defined_names
            )
        means = values.mean(axis=2)
        if np.ptp(means) == 0:
            constant = f"{name} of {side}, {means.flat[0]:.4g} in every cell"
            raise GameError("--utility", constant, "one that depends on what the two play")
        return values

    def game(self, utilities: tuple[str, str]) -> Bimatrix:
        """The empirical game: mean utilities of both sides (Wellman 2006)."""
        ids = self.sides.ids
        us, cn = (self.utility(name, who) for name, who in zip(utilities, ids, strict=True))
        return Bimatrix(us.mean(axis=2), cn.mean(axis=2), self.us, self.cn, ids)


def cell_rows(played: Played) -> list[dict[str, Any]]:
    """A row a cell: the policy of each side by its id, n, each measure with its 95 % interval.

    Shares have Wilson intervals, payoffs and harms the normal interval of a mean.
    """
    names = (*played.outcomes, *played.amounts)
    columns = {name: _interval(played, name) for name in names}
    rows = []
    for i, us in enumerate(played.us):
        for j, cn in enumerate(played.cn):
            row: dict[str, Any] = dict(zip(played.sides.ids, (us, cn), strict=True))
            row["n"] = played.n
            for name, (mean, low, high) in columns.items():
                row[name] = float(mean[i, j])
                row[f"{name}_low"] = float(low[i, j])
                row[f"{name}_high"] = float(high[i, j])
            rows.append(row)
    return rows


def _interval(played: Played, name: str) -> tuple[NDArray[np.float64], ...]:
    """Mean and 95 % interval of a measure, each of the table's shape."""
    values = played.measures[name]
    mean = values.mean(axis=2)
    if name in NAMES:
        low, high = wilson(values.sum(axis=2), values.shape[2])
        return mean, low, high
    half = quantile_of_normal(0.95) * standard_error(values)
    return mean, mean - half, mean + half


def standard_error(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the mean over the last axis; nan for a single run."""
    n = values.shape[-1]
    if n < 2:
        return np.full(values.shape[:-1], np.nan)
    return np.asarray(values.std(axis=-1, ddof=1) / np.sqrt(n))


def widest(played: Played, name: str) -> float:
    """Half the width of the widest 95 % interval of a measure, over all cells."""
    _, low, high = _interval(played, name)
    return float(np.max(high - low) / 2)
