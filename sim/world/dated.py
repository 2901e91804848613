"""Step 1, dated things: obligations that fall due, shocks, programmes."""

from sim.world.compiled import step
from sim.world.conduct import set_level, settle, stand
from sim.world.draws import STRIKE, uniforms
from sim.world.purposes import SHOCK
from sim.world.state import OVERDUE, SHOCK_ACT


@step
def fall_due(p, s, t):
    """From step 1 of week D + 1 the obligation is the level that counts, where a level is owed."""
    if p.calendar[t] == 0:
        return
    for k in range(p.levers.shape[0]):
        if t == p.levers[k].due + 1:
            now = s.levers[k]
            counts = now.counts if p.levers[k].seen_owing_service else now.obligation
            counts_own = now.counts_own if p.levers[k].owes_service else now.obligation
            if counts != now.counts or counts_own != now.counts_own:
                now.counts = counts
                now.counts_own = counts_own
                stand(p, s, k)
                i = int(p.levers[k].owner)
                settle(p, s, i, OVERDUE, i, k, t)


@step
def come_online(p, s, t):
    """A programme takes its share of the dependence off, once, in its week."""
    if p.calendar[t] == 0:
        return
    for row in range(p.programmes.shape[0]):
        if p.programmes[row].week == t:
            now = s.levers[p.programmes[row].lever]
            now.dependence = max(0.0, now.dependence - p.programmes[row].share)


@step
def shocks_strike(p, s, t):
    """The shocks of this week, in file order."""
    if p.calendar[t] == 0:
        return
    for index in range(p.shocks.shape[0]):
        if strikes(p, s, t, index):
            apply_shock(p, s, t, index)


@step
def strikes(p, s, t, index):
    """Whether shock `index` happens in week t: on its date, or by its weekly chance."""
    shock = p.shocks[index]
    if shock.week == t:
        return True
    if shock.chance <= 0.0:
        return False
    u, _, _, _ = uniforms(s.run[0], t, SHOCK + index, STRIKE)
    return u < shock.chance


@step
def apply_shock(p, s, t, index):
    """Move, staff or take away a lever; force talks; end the truce."""
    shock = p.shocks[index]
    if shock.talks:
        s.run[0].talks_forced = 1
    if shock.ends_truce and s.run[0].act_ended == 0:
        s.run[0].act_ended = 1
        s.run[0].act_shock = index
    k = int(shock.lever)
    if k < 0 or s.levers[k].gone:
        return
    now = s.levers[k]
    if shock.sets_capacity:
        now.capacity = shock.capacity
        now.boost_until = 0
    if shock.moves:
        set_level(p, s, k, shock.amount + (now.level if shock.moves == 1 else 0))
    if shock.removes:
        now.gone = 1
        now.level = 0
        now.backlog = 0.0
    stand(p, s, k)
    i = int(p.levers[k].owner)
    settle(p, s, i, SHOCK_ACT, i, index, t)
