"""What a batch keeps of its runs: integer counts that merge to the same bits in any order.

Nothing per run is kept unless asked. Real numbers are summed as 64-bit integers (value * 2^24,
rounded), since float sums depend on the order of addition.
"""

from typing import NamedTuple

import numpy as np
from numba import literal_unroll

from sim.engines.counts import (
    COUNTS,
    ENDED,
    FIRST_ONCE,
    K_MOST,
    LAPSED,
    RENEWALS,
    RUNS,
    TALKED,
    TALKS,
    TERM_IN_FORCE,
    WATCHED,
)
from sim.world.compiled import step
from sim.world.learning import belief
from sim.world.leverage import leverage
from sim.world.outcomes import CURVE_FIELDS, ONCE_FIELDS
from sim.world.params import (
    BELIEF,
    FLOW,
    LEVERAGE,
    PRESSURE,
    RUNG,
    SHORTAGE,
    Params,
)
from sim.world.state import CAUSES, NO_CAUSE

BINS = 256
TALKS_BINS = 64
FIXED_POINT = float(2**24)
#: Bands follow the first so many runs: quantiles of 20,000 runs are known to a third of a percent
#: of probability, and following more would cost a fifth of the time.
WATCHED_RUNS = 20_000

#: One kept run (weeks: 0 = never).
ROW = np.dtype(
    [
        *((name, "i4") for name in CURVE_FIELDS),
        ("lapse_week", "i4"),
        *((name, "i1") for name in ONCE_FIELDS),
        ("first_talks", "i4"),
        ("talks_count", "i4"),
        ("cause", "i1"),
        ("cause_who", "i1"),
        ("cause_item", "i4"),
        ("cause_week", "i4"),
        ("payoff_us", "f8"),
        ("payoff_cn", "f8"),
        ("harm_us", "f8"),
        ("harm_cn", "f8"),
    ],
    align=True,
)


class Tally(NamedTuple):
    """Counts over runs. H horizon, K levers, V band variables; see each field."""

    counts: np.ndarray  # int64 (C,): COUNTS
    ended: np.ndarray  # int64 (E, H + 2): runs by ENDED and first week it fails; H + 1: never
    by_definition: np.ndarray  # int64 (R, 6, H + 2): standing by Params.thresholds and K
    trigger: np.ndarray  # int64 (causes, 2, items + 1, H + 2): disputes; last item: none
    first_talks: np.ndarray  # int64 (H + 2,)
    talks_number: np.ndarray  # int64 (64,)
    conduct: np.ndarray  # int64 (H + 1, 4): by week and 2 * (us bad) + (cn bad)
    hist: np.ndarray  # int64 (V, H + 1, 256)
    bands_sum: np.ndarray  # int64 (V, H + 1), fixed point
    payoffs: np.ndarray  # int64 (2, 2, 3): side, (payoff, harm), (sum, high and low of squares)
    joined: np.ndarray  # int64 (M, H + 2): runs by ally and the week it joined; H + 1: never


def new_tally(params: Params) -> Tally:
    """An empty tally of the shapes that this scenario needs."""
    weeks = int(params.rules[0].weeks)
    items = max(len(params.levers), len(params.shocks))
    bands = len(params.bands)
    return Tally(
        np.zeros(len(COUNTS), np.int64),
        np.zeros((len(ENDED), weeks + 2), np.int64),
        np.zeros((len(params.thresholds), K_MOST, weeks + 2), np.int64),
        np.zeros((len(CAUSES), 2, items + 1, weeks + 2), np.int64),
        np.zeros(weeks + 2, np.int64),
        np.zeros(TALKS_BINS, np.int64),
        np.zeros((weeks + 1, 4), np.int64),
        np.zeros((bands, weeks + 1, BINS), np.int64),
        np.zeros((bands, weeks + 1), np.int64),
        np.zeros((2, 2, 3), np.int64),
        np.zeros((len(params.allies), weeks + 2), np.int64),
    )


def merge(tallies: list[Tally]) -> Tally:
    """Sum of tallies of the same shapes; the order does not matter."""
    first, *rest = tallies
    merged = Tally(*(field.copy() for field in first))
    for tally in rest:
        for into, field in zip(merged, tally, strict=True):
            into += field
    return merged


@step
def fixed(value):
    """Round a real number to fixed point, value * 2^24, halves away from zero."""
    scaled = value * FIXED_POINT
    return int(scaled + 0.5) if scaled >= 0.0 else int(scaled - 0.5)


@step
def tally_week(p, s, tally, t):
    """Count week t of the run in `s`; bands follow the first WATCHED_RUNS runs."""
    tally.conduct[t, 2 * s.sides[0].own_bad + s.sides[1].own_bad] += 1
    if s.run[0].index >= WATCHED_RUNS:
        return
    for v in range(p.bands.shape[0]):
        band = p.bands[v]
        value = band_value(p, s, t, band.quantity, band.index)
        tally.hist[v, t, band_bin(value, band.scale)] += 1
        tally.bands_sum[v, t] += fixed(value)


