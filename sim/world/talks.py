"""Step 10, talks: pressure brings the sides to a table, and what a meeting changes."""

from sim.world.compiled import step
from sim.world.conduct import set_level, settle, stand
from sim.world.orders import called
from sim.world.relief import owe_relief
from sim.world.state import NO_CAUSE
from sim.world.truce import renew


@step
def strained(p, s):
    """A violation or a bad signal this week, or a truce that is no longer in force."""
    for i in range(2):
        if s.sides[i].rung > 0.0 or s.sides[i].saw_bad:
            return True
    return p.rules[0].has_truce == 1 and s.run[0].in_force == 0


@step
def talks_chance(p, s):
    """The chance of talks as things stand now, past the cooldown: under the larger pressure."""
    return chance_under(p, s, max(s.sides[0].pressure, s.sides[1].pressure))


@step
def chance_under(p, s, push):
    """min(1, h0 + h1 push), less what both sides are reluctant."""
    rules = p.rules[0]
    return less_reluctance(p, s, min(1.0, rules.talks_rate + rules.talks_pressure * push))


@step
def early_chance(p, s):
    """The chance of talks within the cooldown, whatever the pressure, less the reluctance."""
    return less_reluctance(p, s, p.rules[0].cooldown_rate)


@step
def less_reluctance(p, s, chance):
    """The chance times the product of max(0, 1 - reluctance_i e_j)."""
    for i in range(2):
        chance *= max(0.0, 1.0 - p.actors[i].reluctance * s.sides[1 - i].rung)
    return chance


@step
def chance_of_talks(p, s, t):
    """The chance that talks are held in step 10 of week t: 1 if a shock forces them."""
    run = s.run[0]
    if run.talks_forced:
        return 1.0
    early = t <= run.no_talks_until
    if early and p.rules[0].cooldown_rate <= 0.0:
        return 0.0
    wanted = called(s)
    if not wanted and not strained(p, s):
        return 0.0
    if early:
        return early_chance(p, s)
    if wanted:
        return chance_under(p, s, 1.0)
    return talks_chance(p, s)


@step
def maybe_talk(p, s, t):
    """Hold talks if a shock forces them, or if strain, cooldown and chance allow."""
    run = s.run[0]
    if run.luck_talks < chance_of_talks(p, s, t):
        run.talks_forced = 0
        hold_talks(p, s, t)


@step
def hold_talks(p, s, t):
    """Void the past, boost the offices, strike deals, owe relief, renew a truce that is gone."""
    run = s.run[0]
    run.talks_week = t
    run.talks_count += 1
    if run.first_talks == 0:
        run.first_talks = t
    run.no_talks_until = t + p.rules[0].cooldown
    run.mutual = 0
    run.ruptured = 0
    s.together[:] = 0
    for i in range(2):
        s.sides[i].state = s.sides[i].start
        s.sides[i].violation_run = 0
    for k in range(p.levers.shape[0]):
        s.levers[k].boost_until = t + p.rules[0].boost
    strike_deals(p, s, t)
    owe_relief(p, s, t)
    if p.rules[0].has_truce and run.in_force == 0:
        renew(p, s, t)


@step
def strike_deals(p, s, t):
    """Each deal once, at the first talks on or after its date: levels that become obligations."""
    for row in range(p.deals.shape[0]):
        term = p.deals[row]
        if s.struck[term.deal] == 0 and t >= term.week:
            k = int(term.lever)
            if s.levers[k].gone == 0:
                set_level(p, s, k, int(term.level))
                s.levers[k].obligation = term.level
                s.levers[k].counts = term.level
                s.levers[k].counts_own = term.level
                stand(p, s, k)
                i = int(p.levers[k].owner)
                settle(p, s, i, NO_CAUSE, i, k, t)
    for row in range(p.deals.shape[0]):
        if t >= p.deals[row].week:
            s.struck[p.deals[row].deal] = 1
