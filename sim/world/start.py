"""How a run begins, or goes on from where another stands."""

from sim.world.compiled import literal_unroll, step
from sim.world.conduct import clear_origin, count_rungs, stand
from sim.world.heat import draw_heat
from sim.world.intend import draw_all_luck, draw_start
from sim.world.orders import clear_order
from sim.world.outcomes import CURVE_FIELDS, ONCE_FIELDS
from sim.world.params import NEVER
from sim.world.state import GIVEN, NO_CAUSE


@step
def begin_run(p, s, key0, key1, index):
    """Put a run at its start: the end of week 0 of run `index` under the seed (key0, key1)."""
    run = s.run[0]
    run.key0 = key0
    run.key1 = key1
    run.index = index
    draw_all_luck(s)
    begin_truce(p, run)
    for k in range(p.levers.shape[0]):
        begin_lever(p.levers[k], s.levers[k])
        stand(p, s, k)
    for i in range(2):
        begin_side(p.actors[i], s.sides[i])
        count_rungs(p, s, i)
        draw_start(p, s, i)
    draw_heat(p, s)
    for m in range(s.allies.shape[0]):
        s.allies[m].joined_week = 0
    s.struck[:] = 0
    s.together[:] = 0
    s.k_week[:] = 0


@step
def resume_run(s, origin, week, key0, key1, index):
    """Put a run where another stands at the end of a week, with luck of its own from there on.

    What the weeks before have drawn and left in the state stays: types, moves, what was seen. The
    run goes on as run `index` under the seed (key0, key1). `origin` may be `s` itself.
    """
    take_over(s, origin, 0, week)
    s.run[0].key0 = key0
    s.run[0].key1 = key1
    s.run[0].index = index
    draw_all_luck(s)


@step
def take_over(s, origin, since, week):
    """Copy what another run has come to at the end of a week, all but its luck.

    Of the memory only the weeks from `since` on. Levers column by column, as they lie in memory.
    """
    s.run[0] = origin.run[0]
    for i in range(2):
        s.sides[i] = origin.sides[i]
        for t in range(since, week + 1):
            s.memory[t, i] = origin.memory[t, i]
    for c in range(s.rows.shape[0]):
        for k in range(s.levers.shape[0]):
            s.rows[c, k] = origin.rows[c, k]
    for m in range(s.allies.shape[0]):
        s.allies[m] = origin.allies[m]
    for d in range(s.struck.shape[0]):
        s.struck[d] = origin.struck[d]
    for r in range(s.together.shape[0]):
        s.together[r] = origin.together[r]
        for k in range(s.k_week.shape[1]):
            s.k_week[r, k] = origin.k_week[r, k]


@step
def begin_truce(p, run):
    """A truce in force in its first term, and nothing broken yet."""
    run.in_force = p.rules[0].has_truce
    run.first_truce = p.rules[0].has_truce
    run.expiry = p.rules[0].term if p.rules[0].has_truce else NEVER
    run.renewals = 0
    run.mutual = 0
    run.ruptured = 0
    run.talks_week = 0
    run.first_talks = 0
    run.talks_count = 0
    run.no_talks_until = p.rules[0].quiet_start
    run.talks_forced = 0
    run.act_ended = 0
    run.act_shock = -1
    for name in literal_unroll(CURVE_FIELDS):
        run[name] = 0
    for name in literal_unroll(ONCE_FIELDS):
        run[name] = 0
    run.lapse_week = 0
    run.unilateral_week = 0
    run.cause = NO_CAUSE
    run.cause_who = 0
    run.cause_item = -1
    run.cause_week = 0


@step
def begin_side(actor, side):
    """Rung 0, prior belief, and the pressure of the shortage felt before the start."""
    side.move = 0
    side.tempted = 0
    side.insists = 0
    side.restrained = 0
    side.reading = 0
    side.stretch = 0
    side.key0 = 0
    side.key1 = 0
    side.index = 0
    side.pull_issue = -1
    side.own_bad = 0
    side.gap = 0.0
    side.passed = 0.0
    side.gap_lever = -1
    side.denial = 0.0
    side.saw_bad = 0
    side.offence = 1.0
    side.alarm = NO_CAUSE
    side.alarm_item = -1
    side.good_count = actor.prior_good
    side.bad_count = actor.prior_bad
    side.accuses = 0
    side.felt = actor.felt0
    side.pressure = actor.felt0
    side.violation_run = 0
    clear_origin(side)
    clear_order(side)
    side.relief_rung = 0.0
    side.relief_week = 0
    side.relief_waits = 0
    side.payoff = 0.0
    side.harm = 0.0


@step
def begin_lever(lever, now):
    """Levels, stocks and queues as the scenario (and its history) leaves them at the start."""
    now.level = lever.level
    now.level_before = lever.level
    now.counts = lever.level
    now.counts_own = lever.level
    now.counts_before = lever.level
    now.ordered = 0
    now.obligation = lever.obligation
    now.listed = lever.listed
    now.gone = 0
    now.packed = 0
    now.armed = 1
    now.capacity = lever.capacity
    now.boost_until = 0
    now.dependence = lever.dependence
    now.backlog = lever.backlog
    now.flow = 1.0
    now.third_flow = 1.0
    now.service = 1.0
    now.service_own = 1.0
    now.stock = lever.stock
    now.short = 0.0
    now.short_weeks = 0
    now.value = lever.value
    clear_origin(now)
    for name in literal_unroll(GIVEN):
        now[name] = lever[name]
    now.demand = 1.0
