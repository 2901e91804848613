"""Step 2, intend: a side's machine moves on with what it did and saw, then draws a move."""

from sim.world.anticipation import is_tempted
from sim.world.compiled import step
from sim.world.draws import ACT, uniforms, weekly_uniforms
from sim.world.insistence import insists
from sim.world.orders import ordered_move
from sim.world.owned import at
from sim.world.params import CN, US
from sim.world.purposes import SCENARIO
from sim.world.restraint import restrain
from sim.world.state import CONCEDE, HOLD, RETALIATE


@step
def draw_start(p, s, i):
    """Week 0: the machine state in which this run's type begins, and returns to after talks."""
    actor = p.actors[i]
    _, _, u, _ = uniforms(s.run[0], 0, i, ACT)
    last = actor.first_start + actor.n_starts - 1
    row = actor.first_start
    while row < last and u >= p.starts[row].cumulative:
        row += 1
    s.sides[i].start = p.starts[row].state
    s.sides[i].state = p.starts[row].state


@step
def draw_all_luck(s):
    """Week 0: the weekly uniforms of the whole run (all weeks at once: it is several times faster).

    They depend on nothing but the run, so drawing them early changes nothing.
    """
    for who in range(3):
        weekly_uniforms(s.run[0], who, s.luck[who])


@step
def draw_luck(s, t):
    """This week's uniforms of both sides and of the scenario."""
    take_luck(s.sides[US], s.luck, US, t)
    take_luck(s.sides[CN], s.luck, CN, t)
    s.run[0].luck_talks = s.luck[SCENARIO, 0, t]


@step
def take_luck(side, luck, i, t):
    """Words of a principal's weekly block: move, slip_fail, slip, signal."""
    side.luck_move = luck[i, 0, t]
    side.luck_slip_fail = luck[i, 1, t]
    side.luck_slip = luck[i, 2, t]
    side.luck_signal = luck[i, 3, t]


@step
def intend(p, s, t, i):
    """Advance i's machine on the week it reacts to, and draw retaliate, hold or concede.

    Within its grace after talks it holds instead of retaliating. Else a side that counts on talks,
    or has learned what a lever is worth, may retaliate although its machine does not.

    It reacts to week t - 1 - reaction_delay; before there is such a week, and while that week
    is not after the latest talks, it stays at its start and has no reading.
    """
    side = s.sides[i]
    week = t - 1 - p.actors[i].reaction_delay
    if week < 1 or week <= s.run[0].talks_week:
        side.reading = 0
        side.state = side.start
    else:
        side.reading = week
        past = s.memory[week, i]
        side.state = p.following[at(side.state), at(2 * past.own_bad + past.sensed_bad)]
    commit(s, i, ordered_move(side, meant_move(p, s, t, i, drawn_move(p, side))), t)


@step
def drawn_move(p, side):
    """Retaliate, hold or concede: what the machine's state makes of this week's uniform."""
    u = side.luck_move
    state = at(side.state)
    if u < p.moves[state, 0]:
        return RETALIATE
    if u < p.moves[state, 1]:
        return HOLD
    return CONCEDE


@step
def meant_move(p, s, t, i, drawn):
    """What i makes of its machine's move, in restraint, in hope of talks, or of what it learned."""
    side = s.sides[i]
    side.tempted = 0
    side.insists = 0
    restrain(p, s, t, i)
    if side.restrained:
        return HOLD if drawn == RETALIATE else drawn
    if drawn == RETALIATE:
        return drawn
    if is_tempted(p, s, t, i):
        side.tempted = 1
        return RETALIATE
    if insists(p, s, t, i):
        side.insists = 1
        return RETALIATE
    return drawn


@step
def commit(s, i, move, t):
    """Fix i's move of week t; its stretch starts in the first of unbroken weeks of retaliation."""
    side = s.sides[i]
    side.move = move
    if move != RETALIATE:
        side.stretch = 0
    elif side.stretch == 0:
        side.stretch = t
        side.key0 = s.run[0].key0
        side.key1 = s.run[0].key1
        side.index = s.run[0].index
