"""What a batch keeps of its runs: integer counts that merge to the same bits in any order.

Nothing per run is kept unless asked. Real numbers are summed as 64-bit integers (value * 2^24,
rounded), since float sums depend on the order of addition.
"""

from sim.engines.counts import (
    FIRST_ONCE,
    FIXED_POINT,
    K_MOST,
    LAPSED,
    OF_FLOWS,
    OF_STOCKS,
    RENEWALS,
    RUNS,
    TALKED,
    TALKS,
    TALKS_BINS,
    TERM_IN_FORCE,
    WATCHED,
    WATCHED_RUNS,
)
from sim.world.compiled import literal_unroll, step, vector_step
from sim.world.learning import belief
from sim.world.leverage import leverage, threaten
from sim.world.outcomes import CURVE_FIELDS, ONCE_FIELDS
from sim.world.owned import at, groups, sum_of
from sim.world.params import BELIEF, FLOW, LEVERAGE, PRESSURE, RUNG, SHORTAGE
from sim.world.state import LANES, NO_CAUSE, THREAT


@step
def fixed(value):
    """Round a real number to fixed point, value * 2^24, halves away from zero."""
    return int(value * FIXED_POINT + (0.5 if value >= 0.0 else -0.5))


@step
def tally_week(p, s, tally, bins, t):
    """Count week t of the run in `s`; if it is watched, its bands are left in `bins.values`."""
    tally.conduct[t, at(2 * s.sides[0].own_bad + s.sides[1].own_bad)] += 1
    if is_watched(s):
        bands = p.bands.shape[0]
        if bands > 0:
            see_all(p, s, bins, t)
        for v in range(bands):
            bins.values[at(t * bands + v)] = bins.seen[at(bins.which[v])]


@step
def see_all(p, s, bins, t):
    """Put down all that a band may follow: which of it, is then no branch."""
    threaten(p, s, t)
    for i in range(2):
        side = s.sides[i]
        bins.seen[at(2 * RUNG + i)] = side.rung
        bins.seen[at(2 * LEVERAGE + i)] = sum_of(p, s, THREAT, i)
        bins.seen[at(2 * SHORTAGE + i)] = side.felt
        bins.seen[at(2 * PRESSURE + i)] = side.pressure
        bins.seen[at(2 * BELIEF + i)] = belief(side)
    for g in groups(s):
        see_goods(s.columns[0], at(g), bins.goods[at(OF_FLOWS + g)], bins.goods[at(OF_STOCKS + g)])


@vector_step
def see_goods(now, g, flows, stocks):
    """Flows and stocks of a group of levers."""
    flow, stock = now.flow[g], now.stock[g]
    for j in range(LANES):
        flows[j] = flow[j]
        stocks[j] = stock[j]


@step
def is_watched(s):
    """Whether bands follow this run: the first WATCHED_RUNS are followed."""
    return s.run[0].index < WATCHED_RUNS


@step
def bin_weeks(p, bins, r, first, last):
    """Bin what `bins.values` holds of weeks first..last, as the r-th run that waits."""
    bands = p.bands.shape[0]
    since, until = first * bands, last * bands + bands
    values, scale = bins.values[since:until], bins.scale[since:until]
    bin_values(values, scale, bins.sums[since:until], bins.places[r, since:until])


@vector_step
def bin_values(values, scale, sums, places):
    """Add values to sums, and write their bins: several at a time, as no branch is in the way."""
    for j in range(values.shape[0]):
        places[j] = band_bin(values[j], scale[j])
        sums[j] += fixed(values[j])


@step
def tally_bins(p, tally, bins, runs, t):
    """Count week t of the first `runs` runs that wait.

    Run by run, so that one counter's change does not wait for another's.
    """
    bands = p.bands.shape[0]
    for r in range(runs):
        for v in range(bands):
            tally.hist[v, t, bins.places[r, at(t * bands + v)]] += 1
    for v in range(bands):
        tally.bands_sum[v, t] += bins.sums[t * bands + v]
        bins.sums[t * bands + v] = 0


@step
def band_bin(value, scale):
    """Bin of a value: 0 for nothing, else 1 + floor(value * scale), at most 255."""
    scaled = value * scale
    capped = scaled if scaled < 254.0 else 254.0
    return 1 + int(capped) if value > 0.0 else 0


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
    tally.counts[WATCHED] += 1 if is_watched(s) else 0
    tally.counts[LAPSED] += 1 if run.lapse_week > 0 else 0
    tally.counts[TALKED] += 1 if run.first_talks > 0 else 0
    tally.counts[TALKS] += run.talks_count
    tally.counts[RENEWALS] += run.renewals
    if run.extended or (run.lapse_week > 0 and run.lapse_week == p.rules[0].term):
        tally.counts[TERM_IN_FORCE] += 1
    tally_outcomes(run, tally, weeks)
    tally_definitions(p, s, tally)
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
def tally_definitions(p, s, tally):
    """Count when standing ends if k + 1 weeks of both at threshold r are a rupture.

    Without a truce it never does.
    """
    weeks = p.rules[0].weeks
    for r in range(p.thresholds.shape[0]):
        alone = ended_otherwise(p, s, r)
        for k in range(K_MOST):
            both = s.k_week[r, k] if p.rules[0].has_truce else 0
            tally.by_definition[r, k, min(alone, column(both, weeks))] += 1


@step
def ended_otherwise(p, s, r):
    """Column of the week in which standing ends without such a rupture.

    At threshold 0, also its last row, it is the end of `undisputed`: one side alone can bring it.
    """
    run = s.run[0]
    weeks = p.rules[0].weeks
    if p.rules[0].has_truce == 0:
        return weeks + 1
    first = column(run.core_week, weeks)
    if p.thresholds[r] <= 0.0:
        first = min(first, column(run.unilateral_week, weeks))
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
