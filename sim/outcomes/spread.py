"""The second uncertainty: how the outcomes move over the ranges that the scenario states.

A Latin hypercube (McKay, Beckman and Conover, 1979) over all ranges at once, with the same
luck at every point. It is drawn here from Philox, as all luck of this project is, rather than
by scipy.stats.qmc: that import alone takes half a second of a run that takes three.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import OUTCOMES, term_of, undefined
from sim.outcomes.estimates import estimate
from sim.outcomes.survival import ENDED_ROWS, holding
from sim.world.draws import philox

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.tally import Tally
    from sim.scenario import Scenario

POINTS = 200
RUNS_A_POINT = 500
PERCENTILES = (5, 50, 95)
#: `who` of the draws of a design, above every actor, lever, ally and shock (world/draws.py).
DESIGN = 1 << 20
_WORD = 0xFFFFFFFF


@dataclass(frozen=True)
class Spread:
    """Quantiles of the outcomes over the stated ranges.

    `frame`: outcome, q05, q50, q95, low, high (the least and the most of all points).
    """

    points: int
    runs: int  # at each point
    ranges: int  # parameters varied
    frame: "pd.DataFrame"

    @property
    def dice(self) -> float:
        """How far the dice alone may move one point: half its 95 % interval, at its widest.

        That of a share of one half of `runs` runs (Wilson).
        """
        return estimate(self.runs // 2, self.runs).half_width

    def of(self, outcome: str) -> dict[str, float] | None:
        """The quantiles of one outcome; None if it is not defined."""
        rows = self.frame[self.frame["outcome"] == outcome]
        if rows.empty:
            return None
        numbers = rows.drop(columns="outcome").iloc[0]
        return {str(name): float(value) for name, value in numbers.items()}


def latin_hypercube(points: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Shape (points, dimensions), in [0, 1): in each column one point in each n-th of the unit.

    The order of a column is that of one Philox word a point, its place within the n-th another.
    """
    row = np.arange(points, dtype=np.uint64)[:, None]
    column = np.arange(dimensions, dtype=np.uint64)[None, :]
    zero = np.zeros((points, dimensions), dtype=np.uint64)
    plain = getattr(philox, "py_func", philox)  # on arrays, with no compiling
    words = plain(
        seed & _WORD, (seed >> 32) & _WORD, zero + row, zero + column, zero + DESIGN, zero
    )
    order = np.argsort(np.argsort(words[0], axis=0, kind="stable"), axis=0, kind="stable")
    return (order + words[1] * 2.0**-32) / points


def design(
    ranges: Mapping[str, tuple[float, float]], whole: Sequence[str], points: int, seed: int
) -> list[dict[str, Any]]:
    """The points of the outer loop: path -> value, uniform within each range.

    Paths in `whole` take whole numbers, each as likely as the others.
    """
    unit = latin_hypercube(points, len(ranges), seed)
    columns: dict[str, list[Any]] = {}
    for column, (path, (low, high)) in enumerate(ranges.items()):
        u = unit[:, column]
        if path in whole:
            columns[path] = [int(x) for x in np.floor(low + u * (int(high) - int(low) + 1))]
        else:
            columns[path] = (low + u * (high - low)).tolist()
    return [{path: values[i] for path, values in columns.items()} for i in range(points)]


def outer_loop(
    scenario: "Scenario",
    seed: int,
    threads: int | None = None,
    points: int = POINTS,
    runs: int = RUNS_A_POINT,
) -> Spread:
    """Run the scenario at `points` points of its stated ranges, `runs` runs each, same luck."""
    ranges = scenario.range_paths()
    drawn = design(ranges, whole_paths(scenario), points if ranges else 1, seed)

    def play(values: dict[str, Any]) -> dict[str, float]:
        return _play_point(scenario.with_values(values), seed, runs)

    shares: dict[str, list[float]] = {}
    for point in _side_by_side(play, drawn, threads):
        for outcome, share in point.items():
            shares.setdefault(outcome, []).append(share)
    return Spread(len(drawn), runs, len(ranges), summary_frame(shares))


def _play_point(scenario: "Scenario", seed: int, runs: int) -> dict[str, float]:
    from sim.engines.batch import run_batch

    params = without_bands(scenario.compiled.params)
    tally = run_batch(params, seed, 0, runs, threads=1).tally
    return shares_at_term(tally, params.rules[0])


def _side_by_side(
    play: Callable[[dict[str, Any]], dict[str, float]],
    points: Sequence[dict[str, Any]],
    threads: int | None,
) -> list[dict[str, float]]:
    """One point a thread: one is compiled while others run. Ctrl-C drops those not begun."""
    pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        return list(pool.map(play, points))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def whole_paths(scenario: "Scenario") -> list[str]:
    """Paths of the scenario's entries that hold whole numbers."""
    return [
        entry.path
        for entry in scenario.entries()
        if isinstance(entry.value, int) and not isinstance(entry.value, bool)
    ]


def shares_at_term(tally: "Tally", rules: np.void) -> dict[str, float]:
    """The share of runs in which each defined outcome holds at the end of the term."""
    n, horizon = int(tally.counts[0]), int(rules["weeks"])
    week = term_of(rules, horizon) or horizon
    holds = {name: int(holding(tally, row)[week - 1]) for name, row in ENDED_ROWS.items()}
    holds["extended"] = int(tally.counts[1])
    return {name: holds[name] / n for name in OUTCOMES if not undefined(name, rules, horizon)}


def summary_frame(shares: Mapping[str, Sequence[float]]) -> "pd.DataFrame":
    """Quantiles (inverse of the empirical distribution) of the points' shares by outcome."""
    import pandas as pd

    rows = []
    for outcome, values in shares.items():
        if values:
            q = np.percentile(np.array(values), PERCENTILES, method="inverted_cdf")
            rows.append((outcome, *q.tolist(), min(values), max(values)))
    return pd.DataFrame(rows, columns=["outcome", "q05", "q50", "q95", "low", "high"])
