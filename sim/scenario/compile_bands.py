"""What the bands follow, and how finely: 254 bins up to the most a quantity can be."""

import math
from collections.abc import Iterator

import numpy as np

from sim.scenario.backlog import stock_cap
from sim.scenario.followed import most_bands
from sim.scenario.records import records
from sim.scenario.ruptures import lowest_agreed
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.world.params import (
    BAND,
    BELIEF,
    FLOW,
    LEVERAGE,
    PRESSURE,
    RUNG,
    SHORTAGE,
    SHORTAGE_CAP,
    STOCK,
)

#: Bins between 0 and the most a quantity can be.
BINS = 254.0
#: Bins per unit of a share: 1 exactly is the lower edge of the last but one bin.
SHARE_SCALE = 253.0
#: Bins per rung where they suffice: quarters of a rung are exact.
RUNG_SCALE = 4.0
#: A flow above this many weeks of demand a week falls in the last bin.
LARGEST_FLOW = 4.0


def band_table(spec: ScenarioSpec, rows: dict[str, LeverSpec]) -> np.recarray:
    """BAND (V,): rung, leverage, shortage, pressure and belief of us and cn, then the levers.

    Each licence lever adds its flow and its stock, as far as MOST_FOLLOWED allows.
    """
    scales = [
        *((RUNG, i, _rung_scale(spec, side)) for i, side in enumerate(spec.ids)),
        *((LEVERAGE, i, _leverage_scale(spec, side)) for i, side in enumerate(spec.ids)),
        *((q, i, SHARE_SCALE) for q in (SHORTAGE, PRESSURE, BELIEF) for i in range(len(spec.ids))),
        *_lever_scales(spec, rows),
    ]
    rows_of = [{"quantity": q, "index": i, "scale": scale} for q, i, scale in scales]
    return records(BAND, rows_of[: most_bands(spec.weeks)])


def _lever_scales(
    spec: ScenarioSpec, rows: dict[str, LeverSpec]
) -> Iterator[tuple[int, int, float]]:
    for k, (path, lever) in enumerate(rows.items()):
        if lever.control == "licence":
            yield FLOW, k, _flow_scale(max(_capacities(spec, path, lever)))
            yield STOCK, k, _up_to(stock_cap(lever))


def _up_to(most: float) -> float:
    return BINS / most if most > 0 else BINS


def _flow_scale(capacity: float) -> float:
    """A whole number of bins per unit, so that a flow of 1 is exact."""
    if capacity <= 1:
        return SHARE_SCALE
    return min(SHARE_SCALE, math.floor(BINS / min(capacity, LARGEST_FLOW)))


def _rung_scale(spec: ScenarioSpec, side: str) -> float:
    """Quarters, unless the highest rung that can be reached needs wider bins."""
    most = sum(
        lever.severity * (lever.top - _lowest_counting(spec, f"{side}.{name}", lever))
        for name, lever in spec.levers[side].items()
    )
    return RUNG_SCALE if most * RUNG_SCALE < BINS else _up_to(most)


def _lowest_counting(spec: ScenarioSpec, path: str, lever: LeverSpec) -> int:
    """The lowest level that can ever be what counts: what is agreed.

    What owes service stands still wherever it came down to: all the way, if a shock takes it.
    """
    return 0 if lever.seen_owing == "service" else lowest_agreed(spec, path, lever)


def _leverage_scale(spec: ScenarioSpec, side: str) -> float:
    """The sum of w phi(D) with every D at the most it can be and no stocks."""
    return _up_to(
        sum(
            lever.harm_weight * _harm(_reach(spec, f"{side}.{name}", lever), lever.convexity)
            for name, lever in spec.levers[side].items()
        )
    )


def _harm(shortage: float, convexity: float) -> float:
    """phi(x) = (1-x)^(-kappa) - 1, or -ln(1-x) for kappa = 0."""
    if convexity == 0:
        return -math.log1p(-shortage)
    return float((1.0 - shortage) ** -convexity - 1.0)


def _reach(spec: ScenarioSpec, path: str, lever: LeverSpec) -> float:
    """The largest shortage the lever can ever threaten, with every ally aboard."""
    allies = [ally.coverage for ally in spec.allies.values() if ally.lever == path]
    dependence = min(1.0, lever.dependence + sum(allies))
    left = 1.0 - lever.bite
    if lever.control == "licence":
        left = min(1.0, min(_capacities(spec, path, lever)) * lever.share_served(lever.top))
    return min(SHORTAGE_CAP, dependence * (1.0 - left))


def _capacities(spec: ScenarioSpec, path: str, lever: LeverSpec) -> list[float]:
    """Every capacity the office can have: as it is, after talks, as set by a shock."""
    shocks = [s.capacity for s in spec.shocks if s.lever == path and s.capacity is not None]
    after_talks = lever.capacity_after_talks
    return [lever.capacity, *([] if after_talks is None else [after_talks]), *shocks]
