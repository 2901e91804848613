"""Step 4, supply: what each lever lets through, the target's stock, and its dependence.

A listed licence lever is a queue (model.md step 4): backlog Q grows by demand and shrinks by
approvals a = min(Q, m g(n)), m the office's capacity now, g(n) = 1 - (1 - z) n/N (less where
it refuses). All in weeks of normal demand. A ban or tariff cuts the flow at once by its bite.
"""

from sim.world.compiled import step, vector_step
from sim.world.draws import TRADE, uniforms
from sim.world.owned import at, groups, office, sum_of
from sim.world.purposes import LEVER
from sim.world.state import BITE, LANES

#: A shortage or a backlog below this is none (rounding of sums of weeks).
NOTHING = 1e-12


@step
def capacity_now(lever, now, t):
    """Approvals a week over normal weekly demand, boosted for a while after talks."""
    return lever.capacity_after_talks if t <= now.boost_until else now.capacity


@step
def demand(p, s, t, k):
    """New applications this week: 1, or Poisson(lambda)/lambda by its table."""
    row = p.levers[k].demand_row
    if row < 0:
        return 1.0
    u, _, _, _ = uniforms(s.run[0], t, LEVER + k, TRADE)
    count = 0
    while u >= p.poisson[row, count]:
        count += 1
    return count / p.levers[k].demand_batch


@step
def draw_demands(p, s, t):
    """New applications at every office, where they are drawn for some."""
    if p.poisson.shape[0] == 0:
        return
    for i in range(2):
        for j in range(1, p.offices[i, 0] + 1):
            k = office(p, i, j)
            if s.levers[k].served:
                s.levers[k].demand = demand(p, s, t, k)


@step
def service_of(approved, owed):
    """Service of an office: what it approves over the share owed; 1 where nothing is owed."""
    share = approved / (owed if owed > 0.0 else 1.0)
    return 1.0 if approved >= owed else share


@vector_step
def let_through(now, g, t):
    """Flow and service of a group of levers: an office's queue, else what the level leaves.

    All of it is worked out for every lever, and chosen from: see owned.py. The flow of a ban, a
    tariff, or a licence that nobody needs is `left`.
    """
    served, wide, backlog, demand = now.served[g], now.worldwide[g], now.backlog[g], now.demand[g]
    until, boosted, capacity = now.boost_until[g], now.capacity_after_talks[g], now.capacity[g]
    allowed, owed, left = now.allowed[g], now.owed[g], now.left[g]
    flow, third, service, own = now.flow[g], now.third_flow[g], now.service[g], now.service_own[g]
    for j in range(LANES):
        queues = served[j] != 0
        usual, more, passes, waits = capacity[j], boosted[j], left[j], backlog[j]
        m = more if t <= until[j] else usual
        waiting = waits + demand[j]
        approved = min(waiting, m * allowed[j])
        remains = waiting - approved
        elsewhere = min(1.0, m)
        elsewhere = elsewhere if queues else passes
        given = service_of(approved, owed[j])
        given = given if queues else 1.0
        backlog[j] = remains if queues else waits
        flow[j] = approved if queues else passes
        third[j] = elsewhere if wide[j] != 0 else 1.0
        service[j] = given
        own[j] = given


@vector_step
def read_own_service(now, g):
    """Service of a group of levers by their owners' reading, where some read it another way."""
    served, flow, owed, own = now.served[g], now.flow[g], now.owed_own[g], now.service_own[g]
    for j in range(LANES):
        given = service_of(flow[j], owed[j])
        own[j] = given if served[j] != 0 else 1.0


@vector_step
def use_stocks(now, g, t):
    """The targets use flow and stock; what is missing is the shortage x. Dependence decays."""
    flows, backlog, depends = now.flow[g], now.backlog[g], now.dependence[g]
    stocks, caps, more, fading = now.stock[g], now.stock_cap[g], now.restock[g], now.fading[g]
    since, weight, shorts, bite = now.decay_from[g], now.harm_weight[g], now.short[g], now.bite[g]
    for j in range(LANES):
        flow, cap, held = flows[j], caps[j], stocks[j]
        supply = 1.0 - depends[j] * (1.0 - flow)
        used = min(1.0, held + supply)
        short = 1.0 - used
        short = 0.0 if short < NOTHING else short
        # the sum can fall short of 0 by rounding
        stock = max(0.0, min(cap, held + (supply - used)))
        filled = min(cap, stock + more[j])
        shorts[j] = short
        bite[j] = weight[j] * short
        stocks[j] = filled if (flow >= 1.0) & (backlog[j] < NOTHING) else stock
        depends[j] = depends[j] * fading[j] if t >= since[j] else depends[j]


@step
def supply(p, s, t):
    """One week of supply through every lever, then the decay of dependence."""
    draw_demands(p, s, t)
    for g in groups(s):
        let_through(s.columns[0], at(g), t)
        if p.rules[0].two_readings:
            read_own_service(s.columns[0], at(g))
        use_stocks(s.columns[0], at(g), t)
    for i in range(2):
        s.sides[i].bite = sum_of(p, s, BITE, i)
