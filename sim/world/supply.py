"""Step 4, supply: what each lever lets through, the target's stock, and its dependence.

A listed licence lever is a queue (model.md step 4): backlog Q grows by demand and shrinks by
approvals a = min(Q, m g(n)), m the office's capacity now, g(n) = 1 - (1 - z) n/N (less where
it refuses). All in weeks of normal demand. A ban or tariff cuts the flow at once by its bite.
"""

from sim.world.compiled import step
from sim.world.draws import TRADE, uniforms
from sim.world.owned import at, own_levers
from sim.world.params import LICENCE
from sim.world.purposes import LEVER

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
def serve_queue(p, s, t, k):
    """Flow and service of a listed licence lever."""
    lever = p.levers[k]
    now = s.levers[k]
    m = capacity_now(lever, now, t)
    waiting = now.backlog + demand(p, s, t, k)
    approved = min(waiting, m * p.allowed[k, at(now.level)])
    now.backlog = waiting - approved
    now.flow = approved
    now.third_flow = min(1.0, m) if lever.worldwide else 1.0
    owed = p.allowed[k, at(now.obligation if lever.seen_owing_service else now.counts)]
    now.service = 1.0 if approved >= owed else approved / owed
    now.service_own = now.service
    if p.rules[0].two_readings:
        owed = p.allowed[k, at(now.obligation if lever.owes_service else now.counts_own)]
        now.service_own = 1.0 if approved >= owed else approved / owed


@step
def cut_flow(p, s, k):
    """Flow of a ban, a tariff, or a licence that nobody needs.

    Where it stays as it began it is not written anew.
    """
    lever = p.levers[k]
    now = s.levers[k]
    if now.gone:
        now.flow = 1.0
        now.third_flow = 1.0
        now.service = 1.0
        now.service_own = 1.0
    elif lever.control != LICENCE:
        now.flow = p.left[k, at(now.level)]
        if lever.worldwide:
            now.third_flow = now.flow


@step
def use_stock(lever, now):
    """The target uses flow and stock; what is missing is the shortage x.

    All of it is worked out for every lever, and chosen from: see owned.py.
    """
    flow, cap = now.flow, lever.stock_cap
    supply = 1.0 - now.dependence * (1.0 - flow)
    used = min(1.0, now.stock + supply)
    short = 1.0 - used
    now.short = 0.0 if short < NOTHING else short
    # the sum can fall short of 0 by rounding
    stock = max(0.0, min(cap, now.stock + (supply - used)))
    filled = min(cap, stock + lever.restock)
    now.stock = filled if (flow >= 1.0) & (now.backlog < NOTHING) else stock


@step
def supply(p, s, t):
    """One week of supply through every lever, then the decay of dependence."""
    for i in range(2):
        bite = 0.0
        for k in own_levers(p, i):
            lever = p.levers[k]
            now = s.levers[k]
            if now.listed and now.gone == 0:
                serve_queue(p, s, t, k)
            else:
                cut_flow(p, s, k)
            use_stock(lever, now)
            bite += lever.harm_weight * now.short
            if t >= lever.decay_from:
                now.dependence *= p.decay[k, at(now.level)]
        s.sides[i].bite = bite
