"""One run: its beginning, and the week, in the order of model.md, the week."""

from sim.world.allies import ally_shortages, join
from sim.world.compiled import literal_unroll, step
from sim.world.conduct import clear_origin, own_conduct
from sim.world.dated import dated_things
from sim.world.heat import draw_heat
from sim.world.intend import draw_all_luck, draw_luck, draw_start, intend
from sim.world.learning import learn
from sim.world.levers import execute
from sim.world.orders import clear_order, forget_orders
from sim.world.outcomes import CURVE_FIELDS, ONCE_FIELDS
from sim.world.params import NEVER
from sim.world.payoffs import pay
from sim.world.perception import see
from sim.world.pressure import build_pressure, remember
from sim.world.state import NO_CAUSE
from sim.world.supply import supply
from sim.world.talks import maybe_talk
from sim.world.truce import account, expire


@step
def one_week(p, s, t):
    """Advance the run by week t. Both sides act on the state before a step."""
    begin_week(p, s, t)
    act(p, s, t)
    flow_and_see(p, s, t)
    conclude(p, s, t)


@step
def begin_week(p, s, t):
    """Steps 0 and 1: what decisions will read, this week's luck, what the calendar brings."""
    open_week(p, s)
    draw_luck(s, t)
    dated_things(p, s, t)


@step
def act(p, s, t):
    """Steps 2 and 3: each side's machine draws a move, then the moves are carried out."""
    for i in range(2):
        intend(p, s, t, i)
    for i in range(2):
        execute(p, s, t, i)


@step
def flow_and_see(p, s, t):
    """Steps 4 to 8: goods, payoffs, signals, beliefs, pressure, allies, and the memory of it."""
    supply(p, s, t)
    for i in range(2):
        s.sides[i].own_bad = own_conduct(p, s, i)
    pay(p, s, t)
    for i in range(2):
        see(p, s, i)
    learn(p, s, t)
    ally_shortages(p, s)
    for i in range(2):
        build_pressure(p, s, i)
    join(p, s, t)
    for i in range(2):
        remember(p, s, t, i)


@step
def conclude(p, s, t):
    """Steps 9 to 11: what of the truce no longer holds, talks, and the end of a term."""
    account(p, s, t)
    maybe_talk(p, s, t)
    expire(p, s, t)
    forget_orders(s)


@step
def open_week(p, s):
    """Fix what decisions of this week read: rungs, levels and obligations of last week's end."""
    for i in range(2):
        side = s.sides[i]
        side.rung_before = side.rung_own
        side.other_pull_issue = s.sides[1 - i].pull_issue
        side.moved = 0
        side.backed_down = 0
    for k in range(p.levers.shape[0]):
        now = s.levers[k]
        now.level_before = now.level
        now.counts_before = now.counts_own


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
    for i in range(2):
        begin_side(p.actors[i], s.sides[i])
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

    Of the memory only the weeks from `since` on.
    """
    s.run[0] = origin.run[0]
    for i in range(2):
        s.sides[i] = origin.sides[i]
        for t in range(since, week + 1):
            s.memory[t, i] = origin.memory[t, i]
    for k in range(s.levers.shape[0]):
        s.levers[k] = origin.levers[k]
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
    side.rung = 0.0
    side.rung_own = 0.0
    side.stretch = 0
    side.key0 = 0
    side.key1 = 0
    side.index = 0
    side.pull_issue = -1
    side.own_bad = 0
    side.gap = 0.0
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