@step
def band_bin(value, scale):
    """Bin of a value: 0 for nothing, else 1 + floor(value * scale), at most 255."""
    if value <= 0.0:
        return 0
    scaled = value * scale
    return 255 if scaled >= 254.0 else 1 + int(scaled)


@step
def band_value(p, s, t, quantity, index):
    """What a band follows, at the end of week t."""
    if quantity == RUNG:
        return s.sides[index].rung
    if quantity == LEVERAGE:
        return leverage(p, s, t, index)
    if quantity == SHORTAGE:
        return s.sides[index].felt
    if quantity == PRESSURE:
        return s.sides[index].pressure
    if quantity == BELIEF:
        return belief(s.sides[index])
    if quantity == FLOW:
        return s.levers[index].flow
    return s.levers[index].stock


@step
def tally_run(p, s, tally):
    """Count a finished run."""
    run = s.run[0]
    weeks = p.rules[0].weeks
    tally.counts[RUNS] += 1
    tally.counts[WATCHED] += 1 if run.index < WATCHED_RUNS else 0
    tally.counts[LAPSED] += 1 if run.lapse_week > 0 else 0
    tally.counts[TALKED] += 1 if run.first_talks > 0 else 0
    tally.counts[TALKS] += run.talks_count
    tally.counts[RENEWALS] += run.renewals
    if run.extended or (run.lapse_week > 0 and run.lapse_week == p.rules[0].term):
        tally.counts[TERM_IN_FORCE] += 1
    tally_outcomes(run, tally, weeks)
    for r in range(p.thresholds.shape[0]):
        for k in range(K_MOST):
            tally.by_definition[r, k, standing_at(p, s, r, k)] += 1
    if run.cause != NO_CAUSE:
        item = run.cause_item if run.cause_item >= 0 else tally.trigger.shape[2] - 1
        tally.trigger[run.cause, run.cause_who, item, run.undisputed_week] += 1
    tally.first_talks[column(run.first_talks, weeks)] += 1
    tally.talks_number[min(run.talks_count, TALKS_BINS - 1)] += 1
    for i in range(2):
        add_moments(tally.payoffs[i, 0], s.sides[i].payoff)
        add_moments(tally.payoffs[i, 1], s.sides[i].harm)
    for m in range(s.allies.shape[0]):
        tally.joined[m, column(s.allies[m].joined_week, weeks)] += 1


@step
def tally_outcomes(run, tally, weeks):
    """Count every outcome of a finished run."""
    row = 0  # numba unrolls no enumerate
    for name in literal_unroll(CURVE_FIELDS):
        tally.ended[row, column(run[name], weeks)] += 1
        row += 1  # noqa: SIM113
    row = FIRST_ONCE
    for name in literal_unroll(ONCE_FIELDS):
        tally.counts[row] += run[name]
        row += 1


@step
def column(week, weeks):
    """Column of a first week, 0 meaning never."""
    return week if week > 0 else weeks + 1


@step
def standing_at(p, s, r, k):
    """Column of the week in which standing ends if k + 1 weeks at threshold r are a rupture.

    At threshold 0, also its last row, it is the end of `undisputed`: one side alone can bring it.
    """
    run = s.run[0]
    if p.rules[0].has_truce == 0:
        return p.rules[0].weeks + 1
    first = column(s.k_week[r, k], p.rules[0].weeks)
    if p.thresholds[r] <= 0.0:
        first = min(first, column(run.unilateral_week, p.rules[0].weeks))
    first = min(first, column(run.core_week, p.rules[0].weeks))
    if run.lapse_week > 0:
        first = min(first, run.lapse_week + 1)
    return first


@step
def add_moments(moments, value):
    """Add a value and its square in fixed point, the square in two 32-bit halves."""
    moments[0] += fixed(value)
    square = fixed(value * value)
    moments[1] += square >> 32
    moments[2] += square & 0xFFFFFFFF


@step
def keep_row(s, row):
    """Write a finished run into a ROW record."""
    run = s.run[0]
    for name in literal_unroll(CURVE_FIELDS):
        row[name] = run[name]
    for name in literal_unroll(ONCE_FIELDS):
        row[name] = run[name]
    row.lapse_week = run.lapse_week
    row.first_talks = run.first_talks
    row.talks_count = run.talks_count
    row.cause = run.cause
    row.cause_who = run.cause_who
    row.cause_item = run.cause_item
    row.cause_week = run.cause_week
    row.payoff_us = s.sides[0].payoff
    row.payoff_cn = s.sides[1].payoff
    row.harm_us = s.sides[0].harm
    row.harm_cn = s.sides[1].harm
