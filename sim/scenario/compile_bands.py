"""How high the sides can climb, what the bands follow, and how finely: 254 bins up to the most."""

import math

import numpy as np

from sim.scenario.records import records
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import TruceSpec
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

#: Bands of the two sides (rung, leverage, shortage, pressure, belief), and of a licence lever.
OF_SIDES, OF_OFFICE = 10, 2
#: Weeks of all bands together that are followed: more would take over 120 MB in each thread.
MOST_FOLLOWED = 60_000


def most_bands(weeks: int) -> int:
    """How many bands are followed at most over a horizon; those of the two sides always are."""
    return MOST_FOLLOWED // (weeks + 1)


#: Rungs of the table over definitions: judgement, around the grades 1 to 5 of acts on record.
RUNGS = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


def highest_rung(spec: ScenarioSpec, side: str, counted: bool = False) -> float:
    """The rung of a side with every lever at its top and the least that may ever be agreed.

    counted: from where it may be counted. What owes service stands still wherever it came down to:
    all the way, if a shock takes it.
    """
    return sum(
        lever.severity
        * (
            lever.top
            if counted and lever.seen_owing == "service"
            else lever.top - lowest_agreed(spec, f"{side}.{name}", lever)
        )
        for name, lever in spec.levers.get(side, {}).items()
    )


def lowest_agreed(spec: ScenarioSpec, name: str, lever: LeverSpec) -> int:
    """The lowest level that is ever agreed for a lever: initial, owed or set in a deal."""
    agreed = [term.level for deal in spec.deals for term in deal.levers if term.lever == name]
    return min(lever.level, lever.final_obligation, *agreed)


def rupture_rung(spec: ScenarioSpec) -> float:
    """The rung of a rupture, 0 for any dispute; without a truce the default, never read."""
    return float((spec.truce or TruceSpec()).rupture_rung)


def thresholds(spec: ScenarioSpec) -> tuple[float, ...]:
    """Rungs by which standing is counted: any violation (0), RUNGS, and last its own.

    As many in every scenario, so that tallies of scenarios that differ can be merged.
    """
    return 0.0, *RUNGS, rupture_rung(spec)


def reached_thresholds(spec: ScenarioSpec) -> tuple[float, ...]:
    """Those that both sides can reach, and its own, from 0 up."""
    reached = min(highest_rung(spec, side) for side in spec.ids)
    return tuple(sorted({0.0, rupture_rung(spec), *(rung for rung in RUNGS if rung <= reached)}))


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
    ]
    for k, (path, lever) in enumerate(rows.items()):
        if lever.control == "licence":
            most = min(max(1.0, *_capacities(spec, path, lever)), LARGEST_FLOW)
            # a whole number of bins per unit, so that a flow of 1 is exact
            scales.append((FLOW, k, min(SHARE_SCALE, math.floor(BINS / most))))
            scales.append((STOCK, k, _up_to(lever.stock_cap)))
    rows_of = [{"quantity": q, "index": i, "scale": scale} for q, i, scale in scales]
    return records(BAND, rows_of[: most_bands(spec.weeks)])


def _up_to(most: float) -> float:
    return BINS / most if most > 0 else BINS


def _rung_scale(spec: ScenarioSpec, side: str) -> float:
    """Quarters, unless the highest rung that can be reached needs wider bins."""
    most = highest_rung(spec, side, counted=True)
    return RUNG_SCALE if most * RUNG_SCALE < BINS else _up_to(most)


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
